import Law
import Records
import Roles
import Uplink
import Vault
import Wire

/// A territory with the index that its shell would keep, run turn by turn.
struct TerritoryBench {
    static let seat = TerritorySeat(
        cluster: [UInt8](repeating: 3, count: 16), territory: "KZ-75", author: AuthorNumber(4), seat: 1)

    var role: Territory
    var index: [RecordID: KnownDocument] = [:]
    var log: [AppendedEntry] = []
    /// Noon of 1 March 2026 in UTC+5.
    var moment = Moment(wallMilliseconds: 1_772_348_400_000, steadyMilliseconds: 1_000)

    init(state: TerritoryState = Territory.genesis(of: seat)) {
        role = Territory(seat: Self.seat, state: state)
    }

    mutating func run(_ inputs: TerritoryInput...) -> TerritoryTurn {
        run(inputs)
    }

    mutating func run(_ inputs: [TerritoryInput]) -> TerritoryTurn {
        var rows = TerritoryRows()
        for identity in role.reads(for: inputs) { rows.documents[identity] = index[identity] }
        let turn = role.step(inputs, rows: rows, at: moment)
        for entry in turn.appended { store(entry) }
        for case .entry(let entry, _, _) in turn.taken { store(entry) }
        log += turn.appended
        moment.wallMilliseconds += 10
        moment.steadyMilliseconds += 10
        return turn
    }

    private mutating func store(_ entry: AppendedEntry) {
        if let indexed = entry.indexed { index[indexed.identity] = indexed.document }
    }

    mutating func submit(_ drafts: Draft...) -> [SubmitOutcome] {
        outcomes(run(.submit(Ticket(1), drafts)))
    }

    func outcomes(_ turn: TerritoryTurn) -> [SubmitOutcome] {
        turn.promises.flatMap { promise in
            if case .answer(_, let outcomes) = promise { outcomes } else { [SubmitOutcome]() }
        }
    }

    /// A connection that the centre welcomes at what it holds.
    mutating func connect(_ session: Session, frontier: Frontier? = nil) -> TerritoryTurn {
        _ = run(.linkUp(session))
        let begin = Territory.genesis(of: Self.seat).digest
        let welcome = Welcome(
            frontier: frontier ?? Frontier(author: 4, index: 0, digest: begin),
            pass: [UInt8](repeating: 9, count: UplinkLimits.passBytes), wallMilliseconds: 5,
            windowBytes: UplinkLimits.windowBytes, downlinkLast: 0)
        let turn = run(.received(session, .welcome(welcome)))
        guard turn.promises.contains(where: { if case .readDigest = $0 { true } else { false } }) else { return turn }
        return run(.digestRead(session, welcome.frontier))
    }

    static func id(_ document: String) -> RecordID {
        let name = RecordName.id(sender: "SUBJ-1", document: document)
        return RecordID(high: name.high, low: name.low)
    }

    static func draft(
        _ document: String, act: DocumentAct = .register, of superseded: String? = nil, content: UInt64 = 1,
        kind: String = "CR-1"
    ) -> Draft {
        Draft(
            act: act, record: id(superseded ?? document), identity: id(document),
            content: Token(high: content, low: 0), kind: kind, edition: Day(20_000), sender: "SUBJ-1",
            document: document, writes: [Write(field: 1, place: 0, value: .integer(5))], blocks: [], tokens: [])
    }
}
