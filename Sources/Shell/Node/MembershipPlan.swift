import Consensus

/// A change of the group worked out before anything is proposed: the steps, the group before and after, and what speaks
/// against it. A value: the same knowledge gives the same plan.
struct MembershipPlan {
    var steps: [MembershipStep]
    var before: GroupView
    var after: GroupView
    /// Empty where nothing speaks against it.
    var warning: String

    /// What the plan rests on.
    struct Knowledge {
        var membership: Membership
        /// Every node of the centre that was ever seated, by its number.
        var names: [ReplicaID: String]
        /// Members that are heard now, the leader among them.
        var live: Set<ReplicaID>
        var isCaughtUp: (ReplicaID) -> Bool

        func replica(_ text: String) throws(NodeError) -> ReplicaID {
            // A name that is taken by several (one was removed and came back) means the one seated last.
            if let named = names.filter({ $0.value == text }).keys.max() { return named }
            if let number = UInt64(text), names[ReplicaID(number)] != nil { return ReplicaID(number) }
            let known = names.sorted { $0.key < $1.key }.map { "\($0.value) (\($0.key))" }.joined(separator: ", ")
            throw NodeError(
                .notFound, "No node of the centre is called \(text).", remedy: "There are \(known).", field: "nodes")
        }

        /// Who takes the lead: the voter that is named, else the one furthest on of those that are heard.
        func heir(
            _ wanted: ReplicaID?, leader: ReplicaID, followers: [Progress]
        ) throws(NodeError) -> ReplicaID {
            let list = "`esep centre member list` shows who is there and how far."
            guard let wanted else {
                let ready = followers.filter { membership.voters.contains($0.id) && live.contains($0.id) }
                guard let best = ready.max(by: { ($0.match, $1.id) < ($1.match, $0.id) }) else {
                    throw NodeError(.refused, "No other voter is heard: nobody can take the lead.", remedy: list)
                }
                return best.id
            }
            guard wanted != leader else {
                throw NodeError(.conflict, "\(name(wanted)) leads already.", remedy: list, field: "node")
            }
            guard membership.voters.contains(wanted) else {
                throw NodeError(
                    .refused, "\(name(wanted)) is no voter: the lead can be handed to another voter alone.",
                    remedy: list, field: "node")
            }
            guard live.contains(wanted) else {
                throw NodeError(.refused, "\(name(wanted)) is not heard now.", remedy: list, field: "node")
            }
            return wanted
        }

        func name(_ replica: ReplicaID) -> String { names[replica] ?? "\(replica)" }

        func group(_ voters: [ReplicaID], learners: [ReplicaID]) -> GroupView {
            let quorum = voters.count / 2 + 1
            return GroupView(
                voters: voters.map(name), learners: learners.map(name), quorum: quorum,
                tolerated: voters.count - quorum, live: voters.count(where: live.contains))
        }
    }

    init(_ change: MemberChange, _ known: Knowledge) throws(NodeError) {
        var replicas: [ReplicaID] = []
        for node in change.nodes { replicas.append(try known.replica(node)) }
        guard !replicas.isEmpty, change.verb != .replace || replicas.count == 2 else {
            throw NodeError(
                .invalid, change.verb == .replace ? "replace takes OLD and NEW." : "No node is named.",
                remedy: "esep centre member list shows names and numbers.", field: "nodes")
        }
        switch change.verb {
        case .add: steps = replicas.sorted().map { .addLearner($0) }
        case .promote: steps = replicas.map { .promote($0) }
        case .demote: steps = replicas.map { .demote($0) }
        case .remove: steps = replicas.map { .remove($0) }
        case .replace: steps = [.remove(replicas[0]), .promote(replicas[1])]
        // No change of the group: it is answered before a plan is made.
        case .goOn: steps = []
        }
        let membership = known.membership
        guard !membership.isJoint else {
            throw NodeError(
                .busy, "Another change of the group is on its way.", remedy: "Ask again when it is done.")
        }
        let changed: Membership
        do throws(MembershipFault) {
            changed = try membership.changed(by: steps)
        } catch {
            throw NodeError(fault: error, known)
        }
        for case .promote(let replica) in steps where !known.isCaughtUp(replica) {
            throw NodeError(
                .refused, "\(known.name(replica)) has not caught up: as a voter it would hold the group back.",
                remedy: "Wait until `esep centre member list` shows it at most a moment behind, then ask again.",
                field: "nodes")
        }
        let final = changed.isJoint ? changed.left : changed
        before = known.group(membership.voters, learners: membership.learners)
        after = known.group(final.voters, learners: final.learners)
        warning = Self.warning(before, after)
    }

    private static func warning(_ before: GroupView, _ after: GroupView) -> String {
        if before.voters == after.voters { return "" }
        if before.live < before.quorum {
            return "only \(before.live) of the \(before.voters.count) voters are heard, \(before.quorum) must agree"
        }
        if after.live < after.quorum {
            return """
                of the \(after.voters.count) voters after the change only \(after.live) are heard now, and \
                \(after.quorum) must agree: the group would stop
                """
        }
        return ""
    }
}

extension NodeError {
    init(fault: MembershipFault, _ known: MembershipPlan.Knowledge) {
        let list = "`esep centre member list` shows who is what."
        switch fault {
        case .nothingToDo: self.init(.conflict, "The group is so already.", remedy: list)
        case .alreadySeated(let id): self.init(.conflict, "\(known.name(id)) is a member already.", remedy: list)
        case .retired(let id):
            self.init(
                .refused,
                "Number \(id) of \(known.name(id)) lies below one that was added later, or was removed: "
                    + "a number never comes back.",
                remedy: "Join the node again, in an empty directory, with a new token.")
        case .notLearner(let id): self.init(.refused, "\(known.name(id)) is no learner.", remedy: list)
        case .notVoter(let id): self.init(.refused, "\(known.name(id)) is no voter.", remedy: list)
        case .notMember(let id): self.init(.refused, "\(known.name(id)) is no member.", remedy: list)
        case .notCaughtUp(let id): self.init(.refused, "\(known.name(id)) has not caught up.", remedy: list)
        case .namedTwice(let id): self.init(.invalid, "\(known.name(id)) is named twice.", field: "nodes")
        case .noVoterLeft: self.init(.refused, "No voter would be left.", remedy: "Promote another one first.")
        case .tooManyMembers:
            self.init(.refused, "A group has at most \(Membership.membersMax) members.", remedy: "Remove some first.")
        }
    }

    init(refusal: Replica.Refusal, _ name: (ReplicaID) -> String) {
        switch refusal {
        case .notLeader(let leader):
            self.init(
                .noLeader,
                leader.map { "This node does not lead; \(name($0)) does." } ?? "The centre has no leader now.",
                remedy: "Ask again in a moment.")
        case .transferring(let target):
            self.init(.busy, "The lead is being handed to \(name(target)).", remedy: "Ask again in a moment.")
        case .busy: self.init(.busy, "Too much waits to be agreed on.", remedy: "Ask again in a moment.")
        case .wrongSize: self.init(.inner, "The change is of no size that the log takes.")
        case .notEstablished: self.init(.busy, "The leader has only just been elected.", remedy: "Ask again.")
        case .changeInFlight:
            self.init(.busy, "Another change of the group is on its way.", remedy: "Ask again when it is done.")
        case .badChange(let fault):
            self.init(
                fault: fault,
                MembershipPlan.Knowledge(membership: .empty, names: [:], live: [], isCaughtUp: { _ in false }))
        case .badTarget:
            self.init(
                .refused, "The lead can be handed to another voter alone.",
                remedy: "`esep centre member list` shows the voters.")
        }
    }
}

/// Whether a restart of each member is safe now, and why: worked out at the leader.
extension ClusterCheck {
    init(_ known: MembershipPlan.Knowledge, leader: ReplicaID) {
        let membership = known.membership
        let group = known.group(membership.voters, learners: membership.learners)
        self.init(
            leader: known.name(leader), quorum: group.quorum, tolerated: group.tolerated, live: group.live,
            verdicts: membership.members.map { Self.verdict($0, known, leader: leader) })
    }

    private static func verdict(
        _ replica: ReplicaID, _ known: MembershipPlan.Knowledge, leader: ReplicaID
    ) -> RestartVerdict {
        func verdict(_ isSafe: Bool, _ why: String) -> RestartVerdict {
            RestartVerdict(node: known.name(replica), isSafe: isSafe, why: why)
        }
        let membership = known.membership
        guard membership.isVoter(replica) else { return verdict(true, "it is a learner: nobody waits for it") }
        guard !membership.isJoint else {
            return verdict(false, "a change of the group is on its way: wait until it is done")
        }
        if membership.isSoleVoter(replica) {
            return verdict(
                false,
                "it is the only voter: the centre stands still until it is back; territories go on and send later")
        }
        let others = membership.voters.filter { $0 != replica && known.live.contains($0) }
        let quorum = membership.voters.count / 2 + 1
        guard others.count >= quorum else {
            return verdict(false, "without it \(others.count) voters are heard, and \(quorum) must agree")
        }
        let ready = others.filter { $0 == leader || known.isCaughtUp($0) }
        guard ready.count >= quorum else {
            let behind = others.filter { !ready.contains($0) }.map(known.name).joined(separator: ", ")
            return verdict(false, "\(behind) must catch up first: the others could not go on at once without it")
        }
        if replica == leader {
            return verdict(
                true, "the others go on; hand the lead over first and nobody waits: esep centre member transfer")
        }
        return verdict(true, "\(others.count) other voters are heard and caught up, \(quorum) must agree")
    }
}
