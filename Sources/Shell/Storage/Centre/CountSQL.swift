package import Consensus
import Law
package import Reports

/// Carries a `CountPlan` out over the fact tables. Only names made from the catalogue reach the SQL; every value is
/// bound.
extension CentreStore {
    /// The answer's rows, in no particular order.
    package func count(_ plan: CountPlan) throws(StorageError) -> [CountRow] {
        try file.read { try count(plan, $0) }
    }

    /// Several plans over one snapshot, with the index it stands at: the figures of one report agree with each other.
    package func count(
        _ plans: [CountPlan]
    ) throws(StorageError) -> (position: LogIndex, answers: [[CountRow]]) {
        try file.read { connection in
            (try Self.applied(connection), try plans.map { try count($0, connection) })
        }
    }

    private func count(_ plan: CountPlan, _ connection: Connection) throws -> [CountRow] {
        guard let table = tables[plan.kind] else { return [] }
        var query = CountQuery(tables: tables)
        let text = query.text(of: plan, table: table)
        let statement = try connection.statement(text)
        for (place, value) in query.values.enumerated() {
            switch value {
            case .absent: statement.bindNull(Int32(place + 1))
            case .integer(let integer): statement.bind(Int32(place + 1), integer)
            case .text(let text): statement.bind(Int32(place + 1), text)
            }
        }
        return try CountAnswer(plan: plan).rows(statement)
    }
}

/// Makes the SQL of one plan and gathers what is to be bound.
private struct CountQuery {
    let tables: [String: FactTable]
    var values: [FactValue] = []

    init(tables: [String: FactTable]) {
        self.tables = tables
    }

    mutating func text(of plan: CountPlan, table: FactTable) -> String {
        let groups = plan.groups.map(column)
        var selected = groups
        var grouping = groups
        switch plan.measure {
        case .rows: selected.append("COUNT(*)")
        case .sum(let column): selected.append("IFNULL(SUM(\(name(column))), 0)")
        case .distinctSubjects(let slot) where table.slots.contains(slot):
            // Subjects are told apart after sets have been taken apart: one person may stand under several elements.
            selected.append("subject_\(slot)")
            grouping.append("subject_\(slot)")
        case .distinctSubjects: selected.append("NULL")
        }
        let conditions = conditions(test: plan.test, accounted: plan.accounted) + plan.joins.map { join($0) }
        var text = "SELECT \(selected.joined(separator: ", ")) FROM \(table.name)"
        if !conditions.isEmpty { text += " WHERE " + conditions.joined(separator: " AND ") }
        if !grouping.isEmpty { text += " GROUP BY " + grouping.joined(separator: ", ") }
        return text
    }

    private func column(_ group: CountPlan.Group) -> String {
        switch group {
        case .territory: "territory"
        case .column(let column), .elements(let column): name(column)
        }
    }

    private func name(_ column: FactColumn) -> String { "\"f_\(column.name)\"" }

    private mutating func conditions(test: FactTest, accounted: ClosedRange<Day>?) -> [String] {
        var conditions: [String] = []
        if let accounted {
            conditions.append(
                "day BETWEEN \(accounted.lowerBound.number) AND \(accounted.upperBound.number)")
        }
        if test != .always { conditions.append(condition(test)) }
        return conditions
    }

    /// A set of the other kind's values, made once, instead of a search for each row.
    private mutating func join(_ join: FactJoin) -> String {
        guard let other = tables[join.kind] else { return join.exists ? "0" : "1" }
        let own: String
        let wanted: String
        switch join.key {
        case .columns(let column, let joined): (own, wanted) = (name(column), name(joined))
        case .reference(let joined): (own, wanted) = ("name", name(joined))
        }
        let conditions = conditions(test: join.test, accounted: join.accounted) + ["\(wanted) IS NOT NULL"]
        let found =
            "IFNULL(\(own) IN (SELECT \(wanted) FROM \(other.name) WHERE \(conditions.joined(separator: " AND "))), 0)"
        return join.exists ? found : "NOT " + found
    }

    private mutating func condition(_ test: FactTest) -> String {
        switch test {
        case .always: return "1"
        case .all(let parts):
            return parts.isEmpty ? "1" : "(" + parts.map { condition($0) }.joined(separator: " AND ") + ")"
        case .any(let parts):
            return parts.isEmpty ? "0" : "(" + parts.map { condition($0) }.joined(separator: " OR ") + ")"
        case .not(let part): return "NOT (\(condition(part)))"
        case .present(let column): return "\(name(column)) IS NOT NULL"
        case .isOneOf(_, let wanted) where wanted.isEmpty: return "0"
        case .isOneOf(let column, let wanted) where column.storage == .textSet:
            let parts = wanted.map { value -> String in
                guard case .text(let text) = value else { return "0" }
                return "instr(\(name(column)), \(bind(.text("," + text + ",")))) > 0"
            }
            return "IFNULL(" + parts.joined(separator: " OR ") + ", 0)"
        case .isOneOf(let column, let wanted):
            return "IFNULL(\(name(column)) IN (\(wanted.map { bind($0) }.joined(separator: ", "))), 0)"
        case .compare(let left, let comparison, let right):
            let sign = comparison == .notEqual ? "<>" : comparison.rawValue
            return "IFNULL(\(term(left)) \(sign) \(term(right)), 0)"
        }
    }

    private mutating func term(_ term: FactTerm) -> String {
        switch term {
        case .column(let column): return name(column)
        case .constant(let constant): return bind(.integer(constant))
        case .sum(let parts):
            return parts.isEmpty
                ? "0" : "(" + parts.map { "IFNULL(\(self.term($0)), 0)" }.joined(separator: " + ") + ")"
        case .count(let column) where column.storage == .textSet:
            // `,A,B,` has one comma more than elements.
            let name = name(column)
            return "IFNULL(length(\(name)) - length(replace(\(name), ',', '')) - 1, 0)"
        case .count(let column): return "(\(name(column)) IS NOT NULL)"
        case .offset(let inner, let by): return "(\(self.term(inner)) + \(bind(.integer(by))))"
        }
    }

    private mutating func bind(_ value: FactValue) -> String {
        values.append(value)
        return "?\(values.count)"
    }
}

/// Turns SQL rows into the plan's rows: sets are taken apart, subjects told apart.
private struct CountAnswer {
    let plan: CountPlan

    func rows(_ statement: Statement) throws -> [CountRow] {
        var sums: [[FactValue]: Int64] = [:]
        var subjects: [[FactValue]: Set<Int64>] = [:]
        let measureColumn = Int32(plan.groups.count)
        var distinct = false
        if case .distinctSubjects = plan.measure { distinct = true }
        while try statement.next() {
            for key in keys(statement) {
                if !distinct {
                    sums[key, default: 0] += statement.integer(measureColumn)
                } else {
                    if sums[key] == nil { sums[key] = 0 }
                    guard let subject = statement.optionalInteger(measureColumn) else { continue }
                    subjects[key, default: []].insert(subject)
                }
            }
        }
        if distinct {
            if plan.groups.isEmpty { sums[[]] = 0 }
            for (key, members) in subjects { sums[key] = Int64(members.count) }
        }
        return sums.map { CountRow(groups: $0.key, value: $0.value) }
    }

    /// A row stands in one group, or in one for each element of a set column.
    private func keys(_ row: Statement) -> [[FactValue]] {
        var keys: [[FactValue]] = [[]]
        for (place, group) in plan.groups.enumerated() {
            let column = Int32(place)
            let values: [FactValue]
            switch group {
            case .territory: values = [.text(row.text(column))]
            case .column(let fact): values = [value(row, column, isNumber: fact.isNumber)]
            case .elements: values = row.text(column).split(separator: ",").map { .text(String($0)) }
            }
            keys = keys.flatMap { key in values.map { key + [$0] } }
        }
        return keys
    }

    private func value(_ row: Statement, _ column: Int32, isNumber: Bool) -> FactValue {
        if row.isNull(column) { return .absent }
        return isNumber ? .integer(row.integer(column)) : .text(row.text(column))
    }
}
