package import Consensus
package import Law
package import Records
package import Uplink
package import Vault

/// Who a territory's node is to the centre: what its certificate says, and nothing it says itself.
package struct CentrePeer: Hashable, Sendable {
    /// The node's name (`kz-75-1`).
    package var name: String
    package var territory: String

    package init(name: String, territory: String) {
        self.name = name
        self.territory = territory
    }
}

/// An entry the centre itself wants written, before it has a number, a stamp and an index.
package enum OwnAct: Sendable {
    /// A correction, cancellation or resolution made at the centre. `Draft.record` is the record itself.
    case document(Draft)
    /// Somebody did something, or is about to be shown something, and is answered when the entry is applied.
    case access(AccessEntry)
    /// Somebody is about to be shown what was read already (design §3.8): that may leave as soon as the entry is
    /// committed, told by `CentreDeed.committed`, whatever stands before it and is still to be applied.
    case look(AccessEntry)
    /// A token issued, a node seated, a start. Author number and seat are given when it is applied.
    case control(ControlEntry)
}

/// What became of one act of the centre.
package enum OwnOutcome: Hashable, Sendable {
    /// Committed and applied: where it stands, its provisional and its confirmed number.
    case document(at: LogAddress, provisional: Serial, confirmed: Serial)
    /// An access or control entry, committed and applied at this Raft index.
    case recorded(at: LogAddress, index: LogIndex)
    /// A node is seated. `frontier` is where its log begins.
    case seated(at: LogAddress, author: AuthorNumber, seat: UInt32)
    /// Refused when applied: nothing of it stands but the entry that tried (a used, expired or unknown token, a record
    /// nobody knows).
    case refused(code: String, reason: String)
    /// The centre cannot decide now, or lost the lead: the act may or may not stand. Ask before repeating it.
    case indefinite(reason: String)
}

/// What a centre's turn takes in. All that waits is given at once, in the order it came.
package enum CentreInput: Sendable {
    case submit(Ticket, [OwnAct])
    /// Somebody asks something that names nobody: answered by `CentrePromise.readable` (thesis §6.4).
    case read(Ticket)
    /// A territory's connection stands, its certificate checked. `pass` is 16 bytes drawn for this session.
    case linkUp(Session, CentrePeer, pass: [UInt8])
    case linkDown(Session)
    case received(Session, UplinkMessage)
    /// Part of a message has come, and not all of it yet.
    case stirred(Session)
    /// A piece of a log that came in a bundle, its digests checked: proposed as a batch of a line is, and answered by
    /// `CentrePromise.carried`. `previous` is the digest it continues; `downlinkTaken` is what its node said it has.
    case carried(Ticket, Batch, previous: Digest, downlinkTaken: DownlinkPosition)
    /// From another voter. Connections between voters are the shell's.
    case peer(RaftMessage)
    case electionTicks(Int)
    /// The log writes of this turn and all before it are durable.
    case stored(WriteToken)
    /// What `CentreTurn.apply` did, in the same order.
    case applied(CentreApplied)
    /// Rows of the Raft log for a follower, the answer to `CentreDeed.loadLog`.
    case loaded(to: ReplicaID, entries: [RaftEntry])
    /// Downlink items from `first` on, the answer to `CentreDeed.readDownlink`.
    case downlinkRead(Session, first: DownlinkPosition, items: [[UInt8]])
    /// The chain's digest after an entry, the answer to `CentreDeed.readDigest`; nil where the centre does not hold it.
    case digestRead(Session, author: AuthorNumber, index: EntryIndex, digest: Digest?)
    /// The last line with this node of the centre is gone: what was on its way may be lost.
    case unreachable(ReplicaID)
    /// Change who belongs to the group, all steps as one change; answered by `CentrePromise.changed`.
    case change(Ticket, [MembershipStep])
    /// Hand the lead over, nil: to whoever is furthest; answered by `CentrePromise.changed`.
    case transfer(Ticket, to: ReplicaID?)
    /// The follower has a copy of the store as of this head, whole and checked.
    case snapshotReady(to: ReplicaID, SnapshotHead)
    case snapshotFailed(to: ReplicaID)
    /// Keep the log from what is applied now, since a copy is being made or sent that the log must go on from; false:
    /// no more.
    case holdLog(Bool)
    /// A node was seated anew, the answer to `CentreDeed.reseat`; or it was not.
    case reseated(Session, Reseated)
    case reseatRefused(Session, Refusal)
    /// Entries of a former log, the answer to `CentreDeed.readFormer`.
    case formerRead(Session, Batch)
    case tick
}

/// What a change of the group, or a handing over of the lead, came to.
package enum GroupOutcome: Hashable, Sendable {
    /// The change is committed and applied at this index; the lead is another's.
    case done(LogIndex)
    case refused(Replica.Refusal)
    /// The lead changed while it was under way, or nobody took it in time: look before asking again.
    case indefinite
}

/// What became of a piece of a log that came in a bundle.
package enum CarriedOutcome: Hashable, Sendable {
    /// Committed and applied: the frontier stands here.
    case taken(Frontier)
    /// It does not continue the frontier, which stands here: the line, or another bundle, was faster.
    case repeated(Frontier)
    /// Its bytes cannot be read: it will never be taken.
    case rejected(String)
    /// This node does not lead, or lost the lead meanwhile.
    case notNow
}

/// What a node's seat says, as the centre's store has it.
package struct CentreSeat: Hashable, Sendable {
    package var author: AuthorNumber
    package var name: String
    package var territory: String
    package var seat: UInt32
    package var frontier: EntryIndex
    package var digest: Digest
    /// The passes drawn last and before; empty before the first.
    package var pass: [UInt8]
    package var previousPass: [UInt8]
    /// The newest pass has come back: the one before it is worth nothing any more.
    package var passUsed: Bool
    /// The last downlink position of its territory, and up to where it said that it has taken it.
    package var downlinkLast: DownlinkPosition
    package var downlinkTaken: DownlinkPosition
    /// The seat of the territory that goes on in this one's place; nil while this one may.
    package var successor: AuthorNumber?
    /// The last index its node has told of: at least that far its log was written.
    package var told: EntryIndex = 0
    /// Why the node is heard no more; empty while it is.
    package var closed: String
    /// Where the centre was recovered with loss: what it waits to hear from this node; nil where it lost nothing.
    package var gathering: Awaiting?
    /// How much of the line to its territory data may take.
    package var cap = LineCap.none

    package init(
        author: AuthorNumber, name: String, territory: String, seat: UInt32, frontier: EntryIndex, digest: Digest,
        pass: [UInt8] = [], previousPass: [UInt8] = [], passUsed: Bool = true, downlinkLast: DownlinkPosition = 0,
        downlinkTaken: DownlinkPosition = 0, closed: String = ""
    ) {
        self.closed = closed
        self.author = author
        self.name = name
        self.territory = territory
        self.seat = seat
        self.frontier = frontier
        self.digest = digest
        self.pass = pass
        self.previousPass = previousPass
        self.passUsed = passUsed
        self.downlinkLast = downlinkLast
        self.downlinkTaken = downlinkTaken
    }
}

/// What a centre that was recovered with loss waits to hear from one author before it gives new numbers.
package struct Awaiting: Hashable, Sendable {
    package var generation: UInt32
    /// The last position of the territory's downlink, and of the centre's own log, at the recovery.
    package var downlink: DownlinkPosition
    package var own: EntryIndex
    /// The last entry it was told of; nil until it has said so.
    package var told: EntryIndex?
    /// An operator said that it is not waited for.
    package var isWaived: Bool

    package init(
        generation: UInt32, downlink: DownlinkPosition, own: EntryIndex, told: EntryIndex?, isWaived: Bool
    ) {
        self.generation = generation
        self.downlink = downlink
        self.own = own
        self.told = told
        self.isWaived = isWaived
    }
}

extension CentreSeat {
    /// The centre gives no new number before this node has told, and sent again, what it was told.
    package var isAwaited: Bool {
        guard let gathering, !gathering.isWaived, successor == nil, closed.isEmpty else { return false }
        return gathering.told.map { frontier < $0 } ?? true
    }
}

/// What applying one entry of the Raft log came to.
package struct CentreApplied: Sendable {
    package struct One: Sendable {
        package var mark: Mark
        package var result: Result

        package init(mark: Mark, result: Result) {
            self.mark = mark
            self.result = result
        }
    }

    package enum Result: Sendable {
        /// A no-op, a change of membership.
        case nothing
        /// The author's frontier after the batch.
        case advanced(Frontier)
        /// Nothing was taken: it was there already, or it does not continue the frontier, which is told.
        case repeated(Frontier)
        /// Its bytes do not match its digest, or cannot be read: the sender is wrong, the frontier stands.
        case rejected(Frontier, reason: String)
        case own([OwnOutcome])
    }

    package var entries: [One]
    /// Seats made or changed (names, frontiers and downlink ends), ascending by author.
    package var seats: [CentreSeat]
    /// The last serial of each of the centre's own provisional series that moved.
    package var counters: [SerialCounter]
    /// The greatest stamp among what was applied: the centre's clock never falls behind what it knows.
    package var stamp: Stamp
    /// The first day after which something waits to be judged: a grace that ends with it. Nil where nothing waits.
    package var nextDue: Day?

    package init(
        entries: [One], seats: [CentreSeat], counters: [SerialCounter], stamp: Stamp, nextDue: Day? = nil
    ) {
        self.nextDue = nextDue
        self.entries = entries
        self.seats = seats
        self.counters = counters
        self.stamp = stamp
    }
}

extension CentreInput {
    /// Somebody wants something written.
    var isSubmitted: Bool { if case .submit = self { true } else { false } }

    /// Somebody waits for an answer to it.
    package var isAsked: Bool {
        switch self {
        case .submit, .read: true
        default: false
        }
    }
}

/// Everything a turn decided. The shell carries it out in this order: `deeds` may begin at once; then `persist`,
/// `apply` and `passes` are stored in one transaction; then, and only then, `promises` leave, and `stored` and
/// `applied` are given to the next turn, which follows at once.
package struct CentreTurn: Sendable {
    /// Writes of the Raft log, in order.
    package var persist: [LogWrite] = []
    /// Committed entries to apply, in order.
    package var apply: [Replica.Application] = []
    /// Passes and downlink marks to save with them.
    package var seats: [CentreSeat] = []
    package var promises: [CentrePromise] = []
    package var deeds: [CentreDeed] = []
    /// False for a turn that only applies, or marks what a territory has taken: the Raft log redoes the one, and the
    /// territory says the other again.
    package var isDurable = false
    /// Bytes of proposals that this turn applies of what is committed, at the most, or one entry: while it does the
    /// node neither hears nor says anything, so it ends sooner where an input comes that `isAsked`. 0: nothing.
    package var applyBytes = CentreTurnLimits.appliedBytes
    /// What is left to apply then is applied by turns that follow at once; false: when there is another input.
    package var appliesOn = true

    package init() {}

    package var storesNothing: Bool { persist.isEmpty && apply.isEmpty && seats.isEmpty }
}

/// What may leave only after the turn is on the disk.
package enum CentrePromise: Sendable {
    case answer(Ticket, [OwnOutcome])
    /// The question of this ticket may be answered from what is applied now, which is at least this index; nil: the
    /// centre has no leader that can vouch for it.
    case readable(Ticket, LogIndex?)
    /// The start of this lead stands in the centre's log.
    case opened
    case send(Session, UplinkMessage)
    case changed(Ticket, GroupOutcome)
    case carried(Ticket, CarriedOutcome)
}

/// What promises nothing and may be done at once.
package enum CentreDeed: Sendable {
    case sendPeer(RaftMessage)
    /// Downlink items from here on, as many as fit: give back `downlinkRead`.
    case readDownlink(Session, territory: String, first: DownlinkPosition, maximumBytes: Int)
    case readDigest(Session, author: AuthorNumber, index: EntryIndex)
    case loadLog(Replica.Load)
    case snapshotNeeded(to: ReplicaID)
    /// Draw a number from the range and give back `electionTicks`.
    case drawElectionTicks(ClosedRange<Int>)
    /// The looks of this ticket are on a quorum in this leader's term.
    case committed(Ticket)
    /// Promises what is applied and on a quorum already, or nothing.
    case send(Session, UplinkMessage)
    /// Work that can begin on another core before this entry is committed and applied: to be given in this order.
    case prepare(Mark, payload: [UInt8])
    /// Seat a territory's node anew in place of the log that cannot go on, by what its certificate says; give back
    /// `reseated` or `reseatRefused`.
    case reseat(Session, CentrePeer, Reseat)
    /// Entries of a former log after the one named: give back `formerRead`.
    case readFormer(Session, FormerAsk)
    /// A territory's question to the nation, from the session's certificate; answered by `CentreNode` on the session.
    case question(Session, CentrePeer, number: UInt64, bytes: [UInt8])
    case close(Session, reason: String)
    /// A message of this node of the centre was refused and changed nothing.
    case refusedPeer(ReplicaID, reason: String)
    case became(Replica.Standing)
    case membership(Membership)
    /// The node must stop: its own data are damaged.
    case damaged(Replica.Damage)
}

/// What the centre has heard of a territory since it started: nothing of it is kept.
package struct CentreContact: Hashable, Sendable {
    package var isConnected: Bool
    /// Milliseconds of the centre's wall clock, and the territory's own clock less it.
    package var heardMilliseconds: UInt64
    package var clockOffsetMilliseconds: Int64
    /// Entries it said it still had to send.
    package var backlog: UInt64
    /// Why its last session was refused; nil while it is let in.
    package var refusal: Refusal?

    package init(
        isConnected: Bool, heardMilliseconds: UInt64, clockOffsetMilliseconds: Int64, backlog: UInt64,
        refusal: Refusal?
    ) {
        self.isConnected = isConnected
        self.heardMilliseconds = heardMilliseconds
        self.clockOffsetMilliseconds = clockOffsetMilliseconds
        self.backlog = backlog
        self.refusal = refusal
    }
}

/// What the centre's role is given at a start.
package struct CentreStart: Sendable {
    package var cluster: [UInt8]
    package var replica: ReplicaID
    package var limits: ReplicaLimits
    package var stored: StoredState
    /// All seats but the centre's own, ascending by author.
    package var seats: [CentreSeat]
    package var counters: [SerialCounter]
    package var stamp: Stamp
    /// What this process says before anything else each time it comes to lead: the random number of its nonces.
    package var opening: ControlEntry
    /// As `CentreApplied.nextDue`.
    package var nextDue: Day?

    package init(
        cluster: [UInt8], replica: ReplicaID, limits: ReplicaLimits, stored: StoredState, seats: [CentreSeat],
        counters: [SerialCounter], stamp: Stamp, opening: ControlEntry, nextDue: Day? = nil
    ) {
        self.nextDue = nextDue
        self.opening = opening
        self.cluster = cluster
        self.replica = replica
        self.limits = limits
        self.stored = stored
        self.seats = seats
        self.counters = counters
        self.stamp = stamp
    }
}
