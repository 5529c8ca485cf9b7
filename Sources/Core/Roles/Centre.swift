package import Consensus
import Law
package import Records
import Uplink
import Vault
import Wire

/// The centre as a value: Raft, the centre's ends of all uplinks, and the order of the steps between them.
///
/// 1. A batch that its session has checked waits in line, is proposed when there is room, and is *prepared* meanwhile.
/// 2. Once its entry is committed it is applied; only when that is stored does the territory hear of the new frontier,
///    and whoever asked for an act of the centre his answer.
/// 3. What the nation is told without naming anybody is read at an index that a quorum vouches for.
/// 4. A territory's downlink is sent from where it says it stands.
/// 5. A grace that ends with a day is ended by a proposal that says the time, and never by a replica's own clock.
/// 6. Whoever comes to lead says first under which salt it seals: the proposal of its start goes before every act.
///
/// It holds no rows: what applying comes to is told by `CentreInput.applied`.
package struct Centre: Sendable {
    package let cluster: [UInt8]
    package internal(set) var replica: Replica
    /// All seats, as they stand applied.
    package internal(set) var seats: [AuthorNumber: CentreSeat]
    package internal(set) var contacts: [AuthorNumber: CentreContact] = [:]
    package internal(set) var applied: LogIndex
    package internal(set) var refusedMessages: UInt64 = 0

    var links: [Session: CentreLink] = [:]
    /// Batches that wait for room in the log, in the order they came.
    var queue: [QueuedBatch] = []
    /// The share of whoever went last (`Centre+Queue.swift`).
    var shareServed: UInt64 = 0
    /// When somebody last asked something, by the steady clock.
    var askedAt: UInt64?
    /// The last turn stored what somebody waits for, and applied nothing.
    var hasPassedOver = false
    /// About how many bytes of committed entries no turn was given to apply yet.
    var unapplied = 0
    /// Proposals the log has not taken yet, by context; and those it has, by index.
    var proposing: [UInt64: Proposed] = [:]
    var committed: [LogIndex: (term: Term, proposed: Proposed)] = [:]
    var proposedBytes = 0
    /// Reads asked of the quorum, and reads that wait for what is applied to come up.
    var reading: [UInt64: Reader] = [:]
    var readable: [(ticket: Ticket, index: LogIndex)] = []
    var waitingReads: [Reader] = []
    /// Hellos of logs of which batches that came before them are under way: judged once these are applied.
    var heldHellos: [HeldHello] = []
    /// The last serials drawn for proposals, and those of what is applied: what was drawn and never came to the log is
    /// drawn again.
    var counters: [String: UInt32] = [:]
    var appliedCounters: [String: UInt32] = [:]
    var stamp: Stamp
    var nextContext: UInt64 = 1
    var group = GroupWork()
    var cutting = LogCutting()
    var isStarting = true
    let opening: ControlEntry
    var lead = Lead.none
    /// The log's end when this replica came to lead. Until that is applied it knows neither the last number that was
    /// given nor the last stamp, and writes nothing of its own.
    var opensAfter: LogIndex = 0
    /// A proposal that had drawn numbers was refused in this turn.
    var lostNumbers = false
    /// The first day after which something waits to be judged, and whether the word for it is under way.
    var nextDue: Day?
    var saysTime = false
    /// Acts of this turn: they go into the log as one entry, as far as its size allows.
    var turnActs = TurnActs()
    /// Some node is waited for since the centre was recovered with loss.
    var isGathering = false
    /// What nodes were told, to be proposed with this turn.
    var toldQueue: [(session: Session, told: Told)] = []
    /// Acts that came before the start of this lead stood in the log, or while more of them were under way.
    var heldActs: [(ticket: Ticket, acts: [OwnAct])] = []
    /// Tickets whose acts are proposed, and neither committed nor refused.
    var ticketsUnderWay = 0

    /// Throws where the stored log does not fit together: the node must not run on it.
    package init(_ start: CentreStart) throws(Replica.Damage) {
        cluster = start.cluster
        replica = try Replica(id: start.replica, limits: start.limits, stored: start.stored)
        seats = Dictionary(uniqueKeysWithValues: start.seats.map { ($0.author, $0) })
        applied = start.stored.applied
        stamp = start.stamp
        opening = start.opening
        nextDue = start.nextDue
        for counter in start.counters {
            appliedCounters[Self.series(counter.kind, counter.year)] = counter.last
        }
        counters = appliedCounters
        isGathering = seats.values.contains(where: \.isAwaited)
    }

    static func series(_ kind: String, _ year: UInt16) -> String { "\(kind)/\(year)" }

    package var standing: Replica.Standing { replica.standing }

    /// The term in which this replica leads and has applied all that was acknowledged in terms before; nil otherwise.
    package var openTerm: Term? { if case .open(let term) = lead { term } else { nil } }

    package var isLeader: Bool { replica.standing.role == .leader }

    /// Takes all that waits and decides. One call is one turn.
    package mutating func step(_ inputs: [CentreInput], moment: Moment) -> CentreTurn {
        var turn = CentreTurn()
        var events: [Replica.Event] = []
        if isStarting {
            isStarting = false
            // A single voter need not wait for an election that nobody else can win.
            if replica.membership.isSoleVoter(replica.id) { events.append(.campaign) }
        }
        open(&events, moment)
        for input in inputs { take(input, &events, &turn, moment) }
        open(&events, moment)
        takeHeldActs(&events, &turn, moment)
        passOver()
        proposeActs(&events, moment)
        judgeHeld(&turn, moment)
        askReads(&events)
        proposeTold(&events, moment)
        proposeQueued(&events, moment)
        let effects = replica.step(events)
        for effect in effects { carry(effect, &turn, moment) }
        if lostNumbers { drawAgain() }
        sizeApplying(&turn, inputs, moment)
        return turn
    }

    private mutating func take(
        _ input: CentreInput, _ events: inout [Replica.Event], _ turn: inout CentreTurn, _ moment: Moment
    ) {
        switch input {
        case .submit(let ticket, let acts):
            askedAt = moment.steadyMilliseconds
            hold(ticket, acts, &turn)
        case .read(let ticket):
            askedAt = moment.steadyMilliseconds
            waitingReads.append(.ticket(ticket))
        case .linkUp(let session, let peer, let pass):
            let receiver = UplinkReceiver(
                cluster: cluster, territory: peer.territory, now: moment.steadyMilliseconds)
            links[session] = CentreLink(peer: peer, receiver: receiver, pass: pass)
        case .linkDown(let session):
            drop(session, keepingBatches: true)
        case .received(let session, let message):
            with(session, &turn, moment) { $0.received(message, now: moment.steadyMilliseconds) }
        case .stirred(let session):
            with(session, &turn, moment) { receiver in
                receiver.stirred(now: moment.steadyMilliseconds)
                return []
            }
        case .carried(let ticket, let batch, let previous, let downlinkTaken):
            takeCarried(ticket, batch, previous: previous, downlinkTaken: downlinkTaken, &turn)
        case .peer(let message):
            takePeer(message, &events, &turn)
        case .unreachable, .change, .transfer, .snapshotReady, .snapshotFailed, .holdLog:
            takeGroup(input, &events)
        case .electionTicks(let ticks):
            events.append(.electionTicks(ticks))
        case .stored(let token):
            events.append(.stored(token))
        case .applied(let result):
            take(result, &events, &turn, moment)
        case .loaded(let peer, let entries):
            events.append(.loaded(to: peer, entries: entries))
        case .downlinkRead(let session, let first, let items):
            with(session, &turn, moment) {
                $0.downlinkRead(first: first, items: items, now: moment.steadyMilliseconds)
            }
        case .digestRead(let session, let author, let index, let digest):
            askWhoLeads(for: ComparedHello(session: session, author: author, index: index, digest: digest))
        case .reseated, .reseatRefused, .formerRead:
            takeSeating(input, &turn, moment)
        case .tick:
            events.append(.tick)
            sayTime(&events, moment)
            tickGroup(&turn)
            for session in links.keys.sorted(by: { $0.number < $1.number }) {
                with(session, &turn, moment) {
                    $0.tick(now: moment.steadyMilliseconds, wallMilliseconds: moment.wallMilliseconds)
                }
            }
        }
    }

    // MARK: What was applied

    private mutating func take(
        _ result: CentreApplied, _ events: inout [Replica.Event], _ turn: inout CentreTurn, _ moment: Moment
    ) {
        stamp = max(stamp, result.stamp)
        for counter in result.counters {
            let series = Self.series(counter.kind, counter.year)
            counters[series] = max(counters[series] ?? 0, counter.last)
            appliedCounters[series] = max(appliedCounters[series] ?? 0, counter.last)
        }
        nextDue = result.nextDue
        for seat in result.seats {
            let before = seats[seat.author]?.cap
            take(seat, at: result.entries.last?.mark.index ?? 0, &turn)
            if seat.successor != nil { endSucceeded(seat.author, &turn) }
            // The next session is told the new cap before anything else.
            if let before, before != seat.cap { endSessions(of: seat.author, "the line's cap was changed", &turn) }
        }
        for one in result.entries {
            applied = max(applied, one.mark.index)
            answer(one, &turn, moment)
        }
        for seat in result.seats where !seat.closed.isEmpty {
            for session in sessions(of: seat.author.number) {
                with(session, &turn, moment) { $0.retire(seat.closed) }
            }
        }
        noteGathering(&turn, moment)
        for territory in Set(result.seats.map(\.territory)).sorted() { downlinkGrew(territory, &turn, moment) }
        answerReads(&turn)
        if let point = cutting.point(applied: applied, replica) { events.append(.compact(through: point)) }
    }

    /// Passes are this role's own; everything else of a seat is what the store says. Of a seat that was made under
    /// another's lead nobody knows here what was drawn, and that is kept, so that a later start knows it, too.
    private mutating func take(_ seat: CentreSeat, at index: LogIndex, _ turn: inout CentreTurn) {
        var seat = seat
        if seats[seat.author] == nil, seat.pass.isEmpty, !isLeader || index <= opensAfter, !has(.passesKeptAcrossLeads)
        {
            seat.pass = Self.unknownPass
            return save(seat, &turn)
        }
        if let held = seats[seat.author] {
            seat.pass = held.pass
            seat.previousPass = held.previousPass
            seat.passUsed = held.passUsed
            seat.downlinkTaken = max(held.downlinkTaken, seat.downlinkTaken)
            seat.told = max(held.told, seat.told)
        }
        seats[seat.author] = seat
    }

    private mutating func answer(_ one: CentreApplied.One, _ turn: inout CentreTurn, _ moment: Moment) {
        let held = committed.removeValue(forKey: one.mark.index)
        if let held { ended(held.proposed) }
        // Another leader's entry took the place: what was proposed for it is gone, or will come again elsewhere.
        let mine = held.flatMap { $0.term == one.mark.term ? $0.proposed : nil }
        if let held, mine == nil { lost(held.proposed, &turn, moment) }
        switch (one.result, mine?.origin) {
        case (.own(let outcomes), .own(let shares)):
            var rest = outcomes[...]
            for share in shares {
                turn.promises.append(.answer(share.ticket, Array(rest.prefix(share.acts))))
                rest = rest.dropFirst(share.acts)
            }
        case (.own, .time):
            saysTime = false
        case (.own, .opening):
            turn.promises.append(.opened)
        case (.advanced(let frontier), let origin):
            if case .carried(let ticket)? = origin { turn.promises.append(.carried(ticket, .taken(frontier))) }
            for session in sessions(of: frontier.author) {
                with(session, &turn, moment) {
                    if case .batch(session)? = origin { return $0.applied(frontier, now: moment.steadyMilliseconds) }
                    return $0.appliedElsewhere(frontier, now: moment.steadyMilliseconds)
                }
            }
        case (.repeated(let frontier), .carried(let ticket)):
            turn.promises.append(.carried(ticket, .repeated(frontier)))
        case (.rejected(_, let reason), .carried(let ticket)):
            turn.promises.append(.carried(ticket, .rejected(reason)))
        case (.repeated(let frontier), let origin):
            guard case .batch(let session)? = origin else { return }
            with(session, &turn, moment) {
                $0.dropped("the batch does not continue entry \(frontier.index): send again from there")
            }
        case (.rejected(_, let reason), let origin):
            guard case .batch(let session)? = origin else { return }
            with(session, &turn, moment) { $0.dropped(reason) }
        case (.own, _), (.nothing, _):
            answerChange(one.mark, &turn)
        }
    }

    mutating func downlinkGrew(_ territory: String, _ turn: inout CentreTurn, _ moment: Moment) {
        for (session, link) in links.sorted(by: { $0.key.number < $1.key.number })
        where link.peer.territory == territory {
            guard let author = link.receiver.author, let seat = seats[AuthorNumber(author)], !downlinkWaits(seat) else {
                continue
            }
            with(session, &turn, moment) { $0.downlinkGrew(to: seat.downlinkLast) }
        }
    }
}

/// How far a replica has come in saying that it leads.
enum Lead: Hashable, Sendable {
    /// It does not lead.
    case none
    /// It came to lead in this term; its start is not in the log yet, and no act of the centre may go before it.
    case unopened(Term)
    case proposed(Term)
    case open(Term)

    var term: Term? {
        switch self {
        case .none: nil
        case .unopened(let term), .proposed(let term), .open(let term): term
        }
    }

    var isOpen: Bool { if case .open = self { true } else { false } }
}

/// One session with a territory.
struct CentreLink: Sendable {
    var peer: CentrePeer
    var receiver: UplinkReceiver
    /// Drawn for this session; used once.
    var pass: [UInt8]
    /// Bytes that were proposed of this line, or as many as of the others when it came: least goes first.
    var share: UInt64 = 0
}

/// The acts of one turn on their way into one proposal.
struct TurnActs: Sendable {
    var shares: [Proposed.Share] = []
    var entries: [[UInt8]] = []
    var bytes = 0
    /// The last serial drawn of each series.
    var numbers: [String: UInt32] = [:]
}

/// Who waits for a quorum's word that this replica leads.
enum Reader: Sendable {
    case ticket(Ticket)
    case hello(ComparedHello)
}

/// A hello that is to be judged, with the centre's digest at its last entry; nil where there is none to compare.
struct ComparedHello: Sendable {
    var session: Session
    var author: AuthorNumber
    var index: EntryIndex
    var digest: Digest?
}

/// What was proposed, and who waits for it.
struct Proposed: Sendable {
    enum Origin: Sendable {
        case batch(Session)
        /// A piece of a log that came in a bundle.
        case carried(Ticket)
        /// Acts of the centre, and which of them each ticket waits for: in their order, all of them.
        case own([Share])
        /// The start of this replica's lead.
        case opening
        /// Only what time it is.
        case time
        /// What a node was told of entries that are lost.
        case told(Session)
    }

    /// So many of a proposal's outcomes are one ticket's.
    struct Share: Sendable {
        var ticket: Ticket
        var acts: Int
        /// It waits for the quorum's word alone.
        var isLook: Bool
    }

    var origin: Origin
    /// The last serial it drew of each series.
    let numbers: [String: UInt32]
    /// The last entry of the batch it holds; nil where it holds none.
    let last: BatchEnd?
    private(set) var payload: [UInt8]
    let bytes: Int

    init(origin: Origin, numbers: [String: UInt32] = [:], last: BatchEnd? = nil, payload: [UInt8]) {
        self.origin = origin
        self.numbers = numbers
        self.last = last
        self.payload = payload
        bytes = payload.count
    }

    /// Whether to prepare it beside the turns is worth waking another thread.
    var isLong: Bool { bytes > CentreTurnLimits.preparedBytes }

    /// How many wait for it.
    var tickets: Int { if case .own(let shares) = origin { shares.count } else { 0 } }

    var isCommitted = false

    /// Lets the bytes go; their number is still counted.
    mutating func release() {
        payload = []
    }
}
