/// One step of a change of membership. A change is a list of steps carried out as one (thesis §4.3).
package enum MembershipStep: Hashable, Sendable {
    /// A number never seated before becomes a learner.
    case addLearner(ReplicaID)
    /// A learner becomes a voter.
    case promote(ReplicaID)
    /// A voter becomes a learner.
    case demote(ReplicaID)
    /// A member leaves for ever.
    case remove(ReplicaID)
}

/// Why a change is refused.
package enum MembershipFault: Hashable, Sendable, Error {
    case nothingToDo
    case alreadySeated(ReplicaID)
    /// The number was a member before: it never returns.
    case retired(ReplicaID)
    case notLearner(ReplicaID)
    case notVoter(ReplicaID)
    case notMember(ReplicaID)
    /// A learner that does not yet hold the newest membership: as a voter it could not vote, and might be needed.
    case notCaughtUp(ReplicaID)
    /// Two steps of one change name the same number.
    case namedTwice(ReplicaID)
    case noVoterLeft
    case tooManyMembers
}

extension Membership {
    /// Members at most: the row form counts them in a byte, and the group is meant for 1, 3 or 5 voters and a few
    /// learners.
    package static let membersMax = 32

    /// The membership to write for a change, in words:
    ///
    /// 1. Outside a joint phase only, and each number in one step only.
    /// 2. If the voters stay as they are, the result is final at once: learners count in no quorum.
    /// 3. Otherwise it is joint: the new voters, and the old ones as `outgoing`. A voter that becomes a learner waits
    /// in
    ///    `demoted` until the joint phase ends, for it may not be both.
    package func changed(by steps: [MembershipStep]) throws(MembershipFault) -> Membership {
        precondition(!isJoint, "a change begins outside a joint phase")
        var voters = self.voters
        var learners = self.learners
        var demoted: [ReplicaID] = []
        var highest = self.highest
        var named: [ReplicaID] = []
        for step in steps {
            let id = step.id
            guard !named.contains(id) else { throw .namedTwice(id) }
            named.append(id)
            switch step {
            case .addLearner:
                guard !isMember(id) else { throw .alreadySeated(id) }
                guard id > self.highest else { throw .retired(id) }
                learners.append(id)
                highest = max(highest, id)
            case .promote:
                guard let place = learners.firstIndex(of: id) else { throw .notLearner(id) }
                learners.remove(at: place)
                voters.append(id)
            case .demote:
                guard let place = voters.firstIndex(of: id) else { throw .notVoter(id) }
                voters.remove(at: place)
                demoted.append(id)
            case .remove:
                guard isMember(id) else { throw .notMember(id) }
                voters.removeAll { $0 == id }
                learners.removeAll { $0 == id }
            }
        }
        guard !voters.isEmpty else { throw .noVoterLeft }
        let outgoing = Membership.sorted(voters) == self.voters ? [] : self.voters
        let result = Membership(
            voters: voters, outgoing: outgoing, learners: learners, demoted: demoted, highest: highest)
        guard result != self else { throw .nothingToDo }
        guard result.members.count <= Membership.membersMax else { throw .tooManyMembers }
        return result
    }

    /// The membership that ends a joint phase: the old voters no longer count, the demoted are learners.
    package var left: Membership {
        precondition(isJoint, "only a joint phase ends")
        return Membership(voters: voters, learners: learners + demoted, highest: highest)
    }
}

extension MembershipStep {
    package var id: ReplicaID {
        switch self {
        case .addLearner(let id), .promote(let id), .demote(let id), .remove(let id): id
        }
    }
}
