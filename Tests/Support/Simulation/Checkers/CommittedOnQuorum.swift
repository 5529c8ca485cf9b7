import Consensus

/// When a leader counts an entry as committed, it is of its own term (thesis §3.6.2) and a quorum has it on its disks.
struct CommittedOnQuorum {
    func commits(
        _ mark: Mark, by leader: ReplicaID, in term: Term, _ memberships: [Membership],
        node: (ReplicaID) -> SimulatedNode?
    ) throws(Violation) {
        guard mark.term == term else {
            throw Violation("committed in its own term", "\(leader) of term \(term) commits \(mark) by counting")
        }
        let holds = memberships.contains { membership in
            Quorum.holds(membership) { id in node(id).map { Self.has(mark, $0) } ?? false }
        }
        guard holds else {
            throw Violation("committed on a quorum", "\(leader) commits \(mark), which no quorum has stored")
        }
    }

    private static func has(_ mark: Mark, _ node: SimulatedNode) -> Bool {
        // What it said was true when it said it; the fault came after, and is counted.
        if node.hasLostData { return node.promised >= mark.index }
        let base = node.store.durable.base.mark.index
        return mark.index <= base || node.store.durable.mark(at: mark.index)?.term == mark.term
    }
}
