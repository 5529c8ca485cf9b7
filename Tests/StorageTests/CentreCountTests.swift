import Accounts
import Law
import Records
import Reports
import Storage
import Testing

/// The SQL of counting against the model that answers from rows in memory.
struct CentreCountTests {
    private func sorted(_ rows: [CountRow]) -> [String] {
        rows.map { "\($0.groups) \($0.value)" }.sorted()
    }

    @Test func everyPlanOfEveryFormIsAnsweredAsTheModelAnswersIt() throws {
        let fixture = try CentreFixture()
        let territories = [try fixture.seat("KZ-75"), try fixture.seat("KZ-79")]
        var facts = Facts(fixture: fixture, territories: territories)
        for number in 0..<40 { facts.write(number) }
        for territory in territories { try fixture.send(territory) }
        let model = FactTables(try facts.rows())
        let edition = fixture.catalogue.newest
        var compared = 0
        for form in edition.forms where !form.indicators.isEmpty {
            let period = try #require(ReportPeriod("2026-03"))
            let counting = try FormCounting(form: form, edition: edition, period: period)
            let answers = try fixture.store.count(counting.plans).answers
            for (plan, answer) in zip(counting.plans, answers) {
                #expect(sorted(answer) == sorted(model.answer(plan)), "\(form.key): \(plan)")
                compared += answer.count
            }
        }
        #expect(compared > 40)
    }
}

/// Documents of every kind whose fields vary with their number, and the rows they must give.
private struct Facts {
    let fixture: CentreFixture
    let territories: [TestTerritory]
    var written: [(kind: CardKind, document: String, territory: String, fields: [(String, Value)])] = []

    init(fixture: CentreFixture, territories: [TestTerritory]) {
        self.fixture = fixture
        self.territories = territories
    }

    mutating func write(_ number: Int) {
        let territory = territories[number % 2]
        for kind in fixture.catalogue.newest.kinds {
            var fields = kind.fields.compactMap { field in value(of: field, number).map { (field.path, $0) } }
            if kind.field(path: "person.iin") != nil {
                fields += [("person.iin", .text("85070710\(1000 + number % 7)"))]
            }
            let document = "\(kind.code)-\(number)"
            territory.register(kind.code, document, fields)
            written.append((kind, document, territory.territory, fields))
        }
    }

    /// Facts alone, some left out, of few values so that groups and joins meet.
    private func value(of field: Field, _ number: Int) -> Value? {
        guard field.isFact, field.members.isEmpty, field.requirement != .assigned, (number + Int(field.number)) % 5 != 0
        else { return nil }
        switch field.type {
        case .code(let list):
            let codes = fixture.catalogue.newest.codeList(list)?.codes ?? []
            return codes.isEmpty ? nil : .text(codes[(number * 7 + Int(field.number)) % codes.count].code)
        case .integer(let least, let most):
            return .integer(max(least, min(most, Int64(number % 3))))
        case .decimal(let scale): return .decimal(unscaled: Int64(number) * 100, scale: scale)
        case .day: return .day(Day(20_500 + Int32(number % 60)))
        case .time: return .time(Int64(CentreFixture.noon) + Int64(number) * 3_600_000)
        case .flag: return .flag(number % 2 == 0)
        case .settlement: return .integer(1_526_384)
        case .reference(let kinds): return .text("MVD/\(kinds[0])-\(number % 9)")
        case .text: return .text("T\(number % 6)")
        case .iin, .bin, .group: return nil
        }
    }

    func rows() throws -> [FactRow] {
        try written.map { one in
            let values = Values(
                one.fields.compactMap { path, value in
                    one.kind.field(path: path).map { FieldValue(field: $0.number, value: value) }
                })
            let day = Day(milliseconds: CentreFixture.noon)
            let since = one.kind.sinceDays([(day: day, values: values)], in: fixture.catalogue.newest)
            let all = Values(values.all + since)
            var row = FactRow(
                kind: one.kind.code, name: "MVD/\(one.document)", territory: one.territory, day: day,
                isLate: fixture.catalogue.newest.isLate(one.kind, values: values, received: day))
            for (column, value) in zip(one.kind.factColumns, one.kind.facts(of: all)) {
                row.values[column.name] = value
            }
            if case .text(let iin)? = values.first(one.kind.field(path: "person.iin")?.number ?? 0),
                let slot = one.kind.parties(in: values).first?.slot
            {
                let found = try fixture.store.find(.iin(iin))
                row.subjects[slot] = found.first.map { Int64($0.number.number) }
            }
            return row
        }
    }
}
