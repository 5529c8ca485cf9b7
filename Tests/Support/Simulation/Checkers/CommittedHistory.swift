import Consensus

/// What is committed, as first seen anywhere: nobody may ever see it otherwise (state machine safety, thesis figure
/// 3.2). From this one list the other checkers and the clients' oracle learn what happened.
struct CommittedHistory {
    struct Line {
        var mark: Mark
        var fingerprint: UInt64
        /// The least term in which a replica knew it to be committed.
        var term: Term
    }

    private var lines: [Line] = []

    var count: Int { lines.count }

    var last: LogIndex { LogIndex(UInt64(lines.count)) }

    /// The last entry that was known to be committed in an earlier term.
    func lastKnown(before term: Term) -> Mark? { lines.last { $0.term < term }?.mark }

    /// True where it was not known before.
    mutating func applies(_ entry: RaftEntry, at id: ReplicaID, in term: Term) throws(Violation) -> Bool {
        let fingerprint = entry.payload.fingerprint
        guard entry.index > last else {
            let line = lines[Int(entry.index.number) - 1]
            guard line.mark == entry.mark, line.fingerprint == fingerprint else {
                throw Violation("state machine safety", "\(id) applies \(entry.mark) where \(line.mark) was applied")
            }
            return false
        }
        guard entry.index == last.next else {
            throw Violation("state machine safety", "\(id) applies \(entry.index) after \(last)")
        }
        lines.append(Line(mark: entry.mark, fingerprint: fingerprint, term: term))
        return true
    }
}
