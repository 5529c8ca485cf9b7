import Law
import Reports
import Testing

/// What an indicator can ask for beyond a plain count: spans, subjects, distinct values, means, terms and movements.
struct MeasureTests {
    private static let cases: [FactRow] = {
        func row(
            _ kind: String, _ name: String, _ territory: String, _ day: String, subject: Int64? = nil,
            late: Bool = false, _ values: [String: FactValue] = [:]
        ) -> FactRow {
            FactRow(
                kind: kind, name: name, territory: territory, day: Day(text: day) ?? Day(0), isLate: late,
                subjects: subject.map { [1: $0] } ?? [:], values: values)
        }
        return [
            // Case n1: opened in February by two offences, one in each territory; to court in March.
            row("CR-1", "P/1", "KZ-10", "2026-02-03", ["case_no": .text("n1")]),
            row("CR-1", "P/2", "KZ-75", "2026-02-04", late: true, ["case_no": .text("n1")]),
            // Case n2: opened in March and still open. Case n3: opened and sent to court in March.
            row("CR-1", "Q/3", "KZ-75", "2026-03-05", ["case_no": .text("n2"), "victims_count": .integer(2)]),
            row(
                "CR-1", "Q/4", "KZ-75", "2026-03-06", late: true,
                ["case_no": .text("n3"), "victims_count": .integer(1)]),
            // Case n4: over in February. Case n5: opened in April.
            row("CR-1", "P/5", "KZ-10", "2026-02-01", ["case_no": .text("n4")]),
            row("CR-1", "P/6", "KZ-10", "2026-04-01", ["case_no": .text("n5")]),
            row("CR-3", "P/d1", "KZ-10", "2026-03-20", ["case_no": .text("n1"), "decision": .text("COURT")]),
            row("CR-3", "Q/d3", "KZ-75", "2026-03-30", ["case_no": .text("n3"), "decision": .text("COURT")]),
            row("CR-3", "P/d4", "KZ-10", "2026-02-10", ["case_no": .text("n4"), "decision": .text("COURT")]),
            // Persons: 1 in both kinds, 2 in the second alone.
            row("CR-2", "P/p1", "KZ-10", "2026-03-02", subject: 1),
            row("AD-1", "A/1", "KZ-10", "2026-03-02", subject: 1),
            row("AD-1", "A/2", "KZ-10", "2026-03-02", subject: 2),
        ]
    }()

    private static func field(_ kind: String, _ path: String) throws -> FieldNumber {
        try #require(try PeriodTests.edition.get().kind(kind)?.field(path: path)?.number)
    }

    private static func count(
        _ indicators: [Indicator], balances: [Form.Balance] = [], rows: [FactRow] = cases
    ) throws -> FinishedReport {
        let form = Form(
            key: "T", code: "T", labels: Labels(en: "t", kk: "t", ru: "t"), periodicity: .monthly, dueDay: 1,
            rollOver: true, group: "t", accountTypes: [], indicators: indicators, balances: balances, lacks: nil)
        let period = try #require(ReportPeriod("2026-03"))
        let counting = try FormCounting(form: form, edition: try PeriodTests.edition.get(), period: period)
        let tables = FactTables(rows)
        return counting.report(territories: ["KZ-10", "KZ-75"]) { tables.answer($0) }
    }

    private static func indicator(_ code: String, _ sources: [Indicator.Source]) -> Indicator {
        Indicator(code: code, labels: Labels(en: code, kk: code, ru: code), unit: "CASE", sources: sources)
    }

    private static func figure(_ report: FinishedReport, _ code: String, _ territory: String? = nil) -> String? {
        HandMadeMonthTests.figure(report, code, territory)
    }

    /// Cases by their number: how many were open, came, went, are open.
    private static func movement() throws -> (indicators: [Indicator], balance: Form.Balance) {
        let own = try field("CR-1", "case_no")
        let other = try field("CR-3", "case_no")
        func cases(_ span: Indicator.Span, ended: Indicator.Span?, exists: Bool = true, minus: Bool = false)
            -> Indicator.Source
        {
            Indicator.Source(
                kind: "CR-1", condition: .always, measure: .distinctValues(FieldPath(field: own)), span: span,
                joins: ended.map {
                    [
                        Indicator.Join(
                            kind: "CR-3", condition: .always, key: .fields(own: own, other: other), span: $0,
                            exists: exists)
                    ]
                } ?? [], cuts: [.territory], isSubtracted: minus)
        }
        return (
            [
                indicator("START", [cases(.before, ended: .before, exists: false)]),
                indicator("TAKEN", [cases(.through, ended: nil), cases(.before, ended: nil, minus: true)]),
                indicator("ENDED", [cases(.through, ended: .through), cases(.before, ended: .before, minus: true)]),
                indicator("END", [cases(.through, ended: .through, exists: false)]),
            ], Form.Balance(start: "START", taken: "TAKEN", ended: "ENDED", end: "END")
        )
    }

    @Test func aMovementOfCasesClosesInTheNationAndInEachTerritory() throws {
        let (indicators, balance) = try Self.movement()
        let report = try Self.count(indicators, balances: [balance])
        // n1 at the start; n2 and n3 come; n1 and n3 go; n2 stays.
        #expect(Self.figure(report, "START") == "1")
        #expect(Self.figure(report, "TAKEN") == "2")
        #expect(Self.figure(report, "ENDED") == "2")
        #expect(Self.figure(report, "END") == "1")
        // n1 is known in both territories, and went from both.
        #expect(Self.figure(report, "START", "KZ-10") == "1")
        #expect(Self.figure(report, "START", "KZ-75") == "1")
        #expect(Self.figure(report, "ENDED", "KZ-75") == "2")
        #expect(Self.figure(report, "END", "KZ-10") == "0")
        #expect(report.defects() == [])
    }

    @Test func aMovementThatDoesNotCloseIsFound() throws {
        var (indicators, balance) = try Self.movement()
        // What went before the period is forgotten: n4 counts as gone in March.
        indicators[2].sources.removeLast()
        let defects = try Self.count(indicators, balances: [balance]).balanceDefects()
        #expect(defects.map(\.code) == ["V902", "V902"])
        #expect(defects.map(\.territory) == [nil, "KZ-10"])
        #expect(defects.first?.expected == 0 && defects.first?.found == 1)
        balance.taken = "START"
        #expect(!(try Self.count(indicators, balances: [balance]).balanceDefects().isEmpty))
    }

    @Test func aPersonOfTwoKindsCountsOnce() throws {
        let persons = Indicator.Source(
            kind: "CR-2", condition: .always, measure: .distinctSubjects(slot: 1), span: .period, joins: [],
            cuts: [.territory])
        let others = Indicator.Source(
            kind: "AD-1", condition: .always, measure: .distinctSubjects(slot: 1), span: .period,
            joins: [
                Indicator.Join(
                    kind: "CR-2", condition: .always, key: .subject(own: 1, other: 1), span: .period, exists: false)
            ], cuts: [.territory])
        #expect(Self.figure(try Self.count([Self.indicator("X", [persons, others])]), "X") == "2")
        var all = others
        all.joins = []
        #expect(Self.figure(try Self.count([Self.indicator("X", [persons, all])]), "X") == "3")
    }

    @Test func aMeanIsOfThoseThatTellAndHasTwoDigits() throws {
        let path = FieldPath(field: try Self.field("CR-1", "victims_count"))
        func mean(_ span: Indicator.Span) -> Indicator {
            Self.indicator(
                "M",
                [
                    Indicator.Source(
                        kind: "CR-1", condition: .always, measure: .mean(path), span: span, joins: [], cuts: [])
                ])
        }
        #expect(Self.figure(try Self.count([mean(.period)]), "M") == "1.50")
        // February's offences do not tell.
        #expect(Self.figure(try Self.count([mean(.through)]), "M") == "1.50")
        #expect(Self.figure(try Self.count([mean(.before)]), "M") == "")
    }

    @Test func whatCameInTermIsSharedOverAllKindsBySenderAndKind() throws {
        let source = Indicator.Source(
            kind: nil, condition: .always, measure: .shareInTerm, span: .through, joins: [],
            cuts: [.territory, .sender, .kind])
        let report = try Self.count([Self.indicator("T", [source])])
        func cut(_ name: String, _ code: String) -> String? {
            HandMadeMonthTests.figure(report, "T", nil, name, code)
        }
        // Eleven of the twelve came by the end of March; P/2 and Q/4 late.
        #expect(Self.figure(report, "T") == "81.82")
        #expect(cut("sender", "Q") == "66.67")
        #expect(cut("sender", "A") == "100.00")
        #expect(cut("form_code", "CR-1") == "60.00")
        #expect(cut("form_code", "CR-3") == "100.00")
    }

    private static func report(of count: Int) throws -> FinishedReport {
        let source = Indicator.Source(
            kind: "CR-1", condition: .always, measure: .count, span: .period, joins: [], cuts: [])
        let day = try #require(Day(text: "2026-03-01"))
        let rows = (0..<count).map { FactRow(kind: "CR-1", name: "P/\($0)", territory: "KZ-10", day: day) }
        return try Self.count([Self.indicator("N", [source])], rows: rows)
    }

    @Test func aLeapAgainstLastYearIsAWarning() throws {
        // Above half and above thirty: 60 to 91; and back.
        #expect(try Self.report(of: 91).changes(since: Self.report(of: 60)).map(\.territory) == [nil, "KZ-10"])
        #expect(try Self.report(of: 20).changes(since: Self.report(of: 60)).map(\.expected) == [60, 60])
    }

    @Test func aStepAgainstLastYearIsNone() throws {
        // Half is not above half; thirty is not above thirty.
        #expect(try Self.report(of: 90).changes(since: Self.report(of: 60)).isEmpty)
        #expect(try Self.report(of: 40).changes(since: Self.report(of: 10)).isEmpty)
        // Of last year nothing is held: there is nothing to compare with.
        #expect(try Self.report(of: 91).changes(since: Self.report(of: 0)).isEmpty)
    }

    @Test func aFigureWithoutAKnownUnitIsRefused() throws {
        var indicator = Self.indicator(
            "U",
            [Indicator.Source(kind: "CR-1", condition: .always, measure: .count, span: .period, joins: [], cuts: [])])
        #expect(try Self.count([indicator]).unitDefects().isEmpty)
        indicator.unit = "PIECE"
        #expect(try Self.count([indicator]).unitDefects().first?.code == "V901")
    }
}
