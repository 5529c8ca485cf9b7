/// The Raft log as the replica thinks of it: every entry's term, and the bytes of the youngest.
///
/// Terms change only with leaders, so they are kept as runs: the log matching check (thesis §3.5), the vote's
/// comparison and the search for a common entry need no row of the store, whatever the log's length.
struct RaftLog: Hashable, Sendable {
    /// What was compacted or installed ends here. The term of this index is known; nothing else of before is.
    private(set) var base: Mark
    private(set) var last: LogIndex
    /// Where each term begins, after the base, indices and terms rising. Before the first run the base's term goes on.
    private var runs: [Mark]
    private(set) var cache = EntryCache()

    init(base: Mark, last: LogIndex, runs: [Mark]) {
        self.base = base
        self.last = last
        self.runs = runs
    }

    var lastMark: Mark { Mark(index: last, term: runs.last?.term ?? base.term) }

    /// The term of an index from the base through the last entry; nil for any other.
    func term(at index: LogIndex) -> Term? {
        guard index >= base.index, index <= last else { return nil }
        for run in runs.reversed() where run.index <= index {
            return run.term
        }
        return base.term
    }

    func mark(at index: LogIndex) -> Mark? {
        term(at: index).map { Mark(index: index, term: $0) }
    }

    func holds(_ mark: Mark) -> Bool { term(at: mark.index) == mark.term }

    /// The last entry at or before `index` whose term is at most `term`: the furthest place at which this log and one
    /// that has `term` at `index` may agree. Skips whole terms, so a search takes a message per term and not per entry
    /// (thesis §3.5, at the end). Before the base the term is unknown and given as zero.
    func furthestAgreement(index: LogIndex, term: Term) -> Mark {
        var place = min(index, last)
        for run in runs.reversed() where run.index <= place {
            if run.term <= term {
                return Mark(index: place, term: run.term)
            }
            place = run.index.previous
        }
        guard place >= base.index else { return Mark(index: place, term: 0) }
        return base.term <= term ? Mark(index: place, term: base.term) : base
    }

    mutating func append(_ entry: RaftEntry) {
        precondition(entry.index == last.next, "an entry goes to the end of the log")
        precondition(entry.term >= lastMark.term, "terms never fall along the log")
        if entry.term != lastMark.term {
            runs.append(entry.mark)
        }
        last = entry.index
        cache.append(entry)
    }

    /// Removes the entries from `index` on.
    mutating func truncate(from index: LogIndex) {
        precondition(index > base.index, "what was compacted is committed and stays")
        while let run = runs.last, run.index >= index {
            runs.removeLast()
        }
        last = min(last, index.previous)
        cache.removeSuffix(from: index)
    }

    /// Forgets the entries up to `index`, whose mark becomes the base.
    mutating func compact(through index: LogIndex) {
        guard let mark = mark(at: index) else { preconditionFailure("compaction beyond the log") }
        let following = runs.firstIndex { $0.index > index } ?? runs.count
        runs.removeFirst(following)
        base = mark
        cache.removePrefix(through: index)
    }

    /// Replaces everything by what a snapshot stands for.
    mutating func reset(to mark: Mark) {
        self = RaftLog(base: mark, last: mark.index, runs: [])
    }

    /// The entries from `first` through `last` within a cost, at least one; nil if memory no longer has the first.
    func cached(from first: LogIndex, through last: LogIndex, costLimit: Int) -> [RaftEntry]? {
        cache.slice(from: first, through: last, costLimit: costLimit)
    }

    mutating func shrinkCache(to limit: Int, through index: LogIndex) {
        cache.shrink(to: limit, through: index)
    }
}
