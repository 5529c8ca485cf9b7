package import Law

/// One merged, not cancelled record as reports see it.
package struct FactRow: Hashable, Sendable {
    package var kind: String
    /// `SENDER/DOCUMENT` of the document that opened the record.
    package var name: String
    package var territory: String
    /// The accounting day.
    package var day: Day
    package var isLate: Bool
    /// The random number of the subject in each slot.
    package var subjects: [UInt16: Int64]
    /// By the name of the column; a set column is written `,A,B,`.
    package var values: [String: FactValue]

    package init(
        kind: String, name: String, territory: String, day: Day, isLate: Bool = false,
        subjects: [UInt16: Int64] = [:], values: [String: FactValue] = [:]
    ) {
        self.kind = kind
        self.name = name
        self.territory = territory
        self.day = day
        self.isLate = isLate
        self.subjects = subjects
        self.values = values
    }

    package func value(_ column: FactColumn) -> FactValue {
        values[column.name] ?? .absent
    }

    /// Who opened the record.
    var sender: String { String(name.prefix { $0 != "/" }) }

    /// The elements of a set column.
    func elements(_ column: FactColumn) -> [String] {
        guard case .text(let text) = value(column) else { return [] }
        return text.split(separator: ",").map(String.init)
    }
}

/// Answers plans from rows in memory, by the plain words of each case: the model that every other way of counting is
/// compared with.
package struct FactTables: Sendable {
    private let rows: [String: [FactRow]]
    private let duties: [DutyRow]

    package init(_ rows: [FactRow], duties: [DutyRow] = []) {
        self.duties = duties
        self.rows = Dictionary(grouping: rows, by: \.kind)
    }

    /// The answer to one plan, in ascending order of groups.
    package func answer(_ plan: CountPlan) -> [CountRow] {
        if plan.kind == CountPlan.duties { return DutyRow.answer(plan, from: duties) }
        var members: [[FactValue]: [FactRow]] = [:]
        for row in rows[plan.kind] ?? [] where counts(row, plan) {
            for key in keys(of: row, plan.groups) { members[key, default: []].append(row) }
        }
        // Without groups a count of nothing is still one row, as in SQL.
        if plan.groups.isEmpty && members.isEmpty { members[[]] = [] }
        return members.map { CountRow(groups: $0, value: Self.measure($1, plan.measure)) }
            .sorted { Self.order($0.groups) < Self.order($1.groups) }
    }

    private func counts(_ row: FactRow, _ plan: CountPlan) -> Bool {
        guard plan.accounted?.contains(row.day) ?? true, row.passes(plan.test) else { return false }
        return plan.joins.allSatisfy { join in
            (rows[join.kind] ?? []).contains { other in
                Self.matches(row, other, join.key) && (join.accounted?.contains(other.day) ?? true)
                    && other.passes(join.test)
            } == join.exists
        }
    }

    private static func matches(_ row: FactRow, _ other: FactRow, _ key: FactJoin.Key) -> Bool {
        switch key {
        case .columns(let own, let joined): row.value(own) != .absent && row.value(own) == other.value(joined)
        case .reference(let joined): other.value(joined) == .text(row.name)
        case .subject(let own, let joined):
            row.subjects[own] != nil && row.subjects[own] == other.subjects[joined]
        }
    }

    /// A row stands in one group, or in one for each element of a set.
    private func keys(of row: FactRow, _ groups: [CountPlan.Group]) -> [[FactValue]] {
        groups.reduce([[]]) { keys, group in
            let values: [FactValue] =
                switch group {
                case .territory: [.text(row.territory)]
                case .sender: [.text(row.sender)]
                case .kind: [.text(row.kind)]
                case .column(let column): [row.value(column)]
                case .elements(let column): row.elements(column).map { .text($0) }
                }
            return keys.flatMap { key in values.map { key + [$0] } }
        }
    }

    private static func measure(_ rows: [FactRow], _ measure: CountPlan.Measure) -> Int64 {
        switch measure {
        case .rows: Int64(rows.count)
        case .sum(let column): rows.reduce(0) { $0 + (number($1.value(column)) ?? 0) }
        case .distinctSubjects(let slot): Int64(Set(rows.compactMap { $0.subjects[slot] }).count)
        case .distinctValues(let column): Int64(Set(rows.map { $0.value(column) }).subtracting([.absent]).count)
        }
    }

    static func number(_ value: FactValue) -> Int64? {
        if case .integer(let number) = value { number } else { nil }
    }

    private static func order(_ groups: [FactValue]) -> String {
        groups.map { value in
            switch value {
            case .absent: "\u{1}"
            case .integer(let number): "\u{2}\(number)"
            case .text(let text): "\u{3}\(text)"
            }
        }.joined()
    }
}

extension FactRow {
    /// Whether the test holds for this row (`FactTest` says what an empty column does).
    package func passes(_ test: FactTest) -> Bool {
        switch test {
        case .always:
            return true
        case .all(let parts):
            return parts.allSatisfy(passes)
        case .any(let parts):
            return parts.contains(where: passes)
        case .not(let part):
            return !passes(part)
        case .present(let column):
            return value(column) != .absent
        case .isOneOf(let column, let values) where column.storage == .textSet:
            return elements(column).contains { values.contains(.text($0)) }
        case .isOneOf(let column, let values):
            return value(column) != .absent && values.contains(value(column))
        case .compare(let left, let comparison, let right):
            guard let left = weigh(left), let right = weigh(right) else { return false }
            return Self.holds(left, comparison, right)
        case .isLate:
            return isLate
        }
    }

    private func weigh(_ term: FactTerm) -> Int64? {
        switch term {
        case .column(let column): FactTables.number(value(column))
        case .constant(let number): number
        case .sum(let parts): parts.reduce(0) { $0 + (weigh($1) ?? 0) }
        case .count(let column):
            column.storage == .textSet ? Int64(elements(column).count) : value(column) == .absent ? 0 : 1
        case .offset(let inner, let by): weigh(inner).map { $0 + by }
        }
    }

    private static func holds(_ left: Int64, _ comparison: Comparison, _ right: Int64) -> Bool {
        switch comparison {
        case .less: left < right
        case .lessOrEqual: left <= right
        case .equal: left == right
        case .notEqual: left != right
        case .greater: left > right
        case .greaterOrEqual: left >= right
        }
    }
}
