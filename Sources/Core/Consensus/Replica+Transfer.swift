/// Handing the leadership over (§3.10). In words:
///
/// 1. The leader takes no more proposals and brings the target up to its own last entry.
/// 2. Then it tells the target to stand at once, without pre-vote; voters do not withhold their vote for the leader's
/// sake.
/// 3. If the leader still leads after an election's silence, it takes proposals again.
extension Replica {
    mutating func transfer(context: UInt64, to wanted: ReplicaID?) {
        guard let leading else {
            return effects.append(.refused(context: context, .notLeader(leader: leader)))
        }
        if let transfer = leading.transfer {
            return effects.append(.refused(context: context, .transferring(to: transfer.target)))
        }
        guard let target = wanted ?? furthestVoter, target != id, membership.voters.contains(target) else {
            return effects.append(.refused(context: context, .badTarget))
        }
        self.leading?.transfer = Leadership.Transfer(target: target)
        finishTransfer()
    }

    /// The voter, other than this one, that holds most; of equals the one with the lowest number.
    var furthestVoter: ReplicaID? {
        guard let leading else { return nil }
        var best: Progress?
        for follower in leading.followers where membership.voters.contains(follower.id) {
            if best.map({ $0.match < follower.match }) ?? true { best = follower }
        }
        return best?.id
    }

    /// Rule 2. Said again at each heartbeat, for it may be lost.
    mutating func finishTransfer() {
        guard let leading, let target = leading.transfer?.target else { return }
        if leading.match(of: target) == log.last {
            send(.standNow, to: target)
        }
    }

    mutating func tickTransfer() {
        guard leading?.transfer != nil else { return }
        leading?.transfer?.ticks += 1
        if let transfer = leading?.transfer, transfer.ticks >= limits.electionTicks {
            leading?.transfer = nil
        } else {
            finishTransfer()
        }
    }

    mutating func standNow() {
        guard mayStand else { return }
        stand(transfer: true)
    }
}
