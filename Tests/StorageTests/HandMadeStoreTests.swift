import HandMade
import Law
import Records
import Reports
import Storage
import Testing

/// The hand-made month as documents that territories register and the centre merges, links, accounts and counts: every
/// figure of every form is that of the rows, whose figures are worked out by hand beside them (ReportsTests).
struct HandMadeStoreTests {
    private let fixture: CentreFixture
    private let territories: [String: TestTerritory]

    init() throws {
        fixture = try CentreFixture()
        // After the last card, so that no stamp is ahead of the centre's clock.
        fixture.leaderMilliseconds = Self.noon(of: Day(year: 2026, month: 4, day: 20))
        var territories: [String: TestTerritory] = [:]
        for code in ["KZ-10", "KZ-71", "KZ-75"] { territories[code] = try fixture.seat(code) }
        self.territories = territories
    }

    /// In UTC+5.
    private static func noon(of day: Day) -> UInt64 { UInt64(day.number) * 86_400_000 + 7 * 3_600_000 }

    /// What happens at a territory on a day.
    private struct Act {
        var day: Day
        var perform: () throws -> Void
    }

    @Test func theCentreCountsTheMonthAsItWasWorkedOutByHand() throws {
        let rows = HandMadeMonth.rows()
        try register(rows)
        let model = FactTables(rows)
        let edition = fixture.catalogue.newest
        var forms: [String] = []
        var compared = 0
        for form in edition.forms where !form.indicators.isEmpty {
            for text in ["2026-02", "2026-03", "2026-Q1"] {
                let period = try #require(ReportPeriod(text))
                let counting = try FormCounting(form: form, edition: edition, period: period)
                let answers = try fixture.store.count(counting.plans).answers
                let counted = counting.report(territories: ["KZ-10", "KZ-75"], answers: answers)
                let wanted = counting.report(territories: ["KZ-10", "KZ-75"]) { model.answer($0) }
                #expect(Self.lines(counted) == Self.lines(wanted), "\(form.key) \(text)")
                #expect(counted.defects() == [], "\(form.key) \(text)")
                compared += wanted.figures.count { $0.unscaled ?? 0 != 0 }
            }
            forms.append(form.key)
        }
        #expect(
            forms.sorted() == ["1-AD", "1-ET", "1-M", "1-P-INSP", "1-P-SEARCH", "3-K", "DISCIPLINE", "DTP-1"])
        #expect(rows.count > 60 && compared > 300, "\(rows.count) cards, \(compared) figures that are not zero")
    }

    private static func lines(_ report: FinishedReport) -> [String] {
        report.figures.map { figure in
            let cut = figure.cut.map { "\($0.name)=\($0.code)" } ?? ""
            return "\(figure.indicator) \(figure.territory ?? "KZ") \(cut) \(figure.text)"
        }
    }

    // MARK: Rows as documents

    private func register(_ rows: [FactRow]) throws {
        var acts: [Act] = []
        for row in rows { acts += try self.acts(of: row) }
        for act in acts.enumerated().sorted(by: { ($0.element.day, $0.offset) < ($1.element.day, $1.offset) }) {
            try act.element.perform()
        }
        for (_, territory) in territories.sorted(by: { $0.key < $1.key }) { try fixture.send(territory) }
    }

    /// The document that opens the record; and where a correction made a person accused, that correction.
    private func acts(of row: FactRow) throws -> [Act] {
        let kind = try #require(fixture.catalogue.newest.kind(row.kind))
        let territory = try #require(territories[row.territory])
        let parts = row.name.split(separator: "/").map(String.init)
        var values = try self.values(of: row, kind)
        let accused = row.values["accused_on"].flatMap { value -> Day? in
            if case .integer(let number) = value, number != Int64(row.day.number) { Day(Int32(number)) } else { nil }
        }
        let status = kind.field(path: "status")?.number ?? 0
        let place = values.firstIndex { $0.field == status }
        if accused != nil, let place { values[place].value = .text("SUSP") }
        var opening: LogAddress?
        let opened = Act(day: row.day) {
            territory.stamp = Stamp(milliseconds: Self.noon(of: row.day))
            opening = territory.register(kind, parts[1], sender: parts[0], values)
        }
        guard let accused, let place else { return [opened] }
        let corrected = Act(day: accused) {
            territory.stamp = Stamp(milliseconds: Self.noon(of: accused))
            let dot = Dot(at: try #require(opening), place: UInt16(place))
            territory.amend(
                .correct, row.kind, record: (parts[0], parts[1]), parts[1] + "-a",
                [Write(field: status, place: 0, value: .text("ACCU"), replaces: [dot])])
        }
        return [opened, corrected]
    }

    private func values(of row: FactRow, _ kind: CardKind) throws -> [FieldValue] {
        var values: [FieldValue] = []
        for column in kind.factColumns {
            guard let field = kind.field(column.path.field), field.requirement != .assigned else { continue }
            for value in try fieldValues(row.value(column), field, column.path.member) {
                values.append(FieldValue(field: field.number, value: value))
            }
        }
        for (slot, subject) in row.subjects.sorted(by: { $0.key < $1.key }) {
            for field in kind.fields where field.placement == .person(slot: slot) {
                let value: Value? =
                    switch field.role {
                    case .iin: .text("8507071\(10_000 + subject)")
                    case .bin: .text("9407400\(10_000 + subject)")
                    case .surname: .text("Тегі-\(subject)")
                    case .name: .text("Аты")
                    case .birthDay: .day(Day(year: 1985, month: 7, day: 7))
                    default: nil
                    }
                if let value { values.append(FieldValue(field: field.number, value: value)) }
            }
        }
        let written = kind.field(role: .documentDay)?.number ?? 0
        let late = row.isLate ? -200 : 0
        values.append(FieldValue(field: written, value: .day(row.day.adding(days: late))))
        return Values(values).all
    }

    /// What a column's value stands for in the field it comes from: several where it is a set's.
    private func fieldValues(_ value: FactValue, _ field: Field, _ member: FieldNumber?) throws -> [Value] {
        switch value {
        case .absent: return []
        case .text(let text) where field.isSet:
            return text.split(separator: ",").map { element in
                let own = Value.text(String(element))
                return member.map { .group([Value.Member(field: $0, value: own)]) } ?? own
            }
        case .text(let text): return [.text(text)]
        case .integer(let number):
            switch field.type {
            case .flag: return [.flag(number != 0)]
            case .day: return [.day(Day(Int32(number)))]
            case .decimal(let scale): return [.decimal(unscaled: number, scale: scale)]
            default: return [.integer(number)]
            }
        }
    }
}
