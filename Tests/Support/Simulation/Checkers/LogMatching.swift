import Consensus

/// Two logs that hold an entry of one index and term hold the same before it (thesis figure 3.2). By induction: one
/// index and term name one content and one entry before.
struct LogMatching {
    private struct Seen: Hashable {
        var payload: RaftEntry.Payload
        var previous: Term
    }

    private var seen: [Mark: Seen] = [:]

    mutating func writes(_ write: LogWrite, after first: Mark?, by id: ReplicaID) throws(Violation) {
        guard var previous = first?.term else { return }
        for entry in write.entries {
            let now = Seen(payload: entry.payload, previous: previous)
            if let before = seen[entry.mark], before != now {
                throw Violation("log matching", "\(id) holds another entry \(entry.mark)")
            }
            seen[entry.mark] = now
            previous = entry.term
        }
    }
}
