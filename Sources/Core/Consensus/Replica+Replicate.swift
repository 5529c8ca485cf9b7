/// The leader's side of the log (§3.5, §3.6.2, §10.2.1). In words:
///
/// 1. A proposal goes to the leader's log at once; its disk and the followers get it at the same time. The leader
/// counts
///    itself only for what its own disk has.
/// 2. Committed is what a quorum holds, if it is of the leader's own term; older entries are committed by that, never
/// by
///    counting (figure 3.7 of the thesis, figure 8 of the paper).
/// 3. A follower is probed until a common entry is found, then streamed to within a window of messages and bytes.
/// 4. A new commit index makes no message of its own: it rides on the next append, and on the next heartbeat where
///    there is none. A follower has nothing to answer before it knows, and a message would cost both ends a turn.
/// 5. What memory no longer holds is fetched from the store's rows; what the log no longer holds, a snapshot brings.
extension Replica {
    mutating func propose(context: UInt64, payloads: [[UInt8]]) {
        if let refusal = refusal(of: payloads) {
            return effects.append(.refused(context: context, refusal))
        }
        effects.append(
            .proposed(context: context, first: Mark(index: log.last.next, term: term), count: payloads.count))
        for payload in payloads {
            appendOwn(.proposal(payload))
        }
    }

    private func refusal(of payloads: [[UInt8]]) -> Refusal? {
        guard let leading else { return .notLeader(leader: leader) }
        if let transfer = leading.transfer { return .transferring(to: transfer.target) }
        guard !payloads.isEmpty, payloads.allSatisfy({ $0.count <= limits.payloadBytes }) else { return .wrongSize }
        let cost = payloads.reduce(0) { $0 + $1.count + RaftEntry.overhead }
        if leading.uncommittedCost > 0, leading.uncommittedCost + cost > limits.uncommittedCost { return .busy }
        return nil
    }

    mutating func appendOwn(_ payload: RaftEntry.Payload) {
        let entry = RaftEntry(index: log.last.next, term: term, payload: payload)
        leading?.uncommittedCost += entry.cost
        append(entry)
    }

    // MARK: - Commit

    /// Rule 2. Also ends what hangs on a commit: a joint phase, a leader's own removal.
    mutating func advanceCommit() {
        guard let leading else { return }
        let counted = has(.learnersCount) ? plantedMembershipWithLearners : membership
        let reached = LogIndex(
            Quorum.reached(counted) { member in
                member == id ? ownMatch.number : leading.match(of: member).number
            })
        guard reached > commit, log.term(at: reached) == term || has(.oldTermCountedAsCommitted) else { return }
        for index in commit.next...reached {
            self.leading?.uncommittedCost -= log.cache.entry(at: index).map { $0.term == term ? $0.cost : 0 } ?? 0
        }
        commit = reached
        membershipCommitted()
    }

    private var ownMatch: LogIndex { has(.leaderCountsUnstored) ? log.last : stable }

    /// The leader has committed an entry of its own term, so its commit index is as high as any before it (§6.4).
    var isEstablished: Bool {
        guard let leading else { return false }
        return commit >= leading.firstOfTerm
    }

    // MARK: - Answers

    mutating func appended(_ message: RaftMessage, match: LogIndex) {
        guard let place = leading?.place(of: message.from) else { return }
        guard match <= log.last else {
            return drop(message, .impossibleEntries)
        }
        leading?.followers[place].active = true
        let logReaches = match >= log.base.index
        leading?.followers[place].accepted(match, logReaches: logReaches)
        advanceCommit()
        finishTransfer()
    }

    mutating func appendRefused(_ message: RaftMessage, at index: LogIndex, hint: Mark) {
        guard let place = leading?.place(of: message.from) else { return }
        leading?.followers[place].active = true
        let agreement = log.furthestAgreement(index: hint.index, term: hint.term).index
        _ = leading?.followers[place].refused(at: index, agreement: agreement)
        if has(.refusalsBreed) { leading?.followers[place].forgetRefusal() }
    }

    mutating func heartbeatHeard(_ message: RaftMessage, round: UInt64) {
        guard let place = leading?.place(of: message.from) else { return }
        leading?.followers[place].active = true
        let last = log.last
        leading?.followers[place].heardHeartbeat(last: last)
        leading?.followers[place].answered(round: round)
        finishReads()
    }

    mutating func unreachable(_ peer: ReplicaID) {
        lostLine(to: peer)
        guard let place = leading?.place(of: peer), leading?.followers[place].mode == .replicate else { return }
        leading?.followers[place].probe()
    }

    // MARK: - Sending

    mutating func sendHeartbeats() {
        guard let leading else { return }
        for follower in leading.followers {
            let bounded = has(.heartbeatCommitsUnbounded) ? commit : min(commit, follower.match)
            send(
                .heartbeat(
                    RaftMessage.Heartbeat(commit: bounded, told: follower.match, round: leading.reads.round)),
                to: follower.id)
        }
    }

    /// Sends every follower what it lacks and may be sent now. Idempotent: called once, at the end of a step.
    mutating func replicate() {
        guard let leading else { return }
        for place in leading.followers.indices {
            replicate(to: place)
        }
    }

    private mutating func replicate(to place: Int) {
        guard var follower = leading?.followers[place] else { return }
        defer { leading?.followers[place] = follower }
        switch follower.mode {
        case .probe(waiting: true), .snapshot: return
        case .probe(waiting: false):
            guard let previous = log.mark(at: follower.next.previous) else {
                return needSnapshot(&follower)
            }
            let entries = log.cached(from: follower.next, through: log.last, costLimit: limits.messageCost) ?? []
            sendAppend(after: previous, entries, to: &follower)
            follower.sentProbe()
        case .replicate:
            stream(to: &follower)
        }
    }

    private mutating func stream(to follower: inout Progress) {
        var sent = false
        while follower.next <= log.last, follower.mayStream(limits) {
            guard let previous = log.mark(at: follower.next.previous) else {
                return needSnapshot(&follower)
            }
            let room = follower.room(limits)
            guard let entries = log.cached(from: follower.next, through: log.last, costLimit: room) else {
                follower.loading = follower.next
                let last = log.cache.first.map(\.previous) ?? log.last
                effects.append(.load(Load(to: follower.id, first: follower.next, last: last, costLimit: room)))
                return
            }
            stream(entries, after: previous, to: &follower)
            sent = true
        }
        guard !sent, follower.poke else { return }
        if let previous = log.mark(at: follower.next.previous) {
            sendAppend(after: previous, [], to: &follower)
        } else {
            // All that was on the way is lost, and the log has been compacted past it meanwhile.
            needSnapshot(&follower)
        }
    }

    private mutating func stream(_ entries: [RaftEntry], after previous: Mark, to follower: inout Progress) {
        sendAppend(after: previous, entries, to: &follower)
        follower.streamed(through: entries[entries.count - 1].index, cost: entries.reduce(0) { $0 + $1.cost })
    }

    private mutating func sendAppend(after previous: Mark, _ entries: [RaftEntry], to follower: inout Progress) {
        follower.poke = false
        send(
            .append(
                RaftMessage.Append(previous: previous, entries: entries, commit: commit, told: follower.match)),
            to: follower.id)
    }

    /// Rows came for a follower. They are good if it still waits for them and the log still holds them; if not, the
    /// end of the step sees what it lacks now.
    mutating func loaded(to peer: ReplicaID, entries: [RaftEntry]) {
        guard let place = leading?.place(of: peer), var follower = leading?.followers[place] else { return }
        defer { leading?.followers[place] = follower }
        guard let first = follower.loading else { return }
        follower.loading = nil
        guard first == follower.next, first == entries.first?.index, follower.mode == .replicate,
            let previous = log.mark(at: first.previous)
        else { return }
        var expected = first
        for entry in entries {
            guard entry.index == expected, log.holds(entry.mark) else { return }
            expected = expected.next
        }
        stream(entries, after: previous, to: &follower)
    }

    // MARK: - Snapshots

    private mutating func needSnapshot(_ follower: inout Progress) {
        follower.needsSnapshot()
        effects.append(.snapshotNeeded(to: follower.id))
    }

    mutating func snapshotReady(to peer: ReplicaID, head: SnapshotHead) {
        guard let place = leading?.place(of: peer), case .snapshot = leading?.followers[place].mode else { return }
        guard log.holds(head.mark), head.mark.index <= commit else {
            return snapshotFailed(to: peer)
        }
        leading?.followers[place].sentSnapshot(upTo: head.mark.index)
        send(.snapshot(head), to: peer)
    }

    /// The follower is probed again at the next heartbeat it answers, so a copy that fails at once makes no busy loop.
    mutating func snapshotFailed(to peer: ReplicaID) {
        guard let place = leading?.place(of: peer), case .snapshot = leading?.followers[place].mode else { return }
        leading?.followers[place].probe(waiting: true)
    }
}
