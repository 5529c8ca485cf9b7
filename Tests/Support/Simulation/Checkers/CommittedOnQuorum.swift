import Consensus

/// When a leader counts an entry as committed, it is of its own term (thesis §3.6.2) and a quorum has it on its disks.
struct CommittedOnQuorum {
    func commits(
        _ mark: Mark, by leader: ReplicaID, in term: Term, _ membership: Membership,
        stores: (ReplicaID) -> SimulatedStore.Image?
    ) throws(Violation) {
        guard mark.term == term else {
            throw Violation("committed in its own term", "\(leader) of term \(term) commits \(mark) by counting")
        }
        let holds = Quorum.holds(membership) { id in
            guard let image = stores(id), mark.index <= image.last else { return false }
            guard mark.index > image.base.mark.index else { return true }
            return image.entries[image.base.mark.index.next.distance(to: mark.index)].term == mark.term
        }
        guard holds else {
            throw Violation("committed on a quorum", "\(leader) commits \(mark), which no quorum has stored")
        }
    }
}
