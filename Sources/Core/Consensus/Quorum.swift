/// The arithmetic of majorities, as pure functions of a membership. In a joint phase every question is put to both
/// sets of voters, and both must answer (thesis §4.3). Learners are asked nothing.
package enum Quorum {
    package enum Outcome: Hashable, Sendable { case won, lost, pending }

    /// How many of `count` voters decide.
    package static func majority(of count: Int) -> Int { count / 2 + 1 }

    /// The greatest value that a quorum has reached. Zero if there are no voters.
    package static func reached(_ membership: Membership, by value: (ReplicaID) -> UInt64) -> UInt64 {
        let new = reached(among: membership.voters, by: value)
        return membership.isJoint ? min(new, reached(among: membership.outgoing, by: value)) : new
    }

    /// Whether those for whom `says` is true are a quorum.
    package static func holds(_ membership: Membership, _ says: (ReplicaID) -> Bool) -> Bool {
        reached(membership) { says($0) ? 1 : 0 } == 1
    }

    /// Lost when even all who have not answered could not make a quorum.
    package static func outcome(
        _ membership: Membership, granted: (ReplicaID) -> Bool, refused: (ReplicaID) -> Bool
    ) -> Outcome {
        if holds(membership, granted) { return .won }
        return holds(membership) { !refused($0) } ? .pending : .lost
    }

    /// How many voters may fail, whichever they are, while the others still decide.
    package static func failuresTolerated(_ membership: Membership) -> Int {
        let new = membership.voters.count - majority(of: membership.voters.count)
        guard membership.isJoint else { return max(0, new) }
        return max(0, min(new, membership.outgoing.count - majority(of: membership.outgoing.count)))
    }

    /// Sorted downward, the value at the majority's place is one that this many have reached.
    private static func reached(among voters: [ReplicaID], by value: (ReplicaID) -> UInt64) -> UInt64 {
        guard !voters.isEmpty else { return 0 }
        if voters.count == 1 { return value(voters[0]) }
        let values = voters.map(value).sorted(by: >)
        return values[majority(of: voters.count) - 1]
    }
}
