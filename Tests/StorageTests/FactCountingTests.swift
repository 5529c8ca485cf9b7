import Foundation
import Law
import Reports
import Storage
import TestSupport
import Testing

/// Plans answered by SQL against plans answered from rows in memory: the dumb way is the model of the fast one.
struct FactCountingTests {
    /// Small numbers by a linear congruence: enough to mix rows.
    struct Dice {
        var state: UInt64

        mutating func below(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
    }

    /// A value of a column: now and then none, else one of a few, so that rows fall together.
    static func value(_ column: FactColumn, kind: CardKind, edition: Edition, _ dice: inout Dice) -> FactValue {
        guard dice.below(6) > 0 else { return .absent }
        let field = kind.field(column.path.field)
        let member = column.path.member.map { number in field?.members.first { $0.number == number } } ?? field
        let codes = member?.codeList.flatMap(edition.codeList)?.codes.map(\.code) ?? []
        switch column.storage {
        case .integer: return .integer(Int64(dice.below(3)))
        case .decimal: return .integer(Int64(dice.below(500_000)))
        case .day: return .integer(Int64(Day(year: 2026, month: 2, day: 20).number) + Int64(dice.below(50)))
        case .text: return .text(codes.isEmpty ? "KEY/\(dice.below(12))" : codes[dice.below(codes.count)])
        case .textSet:
            let chosen = Set((0...dice.below(3)).map { _ in codes.isEmpty ? "A" : codes[dice.below(codes.count)] })
            return .text("," + chosen.sorted().joined(separator: ",") + ",")
        }
    }

    static func rows(edition: Edition, seed: UInt64) -> [FactRow] {
        var dice = Dice(state: seed)
        var rows: [FactRow] = []
        for kind in edition.kinds {
            for number in 0..<120 {
                var values: [String: FactValue] = [:]
                for column in kind.factColumns {
                    values[column.name] = value(column, kind: kind, edition: edition, &dice)
                }
                let day = Day(year: 2026, month: 2, day: 20).adding(days: dice.below(50))
                let subjects: [UInt16: Int64] = [1: Int64(dice.below(20)), 2: Int64(dice.below(20))]
                rows.append(
                    FactRow(
                        kind: kind.code, name: "KEY/\(number)", territory: ["KZ-10", "KZ-71", "KZ-75"][dice.below(3)],
                        day: day, subjects: dice.below(4) == 0 ? [:] : subjects, values: values))
            }
        }
        return rows
    }

    static func fill(_ file: DatabaseFile, edition: Edition, rows: [FactRow]) throws {
        try file.turn { connection in
            for kind in edition.kinds {
                let columns =
                    ["day", "territory", "name", "subject_1", "subject_2"] + kind.factColumns.map { "f_\($0.name)" }
                let table = FactCounting.table(kind.code)
                try connection.execute("CREATE TABLE \(table)(\(columns.joined(separator: ", ")))")
                let marks = columns.map { _ in "?" }.joined(separator: ", ")
                let insertion = try connection.statement("INSERT INTO \(table) VALUES(\(marks))")
                for row in rows where row.kind == kind.code {
                    insertion.bind(1, Int64(row.day.number))
                    insertion.bind(2, row.territory)
                    insertion.bind(3, row.name)
                    insertion.bind(4, row.subjects[1])
                    insertion.bind(5, row.subjects[2])
                    for (position, column) in kind.factColumns.enumerated() {
                        let parameter = Int32(position + 6)
                        switch row.value(column) {
                        case .absent: insertion.bindNull(parameter)
                        case .text(let text): insertion.bind(parameter, text)
                        case .integer(let integer): insertion.bind(parameter, integer)
                        }
                    }
                    try insertion.run()
                }
            }
        }
    }

    @Test(arguments: [UInt64(1), 2, 3]) func everyPlanOfEveryFormAnswersAsTheModelDoes(seed: UInt64) throws {
        let edition = try Catalogue.embedded().newest
        let rows = Self.rows(edition: edition, seed: seed)
        let model = FactTables(rows)
        let folder = try TemporaryFolder()
        let file = try DatabaseFile(
            path: folder.url.appendingPathComponent("facts.sqlite").path, schema: Schema(kind: "facts", steps: []),
            owner: FileOwner(cluster: [1], node: "test"), promise: .rebuildable)
        try Self.fill(file, edition: edition, rows: rows)
        var counted: Int64 = 0
        for period in ["2026-03", "2026-Q1"].compactMap({ ReportPeriod($0) }) {
            for form in edition.forms where !form.indicators.isEmpty {
                let counting = try FormCounting(form: form, edition: edition, period: period)
                for plan in counting.plans {
                    let answer = try file.turn { try FactCounting(plan).answer(on: $0) }
                    let expected = model.answer(plan)
                    #expect(Set(answer) == Set(expected), "\(form.key): \(plan)")
                    #expect(answer.count == expected.count)
                    counted += expected.reduce(0) { $0 + $1.value }
                }
            }
        }
        #expect(counted > 1_000)
    }
}
