/// The youngest entries of the log, consecutive, in memory. All that are not yet stored and applied are here; older
/// ones stay while the cost allows, for followers who are a little behind.
struct EntryCache: Hashable, Sendable {
    /// Room is reclaimed from the front now and then, not at every removal: `head` is the first in use.
    private var entries: [RaftEntry] = []
    private var head = 0
    private(set) var cost = 0

    var isEmpty: Bool { head == entries.count }

    var first: LogIndex? { isEmpty ? nil : entries[head].index }

    mutating func append(_ entry: RaftEntry) {
        precondition(isEmpty || entries[entries.count - 1].index.next == entry.index, "the cache holds no gaps")
        entries.append(entry)
        cost += entry.cost
    }

    /// The entries from `from` through `through`, or nil if any of them is not here.
    func slice(from: LogIndex, through: LogIndex) -> ArraySlice<RaftEntry>? {
        guard from <= through, let first, first <= from else { return nil }
        let start = head + first.distance(to: from)
        let end = head + first.distance(to: through)
        return end < entries.count ? entries[start...end] : nil
    }

    func entry(at index: LogIndex) -> RaftEntry? {
        slice(from: index, through: index)?.first
    }

    mutating func removeSuffix(from index: LogIndex) {
        while !isEmpty, entries[entries.count - 1].index >= index {
            cost -= entries.removeLast().cost
        }
    }

    mutating func removePrefix(through index: LogIndex) {
        while !isEmpty, entries[head].index <= index {
            dropFirst()
        }
        reclaim()
    }

    /// Drops the oldest while the cost is above `limit`, none after `through`.
    mutating func shrink(to limit: Int, through: LogIndex) {
        while cost > limit, !isEmpty, entries[head].index <= through {
            dropFirst()
        }
        reclaim()
    }

    private mutating func dropFirst() {
        cost -= entries[head].cost
        entries[head].payload = .nothing
        head += 1
    }

    private mutating func reclaim() {
        guard head == entries.count || head >= 1024 && head * 2 > entries.count else { return }
        entries.removeFirst(head)
        head = 0
    }
}
