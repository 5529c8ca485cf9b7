import Consensus
import Law
import Records
import Roles
import Uplink
import Vault
import Wire

/// A centre's role over a store in memory that keeps what the role is promised: writes in order, each entry applied
/// once.
struct CentreHouse {
    static let cluster = [UInt8](repeating: 5, count: 16)
    static let territory = AuthorNumber(2)

    var centre: Centre
    var now: UInt64 = 1_000
    var seats: [CentreSeat]
    /// Everything the role let out, in order.
    var promises: [CentrePromise] = []
    var deeds: [CentreDeed] = []
    var persisted: [LogWrite] = []
    /// Entries handed out and not yet applied: a test may hold them back.
    var toApply: [RaftEntry] = []
    var appliesAtOnce = true
    private var ownLast: EntryIndex = 0

    /// - Parameter territories: seats, authors from 2 on; the first is `territory`.
    init(
        limits: ReplicaLimits = ReplicaLimits(), gathering: Awaiting? = nil, territories: Int = 1,
        voters: [ReplicaID] = [1]
    ) throws {
        seats = (0..<territories).map { place in
            let author = AuthorNumber(Self.territory.number + UInt32(place))
            return CentreSeat(
                author: author, name: "kz-75-\(place + 1)", territory: "KZ-75", seat: 1, frontier: 0,
                digest: LogChain.genesis(cluster: Self.cluster, author: author.number).digest)
        }
        seats[0].gathering = gathering
        centre = try Centre(
            CentreStart(
                cluster: Self.cluster, replica: 1, limits: limits, stored: .founding(voters: voters), seats: seats,
                counters: [], stamp: Stamp(bits: 0), opening: .started(nonceSalt: 77, software: "test")))
    }

    /// What the store says waits for a day to end.
    var nextDue: Day?

    var moment: Moment { Moment(wallMilliseconds: 1_772_521_200_000 + now, steadyMilliseconds: now) }

    /// Runs turns until nothing follows from them.
    mutating func give(_ inputs: CentreInput...) {
        give(inputs)
    }

    mutating func give(_ inputs: [CentreInput]) {
        var inputs = inputs
        repeat {
            let turn = centre.step(inputs, moment: moment)
            inputs = carryOut(turn)
        } while !inputs.isEmpty
    }

    private mutating func carryOut(_ turn: CentreTurn) -> [CentreInput] {
        var following: [CentreInput] = []
        deeds += turn.deeds
        for seat in turn.seats {
            if let held = seats.firstIndex(where: { $0.author == seat.author }) { seats[held] = seat }
        }
        persisted += turn.persist
        if let last = turn.persist.last { following.append(.stored(last.token)) }
        toApply += turn.apply.flatMap(\.entries)
        promises += turn.promises
        for deed in turn.deeds {
            if case .drawElectionTicks(let range) = deed { following.append(.electionTicks(range.lowerBound)) }
        }
        if appliesAtOnce, !toApply.isEmpty { following.append(.applied(applyHeld())) }
        return following
    }

    /// Applies what is held back, as the store would.
    mutating func applyHeld() -> CentreApplied {
        defer { toApply = [] }
        let entries = toApply.map { CentreApplied.One(mark: $0.mark, result: apply($0)) }
        return CentreApplied(entries: entries, seats: seats, counters: [], stamp: Stamp(bits: 0), nextDue: nextDue)
    }

    private mutating func apply(_ entry: RaftEntry) -> CentreApplied.Result {
        guard case .proposal(let bytes) = entry.payload, let proposal = try? Proposal(decoding: bytes) else {
            return .nothing
        }
        switch proposal.payload {
        case .own(let entries):
            return .own(
                entries.map { _ in
                    ownLast += 1
                    return .recorded(at: LogAddress(author: .centre, index: ownLast), index: entry.index)
                })
        case .told(let told):
            seats[0].gathering?.told = told.through
            return .nothing
        case .batch(let batch):
            guard let place = seats.firstIndex(where: { $0.author == batch.author }) else { return .nothing }
            let frontier = seats[place].frontier
            guard batch.first == frontier + 1, batch.previous == seats[place].digest else {
                return .repeated(
                    Frontier(author: batch.author.number, index: frontier, digest: seats[place].digest))
            }
            seats[place].frontier += UInt64(batch.entries.count)
            seats[place].digest = batch.digest
            seats[place].downlinkLast += 1
            return .advanced(
                Frontier(
                    author: batch.author.number, index: seats[place].frontier, digest: seats[place].digest))
        }
    }

    // MARK: What was let out

    /// Everything sent on a session, promised or not, in order.
    func sent(_ session: Session) -> [UplinkMessage] {
        let early = deeds.compactMap { deed -> UplinkMessage? in
            if case .send(session, let message) = deed { message } else { nil }
        }
        let late = promises.compactMap { promise -> UplinkMessage? in
            if case .send(session, let message) = promise { message } else { nil }
        }
        return late + early
    }

    func frontiers(_ session: Session) -> [UInt64] {
        sent(session).compactMap { if case .frontier(let frontier) = $0 { frontier.index } else { nil } }
    }

    func isClosed(_ session: Session) -> Bool {
        deeds.contains { if case .close(session, _) = $0 { true } else { false } }
    }

    func answers(_ ticket: Ticket) -> [OwnOutcome] {
        promises.flatMap { promise -> [OwnOutcome] in
            if case .answer(ticket, let outcomes) = promise { outcomes } else { [] }
        }
    }

    func readable(_ ticket: Ticket) -> [LogIndex?] {
        promises.compactMap { promise -> LogIndex?? in
            if case .readable(ticket, let index) = promise { .some(index) } else { nil }
        }
    }

    var prepared: Int {
        deeds.count { if case .prepare = $0 { true } else { false } }
    }

    // MARK: A territory

    /// Links the territory's node with a hello that shows `pass`; the fresh pass is drawn as `drawn`.
    mutating func link(
        _ session: Session, pass: [UInt8] = [], drawn: UInt8 = 1, last: UInt64? = nil, digest: Digest? = nil,
        place: Int = 0
    ) {
        give(
            .linkUp(
                session, CentrePeer(name: seats[place].name, territory: "KZ-75"),
                pass: Array(repeating: drawn, count: 16)))
        let hello = Hello(
            cluster: Self.cluster, version: UplinkLimits.version, author: seats[place].author.number,
            last: last ?? seats[place].frontier, digest: digest ?? seats[place].digest, pass: pass, downlink: 0,
            wallMilliseconds: moment.wallMilliseconds)
        give(.received(session, .hello(hello)))
    }

    static func batch(
        after chain: inout LogChain, entries: [[UInt8]], by author: AuthorNumber = territory
    ) -> Batch {
        let first = chain.index + 1
        for entry in entries { chain.extend(entry) }
        return Batch(author: author.number, first: first, entries: entries, digest: chain.digest)
    }
}
