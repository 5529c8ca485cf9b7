import Consensus

/// What a replica believes to be on its own disk is there: an entry that a later write removes again does not count.
struct StableIsDurable {
    func holds(_ node: SimulatedNode) throws(Violation) {
        let index = node.glance.stable
        guard index > node.store.durable.base.mark.index, let term = node.glance.termAtStable else { return }
        guard node.store.durable.mark(at: index)?.term == term else {
            throw Violation("stable is durable", "\(node.id) counts \(index)/\(term), which its disk does not have")
        }
    }
}
