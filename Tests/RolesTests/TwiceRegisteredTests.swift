import Records
import Roles
import Testing
import Uplink
import Vault
import Wire

/// One document registered at both of two copies of a node's directory: the centre has one copy's log, and the other
/// copy, seated anew, gets it back and moves its own.
@Suite struct TwiceRegisteredTests {
    private static let old = AuthorNumber(4)
    private static let new = TerritorySeat(
        cluster: TerritoryBench.seat.cluster, territory: "KZ-75", author: AuthorNumber(9), seat: 2)

    /// Both wrote `common`; then the copy that goes on wrote `twice`, and the other one `other` and `twice`.
    private let mine: [AppendedEntry]
    private let centre: [AppendedEntry]
    private let known: KnownDocument

    init() throws {
        var bench = TerritoryBench()
        _ = bench.submit(TerritoryBench.draft("common"))
        var other = bench
        _ = bench.submit(TerritoryBench.draft("twice"))
        _ = other.submit(TerritoryBench.draft("other"))
        _ = other.submit(TerritoryBench.draft("twice"))
        (mine, centre) = (bench.log, other.log)
        known = try #require(bench.index[TerritoryBench.id("twice")])
    }

    private static func digest(_ log: some Sequence<AppendedEntry>) -> Digest {
        log.reduce(LogChain.genesis(cluster: new.cluster, author: old.number).digest) {
            LogChain.digest(after: $0, $1.bytes)
        }
    }

    /// The copy that goes on, welcomed under its new author, has asked for what follows the common entry.
    private func asking() -> Territory {
        var state = Territory.genesis(of: Self.new)
        state.formers = [
            FormerProgress(
                author: Self.old, seat: 1, held: 1, digest: Self.digest(mine.prefix(1)),
                local: EntryIndex(mine.count), goal: EntryIndex(centre.count), told: EntryIndex(centre.count))
        ]
        state.isUnheard = true
        var role = Territory(seat: Self.new, state: state)
        let frontier = Frontier(author: 9, index: 0, digest: Territory.genesis(of: Self.new).digest)
        let welcome = Welcome(
            frontier: frontier, pass: [UInt8](repeating: 9, count: UplinkLimits.passBytes), wallMilliseconds: 5,
            windowBytes: UplinkLimits.windowBytes, downlinkLast: 0)
        for input in [
            .linkUp(Session(1)), .received(Session(1), .welcome(welcome)), .digestRead(Session(1), frontier),
        ] as [TerritoryInput] { _ = role.step([input], rows: TerritoryRows(), at: moment) }
        return role
    }

    private let moment = Moment(wallMilliseconds: 1_772_348_500_000, steadyMilliseconds: 1_000)

    @Test func aRepeatIsToldOfTheEntryThatStandsAndNotOfTheOneThatWasSetAside() throws {
        // What the index knows of it is the own entry, which the centre has not.
        let identity = TerritoryBench.id("twice")
        let rows = TerritoryRows(
            documents: [identity: known], local: mine.dropFirst().map(\.bytes), setAside: [identity])
        let batch = Batch(
            author: Self.old.number, first: 2, entries: centre.dropFirst().map(\.bytes), digest: Self.digest(centre))
        var role = asking()
        let turn = role.step([.received(Session(1), .former(batch))], rows: rows, at: moment)
        let taken = turn.taken.compactMap { item -> AppendedEntry? in
            if case .former(let entry, _) = item { entry } else { nil }
        }
        #expect(taken.map(\.bytes) == centre.dropFirst().map(\.bytes))
        let stands = try #require(taken.last?.indexed?.document)
        #expect(stands.at == LogAddress(author: Self.old, index: 3))
        #expect(stands.opening == stands.at, "no entry that was set aside opens its record")
        guard case .document(let document)? = centre.last?.entry.body else { return }
        #expect(stands.number == document.number)
    }

    @Test func whatIsMovedOfItDoesNotTakeThePlaceOfWhatStands() throws {
        var state = Territory.genesis(of: Self.new)
        state.formers = [
            FormerProgress(
                author: Self.old, seat: 1, held: 3, digest: Self.digest(centre), local: 3, goal: 3, told: 3)
        ]
        state.aside = 1
        var role = Territory(seat: Self.new, state: state)
        let identity = TerritoryBench.id("twice")
        var stands = known
        (stands.at, stands.opening) = (
            LogAddress(author: Self.old, index: 3), LogAddress(author: Self.old, index: 3)
        )
        let own = try #require(mine.last)
        let moved = MovedEntry(
            row: 1, origin: Origin(at: own.at, digest: Self.digest(mine).bytes), entry: own.entry, identity: identity,
            content: known.content, tokens: [], keepsNumber: false)
        let rows = TerritoryRows(documents: [identity: stands])
        let turn = role.step([.moved(first: 1, [moved])], rows: rows, at: moment)
        #expect(turn.appended.count == 1 && turn.appended[0].indexed?.document == stands)
        let draft = TerritoryBench.draft("twice")
        let again = role.step([.submit(Ticket(1), [draft])], rows: rows, at: moment)
        guard case .answer(_, let outcomes)? = again.promises.first else {
            Issue.record("it is answered: \(again.promises)")
            return
        }
        #expect(outcomes == [.repeated(at: stands.at, number: stands.number)])
    }

    /// It was handed over, and its sender hands it in here.
    @Test func whatAnotherTerritoryRegisteredGetsANumberHereAndIsOneMoreEntryOfItsRecord() throws {
        let identity = TerritoryBench.id("theirs")
        let their = LogAddress(author: AuthorNumber(7), index: 5)
        let held = KnownDocument(
            at: their, content: Token(high: 0, low: 0), record: identity, opening: their,
            number: Serial(year: 2026, serial: 3), kind: "CR-1")
        var bench = TerritoryBench()
        bench.index[identity] = held
        let first = bench.submit(TerritoryBench.draft("theirs"))
        guard case .registered(let at, let number)? = first.first else {
            Issue.record("it is taken: \(first)")
            return
        }
        #expect(at.author == TerritoryBench.seat.author && number.serial == 1)
        let known = try #require(bench.index[identity])
        #expect(known.at == at && known.opening == their && known.number == number)
        #expect(bench.submit(TerritoryBench.draft("theirs")) == [.repeated(at: at, number: number)])
        #expect(bench.submit(TerritoryBench.draft("theirs", content: 2)) == [.refused(code: "V004", field: "doc_id")])
    }
}
