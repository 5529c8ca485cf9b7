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

    /// Whoever leads has the votes of a quorum, each told once, by voters who stored them; its own is on its disk.
    func leads(
        _ id: ReplicaID, in term: Term, _ membership: Membership, durable: SimulatedStore.Image
    ) throws(Violation) {
        let own = durable.hardState
        let elected = Quorum.holds(membership) { voter in
            voter == id
                ? own.term == term && own.vote == id : votes[Ballot(voter: voter, term: term)] == id
        }
        guard elected else {
            throw Violation("elected by a quorum", "\(id) leads term \(term) without a quorum's stored votes")
        }
    }
}
