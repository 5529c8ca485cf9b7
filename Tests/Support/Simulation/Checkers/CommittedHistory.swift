import Consensus

/// What is committed, as first seen anywhere: nobody may ever see it otherwise (state machine safety, thesis figure
/// 3.2). From this one list the other checkers and the clients' oracle learn what happened.
struct CommittedHistory {
    struct Line: Hashable {
        var entry: RaftEntry
        /// The least term in which a replica knew it to be committed.
        var term: Term
    }

    private(set) var lines: [Line] = []

    var last: LogIndex { LogIndex(UInt64(lines.count)) }

    func line(_ index: LogIndex) -> Line? {
        index.number >= 1 && index <= last ? lines[Int(index.number) - 1] : nil
    }

    mutating func applies(_ entry: RaftEntry, at id: ReplicaID, in term: Term) throws(Violation) {
        if let line = line(entry.index) {
            guard line.entry == entry else {
                throw Violation(
                    "state machine safety", "\(id) applies \(entry.mark) where \(line.entry.mark) was applied")
            }
            return
        }
        guard entry.index == last.next else {
            throw Violation("state machine safety", "\(id) applies \(entry.index) after \(last)")
        }
        lines.append(Line(entry: entry, term: term))
    }
}
