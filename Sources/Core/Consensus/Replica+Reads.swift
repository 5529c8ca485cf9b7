/// Linearizable reads without the log (§6.4). In words:
///
/// 1. A leader that has not committed an entry of its own term does not know what is committed: its reads wait for
/// that.
/// 2. A read takes the commit index, then the leader proves that it still leads: a quorum answers a heartbeat that was
///    sent after the read came. Rounds are numbered, so an older answer proves nothing (pitfall R9: a paused leader
///    whose old answers arrive after the pause).
/// 3. The read may be answered once the state has applied that index.
extension Replica {
    mutating func read(context: UInt64) {
        guard let leading else {
            return effects.append(.refused(context: context, .notLeader(leader: leader)))
        }
        guard leading.reads.waiting.count < ReadRounds.waitingMax else {
            return effects.append(.refused(context: context, .busy))
        }
        if has(.readsWithoutRound) || has(.readsByLease) && isEstablished && hearsQuorum {
            return effects.append(.readReady(context: context, index: commit))
        }
        self.leading?.reads.wait(context)
    }

    /// Opens the next round if one is due; a sole voter's closes at once.
    mutating func beginReads() {
        guard isEstablished || has(.readsBeforeOwnTerm) else { return }
        while leading?.reads.begin(at: commit) == true {
            sendHeartbeats()
            finishReads()
        }
    }

    mutating func finishReads() {
        guard let leading, !leading.reads.open.isEmpty else { return }
        let round = leading.reads.round
        let proven = Quorum.reached(membership) { member in
            member == id ? round : leading.place(of: member).map { leading.followers[$0].round } ?? 0
        }
        guard proven >= round else { return }
        for context in self.leading?.reads.close() ?? [] {
            effects.append(.readReady(context: context, index: leading.reads.index))
        }
    }
}
