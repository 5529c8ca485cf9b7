import Law
import Records
import Roles
import Storage
import Testing
import Uplink
import Vault
import Wire

/// What was set aside of a log is moved once, by where it stood first, with what it names where that stands now.
@Suite struct MovingTests {
    private let scratch: Scratch
    private let other: Scratch

    init() throws {
        (scratch, other) = (try Scratch(), try Scratch())
    }

    private static func seat(_ author: UInt32, _ number: UInt32) -> TerritorySeat {
        var seat = Fixture.seat
        (seat.author, seat.seat) = (AuthorNumber(author), number)
        return seat
    }

    private static func at(_ author: UInt32, _ index: EntryIndex) -> LogAddress {
        LogAddress(author: AuthorNumber(author), index: index)
    }

    private static func log(_ author: UInt32, _ seat: UInt32, last: EntryIndex) -> FormerLog {
        FormerLog(author: author, seat: seat, last: last, told: last)
    }

    /// A correction that replaces what an entry wrote.
    private static func correction(_ number: Int, of record: Int, replacing: LogAddress) -> Draft {
        var draft = Fixture.draft(number, act: .correct, of: record)
        draft.writes = [Write(field: 1, place: 0, value: .integer(9), replaces: [Dot(at: replacing, place: 0)])]
        return draft
    }

    private func setAside(after common: LogAddress, last: EntryIndex, in store: TerritoryStore) throws {
        var turn = TerritoryTurn()
        turn.taken = [.setAside(after: common, last: last)]
        turn.formers = store.recovered.formers.map { former in
            var former = former
            if former.author == common.author { former.local = common.index }
            return former
        }
        try store.commit(turn)
    }

    private func next(_ bench: StoreBench) throws -> [MovedEntry] {
        let blind = BlindIndexKey(try #require(Secret([UInt8](repeating: 5, count: 32))))
        let catalogue = try Catalogue.embedded()
        let moving = Moving(store: bench.store, blind: blind, catalogue: { catalogue }) { _, _, _ in
            []
        } seal: { _, _, _ throws(StorageError) in
            throw .failed(file: "none", code: 0, message: "nothing here has a block")
        }
        guard case .moved(_, let entries)? = try moving.next(after: bench.role.state.last) else { return [] }
        return entries
    }

    private func move(_ entries: [MovedEntry], _ bench: inout StoreBench) throws {
        _ = try bench.run([.moved(first: bench.role.state.last + 1, entries)])
    }

    @Test func anEntryThatIsMovedTwiceSaysWhereItStoodFirst() throws {
        var first = try StoreBench(scratch)
        _ = try first.submit([Fixture.draft(0), Fixture.draft(1)])
        try first.store.close()
        var second = try StoreBench(scratch, seat: Self.seat(9, 2), formers: [Self.log(4, 1, last: 1)])
        try setAside(after: Self.at(4, 1), last: 2, in: second.store)
        let origin = try #require(try next(second).first).origin
        #expect(origin.at == Self.at(4, 2))
        try move(next(second), &second)
        try second.store.close()

        let third = try StoreBench(
            scratch, seat: Self.seat(10, 3), formers: [Self.log(4, 1, last: 1), Self.log(9, 2, last: 0)])
        try setAside(after: Self.at(9, 0), last: 1, in: third.store)
        let again = try #require(try next(third).first)
        #expect(again.origin == origin, "and not the place it was moved to once")
        #expect(again.stands == nil, "it stands nowhere: that place was set aside")
        // Another copy had moved it, too, and was heard: it comes back with that one's log.
        guard case .document(let document) = again.entry.body else { return }
        var back = TerritoryTurn()
        let entry = Entry(stamp: again.entry.stamp, seen: 0, body: .document(document), origin: origin)
        let appended = AppendedEntry(at: Self.at(9, 1), entry: entry, bytes: EntryCodec.encode(entry), indexed: nil)
        back.taken = [.former(appended, seat: 2)]
        try third.store.commit(back)
        #expect(try next(third).map(\.stands) == [Self.at(9, 1)], "one origin stands once")
    }

    @Test func whatIsAdoptedLaterNamesWhatWasMovedBeforeByWhereThatStandsNow() throws {
        var own = try StoreBench(scratch)
        var copy = try StoreBench(other)
        for number in [0, 1] {
            _ = try own.submit([Fixture.draft(number)])
            _ = try copy.submit([Fixture.draft(number)])
        }
        #expect(own.role.state.digest == copy.role.state.digest, "two copies of one log")
        _ = try copy.submit([Self.correction(4, of: 1, replacing: Self.at(4, 2))])
        try own.store.close()
        try copy.store.close()
        copy = try StoreBench(other)

        var restored = try StoreBench(scratch, seat: Self.seat(9, 2), formers: [Self.log(4, 1, last: 1)])
        try setAside(after: Self.at(4, 1), last: 2, in: restored.store)
        try move(next(restored), &restored)
        #expect(try restored.store.adopt(copy.store, isTrial: true).count == 1)
        #expect(try restored.store.adopt(copy.store, isTrial: false).count == 1)
        let moved = try next(restored)
        guard moved.count == 1, case .document(let document) = moved[0].entry.body else {
            Issue.record("the correction alone is left: \(moved)")
            return
        }
        #expect(document.writes.flatMap(\.replaces) == [Dot(at: Self.at(9, 1), place: 0)])
    }

    /// Of a record that another territory opened, and that was handed over: its opening comes with the downlink, and
    /// that comes after the former logs.
    @Test func aCorrectionThatComesBackBeforeItsRecordIsLinkedToItWhenThatComes() throws {
        let store = try StoreBench(scratch, seat: Self.seat(9, 2), formers: [Self.log(4, 1, last: 1)]).store
        let record = Fixture.identity(7)
        func appended(
            _ act: DocumentAct, at: LogAddress, indexed: AppendedEntry.Indexed? = nil
        ) -> AppendedEntry {
            let document = DocumentEntry(
                act: act, record: record, kind: "AD-1", edition: Day(20_000), number: Serial(year: 2026, serial: 1),
                sender: "SUBJ-1", document: "\(act)", writes: [], blocks: [])
            let entry = Entry(stamp: Stamp(bits: 5), seen: 0, body: .document(document))
            return AppendedEntry(at: at, entry: entry, bytes: EntryCodec.encode(entry), indexed: indexed)
        }
        var back = TerritoryTurn()
        back.taken = [.former(appended(.correct, at: Self.at(4, 1)), seat: 1)]
        try store.commit(back)
        let (opening, correction) = (Self.at(7, 3), Self.at(4, 1))
        #expect(try store.opening(of: correction) == correction, "nothing is known of its record")
        let known = KnownDocument(
            at: opening, content: Token(high: 0, low: 0), record: record, opening: opening,
            number: Serial(year: 2026, serial: 1), kind: "AD-1")
        let indexed = AppendedEntry.Indexed(identity: record, document: known, tokens: [])
        var down = TerritoryTurn()
        down.taken = [.entry(appended(.register, at: opening, indexed: indexed), nonceSalt: 1, keys: [])]
        try store.commit(down)
        #expect(try store.record(opening: opening).map(\.at) == [opening, correction])
        #expect(try store.opening(of: correction) == opening)
    }

    @Test func ofACopyWhatIsLeftOfItsFormerLogsAndWhatWaitsThereIsAdoptedToo() throws {
        var own = try StoreBench(scratch)
        var copy = try StoreBench(other)
        _ = try own.submit([Fixture.draft(0)])
        for number in [0, 1, 2] { _ = try copy.submit([Fixture.draft(number)]) }
        try own.store.close()
        try copy.store.close()
        // The copy was seated anew, wrote an entry, and was fenced before its former log was back.
        copy = try StoreBench(other, seat: Self.seat(9, 2), formers: [Self.log(4, 1, last: 1)])
        _ = try copy.submit([Fixture.draft(5)])
        try copy.store.close()
        copy = try StoreBench(other, seat: Self.seat(9, 2), formers: [Self.log(4, 1, last: 1)])
        let formers = [Self.log(4, 1, last: 1), Self.log(9, 2, last: 0)]
        let host = try StoreBench(scratch, seat: Self.seat(10, 3), formers: formers)
        #expect(try host.store.adopt(copy.store, isTrial: true).count == 3)
        // Or after it, and before what was set aside was moved.
        try setAside(after: Self.at(4, 1), last: 3, in: copy.store)
        try copy.store.close()
        copy = try StoreBench(other, seat: Self.seat(9, 2), formers: [Self.log(4, 1, last: 1)])
        #expect(try host.store.adopt(copy.store, isTrial: false).count == 3)
        #expect(try host.store.adopt(copy.store, isTrial: false).count == 0, "again changes nothing")
        #expect(try next(host).map(\.origin.at) == [Self.at(4, 2), Self.at(4, 3), Self.at(9, 1)])
    }

    @Test func whatTheIndexKnowsWhereAnotherStandsIsSeen() throws {
        var bench = try StoreBench(scratch)
        _ = try bench.submit([Fixture.draft(0), Fixture.draft(1)])
        var known: [RecordID: KnownDocument] = [:]
        for (place, number) in [0, 1].enumerated() {
            let bytes = try #require(try bench.store.entry(Self.at(4, EntryIndex(place + 1)))?.bytes)
            guard case .document(let document) = try EntryCodec.decode(bytes).body else { continue }
            let name = RecordName.id(sender: document.sender, document: document.document)
            known[RecordID(high: name.high, low: name.low)] = bench.index[Fixture.identity(number)]
        }
        #expect(known.count == 2)
        #expect(try bench.store.setAside(among: known).isEmpty)
        let identities = known.keys.sorted()
        (known[identities[0]], known[identities[1]]) = (known[identities[1]], known[identities[0]])
        #expect(try bench.store.setAside(among: known) == Set(identities))
    }
}
