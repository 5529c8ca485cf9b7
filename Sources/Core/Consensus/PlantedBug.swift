/// Bugs that can be switched on, one at a time, to prove that the simulator finds them. Only where `PLANTED` is
/// defined, which is in the tests' second copy of this module; here `has` is a constant and the branches are gone.
package enum PlantedBug: String, CaseIterable, Sendable {
    /// An answer that comes twice counts as another voter's (R4).
    case repeatedVotesCount
    /// A vote is told before it is stored (R5).
    case voteToldBeforeStored
    /// The vote is never stored.
    case voteNotStored
    /// A second candidate of one term gets a vote too.
    case votesTwice
    /// The longer log wins, whatever its last term (§3.6.1).
    case longerLogWins
    /// An entry of an older term is committed by counting (R6).
    case oldTermCountedAsCommitted
    /// A follower commits what the message does not prove (R7).
    case commitPastProven
    /// A heartbeat commits beyond what the follower acknowledged, and the follower believes it.
    case heartbeatCommitsUnbounded
    /// A heartbeat commits what was acknowledged, though nobody has looked whether it is still there.
    case heartbeatCommitsUnproven
    /// Entries are acknowledged before they are stored (R8).
    case appendAcknowledgedBeforeStored
    /// The acknowledgement names the whole log, not what the message proves.
    case acknowledgesWholeLog
    /// A late message cuts off entries that came after it.
    case truncatesAlways
    /// The leader counts itself for entries its disk does not have (§10.2.1).
    case leaderCountsUnstored
    /// An entry removed by a later write still counts as stored.
    case removedEntriesCountAsStored
    /// A snapshot is acknowledged before it is stored.
    case snapshotAcknowledgedBeforeStored
    /// Voters change without a joint phase.
    case jointPhaseSkipped
    /// Learners count in the commit's quorum.
    case learnersCount
    /// A membership is in force only when committed (R2).
    case membershipOnlyWhenCommitted
    /// Truncation leaves the membership of a removed entry in force (R2).
    case truncationKeepsMembership
    /// One voter at a time changes without a joint phase, also while another change is on its way and before the
    /// leader has committed in its term (R1).
    case changesOverlap
    /// Reads are answered without asking a quorum (R9).
    case readsWithoutRound
    /// Reads are answered as long as the last check of the quorum is no older than an election: a pause is not seen.
    case readsByLease
    /// A refusal leaves the whole window open, so that reordered messages breed more of them.
    case refusalsBreed
    /// A new leader answers reads before it committed in its term (§6.4).
    case readsBeforeOwnTerm
}

extension Replica {
    #if PLANTED
    func has(_ bug: PlantedBug) -> Bool { planted == bug }
    #else
    @inline(__always)
    func has(_ bug: PlantedBug) -> Bool { false }
    #endif

    /// Whether a planted bug lets this leave before its write.
    func broken(_ deed: Promise.Deed) -> Bool {
        guard case .send(let message) = deed else { return false }
        switch message.body {
        case .vote: return has(.voteToldBeforeStored)
        case .appended: return has(.appendAcknowledgedBeforeStored)
        default: return false
        }
    }

    func skipsJointPhase(to changed: Membership) -> Bool {
        guard changed.isJoint else { return false }
        let differing =
            changed.voters.count + changed.outgoing.count - 2 * changed.voters.filter(changed.outgoing.contains).count
        return has(.jointPhaseSkipped) || has(.changesOverlap) && differing == 1
    }

    var plantedMembershipWithLearners: Membership {
        Membership(voters: membership.voters + membership.learners, outgoing: membership.outgoing)
    }
}
