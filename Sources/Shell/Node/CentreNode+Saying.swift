import Consensus
import Records
import Roles

extension CentreNode {
    struct Asked: Sendable {
        var session: Session
        var peer: CentrePeer
        var number: UInt64
        var bytes: [UInt8]
    }

    /// What the node says of itself: told after each turn, read without waiting for one.
    struct Said: Sendable {
        /// What the role has heard of the territories since this node started.
        var contacts: [AuthorNumber: CentreContact] = [:]
        /// Who leads and which term.
        var standing: Replica.Standing?
        /// The term in which this node leads and knows all that was acknowledged before it; nil otherwise.
        var openTerm: Term?
        var membership: Membership?
        /// The other members as the leader knows them, and who of them has caught up; empty where this one follows.
        var followers: [Consensus.Progress] = []
        var caughtUp: Set<ReplicaID> = []
        var last: LogIndex = 0
        var applied: LogIndex = 0
        var isWaitingForSpace = false
    }
}

extension OwnOutcome {
    /// The code of a refusal for want of space.
    static let diskFull = "disk-full"
    /// The code of a refusal by a node that ends.
    static let stopping = "stopping"
}

extension CentreInput {
    var isTick: Bool {
        if case .tick = self { true } else { false }
    }
}
