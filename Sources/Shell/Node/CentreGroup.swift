/// The group of the centre's nodes, as operators see and change it.
package struct MemberView: Hashable, Sendable {
    package var name: String
    package var number: UInt64
    /// HOST:PORT.
    package var address: String
    /// `voter`, `learner`, `leaving` (until a change is done), `joined` (seated, not added yet), `removed`.
    package var role: String
    /// `leader`, `follower`, `candidate`, `unreachable`; as this node sees it.
    package var state: String
    /// The Raft index it has applied, as it last said.
    package var applied: UInt64
    /// Entries the leader has and it has not, as the leader knows it; nil where this node does not lead.
    package var behind: UInt64?

    package init(
        name: String, number: UInt64, address: String, role: String, state: String, applied: UInt64, behind: UInt64?
    ) {
        self.name = name
        self.number = number
        self.address = address
        self.role = role
        self.state = state
        self.applied = applied
        self.behind = behind
    }
}

package struct MemberChange: Hashable, Sendable {
    package enum Verb: String, Hashable, Sendable, CaseIterable {
        /// Joined nodes become learners.
        case add
        /// Learners become voters, all in one joint change.
        case promote
        /// Voters become learners.
        case demote
        /// Members leave for ever.
        case remove
        /// The first leaves, the second takes its place, in one joint change.
        case replace
        /// The group stays; a centre that was recovered with loss waits for nobody any more.
        case goOn = "go-on"
    }

    package var verb: Verb
    /// Names or numbers.
    package var nodes: [String]
    /// Tell what would be; change nothing.
    package var isDryRun: Bool
    /// The sentence that a refused change asks for, typed.
    package var force: String

    package init(verb: Verb, nodes: [String], isDryRun: Bool, force: String) {
        self.verb = verb
        self.nodes = nodes
        self.isDryRun = isDryRun
        self.force = force
    }

    /// What the operator types who knows that the group may stop.
    package static let sentence = "I know that the centre may stop and entries may be lost"
}

/// The group before or after a change.
package struct GroupView: Hashable, Sendable {
    package var voters: [String]
    package var learners: [String]
    /// Voters that must agree.
    package var quorum: Int
    /// Voters that may fail while the rest goes on.
    package var tolerated: Int
    /// Voters that are heard now, this one among them.
    package var live: Int

    package init(voters: [String], learners: [String], quorum: Int, tolerated: Int, live: Int) {
        self.voters = voters
        self.learners = learners
        self.quorum = quorum
        self.tolerated = tolerated
        self.live = live
    }
}

package struct ChangeOutcome: Hashable, Sendable {
    package var before: GroupView
    package var after: GroupView
    package var isDone: Bool
    /// Why it would be refused; empty where it would not.
    package var warning: String

    package init(before: GroupView, after: GroupView, isDone: Bool, warning: String) {
        self.before = before
        self.after = after
        self.isDone = isDone
        self.warning = warning
    }
}

/// The lead handed over, or to whom it would be.
package struct TransferOutcome: Hashable, Sendable {
    package var before: String
    package var leader: String
    /// A transfer leaves the group as it is.
    package var group: GroupView
    package var isDone: Bool
    /// From the leader's word to the time it knew the next one; 0 where nothing was done.
    package var milliseconds: UInt64 = 0

    package init(before: String, leader: String, group: GroupView, isDone: Bool) {
        self.before = before
        self.leader = leader
        self.group = group
        self.isDone = isDone
    }
}

/// Whether a node may be restarted now.
package struct RestartVerdict: Hashable, Sendable {
    package var node: String
    package var isSafe: Bool
    package var why: String

    package init(node: String, isSafe: Bool, why: String) {
        self.node = node
        self.isSafe = isSafe
        self.why = why
    }
}

package struct ClusterCheck: Hashable, Sendable {
    package var leader: String
    package var quorum: Int
    package var tolerated: Int
    package var live: Int
    package var verdicts: [RestartVerdict]

    package init(leader: String, quorum: Int, tolerated: Int, live: Int, verdicts: [RestartVerdict]) {
        self.leader = leader
        self.quorum = quorum
        self.tolerated = tolerated
        self.live = live
        self.verdicts = verdicts
    }
}

/// From whom a question came over a node's line: what the certificate says.
package enum Asker: Hashable, Sendable {
    case territory(String)
    /// Another node of the centre, for an officer whom it has let in itself.
    case centre(String)
}

/// What a node of the centre answers and a territory does not.
extension NodeService {
    package func asksLeader() async -> Bool { false }

    package func members() async throws(NodeError) -> [MemberView] { throw .centreAlone }

    package func change(_ change: MemberChange, caller: Caller) async throws(NodeError) -> ChangeOutcome {
        throw .centreAlone
    }

    package func transferLead(
        to node: String?, isDryRun: Bool, caller: Caller
    ) async throws(NodeError) -> TransferOutcome { throw .centreAlone }

    package func checkCluster(node: String?) async throws(NodeError) -> ClusterCheck { throw .centreAlone }
}

extension NodeError {
    static let centreAlone = NodeError(
        .wrongRole, "Only a node of the centre knows and changes its group.",
        remedy: "Ask one of them: give its --data or --address.")
}
