/// What the shell may ask a replica without an event. Nothing here changes anything.
extension Replica {
    package var commitIndex: LogIndex { commit }

    package var lastMark: Mark { log.lastMark }

    package var baseMark: Mark { log.base }

    /// Whether the log holds this entry, or its base stands for it.
    package func holds(_ mark: Mark) -> Bool { log.holds(mark) }

    /// The term of an entry from the base on; nil beyond.
    package func term(at index: LogIndex) -> Term? { log.term(at: index) }

    /// The end of the log that is durable here.
    package var stableIndex: LogIndex { stable }

    package var handedOutIndex: LogIndex { handedOut }

    /// The vote of this term.
    package var currentVote: ReplicaID? { vote }

    /// The head of a snapshot of the state after `index`: what a copy at that applied index must be sent with. Nil if
    /// the log no longer knows, or does not yet know, the index's term.
    package func snapshotHead(at index: LogIndex) -> SnapshotHead? {
        guard index <= commit, let mark = log.mark(at: index) else { return nil }
        return SnapshotHead(mark: mark, membership: memberships.membership(at: index))
    }

    /// The membership that is known to be on a quorum: who is retired in it never speaks again.
    package var committedMembership: Membership { memberships.membership(at: commit) }

    /// A leader's view of the other members, sorted; empty at a follower.
    package var followers: [Progress] { leading?.followers ?? [] }

    /// The target of a transfer on its way.
    package var transferTarget: ReplicaID? { leading?.transfer?.target }

    /// Whether the leader may begin a change of membership now.
    package var mayChange: Bool {
        isEstablished && memberships.newest.index <= commit && !membership.isJoint && leading?.transfer == nil
    }

    /// Whether a learner holds the log to within `slack` entries of the leader's last: it may be promoted.
    package func isCaughtUp(_ id: ReplicaID, slack: Int) -> Bool {
        guard let leading, let place = leading.place(of: id) else { return false }
        let follower = leading.followers[place]
        return follower.mode == .replicate && follower.match.distance(to: log.last) <= slack
    }

    /// How far the log may be compacted: what has been applied, less what followers who are heard still lack, but never
    /// keeping more than `entriesMax` for them.
    package func compactionPoint(entriesMax: Int) -> LogIndex {
        let floor = LogIndex(handedOut.number > UInt64(entriesMax) ? handedOut.number - UInt64(entriesMax) : 0)
        var slowest = handedOut
        for follower in followers where follower.active {
            slowest = min(slowest, follower.match)
        }
        return max(floor, slowest)
    }

    /// What must hold after every step: nil, or a sentence about what does not.
    package func brokenInvariant() -> String? {
        if log.base.index > commit { return "base \(log.base) above commit \(commit)" }
        if commit > log.last { return "commit \(commit) above last \(log.last)" }
        if handedOut > commit { return "handed out \(handedOut) above commit \(commit)" }
        if stable > log.last { return "stable \(stable) above last \(log.last)" }
        if (leading != nil) != (role == .leader) { return "leadership without the role, or the role without it" }
        if leading != nil, leader != id { return "a leader that follows another" }
        if log.lastMark.term > term { return "entries of term \(log.lastMark.term) above \(term)" }
        if memberships.newest.index > log.last { return "a membership beyond the log" }
        for follower in followers where follower.match > log.last || follower.match >= follower.next {
            return "progress of \(follower.id): match \(follower.match), next \(follower.next), last \(log.last)"
        }
        return nil
    }
}
