/// The gate every message passes (§3.3). In words:
///
/// 1. What is not for this replica, or names a term no history leads to, changes nothing.
/// 2. Pre-votes are not of a term and change none.
/// 3. A request for a vote does not count while a leader is heard, unless the leader itself sent the candidate; so a
/// member
///    cut off or removed cannot unseat it (§4.2.3).
/// 4. A higher term ends whatever one was in the lower; a lower one's leader is told so; all else of old terms is
/// dropped.
extension Replica {
    mutating func receive(_ message: RaftMessage) {
        guard message.to == id, message.from != id else {
            return drop(message, .notForMe)
        }
        guard message.term.number <= term.number + limits.termJump else {
            return drop(message, .impossibleTerm)
        }
        switch message.body {
        case .askPreVote(let last): return answerPreVote(to: message, last: last)
        case .preVote(let granted): return countPreVote(message, granted: granted)
        default: break
        }
        if message.term > term {
            guard admits(message) else { return }
            follow(message.body.isFromLeader ? message.from : nil, in: message.term)
        } else if message.term < term {
            if message.body.isFromLeader {
                promise(.staleTerm, to: message.from)
            }
            return
        }
        if message.body.isFromLeader, !accepts(leader: message) { return }
        dispatch(message)
    }

    private mutating func admits(_ message: RaftMessage) -> Bool {
        guard case .askVote(_, let transfer) = message.body else { return true }
        if memberships.membership(at: commit).isRetired(message.from) {
            drop(message, .retiredSender)
            return false
        }
        return transfer || !hearsLeader
    }

    /// Whether a leader was heard within the least silence after which anyone may stand. A leader hears itself.
    package var hearsLeader: Bool {
        switch role {
        case .leader: true
        case .follower: leader != nil && ticksSinceHeard < limits.electionTicks
        case .preCandidate, .candidate, .damaged: false
        }
    }

    /// A term has one leader (§3.2): a second one is refused. Its data are checked against what it says it was told.
    private mutating func accepts(leader message: RaftMessage) -> Bool {
        if case .leader = role {
            drop(message, .secondLeader)
            return false
        }
        if let leader, leader != message.from {
            drop(message, .secondLeader)
            return false
        }
        if role != .follower {
            follow(message.from, in: term)
        }
        leader = message.from
        ticksSinceHeard = 0
        if let told = message.body.told, told > log.last {
            fail(.logShorterThanTold(last: log.last, told: told))
            return false
        }
        return true
    }

    private mutating func dispatch(_ message: RaftMessage) {
        switch message.body {
        case .askPreVote, .preVote, .staleTerm: break
        case .askVote(let last, _): answerVote(to: message, last: last)
        case .vote(let granted): countVote(from: message.from, granted: granted, in: message.term)
        case .append(let append): receive(append, from: message)
        case .appended(let match): appended(message, match: match)
        case .appendRefused(let at, let hint): appendRefused(message, at: at, hint: hint)
        case .heartbeat(let heartbeat): receive(heartbeat, from: message.from)
        case .heartbeatHeard(let round): heartbeatHeard(message, round: round)
        case .snapshot(let head): receive(head, from: message.from)
        case .standNow: standNow()
        }
    }

    mutating func drop(_ message: RaftMessage, _ fault: MessageFault) {
        effects.append(.dropped(from: message.from, fault))
    }

    /// Sends what promises nothing.
    mutating func send(_ body: RaftMessage.Body, to peer: ReplicaID) {
        effects.append(.send(RaftMessage(from: id, to: peer, term: term, body: body)))
    }
}

extension RaftMessage.Body {
    /// Whether only a term's leader says this.
    var isFromLeader: Bool {
        switch self {
        case .append, .heartbeat, .snapshot, .standNow: true
        case .askPreVote, .preVote, .askVote, .vote, .appended, .appendRefused, .heartbeatHeard, .staleTerm: false
        }
    }

    /// What the leader says the receiver told it.
    var told: LogIndex? {
        switch self {
        case .append(let append): append.told
        case .heartbeat(let heartbeat): heartbeat.told
        default: nil
        }
    }
}
