import Accounts
import Foundation
import Law
import Records
import Roles
import Storage
import TestSupport
import Testing
import Wire

/// Records of nobody named: held against each other as they come, proposed, and never joined by machine.
struct LikenessTests {
    private let fixture: CentreFixture
    private let almaty: TestTerritory

    init() throws {
        fixture = try CentreFixture()
        almaty = try fixture.seat("KZ-75")
    }

    private static let marks: [(String, Value)] = [
        ("description.height_min", .integer(172)), ("description.height_max", .integer(176)),
        ("description.build", .text("THIN")), ("description.hair", .text("тёмные волосы")),
        ("description.tattoos", .text("якорь на левом плече")),
    ]

    private func missing(_ document: String, sex: String = "M", age: Int64 = 40) throws {
        almaty.register(
            "MS-1", document,
            [
                ("missing_kind", .text("MISS")), ("last_seen_at", .day(Day(20_500))), ("age", .integer(age)),
                ("region", .text("KZ-75")), ("person.sex", .text(sex)), ("doc_date", .day(Day(20_510))),
            ] + Self.marks + person(iin: nil, "Серіков", "Ержан", birth: "1986-01-0\(1 + age % 9)"))
        try fixture.send(almaty)
    }

    private func corpse(
        _ document: String, sex: String = "M", least: Int64 = 35, on day: Int32 = 20_512, marks: Bool = true
    ) throws {
        almaty.register(
            "UC-1", document,
            [
                ("found_at", .day(Day(day))), ("sex", .text(sex)), ("age.min", .integer(least)),
                ("age.max", .integer(least + 10)), ("region", .text("KZ-75")),
            ] + (marks ? Self.marks : []))
        try fixture.send(almaty)
    }

    private func pairs() throws -> [CentreStore.CandidatePair] { try fixture.store.candidates(of: nil, limit: 50) }

    private func review(_ pair: CentreStore.CandidatePair, _ verdict: SubjectAct.Verdict) throws -> OwnOutcomeKind {
        let act = SubjectAct.judge(pair.numbers[0], pair.numbers[1], verdict)
        return OwnOutcomeKind(
            try fixture.own(
                .access(
                    AccessEntry(officer: "operator", action: act.action, subjects: [], position: 0, block: nil))))
    }

    @Test func theLikestComesFirstAndWhoeverContradictsIsNotProposed() throws {
        try missing("M1")
        try corpse("U1", marks: false)
        try corpse("U2")
        try corpse("U3", sex: "F")
        try corpse("U4", least: 60)
        // Found before he was last seen.
        try corpse("U5", on: 20_400)
        let found = try pairs()
        #expect(found.map { $0.numbers[1].serial } == [3, 2])
        #expect(found.allSatisfy { $0.kinds == ["MS-1", "UC-1"] && $0.verdict == nil })
        #expect(found[0].likeness > found[1].likeness)
        #expect(try fixture.store.candidates(of: Serial(year: 2026, serial: 2), limit: 5).count == 1)
    }

    @Test func whicheverCardComesFirstThePairIsTheSame() throws {
        try corpse("U1")
        try missing("M1")
        let one = try pairs().map(\.likeness)
        try missing("M2")
        try corpse("U2")
        #expect(try pairs().map(\.likeness) == [one[0], one[0], one[0], one[0]])
    }

    @Test func aPersonWhoIsFoundLeavesTheList() throws {
        try missing("M1")
        try corpse("U1")
        #expect(try pairs().count == 1)
        almaty.register(
            "MS-2", "E1",
            [("start_ref", .text("MVD/M1")), ("outcome", .text("FOUND-A")), ("date", .day(Day(20_514)))])
        try fixture.send(almaty)
        #expect(try pairs().isEmpty)
        // And is held against nobody who comes later.
        try corpse("U2")
        #expect(try pairs().isEmpty)
    }

    @Test func aVerdictIsAnActAndARejectedPairLeavesTheList() throws {
        try missing("M1")
        try corpse("U1")
        let pair = try #require(try pairs().first)
        #expect(try review(pair, .reviewed) == .recorded)
        #expect(try pairs().map(\.verdict) == [.reviewed])
        #expect(try review(pair, .rejected) == .recorded)
        #expect(try pairs().isEmpty)
        // What it says does not change: it is not proposed again.
        almaty.amend(.correct, "UC-1", record: ("MVD", "U1"), "U1-x", [])
        try fixture.send(almaty)
        #expect(try pairs().isEmpty)
        var other = pair
        other.numbers[1].serial = 999
        #expect(try review(other, .rejected) == .refused("no-candidate"))
        #expect(try fixture.store.accounts(type: "5", limit: 5).map(\.state) == ["UNKNOWN"])
    }

    // MARK: V412

    private func pass(days: Int) throws {
        fixture.leaderMilliseconds += UInt64(days) * 86_400_000
        try fixture.apply([.own([])])
    }

    /// Open findings as `number other`.
    private func overdue() throws -> [String] {
        try fixture.store.findings(.init(code: "V412", isOpen: true), limit: 50).map {
            #expect($0.finding.severity == .warning && $0.finding.path == "description")
            return "\($0.kind) \($0.number.serial) \($0.finding.other)"
        }
    }

    @Test func aPairNobodyLookedAtInTenDaysIsSaidOfBothRecords() throws {
        try missing("M1")
        try pass(days: 3)
        try corpse("U1")
        try pass(days: 10)
        #expect(try overdue() == [], "the tenth day is not over")
        try pass(days: 1)
        #expect(try overdue() == ["MS-1 1 MVD/U1", "UC-1 2 MVD/M1"])
        // A second pair of the same corpse has its own term.
        try missing("M2", age: 41)
        #expect(try overdue().count == 2)
        try pass(days: 11)
        #expect(try overdue() == ["MS-1 1 MVD/U1", "UC-1 2 MVD/M1", "UC-1 2 MVD/M2", "MS-1 3 MVD/U1"])
        #expect(try review(try #require(try pairs().first), .reviewed) == .recorded)
        #expect(try overdue().count == 2)
        let findings = try fixture.store.downlink(of: "KZ-75", from: 1, maximumBytes: 1 << 20).flatMap {
            bytes -> [String] in
            guard case .receipts(let receipts) = try DownlinkItem(decoding: bytes) else { return [] }
            return receipts.findings.filter { $0.code == "V412" }.map { $0.isWithdrawn ? "-" : "+" }
        }
        #expect(findings.sorted() == ["+", "+", "+", "+", "-", "-"], "the territory hears of each, once")
    }

    @Test func aPairLookedAtInTimeIsNeverOverdue() throws {
        try missing("M1")
        try corpse("U1")
        try pass(days: 9)
        #expect(try review(try #require(try pairs().first), .reviewed) == .recorded)
        try pass(days: 30)
        #expect(try overdue() == [])
    }

    @Test func aPairThatIsNoneAnyMoreIsNotOverdue() throws {
        try missing("M1")
        try corpse("U1")
        try pass(days: 11)
        #expect(try overdue().count == 2)
        almaty.register(
            "MS-2", "E1",
            [("start_ref", .text("MVD/M1")), ("outcome", .text("FOUND-A")), ("date", .day(Day(20_514)))])
        try fixture.send(almaty)
        #expect(try overdue() == [])
        try corpse("U2")
        try missing("M2")
        try pass(days: 11)
        #expect(try overdue().count == 4)
        almaty.amend(.cancel, "UC-1", record: ("MVD", "U2"), "U2-x", [])
        try fixture.send(almaty)
        #expect(try overdue() == ["UC-1 2 MVD/M2", "MS-1 5 MVD/U1"])
    }

    @Test func proposalsTogetherInATurnProposeAsOneByOne() throws {
        try missing("M1")
        try corpse("U1")
        try missing("M2")
        try pass(days: 11)
        try corpse("U2")
        let other = try CentreFixture()
        try other.replay(fixture.history, inGroupsOf: 50, reopening: false)
        let here = try fixture.store.stateDigests().tables.map { "\($0.name) \($0.digest)" }
        let there = try other.store.stateDigests().tables.map { "\($0.name) \($0.digest)" }
        #expect(here == there)
    }

    @Test func afterARestartTheOpenOnesAreComparedAgain() throws {
        try missing("M1")
        try fixture.reopen()
        try corpse("U1")
        #expect(try pairs().count == 1)
    }

    @Test func noMarkStandsInClearInAnyFile() throws {
        try missing("M1")
        try corpse("U1")
        #expect(try pairs().count == 1)
        for name in try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path) {
            let bytes = try Data(contentsOf: fixture.folder.appendingPathComponent(name))
            #expect(bytes.range(of: Data("якорь".utf8)) == nil, "\(name)")
        }
    }
}
