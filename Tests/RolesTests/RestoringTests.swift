import Law
import Records
import Roles
import TestSupport
import Testing
import Uplink
import Vault
import Wire

/// A restored shard gets its logs back and moves what it wrote meanwhile, cut at every step.
@Suite struct RestoringTests {
    /// Whatever is lost of a turn (all of it, or only what should have followed from it), the end is the same: the
    /// former log is the centre's, and each entry written meanwhile stands once under the new author.
    @Test(arguments: 1...120 as ClosedRange<UInt64>)
    func whateverIsCutTheFormerLogIsTheCentresAndEachOriginStandsOnce(seed: UInt64) {
        var story = RestoreStory(seed: seed)
        story.runToTheEnd()
        #expect(story.faults == [], "seed \(seed)")
        #expect(story.former == story.centre, "seed \(seed): the former log is the centre's, entry for entry")
        let origins = story.own.compactMap(\.origin)
        #expect(Set(origins).count == origins.count, "seed \(seed): an origin stands once")
        #expect(Set(origins.map(\.at.index)) == Set(story.suffixDocuments), "seed \(seed): and each of them stands")
        #expect(story.numbers.count == Set(story.numbers).count, "seed \(seed): no number is given twice")
        #expect(story.serialsHaveNoGap, "seed \(seed)")
    }

    @Test(arguments: 1...120 as ClosedRange<UInt64>)
    func aMovedCorrectionReplacesWhatItWasShownAndNothingElse(seed: UInt64) {
        var story = RestoreStory(seed: seed)
        story.runToTheEnd()
        let places = Dictionary(
            uniqueKeysWithValues: zip(story.own, 1...).compactMap { entry, index in
                entry.origin.map { ($0.at, LogAddress(author: RestoreStory.new.author, index: UInt64(index))) }
            })
        for (entry, _) in zip(story.own, 1...) {
            guard let origin = entry.origin, case .document(let document) = entry.body,
                case .document(let before)? = story.suffix[origin.at.index].map(\.body)
            else { continue }
            #expect(entry.stamp == story.suffix[origin.at.index]?.stamp, "seed \(seed): the stamp is kept")
            let expected = before.writes.flatMap(\.replaces).map { dot in
                places[dot.at].map { Dot(at: $0, place: dot.place) } ?? dot
            }
            #expect(document.writes.flatMap(\.replaces).sorted() == expected.sorted(), "seed \(seed)")
        }
    }

    @Test func aNodeThatIsBehindAsksForANewSeatAndACloneDoesNot() {
        var bench = TerritoryBench()
        let session = Session(1)
        _ = bench.submit(TerritoryBench.draft("a"))
        _ = bench.run(.linkUp(session))
        let refused = bench.run(.received(session, .refused(Refusal(code: .behind, reason: "older"))))
        #expect(refused.deeds.contains { if case .drawSeed = $0 { true } else { false } })
        guard let seed = Secret([UInt8](repeating: 7, count: 32)) else { return }
        _ = bench.run(.seed(seed))
        let asks = bench.run(.linkUp(Session(2)))
        guard case .send(_, .reseat(let reseat))? = asks.promises.first else {
            Issue.record("it asks: \(asks.promises)")
            return
        }
        #expect(reseat.author == 4 && reseat.last == 1 && reseat.cause == .behind && reseat.treeSeed == seed)
        let answer = Reseated(author: 9, seat: 2, formers: [FormerLog(author: 4, seat: 1, last: 3, told: 3)])
        let seated = bench.run(.received(Session(2), .reseated(answer)))
        #expect(seated.promises.contains { if case .reseated(answer) = $0 { true } else { false } })
        // A second copy of a directory is not seated anew by itself, whatever its log is.
        var clone = TerritoryBench(state: bench.role.state)
        _ = clone.run(.linkUp(session))
        _ = clone.run(.received(session, .refused(Refusal(code: .cloned, reason: "a copy"))))
        _ = clone.run(.linkUp(Session(2)))
        let again = clone.run(.received(Session(2), .refused(Refusal(code: .behind, reason: "older"))))
        #expect(!again.deeds.contains { if case .drawSeed = $0 { true } else { false } })
    }

    @Test func entriesOfAFormerLogThatDoNotFitItsDigestEndTheSessionAndChangeNothing() {
        var story = RestoreStory(seed: 5)
        story.cutsAtRandom = false
        let asked = story.connect()
        guard var batch = story.answer(asked) else {
            Issue.record("it asks for its former log")
            return
        }
        batch.entries[0].append(0)
        let before = story.role.state
        let turn = story.role.step(
            [.received(story.session, .former(batch))], rows: TerritoryRows(local: story.local(batch)),
            at: story.moment)
        #expect(turn.taken.isEmpty)
        #expect(story.role.state.formers == before.formers)
        #expect(turn.promises.contains { if case .close = $0 { true } else { false } })
    }
}

/// A shard in memory: seat 1 wrote a log, was copied, went on; the copy was put back and written to, and goes on as
/// seat 2. Turns are lost at random, whole or in what follows from them.
struct RestoreStory {
    static let old = TerritorySeat(
        cluster: [UInt8](repeating: 3, count: 16), territory: "KZ-75", author: AuthorNumber(4), seat: 1)
    static let new = TerritorySeat(
        cluster: [UInt8](repeating: 3, count: 16), territory: "KZ-75", author: AuthorNumber(9), seat: 2)

    struct Aside {
        var at: LogAddress
        var digest: Digest
        var bytes: [UInt8]
        var to: LogAddress?
        var isMoved = false
    }

    var role: Territory
    var cutsAtRandom = true
    var faults: [String] = []
    /// The centre's log of the old author.
    private(set) var centre: [[UInt8]] = []
    /// What the copy wrote where the centre holds other entries.
    private(set) var suffix: [UInt64: Entry] = [:]
    private(set) var entries: [LogAddress: [UInt8]] = [:]
    private(set) var session = Session(1)
    private var stored: TerritoryState
    private var index: [RecordID: KnownDocument] = [:]
    private var aside: [Aside] = []
    private var dice: Dice
    private var steady: UInt64 = 1_000

    init(seed: UInt64) {
        dice = Dice(seed: seed)
        var writer = TerritoryBench()
        var documents = 0
        func write(_ bench: inout TerritoryBench, _ count: Int, _ dice: inout Dice) {
            for _ in 0..<count {
                documents += 1
                let corrects = documents > 2 && dice.below(3) == 0
                let known = bench.index.sorted { $0.value.at < $1.value.at }
                let target = corrects ? known[dice.below(known.count)] : nil
                let name = "d\(documents)"
                let writes = [
                    Write(
                        field: 1, place: 0, value: .integer(Int64(documents)),
                        replaces: target.map { [Dot(at: $0.value.at, place: 0)] } ?? [])
                ]
                var draft = TerritoryBench.draft(name, act: corrects ? .correct : .register)
                draft.writes = writes
                if let target { draft.record = target.key }
                _ = bench.submit(draft)
            }
        }
        write(&writer, 3 + dice.below(20), &dice)
        var copy = writer
        let common = writer.log.count
        write(&writer, 1 + dice.below(20), &dice)
        write(&copy, dice.below(20), &dice)
        centre = writer.log.map(\.bytes)
        for entry in copy.log {
            entries[entry.at] = entry.bytes
            if entry.at.index > UInt64(common) { suffix[entry.at.index] = entry.entry }
        }
        index = copy.index
        var state = Territory.genesis(of: Self.new)
        state.stamp = copy.role.state.stamp
        let told = dice.below(common + 1)
        let chain = centre[..<told].reduce(LogChain.genesis(cluster: Self.old.cluster, author: 4).digest) {
            LogChain.digest(after: $0, $1)
        }
        state.formers = [
            FormerProgress(
                author: Self.old.author, seat: 1, held: UInt64(told), digest: chain, local: copy.role.state.last,
                goal: UInt64(centre.count), told: UInt64(centre.count))
        ]
        state.isUnheard = true
        stored = state
        role = Territory(seat: Self.new, state: state)
    }

    var moment: Moment { Moment(wallMilliseconds: 1_772_348_400_000 + steady, steadyMilliseconds: steady) }

    var former: [[UInt8]] { log(of: Self.old.author) }
    var own: [Entry] { log(of: Self.new.author).compactMap { try? EntryCodec.decode($0) } }
    var suffixDocuments: [UInt64] { Array(suffix.keys) }

    private func log(of author: AuthorNumber) -> [[UInt8]] {
        entries.filter { $0.key.author == author }.sorted { $0.key < $1.key }.map(\.value)
    }

    /// As they stand on paper, of both seats.
    var numbers: [String] {
        entries.sorted { $0.key < $1.key }.compactMap { at, bytes in
            guard case .document(let document)? = (try? EntryCodec.decode(bytes))?.body else { return nil }
            return ProvisionalNumber(
                territory: "KZ-75", kind: document.kind, number: document.number,
                seat: at.author == Self.old.author ? 1 : 2
            ).text
        }
    }

    var serialsHaveNoGap: Bool {
        let serials = own.compactMap { entry -> UInt32? in
            if case .document(let document) = entry.body { document.number.serial } else { nil }
        }
        return serials.sorted() == (0..<serials.count).map { UInt32($0) + 1 }
    }

    // MARK: Turns

    /// Stores a turn, or loses it; then lets its deeds and promises out, or loses those.
    private mutating func run(_ inputs: [TerritoryInput]) -> TerritoryTurn? {
        steady += 10
        var rows = TerritoryRows()
        for identity in role.reads(for: inputs) { rows.documents[identity] = index[identity] }
        if let wanted = role.formerReads(for: inputs) {
            rows.local = (0..<UInt64(wanted.count)).compactMap {
                entries[LogAddress(author: wanted.first.author, index: wanted.first.index + $0)]
            }
        }
        let turn = role.step(inputs, rows: rows, at: moment)
        if cutsAtRandom, dice.below(6) == 0 { return crash() }
        keep(turn)
        if cutsAtRandom, dice.below(6) == 0 { return crash() }
        return turn
    }

    private mutating func crash() -> TerritoryTurn? {
        stored.aside = UInt64(aside.filter { !$0.isMoved }.count)
        role = Territory(seat: Self.new, state: stored)
        return nil
    }

    private mutating func keep(_ turn: TerritoryTurn) {
        for entry in turn.appended { store(entry) }
        for item in turn.taken {
            switch item {
            case .former(let entry, _): store(entry)
            case .setAside(let after, let last): setAside(after, last)
            default: faults.append("an item that nobody sent: \(item)")
            }
        }
        for row in turn.moved {
            if aside[Int(row.row)].isMoved { faults.append("row \(row.row) is moved twice") }
            aside[Int(row.row)].isMoved = true
            aside[Int(row.row)].to = row.to
        }
        if let state = turn.state { stored = state }
    }

    private mutating func store(_ entry: AppendedEntry) {
        if entries.updateValue(entry.bytes, forKey: entry.at) != nil { faults.append("\(entry.at) is written twice") }
        if let indexed = entry.indexed { index[indexed.identity] = indexed.document }
    }

    private mutating func setAside(_ after: LogAddress, _ last: EntryIndex) {
        var chain = LogChain.genesis(cluster: Self.old.cluster, author: after.author.number)
        for place in 1...max(1, last) {
            let at = LogAddress(author: after.author, index: place)
            guard let bytes = entries[at] else { continue }
            chain.extend(bytes)
            guard place > after.index else { continue }
            entries[at] = nil
            aside.append(Aside(at: at, digest: chain.digest, bytes: bytes))
        }
    }

    // MARK: The line

    /// A session up to the question for a former log; nil where none is asked, or the turn was lost.
    mutating func connect() -> FormerAsk? {
        session = Session(session.number + 1)
        guard run([.linkUp(session)]) != nil else { return nil }
        let frontier = Frontier(
            author: Self.new.author.number, index: 0, digest: Territory.genesis(of: Self.new).digest)
        let welcome = Welcome(
            frontier: frontier, pass: [UInt8](repeating: 9, count: UplinkLimits.passBytes), wallMilliseconds: 5,
            windowBytes: UplinkLimits.windowBytes, downlinkLast: 0)
        guard let turn = run([.received(session, .welcome(welcome))]) else { return nil }
        if let ask = ask(in: turn) { return ask }
        guard let read = run([.digestRead(session, frontier)]) else { return nil }
        return ask(in: read)
    }

    private func ask(in turn: TerritoryTurn) -> FormerAsk? {
        for case .send(_, .formerAsked(let ask)) in turn.promises { return ask }
        return nil
    }

    /// A few of the centre's entries after the one asked for.
    mutating func answer(_ ask: FormerAsk?) -> Batch? {
        guard let ask, ask.after < UInt64(centre.count) else { return nil }
        let end = min(centre.count, Int(ask.after) + 1 + dice.below(6))
        let entries = Array(centre[Int(ask.after)..<end])
        let digest = entries.reduce(ask.digest) { LogChain.digest(after: $0, $1) }
        return Batch(author: ask.author, first: ask.after + 1, entries: entries, digest: digest)
    }

    func local(_ batch: Batch) -> [[UInt8]] {
        (batch.first..<batch.first + UInt64(batch.entries.count)).compactMap {
            entries[LogAddress(author: Self.old.author, index: $0)]
        }
    }

    // MARK: To the end

    mutating func runToTheEnd() {
        for _ in 0..<2_000 where role.state.isUnheard {
            var ask = connect()
            while let batch = answer(ask) {
                guard let turn = run([.received(session, .former(batch))]) else { break }
                ask = self.ask(in: turn)
            }
        }
        _ = crash()
        for round in 0..<2_000 where !isDone {
            guard let turn = run(round == 0 || dice.below(3) == 0 ? [.started(nonceSalt: 5, software: "1")] : [.tick])
            else { continue }
            move(after: turn)
        }
        if !isDone { faults.append("it never ended") }
    }

    private var isDone: Bool { !stored.isUnheard && aside.allSatisfy(\.isMoved) }

    private mutating func move(after turn: TerritoryTurn) {
        var turn = turn
        while turn.deeds.contains(where: { if case .moveAside = $0 { true } else { false } }) {
            let rows = aside.indices.filter { !aside[$0].isMoved }.prefix(1 + dice.below(4))
            var rebase = Rebase(
                places: Dictionary(
                    uniqueKeysWithValues: aside.compactMap { row in row.to.map { (row.at, $0) } }))
            var next = role.state.last
            var entries: [MovedEntry] = []
            for row in rows {
                guard var entry = try? EntryCodec.decode(aside[row].bytes), case .document(var document) = entry.body
                else { continue }
                next += 1
                document.writes = rebase.moved(document.writes)
                rebase.places[aside[row].at] = LogAddress(author: Self.new.author, index: next)
                entry.body = .document(document)
                let name = RecordName.id(sender: document.sender, document: document.document)
                entries.append(
                    MovedEntry(
                        row: Int64(row), origin: Origin(at: aside[row].at, digest: aside[row].digest.bytes),
                        entry: entry, identity: RecordID(high: name.high, low: name.low),
                        content: Token(high: 1, low: 0), tokens: [], keepsNumber: false))
            }
            guard !entries.isEmpty, let following = run([.moved(first: role.state.last + 1, entries)]) else { return }
            turn = following
        }
    }
}
