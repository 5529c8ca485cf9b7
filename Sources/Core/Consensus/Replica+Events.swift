extension Replica {
    /// What can happen to a replica. `context` is the caller's own number for a request; it comes back with the answer.
    package enum Event: Hashable, Sendable {
        /// One unit of time has passed.
        case tick
        /// The answer to `Effect.drawElectionTicks`.
        case electionTicks(Int)
        case received(RaftMessage)
        /// These writes and all before them are durable.
        case stored(WriteToken)
        /// Append these payloads, in this order. Answered by `proposed` or `refused`.
        case propose(context: UInt64, payloads: [[UInt8]])
        /// Change who belongs to the group, all steps as one change. Answered by `proposed` or `refused`.
        case change(context: UInt64, steps: [MembershipStep])
        /// Hand the leadership over; nil: to whoever is furthest. Answered by `refused`, or seen by `became`.
        case transfer(context: UInt64, to: ReplicaID?)
        /// A linearizable read (thesis §6.4). Answered by `readReady` or `refused`.
        case read(context: UInt64)
        /// The answer to `Effect.load`: consecutive entries from the index that was asked, at least one unless the
        /// rows are gone by now.
        case loaded(to: ReplicaID, entries: [RaftEntry])
        /// A copy for a follower stands ready, as of an applied index. The answer to `Effect.snapshotNeeded`.
        case snapshotReady(to: ReplicaID, SnapshotHead)
        /// The copy could not be made, or broke on the way for good.
        case snapshotFailed(to: ReplicaID)
        /// The transport lost its connection to this peer; what was in flight may be gone.
        case unreachable(ReplicaID)
        /// Forget the log up to here. At most what was handed out by `apply` and carried out.
        case compact(through: LogIndex)
        /// Stand for election now, by way of the pre-vote.
        case campaign
    }

    /// What the shell has to do. Duties, in this order, for the effects of one `step`:
    ///
    /// 1. Every `send` may leave at once, even before the writes: a leader's appends and heartbeats promise nothing.
    /// What
    ///    promises (votes, acknowledgements, requests for votes) is not among the effects until the write it rests on
    ///    has been reported by `Event.stored`, so there is nothing to hold back.
    /// 2. `persist` in order; one transaction may hold several. When it is durable: `Event.stored(token)` of the last.
    ///    If it cannot be stored, the process ends; it is never tried again.
    /// 3. `apply` in order, after the writes before it, together with the applied index in one transaction. Such a
    ///    transaction need not be synced.
    /// 4. The rest as it suits.
    package enum Effect: Hashable, Sendable {
        case persist(LogWrite)
        case send(RaftMessage)
        case apply(Application)
        /// The payloads of a proposal stand in the leader's log from `first` on. They are committed if, and only if,
        /// `apply` later brings the same index with the same term.
        case proposed(context: UInt64, first: Mark, count: Int)
        case refused(context: UInt64, Refusal)
        /// The read may be answered from a state that has applied at least `index`.
        case readReady(context: UInt64, index: LogIndex)
        /// Draw a number of ticks from the range, evenly, and hand it in by `Event.electionTicks`.
        case drawElectionTicks(ClosedRange<Int>)
        /// Fetch rows of the log for a follower who is behind memory: answer by `Event.loaded`.
        case load(Load)
        /// This follower needs what the log no longer holds: answer by `snapshotReady` or `snapshotFailed`.
        case snapshotNeeded(to: ReplicaID)
        /// Role, term or known leader changed.
        case became(Standing)
        /// The membership in force changed (by an append, a truncation or a snapshot): keep connections to these.
        case membership(Membership)
        /// A message was refused and changed nothing: count it, log it once per peer and minute.
        case dropped(from: ReplicaID, MessageFault)
        /// The node's own data are damaged. It has fallen silent for good; stop it and seat it anew.
        case damaged(Damage)
    }

    /// Entries to apply, `first` through `last`, each handed out once in a run.
    package struct Application: Hashable, Sendable {
        package var first: LogIndex
        package var last: LogIndex
        /// The entries if memory still held all of them; otherwise empty, and the shell reads its rows.
        package var entries: [RaftEntry]

        package init(first: LogIndex, last: LogIndex, entries: [RaftEntry]) {
            self.first = first
            self.last = last
            self.entries = entries
        }
    }

    package struct Load: Hashable, Sendable {
        package var to: ReplicaID
        package var first: LogIndex
        package var last: LogIndex
        /// Stop before the sum of `RaftEntry.cost` passes this; but at least one entry.
        package var costLimit: Int

        package init(to: ReplicaID, first: LogIndex, last: LogIndex, costLimit: Int) {
            self.to = to
            self.first = first
            self.last = last
            self.costLimit = costLimit
        }
    }

    package enum Refusal: Hashable, Sendable {
        /// Ask this one, if one is known.
        case notLeader(leader: ReplicaID?)
        /// The leadership is being handed over: ask again shortly.
        case transferring(to: ReplicaID)
        /// Too many uncommitted bytes: ask again when some have been committed.
        case busy
        /// A payload above `ReplicaLimits.payloadBytes`, or none at all.
        case wrongSize
        /// The leader has not yet committed an entry of its own term (thesis §4.1, the correction of 2015).
        case notEstablished
        /// Another change of membership is on its way.
        case changeInFlight
        case badChange(MembershipFault)
        /// The target of a transfer is no voter, or is this leader.
        case badTarget
    }

    /// Why a message was refused.
    package enum MessageFault: Hashable, Sendable {
        case notForMe
        /// A term so far ahead that no history leads to it.
        case impossibleTerm
        /// Entries with gaps, falling terms or terms above the sender's; an acknowledgement past the leader's last
        /// entry.
        case impossibleEntries
        /// Entries that would undo committed ones: the sender belongs to another history.
        case contradictsCommitted
        /// Another speaks as the leader of a term whose leader is known.
        case secondLeader
        /// From a number that the group has retired.
        case retiredSender
    }

    /// Own data that are known to be lost.
    package enum Damage: Hashable, Sendable, Error {
        /// The log ends before what was promised to be in it.
        case logShorterThanTold(last: LogIndex, told: LogIndex)
        /// The log does not hold an entry that was promised to be in it.
        case logNotAsTold(at: Mark)
        /// What the store handed in at the start does not fit together; the sentence says what.
        case inconsistent(String)
    }

    /// Who one is, in short.
    package struct Standing: Hashable, Sendable {
        package enum Role: Hashable, Sendable { case follower, preCandidate, candidate, leader, damaged }

        package var role: Role
        package var term: Term
        package var leader: ReplicaID?

        package init(role: Role, term: Term, leader: ReplicaID?) {
            self.role = role
            self.term = term
            self.leader = leader
        }
    }
}

/// One durable step of the Raft log. Its parts are carried out in the order of the fields, all or none.
package struct LogWrite: Hashable, Sendable {
    package var token: WriteToken
    /// Swap the staged snapshot in: the whole log goes, `mark` becomes the base. Done by the shell's crash-safe plan.
    package var install: SnapshotHead?
    /// Remove all entries from this index on.
    package var truncateFrom: LogIndex?
    /// Append these, consecutive, after what is left.
    package var entries: [RaftEntry]
    /// Replace the hard state.
    package var hardState: HardState
    /// Remove all entries up to the mark and keep it, with the membership there, as the base.
    package var compact: SnapshotHead?

    package init(
        token: WriteToken, install: SnapshotHead?, truncateFrom: LogIndex?, entries: [RaftEntry], hardState: HardState,
        compact: SnapshotHead?
    ) {
        self.token = token
        self.install = install
        self.truncateFrom = truncateFrom
        self.entries = entries
        self.hardState = hardState
        self.compact = compact
    }
}

/// What must survive a crash beside the entries.
package struct HardState: Hashable, Sendable {
    package var term: Term
    package var vote: ReplicaID?
    /// The last entry of the log as of the same write. Found lower at a start, the log has lost its end.
    package var last: LogIndex

    package init(term: Term, vote: ReplicaID?, last: LogIndex) {
        self.term = term
        self.vote = vote
        self.last = last
    }

    package static let zero = HardState(term: 0, vote: nil, last: 0)
}
