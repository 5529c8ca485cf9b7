import Consensus

/// What a replica believes to be on its own disk is there: an entry that a later write removes again does not count.
struct StableIsDurable {
    func holds(_ replica: Replica, durable: SimulatedStore.Image) throws(Violation) {
        let index = replica.stableIndex
        guard index > durable.base.mark.index, let term = replica.term(at: index) else { return }
        guard durable.mark(at: index)?.term == term else {
            throw Violation("stable is durable", "\(replica.id) counts \(index)/\(term), which its disk does not have")
        }
    }
}
