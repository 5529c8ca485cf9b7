import Law
package import Reports

/// Carries `CountPlan`s out over the fact tables. Only names made from the catalogue reach the SQL; every value is
/// bound.
///
/// Plans that count the same rows and differ only in their groups are answered from one reading of the table, grouped
/// by all their columns together; each plan's figures are then sums over what it does not ask for.
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
        for (place, plan) in plans.enumerated() {
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
private struct CountSource: Hashable {
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
        let groups = reading.columns.map(column)
        var selected = groups
        var grouping = groups
        switch source.measure {
        case .rows: selected.append("COUNT(*)")
        case .sum(let column): selected.append("IFNULL(SUM(\(name(column))), 0)")
        case .distinctSubjects(let slot) where table.slots.contains(slot):
            // Subjects are told apart after sets have been taken apart: one person may stand under several elements.
            selected.append("subject_\(slot)")
            grouping.append("subject_\(slot)")
        case .distinctSubjects: selected.append("NULL")
        case .distinctValues(let column):
            selected.append(name(column))
            grouping.append(name(column))
        }
        let conditions = conditions(test: source.test, accounted: source.accounted) + source.joins.map { join($0) }
        var text = "SELECT \(selected.joined(separator: ", ")) FROM \(table.name)"
        if !conditions.isEmpty { text += " WHERE " + conditions.joined(separator: " AND ") }
        if !grouping.isEmpty { text += " GROUP BY " + grouping.joined(separator: ", ") }
        return text
    }

    private func column(_ group: CountPlan.Group) -> String {
        switch group {
        case .territory: "territory"
        case .sender: "sender"
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

/// Plans answered from one reading. Turns its rows into theirs: sets are taken apart, subjects told apart.
private struct CountReading {
    let source: CountSource
    /// The columns of all plans, each once.
    private(set) var columns: [CountPlan.Group] = []
    private var plans: [(place: Int, columns: [Int])] = []

    init(source: CountSource) {
        self.source = source
    }

    mutating func add(_ plan: CountPlan, place: Int) {
        let own = plan.groups.map { group in
            if let held = columns.firstIndex(of: group) { return held }
            columns.append(group)
            return columns.count - 1
        }
        plans.append((place, own))
    }

    func rows(_ statement: Statement) throws -> [(place: Int, rows: [CountRow])] {
        var tallies = plans.map { Tally(isEmptyGroup: $0.columns.isEmpty) }
        let measure = Int32(columns.count)
        var isDistinct = false
        switch source.measure {
        case .distinctSubjects, .distinctValues: isDistinct = true
        case .rows, .sum: break
        }
        while try statement.next() {
            let values = columns.enumerated().map { value(statement, Int32($0), $1) }
            let measured = measured(statement, measure)
            for (plan, (_, own)) in plans.enumerated() {
                for key in Self.keys(own.map { values[$0] }) {
                    tallies[plan].add(measured, under: key, isDistinct: isDistinct)
                }
            }
        }
        return zip(plans, tallies).map { ($0.place, $1.rows) }
    }

    private func measured(_ row: Statement, _ column: Int32) -> FactValue {
        if row.isNull(column) { return .absent }
        if case .distinctValues(let fact) = source.measure, !fact.isNumber { return .text(row.text(column)) }
        return .integer(row.integer(column))
    }

    /// What a row holds in one column: one value, or each element of a set.
    private func value(_ row: Statement, _ column: Int32, _ group: CountPlan.Group) -> [FactValue] {
        switch group {
        case .territory, .sender: [.text(row.text(column))]
        case .elements: row.text(column).split(separator: ",").map { .text(String($0)) }
        case .column(let fact):
            row.isNull(column)
                ? [.absent] : fact.isNumber ? [.integer(row.integer(column))] : [.text(row.text(column))]
        }
    }

    /// A row stands in one group, or in one for each element of a set column.
    private static func keys(_ values: [[FactValue]]) -> [[FactValue]] {
        values.reduce([[]]) { keys, values in keys.flatMap { key in values.map { key + [$0] } } }
    }

    private struct Tally {
        var sums: [[FactValue]: Int64] = [:]
        var members: [[FactValue]: Set<FactValue>] = [:]

        /// Without groups a count of nothing is still one row.
        init(isEmptyGroup: Bool) {
            if isEmptyGroup { sums[[]] = 0 }
        }

        mutating func add(_ measured: FactValue, under key: [FactValue], isDistinct: Bool) {
            guard isDistinct else {
                if case .integer(let number) = measured { sums[key, default: 0] += number }
                return
            }
            sums[key, default: 0] += 0
            if measured != .absent { members[key, default: []].insert(measured) }
        }

        var rows: [CountRow] {
            sums.map { CountRow(groups: $0.key, value: $0.value + Int64(members[$0.key]?.count ?? 0)) }
        }
    }
}
