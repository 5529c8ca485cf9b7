import Consensus

/// Votes and acknowledgements leave after what they promise is durable; and one vote a term.
struct PromisesAreStored {
    private struct Ballot: Hashable {
        var voter: ReplicaID
        var term: Term
    }

    private var votes: [Ballot: ReplicaID] = [:]

    mutating func sends(_ message: RaftMessage, durable: SimulatedStore.Image, now: Term) throws(Violation) {
        switch message.body {
        case .vote(true):
            let ballot = Ballot(voter: message.from, term: message.term)
            if let other = votes[ballot], other != message.to {
                throw Violation(
                    "one vote a term", "\(message.from) votes for \(other) and \(message.to) in \(message.term)")
            }
            votes[ballot] = message.to
            let stored = durable.hardState
            guard stored.term > message.term || (stored.term == message.term && stored.vote == message.to) else {
                throw Violation("promises are stored", "\(message.from) votes in \(message.term) before storing it")
            }
        case .appended(let match) where message.term == now:
            guard durable.last >= match else {
                throw Violation("promises are stored", "\(message.from) acknowledges \(match), stored \(durable.last)")
            }
        default: break
        }
    }
}
