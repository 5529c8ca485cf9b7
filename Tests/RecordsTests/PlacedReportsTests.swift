import Law
import Records
import Testing

/// Rule V906: a closed period changes with a dated note only.
struct PlacedReportsTests {
    private static func placed(_ value: Int64, note: String = "", period: String = "2026-03") -> PlacedReport {
        PlacedReport(
            form: "1-M", period: period, note: note, position: 1,
            figures: [.init(indicator: "1M.01", territory: "KZ", value: value)])
    }

    private static func decision(_ report: PlacedReport, _ number: String) -> Decision {
        Decision(
            act: Decision.Act(number: number, date: Day(20_500), basis: "Order 25", officer: "o"),
            matter: .reportPlaced(report))
    }

    @Test func aFormOfAPeriodIsPlacedAndRevised() {
        var reports = PlacedReports()
        #expect(!reports.lacksNote(Self.placed(7)))
        reports.apply(Self.decision(Self.placed(7), "1"))
        reports.apply(Self.decision(Self.placed(8, note: "late cards"), "2"))
        reports.apply(Self.decision(Self.placed(5, period: "2026-04"), "3"))
        let revisions = reports.revisions(form: "1-M", period: "2026-03")
        #expect(revisions.map(\.number) == [1, 2])
        #expect(revisions.map(\.act.number) == ["1", "2"])
        #expect(reports.revisions(form: "1-AD", period: "2026-03").isEmpty)
    }

    @Test func otherFiguresWantANoteAndTheSameDoNot() {
        var reports = PlacedReports()
        reports.apply(Self.decision(Self.placed(7), "1"))
        #expect(!reports.lacksNote(Self.placed(7)))
        #expect(reports.lacksNote(Self.placed(8)))
        #expect(!reports.lacksNote(Self.placed(8, note: "late cards")))
        #expect(!reports.lacksNote(Self.placed(8, period: "2026-04")))
    }
}
