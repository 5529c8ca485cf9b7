import Consensus
import Storage
import Synchronization
import Wire

/// A node that hears that the centre went on without it.
extension CentreService {
    /// Another node speaks under a number that the group of this one never gave, and of a recovery that this one has
    /// not heard of: the group here was given up. Its voters must not go on as a second centre, now or later. (A node
    /// that joins the recovered centre, or follows there, knows that number from its log before it is a voter.)
    func heed(_ state: PeerState) throws(StorageError) {
        guard state.generation > generation.withLock({ $0 }), let membership = node.said.membership,
            membership.isVoter(replica), state.replica > membership.highest
        else { return }
        let sentence =
            "The centre lost its quorum and went on from \(state.name), number \(state.replica), without this node: "
            + "what this one held beyond it was given up."
        try SmallFile.replace(files.directory.givenUp, with: Array(sentence.utf8))
        stopping.fail(sentence)
    }
}
