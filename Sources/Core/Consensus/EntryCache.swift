/// The youngest entries of the log, consecutive, in memory. All that are not yet stored and applied are here; older
/// ones stay while the cost allows, for followers who are a little behind.
///
/// The shell keeps the replica as it was until a turn is stored, so every turn changes a log of which there is a copy.
/// Entries lie in blocks for that: a turn copies the list of blocks and the blocks it touches, not every entry. Where
/// blocks begin depends on indices alone, so equal logs are equal values whatever came before.
struct EntryCache: Hashable, Sendable {
    /// Blocks of consecutive entries, none empty. Indices with the same quotient by `blockSize` share a block.
    private var blocks: [[RaftEntry]] = []
    private(set) var cost = 0

    static let blockSize: UInt64 = 64

    var isEmpty: Bool { blocks.isEmpty }

    var first: LogIndex? { blocks.first?.first?.index }

    private var last: LogIndex? { blocks.last?.last?.index }

    mutating func append(_ entry: RaftEntry) {
        precondition(last.map { $0.next == entry.index } ?? true, "the cache holds no gaps")
        if let last, Self.block(last) == Self.block(entry.index) {
            blocks[blocks.count - 1].append(entry)
        } else {
            blocks.append([entry])
        }
        cost += entry.cost
    }

    /// The entries from `from` through `through`, or nil if any of them is not here.
    func slice(from: LogIndex, through: LogIndex) -> [RaftEntry]? {
        slice(from: from, through: through, costLimit: .max)
    }

    /// As many of these entries as a cost allows, at least one; nil if any of the whole range is not here.
    func slice(from: LogIndex, through: LogIndex, costLimit: Int) -> [RaftEntry]? {
        guard from <= through, let first, let last, first <= from, through <= last else { return nil }
        var slice: [RaftEntry] = []
        var cost = 0
        for number in place(of: from)...place(of: through) {
            let block = blocks[number]
            for entry in block where entry.index >= from && entry.index <= through {
                cost += entry.cost
                if !slice.isEmpty, cost > costLimit { return slice }
                slice.append(entry)
            }
        }
        return slice
    }

    func entry(at index: LogIndex) -> RaftEntry? {
        guard let first, let last, first <= index, index <= last else { return nil }
        let block = blocks[place(of: index)]
        return block[block[0].index.distance(to: index)]
    }

    mutating func removeSuffix(from index: LogIndex) {
        while let last, last >= index {
            cost -= blocks[blocks.count - 1].removeLast().cost
            if blocks[blocks.count - 1].isEmpty { blocks.removeLast() }
        }
    }

    mutating func removePrefix(through index: LogIndex) {
        drop { entry in entry.index <= index }
    }

    /// Drops the oldest while the cost is above `limit`, none after `through`.
    mutating func shrink(to limit: Int, through: LogIndex) {
        guard cost > limit else { return }
        var cost = cost
        drop { entry in
            guard cost > limit, entry.index <= through else { return false }
            cost -= entry.cost
            return true
        }
    }

    /// Drops the oldest entries up to the first that is not to go.
    private mutating func drop(while isToGo: (RaftEntry) -> Bool) {
        var whole = 0
        search: for block in blocks {
            for (offset, entry) in block.enumerated() {
                if isToGo(entry) {
                    cost -= entry.cost
                } else {
                    blocks[whole].removeFirst(offset)
                    break search
                }
            }
            whole += 1
        }
        blocks.removeFirst(whole)
    }

    private static func block(_ index: LogIndex) -> UInt64 { index.number / blockSize }

    /// Where the block of an index that is here stands.
    private func place(of index: LogIndex) -> Int {
        Int(Self.block(index) - Self.block(blocks[0][0].index))
    }
}
