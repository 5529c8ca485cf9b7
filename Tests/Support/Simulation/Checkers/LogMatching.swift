import Consensus

/// Two logs that hold an entry of one index and term hold the same before it (thesis figure 3.2). By induction: one
/// index and term name one content and one entry before.
struct LogMatching {
    private struct Seen: Equatable {
        var term: Term
        var fingerprint: UInt64
        var previous: Term
    }

    /// What was first seen at each index; what came later, with other terms, is rare and lies beside.
    private var first: [Seen?] = []
    private var others: [Mark: Seen] = [:]

    mutating func writes(_ write: LogWrite, after known: Mark?, by id: ReplicaID) throws(Violation) {
        guard var previous = known?.term else { return }
        for entry in write.entries {
            let now = Seen(term: entry.term, fingerprint: entry.payload.fingerprint, previous: previous)
            if let before = seen(entry.mark, otherwise: now), before != now {
                throw Violation("log matching", "\(id) holds another entry \(entry.mark)")
            }
            previous = entry.term
        }
    }

    /// What was seen under this mark; if nothing was, this is.
    private mutating func seen(_ mark: Mark, otherwise now: Seen) -> Seen? {
        let place = Int(mark.index.number)
        while first.count <= place { first.append(nil) }
        guard let held = first[place] else {
            first[place] = now
            return nil
        }
        if held.term == mark.term { return held }
        if let other = others[mark] { return other }
        others[mark] = now
        return nil
    }
}
