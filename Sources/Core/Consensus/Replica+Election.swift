/// Elections (§3.4, §3.6.1), with pre-vote (§9.6) and check-quorum (§6.2). In words:
///
/// 1. Who hears no leader for as long as was drawn asks all voters whether they would vote for it, changing nothing.
/// Only
///    with a quorum's yes does it raise its term; so a member cut off does not come back with a higher term.
/// 2. A sole voter asks nobody.
/// 3. A candidate votes for itself and asks the others, both only when term and vote are stored.
/// 4. A vote is given once a term, to one whose log is at least as up to date; it is stored before it is told.
/// 5. A leader that has not heard a quorum for an election's silence steps down.
/// 6. Who is no voter in the newest membership stands all the same while that is uncommitted and it votes in the one
/// before:
///    it may be the only one who has the entry that ends the phase (§4.2.2).
/// 7. Who knows no membership (a bare disk) neither votes nor stands.
/// 8. Who loses its last line with the leader has had the least silence: a process that ends closes its lines at once,
/// and
///    only a machine that falls silent takes its time. What was drawn beyond that least silence still parts those who
///    stand, anything the leader says begins the silence anew, and voters whose line stands refuse the pre-vote.
extension Replica {
    mutating func tick() {
        if leading != nil {
            tickAsLeader()
            return
        }
        ticksSinceHeard += 1
        let alone = membership.isSoleVoter(id) && role == .follower
        if alone || ticksSinceHeard >= electionTicks, !awaitsOwnVote {
            campaign()
        }
    }

    /// Rule 8.
    mutating func lostLine(to peer: ReplicaID) {
        guard role == .follower, leader == peer else { return }
        ticksSinceHeard = max(ticksSinceHeard, limits.electionTicks)
    }

    /// A candidate on a slow disk waits for its own vote: standing again would only put another write before it.
    private var awaitsOwnVote: Bool { promises.contains { $0.deed == .ownVote(term) } }

    private mutating func tickAsLeader() {
        leading?.ticksSinceHeartbeat += 1
        leading?.ticksSinceQuorumCheck += 1
        if let leading, leading.ticksSinceQuorumCheck >= limits.electionTicks {
            guard hearsQuorum else {
                return follow(nil, in: term)
            }
            self.leading?.ticksSinceQuorumCheck = 0
            for place in leading.followers.indices {
                self.leading?.followers[place].active = false
            }
        }
        tickTransfer()
        if let leading, leading.ticksSinceHeartbeat >= limits.heartbeatTicks {
            self.leading?.ticksSinceHeartbeat = 0
            sendHeartbeats()
        }
    }

    var hearsQuorum: Bool {
        guard let leading else { return false }
        return Quorum.holds(membership) { member in
            member == id || leading.followers.contains { $0.id == member && $0.active }
        }
    }

    // MARK: - Standing

    /// Stands by way of the pre-vote.
    mutating func campaign() {
        guard mayStand, leading == nil else { return }
        if membership.isSoleVoter(id) {
            stand(transfer: false)
            return
        }
        follow(nil, in: term)
        var ballot = Ballot()
        ballot.count(id, granted: true)
        role = .preCandidate(ballot)
        for peer in otherVoters {
            promise(.askPreVote(last: log.lastMark), to: peer)
        }
    }

    /// Rule 6.
    var mayStand: Bool {
        membership.isVoter(id) || memberships.newest.index > commit && memberships.membership(at: commit).isVoter(id)
    }

    /// Rule 3.
    mutating func stand(transfer: Bool) {
        follow(nil, in: term.next)
        vote = id
        role = .candidate(Ballot())
        promise(.ownVote(term))
        for peer in otherVoters {
            promise(.askVote(last: log.lastMark, transfer: transfer), to: peer)
        }
    }

    private var otherVoters: [ReplicaID] { membership.members.filter { $0 != id && membership.isVoter($0) } }

    // MARK: - Pre-vote

    mutating func answerPreVote(to message: RaftMessage, last: Mark) {
        guard !membership.isEmpty, !hearsLeader else { return }
        if memberships.membership(at: commit).isRetired(message.from) {
            return drop(message, .retiredSender)
        }
        let granted = message.term >= term && isUpToDate(last)
        let answer = RaftMessage.Body.preVote(granted: granted)
        promise(
            .send(RaftMessage(from: id, to: message.from, term: granted ? message.term.next : term, body: answer)))
    }

    mutating func countPreVote(_ message: RaftMessage, granted: Bool) {
        if !granted, message.term > term {
            return follow(nil, in: message.term)
        }
        guard case .preCandidate(var ballot) = role, !granted || message.term == term.next else { return }
        ballot.count(message.from, granted: granted)
        role = .preCandidate(ballot)
        switch ballot.outcome(membership) {
        case .won: stand(transfer: false)
        case .lost: follow(nil, in: term)
        case .pending: break
        }
    }

    // MARK: - Vote

    /// Rule 4. A follower that knows this term's leader has no vote to give in it.
    mutating func answerVote(to message: RaftMessage, last: Mark) {
        guard !membership.isEmpty else { return }
        let free = vote == message.from || (vote == nil && leader == nil) || has(.votesTwice)
        guard free, isUpToDate(last) else {
            return promise(.vote(granted: false), to: message.from)
        }
        if vote != message.from {
            vote = message.from
            unwritten.hardState = !has(.voteNotStored)
        }
        ticksSinceHeard = 0
        promise(.vote(granted: true), to: message.from)
    }

    private func isUpToDate(_ last: Mark) -> Bool {
        has(.longerLogWins) ? last.index >= log.last : last.isAtLeastAsUpToDate(as: log.lastMark)
    }

    mutating func countVote(from voter: ReplicaID, granted: Bool, in votedTerm: Term) {
        guard votedTerm == term, case .candidate(var ballot) = role else { return }
        if has(.repeatedVotesCount), ballot.granted.contains(voter) {
            ballot.count(otherVoters.first { !ballot.granted.contains($0) } ?? voter, granted: granted)
        } else {
            ballot.count(voter, granted: granted)
        }
        role = .candidate(ballot)
        switch ballot.outcome(membership) {
        case .won: lead()
        case .lost: follow(nil, in: term)
        case .pending: break
        }
    }

    /// Begins to lead with an entry of its own term: by committing it, it commits what earlier terms left (§3.6.2,
    /// §6.4).
    private mutating func lead() {
        role = .leader
        leader = id
        leading = Leadership(firstOfTerm: log.last.next)
        membershipChanged()
        append(RaftEntry(index: log.last.next, term: term, payload: .nothing))
        sendHeartbeats()
        advanceCommit()
    }
}
