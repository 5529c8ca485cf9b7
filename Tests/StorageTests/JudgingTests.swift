import Consensus
import Foundation
import Law
import Records
import Roles
import Storage
import Testing
import Wire

/// Rules of nation scope from the batch to the downlink: raised, kept back, withdrawn, raised anew.
struct JudgingTests {
    private let fixture: CentreFixture
    private let almaty: TestTerritory
    private let shymkent: TestTerritory
    private let heard = Heard()

    /// 2026-03-03, a Tuesday: the day of the fixture's clock.
    private static let today = Day(year: 2026, month: 3, day: 3)

    init() throws {
        fixture = try CentreFixture()
        almaty = try fixture.seat("KZ-75")
        shymkent = try fixture.seat("KZ-79")
    }

    /// How far the test has read each downlink.
    private final class Heard {
        var positions: [String: UInt64] = [:]
    }

    /// What a territory hears since it was asked last: `+V212E decision` raised, `-V212 decision` withdrawn.
    private func hears(_ territory: TestTerritory) throws -> [String] {
        let first = heard.positions[territory.territory, default: 1]
        let items = try fixture.store.downlink(of: territory.territory, from: first, maximumBytes: 1 << 20)
        heard.positions[territory.territory] = first + UInt64(items.count)
        return try items.flatMap { bytes -> [String] in
            guard case .receipts(let receipts) = try DownlinkItem(decoding: bytes) else { return [] }
            return receipts.findings.map { finding in
                finding.isWithdrawn
                    ? "-\(finding.code) \(finding.field)"
                    : "+\(finding.code)\(finding.severity == .error ? "E" : "W") \(finding.field)"
            }
        }
    }

    /// The leader's clock goes on by so many days, and says so in the log.
    private func pass(days: Int) throws {
        fixture.leaderMilliseconds += UInt64(days) * 86_400_000
        try fixture.apply([.own([])])
    }

    private func open(_ number: String) throws -> [String] {
        try #require(try fixture.store.record(number)).findings.map(\.finding.code)
    }

    private func suspend(_ document: String, case number: String) -> String {
        almaty.register(
            "CR-3", document,
            [
                ("decision", .text("SUSP-WANT")), ("decision_date", .day(Self.today)), ("case_no", .text(number)),
                ("doc_date", .day(Self.today)),
            ])
    }

    private func search(_ territory: TestTerritory, _ document: String, case number: String) -> String {
        territory.register(
            "WN-1", document,
            [("wanted_ground", .text("INQ")), ("started", .day(Self.today)), ("case_no", .text(number))]
                + person(iin: "850707100017", "Әбенова", "Әсел"))
    }

    private func accident(_ document: String, injured: Int64) -> String {
        almaty.register(
            "RA-1", document,
            [("dead", .integer(0)), ("injured", .integer(injured)), ("doc_date", .day(Self.today))])
    }

    private func victim(_ territory: TestTerritory, _ document: String, of accident: String) {
        territory.register(
            "RA-2", document, [("accident_ref", .text("MVD/" + accident)), ("injury", .text("LIGHT"))])
    }

    @Test func aSearchCardInTheSameBatchLeavesNothingToSay() throws {
        let number = suspend("D1", case: "75-1")
        _ = search(almaty, "W1", case: "75-1")
        try fixture.send(almaty)
        try pass(days: 5)
        #expect(try hears(almaty) == [])
        #expect(try open(number) == [])
    }

    @Test func aMissingSearchCardIsAWarningThenAnErrorThenWithdrawn() throws {
        let number = suspend("D1", case: "75-1")
        try fixture.send(almaty)
        #expect(try hears(almaty) == ["+V212W decision"])
        try pass(days: 1)
        #expect(try hears(almaty) == [], "the working day is not over")
        try pass(days: 1)
        #expect(try hears(almaty) == ["+V212E decision"])
        #expect(try open(number) == ["V212"])
        try pass(days: 1)
        #expect(try hears(almaty) == [], "said once")
        _ = search(shymkent, "W1", case: "75-1")
        try fixture.send(shymkent)
        #expect(try hears(almaty) == ["-V212 decision"])
        #expect(try open(number) == [])
    }

    @Test func aWarningEndsWithTheCardItWaitedForAndDoesNotComeBack() throws {
        _ = suspend("D1", case: "75-1")
        try fixture.send(almaty)
        _ = search(almaty, "W1", case: "75-1")
        try fixture.send(almaty)
        #expect(try hears(almaty) == ["+V212W decision", "-V212 decision"])
        try pass(days: 5)
        #expect(try hears(almaty) == [])
    }

    @Test func victimsMayComeWithinTheTermAndAreCountedAtItsEnd() throws {
        let whole = accident("A1", injured: 2)
        let lacking = accident("A2", injured: 2)
        try fixture.send(almaty)
        for name in ["P1", "P2"] { victim(shymkent, name, of: "A1") }
        victim(shymkent, "P3", of: "A2")
        try fixture.send(shymkent)
        #expect(try hears(almaty) == [])
        #expect(try hears(shymkent) == [])
        // Three working days from Tuesday 3 March: to Friday 6.
        try pass(days: 3)
        #expect(try hears(almaty) == [])
        try pass(days: 1)
        #expect(try hears(almaty) == ["+V604E dead"])
        #expect(try open(whole) == [])
        #expect(try open(lacking) == ["V604"])
        victim(shymkent, "P4", of: "A2")
        try fixture.send(shymkent)
        #expect(try hears(almaty) == ["-V604 dead"])
        #expect(try open(lacking) == [])
    }

    @Test func aVictimCorrectedAwayIsMissedWhereItStoodBefore() throws {
        _ = accident("A1", injured: 1)
        victim(almaty, "P1", of: "A1")
        try fixture.send(almaty)
        try pass(days: 7)
        let record = try #require(try fixture.store.record("2026/00000002"))
        let field = try #require(almaty.kind("RA-2").field(path: "accident_ref")).number
        almaty.amend(
            .correct, "RA-2", record: ("MVD", "P1"), "P1-a",
            try shown(record).correction([.set(field, .text("MVD/A9"))]))
        try fixture.send(almaty)
        #expect(try hears(almaty).sorted() == ["+V603E accident_ref"])
        try pass(days: 1)
        #expect(try hears(almaty) == ["+V604E dead"])
    }

    @Test func aCancelledSearchIsMissedAgain() throws {
        _ = suspend("D1", case: "75-1")
        _ = search(almaty, "W1", case: "75-1")
        try fixture.send(almaty)
        try pass(days: 5)
        almaty.amend(.cancel, "WN-1", record: ("MVD", "W1"), "W1-x", [])
        try fixture.send(almaty)
        #expect(try hears(almaty) == ["+V212W decision"])
        try pass(days: 1)
        #expect(try hears(almaty) == ["+V212E decision"])
    }

    @Test func aPersonsCardBeforeItsCaseIsAnErrorUntilTheCaseComes() throws {
        almaty.register("CR-2", "P1", [("status", .text("SUSP")), ("case_no", .text("79-5"))])
        try fixture.send(almaty)
        #expect(try hears(almaty) == ["+V206E case_no"])
        shymkent.register("CR-1", "O1", [("case_no", .text("79-5")), ("registration_no", .text("79-1"))])
        try fixture.send(shymkent)
        #expect(try hears(almaty) == ["-V206 case_no"])
    }

    @Test func anEndBeforeItsStartIsBlamedForTheDaysOnceTheStartIsKnown() throws {
        let number = almaty.register(
            "WN-2", "E1",
            [
                ("start_ref", .text("MVD/W1")), ("outcome", .text("DETAINED")),
                ("date", .day(Self.today.adding(days: -1))),
            ])
        try fixture.send(almaty)
        #expect(try hears(almaty) == ["+V403E start_ref"])
        _ = search(shymkent, "W1", case: "75-1")
        try fixture.send(shymkent)
        #expect(try hears(almaty) == ["-V403 start_ref", "+V404E date"])
        #expect(try open(number) == ["V404"])
    }

    @Test func aDoubleIsForgivenWhenTheOtherIsCancelled() throws {
        almaty.register("CR-1", "O1", [("registration_no", .text("7")), ("case_no", .text("7"))])
        almaty.register("CR-1", "O2", [("registration_no", .text("7")), ("case_no", .text("8"))])
        try fixture.send(almaty)
        #expect(try hears(almaty) == ["+V205E registration_no"])
        almaty.amend(.cancel, "CR-1", record: ("MVD", "O1"), "O1-x", [])
        try fixture.send(almaty)
        #expect(try hears(almaty) == ["-V205 registration_no"])
    }

    @Test func aCancelledRecordTakesItsFindingsWithIt() throws {
        let number = suspend("D1", case: "75-1")
        try fixture.send(almaty)
        almaty.amend(.cancel, "CR-3", record: ("MVD", "D1"), "D1-x", [])
        try fixture.send(almaty)
        #expect(try hears(almaty) == ["+V212W decision", "-V212 decision"])
        try pass(days: 5)
        #expect(try hears(almaty) == [])
        #expect(try open(number) == [])
    }

    @Test func aDeathThatComesLaterIsSaidOfTheSearch() throws {
        _ = search(almaty, "W1", case: "75-1")
        try fixture.send(almaty)
        shymkent.register(
            "RA-2", "P1",
            [("accident_ref", .text("MVD/A1")), ("injury", .text("DEAD-0"))]
                + person(iin: "850707100017", "Әбенова", "Әсел"))
        try fixture.send(shymkent)
        #expect(try hears(almaty) == ["+V405W person"])
    }

    @Test func anObjectionIsToBeRepliedToInFifteenWorkingDays() throws {
        let kind = almaty.kind("IN-3")
        let objections = try #require(kind.field(path: "objections"))
        func member(_ path: String) throws -> FieldNumber {
            try #require(objections.members.first { $0.path == path }).number
        }
        func objection(replied: Day? = nil) throws -> Value {
            var members: [Value.Member] = [
                .init(field: try member("received_on"), value: .day(Self.today)),
                .init(field: try member("text"), value: .text("Келіспейміз")),
            ]
            if let replied { members.append(.init(field: try member("replied_on"), value: .day(replied))) }
            return .group(members.sorted { $0.field < $1.field })
        }
        // Fifteen working days after Tuesday 3 March, with the holidays of March between: Monday 30.
        let due = fixture.catalogue.newest.calendar.adding(workingDays: 15, to: Self.today)
        for name in ["R1", "R2"] {
            almaty.register(
                "IN-3", name, [("objections", try objection()), ("reply_due", .day(due)), ("regime", .text("94V"))])
        }
        try fixture.send(almaty)
        _ = try hears(almaty)
        let record = shown(try #require(try fixture.store.record("2026/00000002")))
        almaty.amend(
            .correct, "IN-3", record: ("MVD", "R2"), "R2-a",
            try record.correction([
                .remove(objections.number, try objection()),
                .add(objections.number, try objection(replied: Self.today.adding(days: 2))),
            ]))
        try fixture.send(almaty)
        try pass(days: Int(due.number - Self.today.number))
        #expect(try hears(almaty) == [], "the fifteenth working day is not over")
        try pass(days: 1)
        #expect(try hears(almaty) == ["+R701W objections"])
        #expect(try open("2026/00000001") == ["R701"])
        let late = shown(try #require(try fixture.store.record("2026/00000001")))
        almaty.amend(
            .correct, "IN-3", record: ("MVD", "R1"), "R1-a",
            try late.correction([
                .remove(objections.number, try objection()), .add(objections.number, try objection(replied: due)),
            ]))
        try fixture.send(almaty)
        #expect(try hears(almaty) == ["-R701 objections"])
    }

    @Test func aRuleBrokenOnlyByTwoCorrectionsTogetherGoesToTheLaterCorrector() throws {
        almaty.register(
            "CR-3", "D1",
            [
                ("decision", .text("COURT")), ("case_no", .text("1")), ("doc_date", .day(Self.today)),
                ("registered_on", .day(Self.today)), ("decision_date", .day(Self.today)),
            ])
        try fixture.send(almaty)
        let before = shown(try #require(try fixture.store.record("2026/00000001")))
        let kind = almaty.kind("CR-3")
        let decision = try #require(kind.field(path: "decision_date")).number
        almaty.amend(
            .correct, "CR-3", record: ("MVD", "D1"), "D1-a",
            try before.correction([.set(decision, .day(Self.today.adding(days: -3)))]))
        try fixture.send(almaty)
        let findings = try hears(almaty)
        #expect(findings.contains("+V210E decision_date"), "\(findings)")
        let torn = shown(try #require(try fixture.store.record("2026/00000001")))
        almaty.amend(
            .correct, "CR-3", record: ("MVD", "D1"), "D1-b", try torn.correction([.set(decision, .day(Self.today))]))
        try fixture.send(almaty)
        #expect(try hears(almaty) == ["-V210 decision_date"])
    }

    @Test func endedGracesAreJudgedInSlicesAndAlikeAtEveryVoter() throws {
        let other = try CentreFixture()
        let there = try other.seat("KZ-75")
        for (fixture, territory) in [(fixture, almaty), (other, there)] {
            for number in 0..<20 {
                territory.register(
                    "RA-1", "A\(number)",
                    [("dead", .integer(1)), ("injured", .integer(0)), ("doc_date", .day(Self.today))])
            }
            try fixture.send(territory)
        }
        // One of the two is closed and opened between: what it knows stands in its file.
        try other.reopen()
        for fixture in [fixture, other] {
            fixture.leaderMilliseconds += 30 * 86_400_000
            try fixture.apply([.own([])])
        }
        func findings(_ store: CentreStore) throws -> [String] {
            try (1...20).map { number in
                let record = try store.record("2026/\(String(repeating: "0", count: number < 10 ? 7 : 6))\(number)")
                return record?.findings.map { "\($0.at.index) \($0.finding.code)" }.joined() ?? "none"
            }
        }
        let here = try findings(fixture.store)
        #expect(here.allSatisfy { $0.hasSuffix("V604") }, "\(here)")
        #expect(try findings(other.store).map { $0.suffix(4) } == here.map { $0.suffix(4) })
    }

    private func shown(_ record: CentreStore.StoredRecord) -> RecordView {
        var state = RecordState()
        for one in record.documents {
            state.apply(one.entry, at: one.at, stamp: one.stamp, opened: one.openedWrites)
        }
        let kind = almaty.kind(record.kind)
        return state.view { kind.field($0)?.accumulates ?? false }
    }
}
