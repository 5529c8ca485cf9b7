import Law
package import Reports

/// Carries `CountPlan`s out over the fact tables. Only names made from the catalogue reach the SQL; every value is
/// bound.
///
/// Plans that count the same rows and differ only in their groups are answered from one reading of the table. Where
/// they have groups, SQLite only finds the rows and `CountReading` counts them: grouping by all their columns together
/// would sort nearly as many groups as there are rows.
extension CentreStore {
    /// The answer's rows, in no particular order.
    package func count(_ plan: CountPlan) throws(StorageError) -> [CountRow] {
        try count([plan]).answers[0]
    }

    /// Several plans over one snapshot, with the position it stands at: the figures of one report agree with each
    /// other.
    package func count(
        _ plans: [CountPlan]
    ) throws(StorageError) -> (position: CountPosition, answers: [[CountRow]]) {
        var readings: [CountReading] = []
        for (place, plan) in plans.enumerated() where plan.kind != CountPlan.duties {
            let source = CountSource(plan)
            if let held = readings.firstIndex(where: { $0.source == source }) {
                readings[held].add(plan, place: place)
            } else {
                var reading = CountReading(source: source)
                reading.add(plan, place: place)
                readings.append(reading)
            }
        }
        return try file.read { connection in
            var answers = Array(repeating: [CountRow](), count: plans.count)
            for reading in readings {
                for (place, rows) in try answer(reading, connection) { answers[place] = rows }
            }
            try answerDuties(plans, connection, &answers)
            return (try position(connection), answers)
        }
    }

    private func answer(
        _ reading: CountReading, _ connection: Connection
    ) throws -> [(place: Int, rows: [CountRow])] {
        guard let table = tables[reading.source.kind] else { return [] }
        var query = CountQuery(tables: tables)
        let text = query.text(of: reading, table: table)
        let statement = try connection.statement(text)
        for (place, value) in query.values.enumerated() {
            switch value {
            case .absent: statement.bindNull(Int32(place + 1))
            case .integer(let integer): statement.bind(Int32(place + 1), integer)
            case .text(let text): statement.bind(Int32(place + 1), text)
            }
        }
        return try reading.rows(statement)
    }
}

/// What decides which rows a plan counts, and how it measures them.
struct CountSource: Hashable {
    var kind: String
    var test: FactTest
    var accounted: ClosedRange<Day>?
    var joins: [FactJoin]
    var measure: CountPlan.Measure

    init(_ plan: CountPlan) {
        kind = plan.kind
        test = plan.test
        accounted = plan.accounted
        joins = plan.joins
        measure = plan.measure
    }
}

/// Makes the SQL of one reading and gathers what is to be bound.
private struct CountQuery {
    let tables: [String: FactTable]
    var values: [FactValue] = []

    init(tables: [String: FactTable]) {
        self.tables = tables
    }

    mutating func text(of reading: CountReading, table: FactTable) -> String {
        let source = reading.source
        var selected = reading.columns.map(column)
        let isWhole = selected.isEmpty
        switch source.measure {
        case .rows: selected.append(isWhole ? "COUNT(*)" : "1")
        case .sum(let column): selected.append(isWhole ? "IFNULL(SUM(\(name(column))), 0)" : name(column))
        case .distinctSubjects(let slot) where table.slots.contains(slot):
            // Subjects are told apart after sets have been taken apart: one person may stand under several elements.
            selected.append((isWhole ? "DISTINCT " : "") + "subject_\(slot)")
        case .distinctSubjects: selected.append("NULL")
        case .distinctValues(let column): selected.append((isWhole ? "DISTINCT " : "") + name(column))
        }
        let conditions = conditions(test: source.test, accounted: source.accounted) + source.joins.map { join($0) }
        var text = "SELECT \(selected.joined(separator: ", ")) FROM \(table.name)"
        if !conditions.isEmpty { text += " WHERE " + conditions.joined(separator: " AND ") }
        return text
    }

    private func column(_ group: CountPlan.Group) -> String {
        switch group {
        case .territory: "territory"
        case .sender: "sender"
        // A reading is of one kind.
        case .kind: "NULL"
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
        case .subject(let slot, let joined): (own, wanted) = ("subject_\(slot)", "subject_\(joined)")
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
        case .isLate: return "is_late"
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
