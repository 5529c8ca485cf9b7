/// A sorted, stored and never changed lot of rows: blocks of 16 KiB in the file, their first keys and a filter in
/// memory.
final class IndexRun: Sendable {
    let number: Int64
    let table: IndexTable
    let level: Int
    let rowCount: Int
    /// First key of each block, two words each.
    let fences: [UInt64]
    let filter: IndexFilter

    init(number: Int64, table: IndexTable, level: Int, rowCount: Int, fences: [UInt64], filter: IndexFilter) {
        self.number = number
        self.table = table
        self.level = level
        self.rowCount = rowCount
        self.fences = fences
        self.filter = filter
    }

    var blockCount: Int { fences.count / 2 }

    /// The first block that can hold the key: rows of one key may go on in the blocks after it.
    func firstBlock(of key: IndexKey) -> Int {
        var low = 0
        var high = blockCount
        while low < high {
            let middle = (low + high) / 2
            let fence = IndexKey(high: fences[middle * 2], low: fences[middle * 2 + 1])
            if fence < key { low = middle + 1 } else { high = middle }
        }
        return max(0, low - 1)
    }

    /// The block's key in the file: run number, then 24 bits of block number.
    static func blockKey(run: Int64, block: Int) -> Int64 {
        run << 24 | Int64(block)
    }

    /// Visits the rows of a key in this run until told to stop. False where the run was merged away since the list of
    /// runs was taken: then take the list again.
    func visit(
        _ key: IndexKey, _ connection: Connection, _ body: ([UInt64]) -> Bool
    ) throws -> Bool {
        let select = try connection.statement("SELECT bytes FROM blocks WHERE id = ?")
        var block = firstBlock(of: key)
        while block < blockCount {
            select.bind(1, IndexRun.blockKey(run: number, block: block))
            guard try select.next() else { return false }
            let goesOn = select.withBytes(0) { bytes in
                let rows = StoredRows(bytes: bytes, width: table.width)
                var row = rows.firstRow(notBefore: key)
                while row < rows.count {
                    guard rows.key(row) == key, body(rows.row(row)) else { return false }
                    row += 1
                }
                return true
            }
            select.reset()
            if !goesOn { return true }
            block += 1
        }
        return true
    }
}

/// A stored block's rows, read in place: a lookup looks at a few of its words, and copies the rows it finds.
private struct StoredRows {
    let bytes: UnsafeRawBufferPointer
    let width: Int

    var count: Int { bytes.count / (width * 8) }

    private func word(_ word: Int) -> UInt64 {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: word * 8, as: UInt64.self))
    }

    func key(_ row: Int) -> IndexKey {
        IndexKey(high: word(row * width), low: word(row * width + 1))
    }

    func row(_ row: Int) -> [UInt64] {
        (row * width..<(row + 1) * width).map(word)
    }

    /// The first row whose key is not less than the one sought.
    func firstRow(notBefore key: IndexKey) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self.key(middle) < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension IndexRows {
    /// Blocks and filters lie in the file as little-endian words.
    init(bytes: [UInt8], width: Int) {
        self.width = width
        words = littleEndianWords(bytes)
    }
}

func littleEndianWords(_ bytes: [UInt8]) -> [UInt64] {
    bytes.withUnsafeBytes { buffer in
        [UInt64](unsafeUninitializedCapacity: buffer.count / 8) { words, count in
            for word in 0..<buffer.count / 8 {
                let value = buffer.loadUnaligned(fromByteOffset: word * 8, as: UInt64.self)
                words.initializeElement(at: word, to: UInt64(littleEndian: value))
            }
            count = buffer.count / 8
        }
    }
}

func littleEndianBytes(_ words: some RandomAccessCollection<UInt64>) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: words.count * 8) { bytes, count in
        let raw = UnsafeMutableRawBufferPointer(bytes)
        var offset = 0
        for word in words {
            raw.storeBytes(of: word.littleEndian, toByteOffset: offset, as: UInt64.self)
            offset += 8
        }
        count = offset
    }
}
