import Law
import Storage
import Testing
import Wire

/// The lists of findings and of what should stand beside another card: kept up as entries are applied, by body and
/// territory.
struct FindingListTests {
    private let fixture: CentreFixture
    private let almaty: TestTerritory
    private let abai: TestTerritory

    /// 2026-03-03, a Tuesday: the day of the fixture's clock.
    private static let today = Day(year: 2026, month: 3, day: 3)

    init() throws {
        fixture = try CentreFixture()
        almaty = try fixture.seat("KZ-75")
        abai = try fixture.seat("KZ-10")
    }

    private func pass(days: Int) throws {
        fixture.leaderMilliseconds += UInt64(days) * 86_400_000
        try fixture.apply([.own([])])
    }

    /// `code kind territory body state` of each line.
    private func lines(_ query: CentreStore.FindingQuery, limit: Int = 100) throws -> [String] {
        try fixture.store.findings(query, limit: limit).map { line in
            let state = line.withdrawn == nil ? "open" : "withdrawn"
            return "\(line.finding.code) \(line.kind) \(line.territory) \(line.body) \(state)"
        }
    }

    /// A traffic case, criminal or administrative, with injury; a search begun; a fine to be paid.
    private func cases() throws {
        almaty.register(
            "CR-1", "road-1", sender: "POLICE",
            [
                ("marks", .text("ROAD")), ("case_no", .text("75-1")), ("registration_no", .text("75-1")),
                ("doc_date", .day(Self.today)),
            ])
        abai.register(
            "AD-1", "road-2", sender: "ROADS",
            [("marks", .text("ROAD")), ("case_no", .text("10-1")), ("doc_date", .day(Self.today))])
        almaty.register(
            "CR-3", "hides-1", sender: "POLICE",
            [
                ("decision", .text("SUSP-WANT")), ("decision_date", .day(Self.today)), ("case_no", .text("75-2")),
                ("doc_date", .day(Self.today)),
            ])
        abai.register(
            "AD-1", "fine-1", sender: "ROADS",
            [
                ("outcome", .text("FINE")), ("paid_voluntarily_until", .day(Self.today.adding(days: 7))),
                ("case_no", .text("10-2")), ("doc_date", .day(Self.today)),
            ])
        try fixture.send(almaty)
        try fixture.send(abai)
    }

    @Test func whatIsWithinItsTermIsNotListedAndWhatIsOverdueIs() throws {
        try cases()
        // A search that is missing is a warning at once.
        #expect(try lines(.init(isReconciliation: true)) == ["V212 CR-3 KZ-75 POLICE open"])
        // The road cases have one working day, and the day itself: Thursday.
        try pass(days: 2)
        #expect(
            try lines(.init(isReconciliation: true)) == [
                "V607 CR-1 KZ-75 POLICE open", "V212 CR-3 KZ-75 POLICE open", "V607 AD-1 KZ-10 ROADS open",
            ])
        // The fine was to be paid until the tenth; three working days more: Friday 13.
        try pass(days: 8)
        #expect(try !lines(.init(isReconciliation: true)).contains { $0.hasPrefix("R501") })
        try pass(days: 1)
        #expect(try lines(.init(code: "R501")) == ["R501 AD-1 KZ-10 ROADS open"])
    }

    @Test func aListIsNarrowedByBodyTerritoryRuleAndCard() throws {
        try cases()
        try pass(days: 20)
        #expect(try lines(.init(isOpen: true, isReconciliation: true)).count == 4)
        #expect(
            try lines(.init(territory: "KZ-10")) == ["V607 AD-1 KZ-10 ROADS open", "R501 AD-1 KZ-10 ROADS open"])
        #expect(
            try lines(.init(body: "POLICE")) == ["V607 CR-1 KZ-75 POLICE open", "V212 CR-3 KZ-75 POLICE open"])
        #expect(
            try lines(.init(code: "V607", kind: "AD-1")) == ["V607 AD-1 KZ-10 ROADS open"])
        #expect(try lines(.init(territory: "KZ-75", body: "ROADS")) == [])
        #expect(try lines(.init(isReconciliation: true), limit: 2).count == 2)
    }

    @Test func whatComesAfterAllLeavesTheListAndStaysInTheRecord() throws {
        try cases()
        try pass(days: 20)
        abai.register("RA-1", "ra-1", [("dead", .integer(1)), ("case_no", .text("10-1"))])
        abai.register("AD-2", "ad-2", [("decision_ref", .text("ROADS/fine-1")), ("state", .text("PAID"))])
        abai.register(
            "WN-1", "wn-1",
            [("wanted_ground", .text("INQ")), ("started", .day(Self.today)), ("case_no", .text("75-2"))])
        try fixture.send(abai)
        #expect(
            try lines(.init(isOpen: true, isReconciliation: true)).filter { !$0.contains("RA-1") } == [
                "V607 CR-1 KZ-75 POLICE open"
            ])
        #expect(
            try lines(.init(territory: "KZ-10", isReconciliation: true)).filter { !$0.contains("RA-1") } == [
                "V607 AD-1 KZ-10 ROADS withdrawn", "R501 AD-1 KZ-10 ROADS withdrawn",
            ])
        let all = try fixture.store.findings(.init(code: "V607", kind: "AD-1"), limit: 9)
        let line = try #require(all.first)
        #expect(all.count == 1 && line.raised <= line.withdrawn ?? line.raised)
    }

    /// What is there and should not be is a finding, and nothing to reconcile.
    @Test func findingsOfPresenceStandOnTheFirstListAlone() throws {
        for name in ["O1", "O2"] {
            almaty.register(
                "CR-1", name, sender: "POLICE", [("registration_no", .text("7")), ("case_no", .text("7"))])
        }
        try fixture.send(almaty)
        #expect(try lines(.init()) == ["V205 CR-1 KZ-75 POLICE open"])
        #expect(try lines(.init(isReconciliation: true)) == [])
    }

    /// Rules that compare beyond the numbered ones stand on the centre's list; no territory hears of them.
    @Test func aFineOverdueIsToldToNobody() throws {
        try cases()
        try pass(days: 2)
        let before = try fixture.store.downlink(of: "KZ-10", from: 1, maximumBytes: 1 << 20).count
        try pass(days: 18)
        #expect(try lines(.init(code: "R501", isOpen: true)).count == 1)
        #expect(try fixture.store.downlink(of: "KZ-10", from: 1, maximumBytes: 1 << 20).count == before)
    }
}
