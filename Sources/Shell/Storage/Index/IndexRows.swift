import Records
import Vault

/// The three tables of an index. A row is a few 64-bit words; its first two are the key, which is always a digest and
/// so spreads evenly.
enum IndexTable: Int, CaseIterable, Sendable {
    /// Identity of a document → where it stands and what it was.
    case documents = 0
    /// Identity of a correction or cancellation → the record it belongs to.
    case amendments = 1
    /// Blind token → whatever number it leads to: a record's opening address, or a subject.
    case terms = 2

    /// Words a row has.
    var width: Int {
        switch self {
        case .documents: 6
        case .amendments: 5
        case .terms: 3
        }
    }

    /// Rows that fit into one stored block, so that a block and its overhead fill one page of 16 KiB.
    var rowsPerBlock: Int {
        IndexLimits.blockBytes / (width * 8)
    }
}

/// The key of a row: a record's identity or a token.
struct IndexKey: Hashable, Comparable, Sendable {
    var high: UInt64
    var low: UInt64

    init(_ identity: RecordID) {
        high = identity.high
        low = identity.low
    }

    init(_ token: Token) {
        high = token.high
        low = token.low
    }

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    static func < (left: IndexKey, right: IndexKey) -> Bool {
        left.high == right.high ? left.low < right.low : left.high < right.high
    }
}

/// How large the parts of an index are, and why.
enum IndexLimits {
    /// A page of 16,384 bytes takes a row of up to 16,349 with its header and needs no overflow page.
    static let blockBytes = 16_200
    static let pageBytes = 16_384
    /// Documents that gather in memory before they are sorted and written: about 4 MiB with their terms.
    static let stagedDocuments = 16_384
    /// The same limit for a node whose documents have many terms.
    static let stagedTerms = 262_144
    /// Gathered lots that may wait to be written; then whoever inserts writes one himself.
    static let waitingLots = 3
    /// How many runs of a level make one of the next: 16,384 × 8 × 4 = 524,288 documents in a partition, which is
    /// never merged again.
    static let fanIn = [8, 4]
    /// Blocks a slice of work writes or deletes: 1 MiB, a few milliseconds.
    static let blocksPerSlice = 64
    /// Slices between two checkpoints.
    static let slicesPerCheckpoint = 16
    /// Bits of the filter for each row: about one key in sixty that is absent costs a read.
    static let filterBitsPerRow = 10
}

/// Sorted or unsorted rows of one table, word after word.
struct IndexRows: Sendable {
    let width: Int
    var words: [UInt64] = []

    init(width: Int) {
        self.width = width
    }

    var count: Int { words.count / width }

    func key(_ row: Int) -> IndexKey {
        IndexKey(high: words[row * width], low: words[row * width + 1])
    }

    func row(_ row: Int) -> ArraySlice<UInt64> {
        words[row * width..<(row + 1) * width]
    }

    /// The same rows in ascending order of all their words, without repeats.
    func sorted() -> IndexRows {
        var order = (0..<UInt32(count)).map { row in
            Placed(high: words[Int(row) * width], low: words[Int(row) * width + 1], row: row)
        }
        words.withUnsafeBufferPointer { words in
            order.sort { left, right in
                if left.high != right.high { return left.high < right.high }
                if left.low != right.low { return left.low < right.low }
                return compare(words, Int(left.row) * width, words, Int(right.row) * width, width) < 0
            }
        }
        var result = IndexRows(width: width)
        result.words.reserveCapacity(words.count)
        for placed in order {
            let start = Int(placed.row) * width
            let end = result.words.count
            if end > 0, words[start..<start + width] == result.words[(end - width)...] { continue }
            result.words.append(contentsOf: words[start..<start + width])
        }
        return result
    }

    private struct Placed {
        var high: UInt64
        var low: UInt64
        var row: UInt32
    }
}

/// Compares two rows word by word: negative, zero or positive.
@inline(__always)
func compare(
    _ left: UnsafeBufferPointer<UInt64>, _ leftStart: Int, _ right: UnsafeBufferPointer<UInt64>, _ rightStart: Int,
    _ width: Int
) -> Int {
    for word in 0..<width {
        let (one, other) = (left[leftStart + word], right[rightStart + word])
        if one != other { return one < other ? -1 : 1 }
    }
    return 0
}

/// A blocked Bloom filter: says "surely absent" of most keys that are absent, by one access to memory.
///
/// The key's first word picks a block of 512 bits, its second word seven bits within; keys are digests already.
struct IndexFilter: Sendable {
    private(set) var words: [UInt64]
    private let blocks: UInt64

    init(rows: Int) {
        blocks = UInt64(max(1, (rows * IndexLimits.filterBitsPerRow + 511) / 512))
        words = [UInt64](repeating: 0, count: Int(blocks) * 8)
    }

    /// Nil where the words are not whole blocks.
    init?(words: [UInt64]) {
        guard !words.isEmpty, words.count.isMultiple(of: 8) else { return nil }
        self.words = words
        blocks = UInt64(words.count / 8)
    }

    mutating func insert(_ key: IndexKey) {
        let start = Int(key.high.multipliedFullWidth(by: blocks).high) * 8
        var bits = key.low
        for _ in 0..<7 {
            words[start + Int(bits >> 6 & 7)] |= 1 << (bits & 63)
            bits >>= 9
        }
    }

    func mayHold(_ key: IndexKey) -> Bool {
        let start = Int(key.high.multipliedFullWidth(by: blocks).high) * 8
        var bits = key.low
        for _ in 0..<7 {
            if words[start + Int(bits >> 6 & 7)] & 1 << (bits & 63) == 0 { return false }
            bits >>= 9
        }
        return true
    }
}
