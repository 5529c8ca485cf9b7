import Law
import Records
import Reports
import Storage
import Testing

/// What is computed of other values follows their corrections; what tells of a record's history counts by its day.
struct RecomputedTests {
    private let fixture: CentreFixture
    private let almaty: TestTerritory
    private let abai: TestTerritory

    init() throws {
        fixture = try CentreFixture()
        almaty = try fixture.seat("KZ-75")
        abai = try fixture.seat("KZ-10")
    }

    /// The whole figure of the nation.
    private func figure(_ indicator: String, of form: String, _ period: String) throws -> String? {
        let edition = fixture.catalogue.newest
        let counting = try FormCounting(
            form: try #require(edition.form(form)), edition: edition, period: try #require(ReportPeriod(period)))
        let answers = try fixture.store.count(counting.plans).answers
        return counting.report(territories: [], answers: answers).figures.first {
            $0.indicator == indicator && $0.territory == nil && $0.cut == nil
        }?.text
    }

    /// An example of the catalogue as intake takes it, its computed values with it.
    private func registerExample(_ kind: String, by territory: TestTerritory) throws -> CheckedDocument {
        var checker = Checker(catalogue: fixture.catalogue)
        let example = try #require(fixture.catalogue.newest.kind(kind)?.example)
        let context = CheckContext(territory: nil, receivedMilliseconds: CentreFixture.noon + 200 * 86_400_000)
        guard case .accepted(let document) = checker.check(Array(example.utf8), in: context) else {
            throw CancellationError()
        }
        territory.register(document.kind, document.document, sender: document.sender, document.values)
        return document
    }

    private func correct(
        _ document: CheckedDocument, _ name: String, _ path: String, _ value: Value, by territory: TestTerritory
    ) throws {
        let field = try #require(document.kind.field(path: path)).number
        let place = try #require(document.values.firstIndex { $0.field == field })
        let opening = LogAddress(author: almaty.author, index: 2)
        territory.amend(
            .correct, document.kind.code, record: (document.sender, document.document), name,
            [Write(field: field, place: 0, value: value, replaces: [Dot(at: opening, place: UInt16(place))])])
    }

    @Test func aCorrectedAmountIsCountedInTenge() throws {
        let fine = try registerExample("AD-1", by: almaty)
        try fixture.send(almaty)
        let before = try #require(try figure("1AD.03.SUM", of: "1-AD", "2026-Q1"))
        #expect(before != "77700.00" && before != "0.00")
        try correct(fine, "a-1", "fine.amount", .decimal(unscaled: 77_700_00, scale: 2), by: almaty)
        try fixture.send(almaty)
        #expect(try figure("1AD.03.SUM", of: "1-AD", "2026-Q1") == "77700.00")
        #expect(try fixture.store.verifyAccounts().holds)
    }

    /// The birth date lies sealed; what is computed of it is a fact.
    @Test func aCorrectedBirthDateMakesAMinor() throws {
        let person = try registerExample("CR-2", by: almaty)
        try fixture.send(almaty)
        func minors() throws -> Int64 {
            let kind = try #require(fixture.catalogue.newest.kind("CR-2"))
            let minor = try #require(kind.factColumns.first { $0.name == "minor" })
            let plan = CountPlan(
                kind: "CR-2", test: .isOneOf(minor, [.integer(1)]), accounted: nil, joins: [], measure: .rows,
                groups: [])
            return try fixture.store.count(plan).first?.value ?? 0
        }
        #expect(try minors() == 0)
        try correct(person, "p-1", "person.birth_date", .day(Day(year: 2009, month: 7, day: 7)), by: almaty)
        try fixture.send(almaty)
        #expect(try minors() == 1)
        #expect(try fixture.store.verifyAccounts().holds)
    }

    private func corrupt(_ name: String, _ status: String) {
        almaty.register(
            "CR-2", name,
            [("status", .text(status)), ("marks", .text("CORR")), ("case_no", .text("75-9"))]
                + person(iin: "850707100017", "Әбенова", "Әсел"))
    }

    private func raise(_ name: String, days: UInt64, by territory: TestTerritory) throws {
        let kind = almaty.kind("CR-2")
        territory.stamp = Stamp(milliseconds: CentreFixture.noon + days * 86_400_000)
        fixture.leaderMilliseconds = territory.stamp.milliseconds + 60_000
        territory.amend(
            .correct, "CR-2", record: ("MVD", name), name + "-a",
            [
                Write(
                    field: try #require(kind.field(path: "status")).number, place: 0, value: .text("ACCU"),
                    replaces: [Dot(at: LogAddress(author: almaty.author, index: 2), place: 0)])
            ])
    }

    @Test func aPersonCountsInTheMonthInWhichACorrectionRaisedHisStatus() throws {
        corrupt("P1", "SUSP")
        try fixture.send(almaty)
        #expect(try figure("3K.02", of: "3-K", "2026-03") == "0")
        try raise("P1", days: 40, by: almaty)
        try fixture.send(almaty)
        #expect(try figure("3K.02", of: "3-K", "2026-03") == "0")
        #expect(try figure("3K.02", of: "3-K", "2026-04") == "1")
        // Accused already: another card of May does not count him again.
        almaty.stamp = Stamp(milliseconds: CentreFixture.noon + 70 * 86_400_000)
        fixture.leaderMilliseconds = almaty.stamp.milliseconds + 60_000
        corrupt("P2", "ACCU")
        try fixture.send(almaty)
        #expect(try figure("3K.02", of: "3-K", "2026-04") == "1")
        #expect(try figure("3K.02", of: "3-K", "2026-05") == "0")
    }

    @Test func theMonthIsTheSameWhicheverDocumentComesFirst() throws {
        corrupt("P1", "SUSP")
        try raise("P1", days: 40, by: abai)
        try fixture.send(abai)
        try fixture.send(almaty)
        #expect(try figure("3K.02", of: "3-K", "2026-03") == "0")
        #expect(try figure("3K.02", of: "3-K", "2026-04") == "1")
    }
}
