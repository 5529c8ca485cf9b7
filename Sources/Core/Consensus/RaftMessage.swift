/// What replicas say to each other. The shell has checked that `from` is who the connection's certificate names, and
/// that both are of one cluster; everything else is checked here.
package struct RaftMessage: Hashable, Sendable {
    package var from: ReplicaID
    package var to: ReplicaID
    /// The sender's term when it spoke.
    package var term: Term
    package var body: Body

    package init(from: ReplicaID, to: ReplicaID, term: Term, body: Body) {
        self.from = from
        self.to = to
        self.term = term
        self.body = body
    }

    package enum Body: Hashable, Sendable {
        /// "Would you vote for me in the term after this one?" (thesis §9.6). Changes nothing at either end.
        case askPreVote(last: Mark)
        /// A yes names, as the message's term, the term it was asked about; a no names the sender's own.
        case preVote(granted: Bool)
        /// "Vote for me in this term" (thesis §3.4). `transfer`: the leader itself sent the candidate (thesis §3.10),
        /// so the vote is not withheld for the leader's sake.
        case askVote(last: Mark, transfer: Bool)
        case vote(granted: Bool)
        case append(Append)
        /// The sender holds, durably, what the leader has up to here.
        case appended(match: LogIndex)
        /// The sender has no entry `at.index` of term `at.term`; `hint` is the last of its own that the leader may
        /// share.
        case appendRefused(at: LogIndex, hint: Mark)
        case heartbeat(Heartbeat)
        case heartbeatHeard(round: UInt64)
        /// "Your term is over", to an old leader, who reads the new term and steps down.
        case staleTerm
        /// The head of a snapshot. Its data travel beside the message; the shell hands the message in when the data are
        /// staged, whole and checked.
        case snapshot(SnapshotHead)
        /// "Stand at once" (thesis §3.10).
        case standNow
    }

    /// Entries after `previous`, consecutive; none in a mere probe (thesis §3.5).
    package struct Append: Hashable, Sendable {
        package var previous: Mark
        package var entries: [RaftEntry]
        /// How far the leader has committed. The follower commits no further than this message proves (R7).
        package var commit: LogIndex
        /// What the receiver itself told this leader it holds. Less than that in its log is lost data.
        package var told: LogIndex

        package init(previous: Mark, entries: [RaftEntry], commit: LogIndex, told: LogIndex) {
            self.previous = previous
            self.entries = entries
            self.commit = commit
            self.told = told
        }
    }

    package struct Heartbeat: Hashable, Sendable {
        /// Never above what the receiver told it holds.
        package var commit: LogIndex
        package var told: LogIndex
        /// The leader's round of reads (thesis §6.4): counted upward within the term, so a late answer proves nothing
        /// new.
        package var round: UInt64

        package init(commit: LogIndex, told: LogIndex, round: UInt64) {
            self.commit = commit
            self.told = told
            self.round = round
        }
    }
}

/// What a snapshot stands for: the state after `mark`, and who belonged to the group there.
package struct SnapshotHead: Hashable, Sendable {
    package var mark: Mark
    package var membership: Membership

    package init(mark: Mark, membership: Membership) {
        self.mark = mark
        self.membership = membership
    }
}
