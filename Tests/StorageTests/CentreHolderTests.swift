import Law
import Records
import Roles
import Storage
import Testing
import Vault
import Wire

/// Cases that are handed over, and bodies that are closed.
@Suite struct CentreHolderTests {
    private let act = Decision.Act(
        number: "12-o", date: Day(year: 2026, month: 3, day: 1), basis: "CPC art. 187", officer: "operator")

    private func items(_ fixture: CentreFixture, _ territory: String) throws -> [DownlinkItem] {
        try fixture.store.downlink(of: territory, from: 1, maximumBytes: 1 << 20).map {
            try DownlinkItem(decoding: $0)
        }
    }

    /// Entries of others that went down, by address, and how many keys with each.
    private func entries(_ fixture: CentreFixture, _ territory: String) throws -> [LogAddress: Int] {
        var found: [LogAddress: Int] = [:]
        for case .entry(let entry) in try items(fixture, territory) where entry.at.author != .centre {
            found[entry.at] = entry.granted.count
        }
        return found
    }

    private func id(_ document: String) -> RecordID {
        let name = RecordName.id(sender: "MVD", document: document)
        return RecordID(high: name.high, low: name.low)
    }

    private func transfer(
        _ fixture: CentreFixture, _ document: String, to territory: String, releasing: [LogAddress] = []
    ) throws -> OwnOutcome {
        try fixture.own(
            .control(
                .transferred(RecordTransfer(record: id(document), to: territory, releases: releasing, act: act))))
    }

    private func correct(_ fixture: CentreFixture, _ territory: TestTerritory, _ document: String, _ own: String) throws
    {
        let field = try #require(territory.kind("CR-1").field(path: "victims_count"))
        territory.amend(
            .correct, "CR-1", record: ("MVD", document), own,
            [Write(field: field.number, place: 0, value: .integer(7))])
        try fixture.send(territory)
    }

    @Test func aNewHolderGetsTheWholeHistoryWithItsKeysAndNobodyElseGetsAnything() throws {
        let fixture = try CentreFixture()
        let (giver, taker) = (try fixture.seat("KZ-75"), try fixture.seat("KZ-10"))
        _ = try fixture.seat("KZ-79")
        let number = giver.register("CR-1", "1/26", [("victims_count", .integer(2))])
        let opening = giver.last
        giver.register("CR-1", "2/26", [])
        try fixture.send(giver)
        try correct(fixture, giver, "1/26", "1/26-c")
        let correction = giver.last
        #expect(try entries(fixture, "KZ-10").isEmpty)

        guard case .recorded = try transfer(fixture, "1/26", to: "KZ-10") else {
            Issue.record("the transfer was refused")
            return
        }
        // Both entries of the record with the key of their one block, none of the other record.
        #expect(try entries(fixture, "KZ-10") == [opening: 1, correction: 1])
        #expect(try entries(fixture, "KZ-79").isEmpty)
        #expect(try entries(fixture, "KZ-75").isEmpty, "the giver has them already")
        let called = try items(fixture, "KZ-10").compactMap { if case .held(let held) = $0 { held } else { nil } }
        #expect(called.map(\.opening) == [opening] && called.first?.territory == "KZ-75")
        let confirmed = try #require(try fixture.store.record(number)).confirmed
        #expect(called.first?.confirmed == confirmed)

        // What is written later goes to all holders but the writer.
        try correct(fixture, taker, "1/26", "from the taker")
        #expect(try entries(fixture, "KZ-75")[taker.last] == 1)
        try correct(fixture, giver, "1/26", "from the giver")
        #expect(try entries(fixture, "KZ-10")[giver.last] == 1)
        #expect(try entries(fixture, "KZ-79").isEmpty)
        #expect(try fixture.store.holders(of: opening.packed).territories == ["KZ-10", "KZ-75"])
    }

    @Test func aReleasedHolderGetsNothingMore() throws {
        let fixture = try CentreFixture()
        let (giver, taker) = (try fixture.seat("KZ-75"), try fixture.seat("KZ-10"))
        giver.register("CR-1", "1/26", [])
        let opening = giver.last
        try fixture.send(giver)
        _ = try transfer(fixture, "1/26", to: "KZ-10", releasing: [opening])
        #expect(try fixture.store.holders(of: opening.packed).territories == ["KZ-10"])
        try correct(fixture, taker, "1/26", "c")
        #expect(try entries(fixture, "KZ-75").isEmpty)
        // Given back, it gets what it has missed.
        _ = try transfer(fixture, "1/26", to: "KZ-75")
        #expect(try entries(fixture, "KZ-75")[taker.last] == 1)
    }

    @Test func aTransferToNobodyIsRefused() throws {
        let fixture = try CentreFixture()
        let giver = try fixture.seat("KZ-75")
        giver.register("CR-1", "1/26", [])
        try fixture.send(giver)
        for (document, territory) in [("1/26", "KZ-10"), ("9/26", "KZ-75"), ("1/26", "centre")] {
            guard case .refused = try transfer(fixture, document, to: territory) else {
                Issue.record("\(document) went to \(territory)")
                continue
            }
        }
        _ = try fixture.own(.control(.territory(TerritoryAct(verb: .added, territory: "KZ-10", act: act))))
        guard case .recorded = try transfer(fixture, "1/26", to: "KZ-10") else {
            Issue.record("a body that was added holds records before its node joins")
            return
        }
    }

    // MARK: Bodies

    private func body(
        _ fixture: CentreFixture, _ verb: TerritoryAct.Verb, _ territory: String, successor: String = ""
    ) throws -> OwnOutcome {
        try fixture.own(
            .control(.territory(TerritoryAct(verb: verb, territory: territory, successor: successor, act: act))))
    }

    @Test func aClosedBodysRecordsGoToItsSuccessorPartByPart() throws {
        let fixture = try CentreFixture()
        let (closed, successor) = (try fixture.seat("KZ-47"), try fixture.seat("KZ-61"))
        let count = 450
        for number in 1...count { closed.register("CR-1", "\(number)/26", []) }
        try fixture.send(closed)
        guard case .recorded = try body(fixture, .retired, "KZ-47", successor: "KZ-61") else {
            Issue.record("not closed")
            return
        }
        var parts = 0
        while try fixture.store.bodies().first(where: { $0.code == "KZ-47" })?.handed != nil {
            _ = try body(fixture, .handed, "KZ-47", successor: "KZ-61")
            parts += 1
        }
        #expect(parts == 3)
        #expect(try entries(fixture, "KZ-61").count == count)
        let held = try items(fixture, "KZ-61").filter { if case .held = $0 { true } else { false } }
        #expect(held.count == count)
        let anchor = LogAddress(author: closed.author, index: 2).packed
        #expect(try fixture.store.holders(of: anchor).territories == ["KZ-61"])
        // Once more, nothing is left to hand over.
        guard case .refused = try body(fixture, .handed, "KZ-47", successor: "KZ-61") else {
            Issue.record("handed twice")
            return
        }
        _ = successor
    }

    /// The same document came through two territories: the record is as much the second's, whichever it counts for.
    @Test(arguments: [false, true])
    func aRecordThatAClosedBodyAndAnotherOpenedGoesToItsSuccessorAsWell(closedCameFirst: Bool) throws {
        let fixture = try CentreFixture()
        let (first, closed) = (try fixture.seat("KZ-75"), try fixture.seat("KZ-47"))
        _ = try fixture.seat("KZ-61")
        for territory in [first, closed] { territory.register("CR-1", "1/26", []) }
        for territory in closedCameFirst ? [closed, first] : [first, closed] { try fixture.send(territory) }
        _ = try body(fixture, .retired, "KZ-47", successor: "KZ-61")
        #expect(try fixture.store.recordsEverHeld(by: "KZ-47") == 1)
        _ = try body(fixture, .handed, "KZ-47", successor: "KZ-61")
        let anchor = LogAddress(author: (closedCameFirst ? closed : first).author, index: 2).packed
        #expect(try fixture.store.holders(of: anchor).territories == ["KZ-61", "KZ-75"])
        #expect(try entries(fixture, "KZ-61").count == 2)
    }

    @Test func recordsGoPastASuccessorThatWasClosedBeforeTheyWereHandedOver() throws {
        let fixture = try CentreFixture()
        let closed = try fixture.seat("KZ-47")
        for territory in ["KZ-61", "KZ-62"] { _ = try fixture.seat(territory) }
        closed.register("CR-1", "1/26", [])
        try fixture.send(closed)
        for (body, successor) in [("KZ-47", "KZ-61"), ("KZ-61", "KZ-62")] {
            _ = try self.body(fixture, .retired, body, successor: successor)
        }
        for body in ["KZ-61", "KZ-47"] { _ = try self.body(fixture, .handed, body) }
        let anchor = LogAddress(author: closed.author, index: 2).packed
        #expect(try fixture.store.holders(of: anchor).territories == ["KZ-62"])
        #expect(try entries(fixture, "KZ-62").count == 1)
    }

    @Test func aClosedNodeThatAsksIsNotSeatedAnew() throws {
        let fixture = try CentreFixture()
        for (territory, verb) in [("KZ-47", TerritoryAct.Verb.retired), ("KZ-75", .reseated)] {
            let old = try fixture.seat(territory)
            _ = try body(fixture, verb, territory)
            let asked = try fixture.own(
                .control(
                    .reseated(
                        secretHash: Array("seed of \(territory)".utf8), name: "n", territory: territory,
                        former: old.author, cause: .behind, author: AuthorNumber(0), seat: 0)))
            guard case .refused("closed", _) = asked else {
                Issue.record("\(territory) \(verb): \(asked)")
                continue
            }
        }
    }

    @Test func nothingOfAClosedBodysLogIsTakenAndNoNodeOfItJoins() throws {
        let fixture = try CentreFixture()
        let closed = try fixture.seat("KZ-47")
        closed.register("CR-1", "1/26", [])
        try fixture.send(closed)
        _ = try body(fixture, .retired, "KZ-47")
        closed.register("CR-1", "2/26", [])
        guard case .rejected(_, let reason) = try fixture.send(closed) else {
            Issue.record("a closed body's batch was taken")
            return
        }
        #expect(reason == "KZ-47 was closed by act 12-o of 2026-03-01")
        let seat = try #require(try fixture.store.seat(of: closed.author))
        #expect(seat.closed == reason)
        let hash = Array("late".utf8)
        _ = try fixture.own(
            .control(
                .tokenIssued(
                    hash: hash, role: "territory", territory: "KZ-47",
                    expires: fixture.leaderMilliseconds + 3_600_000, officer: "o")))
        let joined = try fixture.own(
            .control(
                .seated(
                    tokenHash: hash, name: "kz-47-2", role: "territory", territory: "KZ-47", author: AuthorNumber(0),
                    seat: 0)))
        guard case .refused("territory-closed", _) = joined else {
            Issue.record("\(joined)")
            return
        }
    }

    @Test func aBodyThatIsReseatedGoesOnWithANewNode() throws {
        let fixture = try CentreFixture()
        let old = try fixture.seat("KZ-75")
        old.register("CR-1", "1/26", [])
        try fixture.send(old)
        _ = try body(fixture, .reseated, "KZ-75")
        old.register("CR-1", "2/26", [])
        guard case .rejected = try fixture.send(old) else {
            Issue.record("the old node was heard")
            return
        }
        let new = try fixture.seat("KZ-75")
        #expect(new.seat == 2)
        new.register("CR-1", "3/26", [])
        guard case .advanced = try fixture.send(new) else {
            Issue.record("the new node was not heard")
            return
        }
    }

    @Test func actsThatMakeNoSenseAreRefused() throws {
        let fixture = try CentreFixture()
        _ = try fixture.seat("KZ-47")
        for (verb, territory, successor) in [
            (TerritoryAct.Verb.added, "KZ-47", ""), (.retired, "KZ-99", ""), (.retired, "KZ-47", "KZ-47"),
            (.retired, "KZ-47", "KZ-99"), (.reseated, "KZ-99", ""),
        ] {
            guard case .refused = try body(fixture, verb, territory, successor: successor) else {
                Issue.record("\(verb) \(territory) \(successor)")
                continue
            }
        }
    }
}
