/// Changing the members (§4). In words:
///
/// 1. Only an established leader begins a change (the correction of 2015 to §4.1: else two leaders' changes may each
/// look
///    safe to its own voters and be unsafe together), and only when none is on its way.
/// 2. A change of voters goes through a joint phase (§4.3), in force as soon as its entry is in the log.
/// 3. A learner is promoted only when it holds the newest membership: a voter that knows none gives no vote.
/// 4. When the joint entry is committed, the leader, be it another one by then, writes the entry that ends the phase.
/// 5. A leader that is no voter any more leads until that entry is committed, counting itself in nothing, then sends
/// the
///    furthest voter to stand and steps down (§4.2.2).
extension Replica {
    mutating func change(context: UInt64, steps: [MembershipStep]) {
        do throws(Refused) {
            let changed = try changed(by: steps)
            effects.append(.proposed(context: context, first: Mark(index: log.last.next, term: term), count: 1))
            appendOwn(.membership(changed))
        } catch {
            effects.append(.refused(context: context, error.refusal))
        }
    }

    private struct Refused: Error {
        var refusal: Refusal
    }

    private func changed(by steps: [MembershipStep]) throws(Refused) -> Membership {
        guard let leading else { throw Refused(refusal: .notLeader(leader: leader)) }
        if let transfer = leading.transfer { throw Refused(refusal: .transferring(to: transfer.target)) }
        guard isEstablished || has(.changesOverlap) else { throw Refused(refusal: .notEstablished) }
        guard memberships.newest.index <= commit || has(.changesOverlap), !membership.isJoint else {
            throw Refused(refusal: .changeInFlight)
        }
        do throws(MembershipFault) {
            for case .promote(let id) in steps
            where membership.learners.contains(id) && leading.match(of: id) < memberships.newest.index {
                throw MembershipFault.notCaughtUp(id)
            }
            let changed = try membership.changed(by: steps)
            return skipsJointPhase(to: changed) ? changed.left : changed
        } catch {
            throw Refused(refusal: .badChange(error))
        }
    }

    /// Rules 4 and 5, whenever the commit index has moved.
    mutating func membershipCommitted() {
        guard isEstablished, memberships.newest.index <= commit else { return }
        if membership.isJoint {
            appendOwn(.membership(membership.left))
        } else if !membership.isVoter(id) {
            if let heir = furthestVoter {
                send(.standNow, to: heir)
            }
            follow(nil, in: term)
        }
    }
}
