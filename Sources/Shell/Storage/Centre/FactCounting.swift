import Law
package import Reports

/// A plan of counting as one SQL question to the fact tables.
///
/// A kind's table is `fact_` and its code; in it `day`, `territory`, `name`, `subject_N` for each slot, and `f_` and
/// the column's name for each fact. NULL never meets the logic: each comparison stands in `IFNULL(…, 0)`. Joins are
/// `IN (SELECT …)`, which SQLite works out once for the whole question, so they need no index.
package struct FactCounting {
    /// A value to bind, in the order of its question mark.
    enum Binding: Equatable {
        case text(String)
        case integer(Int64)
    }

    let plan: CountPlan
    private(set) var text = ""
    private(set) var bindings: [Binding] = []

    package init(_ plan: CountPlan) {
        self.plan = plan
        var sources = [Self.table(plan.kind) + " AS f"]
        var selected: [String] = []
        for (position, group) in plan.groups.enumerated() {
            switch group {
            case .territory:
                selected.append("f.territory")
            case .column(let column):
                selected.append(Self.name(column, of: "f"))
            case .elements(let column):
                let name = Self.name(column, of: "f")
                sources.append(
                    "json_each('[\"' || replace(trim(\(name), ','), ',', '\",\"') || '\"]') AS part\(position)")
                selected.append("part\(position).value")
            }
        }
        switch plan.measure {
        case .rows: selected.append("COUNT(*)")
        case .sum(let column): selected.append("IFNULL(SUM(\(Self.name(column, of: "f"))), 0)")
        case .distinctSubjects(let slot): selected.append("COUNT(DISTINCT f.subject_\(slot))")
        }
        var conditions = [condition(plan.test, of: "f")]
        if let days = plan.accounted {
            conditions.append(
                "f.day BETWEEN \(days.lowerBound.number) AND \(days.upperBound.number)")
        }
        for join in plan.joins { conditions.append(condition(join)) }
        text = "SELECT \(selected.joined(separator: ", ")) FROM \(sources.joined(separator: ", "))"
        text += " WHERE \(conditions.joined(separator: " AND "))"
        if !plan.groups.isEmpty {
            text += " GROUP BY " + plan.groups.indices.map { String($0 + 1) }.joined(separator: ", ")
        }
    }

    /// The plan's answer on this connection. Its rows come in no certain order.
    package func answer(on connection: Connection) throws(StorageError) -> [CountRow] {
        let statement = try connection.statement(text)
        for (position, binding) in bindings.enumerated() {
            switch binding {
            case .text(let text): statement.bind(Int32(position + 1), text)
            case .integer(let integer): statement.bind(Int32(position + 1), integer)
            }
        }
        var rows: [CountRow] = []
        while try statement.next() {
            var groups: [FactValue] = []
            for (position, group) in plan.groups.enumerated() {
                groups.append(Self.value(of: statement, at: Int32(position), group: group))
            }
            rows.append(CountRow(groups: groups, value: statement.integer(Int32(plan.groups.count))))
        }
        return rows
    }

    private static func value(of statement: Statement, at position: Int32, group: CountPlan.Group) -> FactValue {
        if statement.isNull(position) { return .absent }
        if case .column(let column) = group, isNumber(column) { return .integer(statement.integer(position)) }
        return .text(statement.text(position))
    }

    private static func isNumber(_ column: FactColumn) -> Bool {
        switch column.storage {
        case .integer, .decimal, .day: true
        case .text, .textSet: false
        }
    }

    package static func table(_ kind: String) -> String {
        "fact_" + kind.lowercased().map { $0.isLetter || $0.isNumber ? String($0) : "_" }.joined()
    }

    private static func name(_ column: FactColumn, of alias: String) -> String {
        "\(alias).\"f_\(column.name)\""
    }
}

extension FactCounting {
    private mutating func bound(_ value: FactValue) -> String {
        switch value {
        case .absent:
            return "NULL"
        case .text(let text):
            bindings.append(.text(text))
        case .integer(let integer):
            bindings.append(.integer(integer))
        }
        return "?"
    }

    /// An expression that is 0 or 1, never NULL.
    private mutating func condition(_ test: FactTest, of alias: String) -> String {
        switch test {
        case .always:
            return "1"
        case .all(let parts):
            return joined(parts, " AND ", none: "1", of: alias)
        case .any(let parts):
            return joined(parts, " OR ", none: "0", of: alias)
        case .not(let part):
            return "NOT \(condition(part, of: alias))"
        case .present(let column):
            return "(\(Self.name(column, of: alias)) IS NOT NULL)"
        case .isOneOf(let column, let values):
            return isOneOf(column, values, of: alias)
        case .compare(let left, let comparison, let right):
            let operation = comparison == .notEqual ? "<>" : comparison.rawValue
            let leftText = term(left, of: alias)
            return "IFNULL(\(leftText) \(operation) \(term(right, of: alias)), 0)"
        }
    }

    private mutating func joined(_ parts: [FactTest], _ word: String, none: String, of alias: String) -> String {
        var texts: [String] = []
        for part in parts { texts.append(condition(part, of: alias)) }
        return texts.isEmpty ? none : "(" + texts.joined(separator: word) + ")"
    }

    private mutating func isOneOf(_ column: FactColumn, _ values: [FactValue], of alias: String) -> String {
        guard !values.isEmpty else { return "0" }
        let name = Self.name(column, of: alias)
        var marks: [String] = []
        for value in values { marks.append(bound(value)) }
        guard column.storage == .textSet else { return "IFNULL(\(name) IN (\(marks.joined(separator: ", "))), 0)" }
        let holds = marks.map { "instr(\(name), ',' || \($0) || ',') > 0" }
        return "IFNULL(" + holds.joined(separator: " OR ") + ", 0)"
    }

    private mutating func term(_ term: FactTerm, of alias: String) -> String {
        switch term {
        case .column(let column):
            return Self.name(column, of: alias)
        case .constant(let number):
            return bound(.integer(number))
        case .sum(let parts):
            var texts = ["0"]
            for part in parts { texts.append("IFNULL(\(self.term(part, of: alias)), 0)") }
            return "(" + texts.joined(separator: " + ") + ")"
        case .count(let column):
            let name = Self.name(column, of: alias)
            return column.storage == .textSet
                ? "IFNULL(length(\(name)) - length(replace(\(name), ',', '')) - 1, 0)" : "(\(name) IS NOT NULL)"
        case .offset(let inner, let by):
            let text = self.term(inner, of: alias)
            return "(\(text) + \(bound(.integer(by))))"
        }
    }

    private mutating func condition(_ join: FactJoin) -> String {
        let own: String
        let other: String
        switch join.key {
        case .columns(let ownColumn, let otherColumn):
            own = Self.name(ownColumn, of: "f")
            other = Self.name(otherColumn, of: "j")
        case .reference(let column):
            own = "f.name"
            other = Self.name(column, of: "j")
        }
        var conditions = ["\(other) IS NOT NULL", condition(join.test, of: "j")]
        if let days = join.accounted {
            conditions.append("j.day BETWEEN \(days.lowerBound.number) AND \(days.upperBound.number)")
        }
        let inner = "SELECT \(other) FROM \(Self.table(join.kind)) AS j WHERE " + conditions.joined(separator: " AND ")
        return (join.exists ? "" : "NOT ") + "IFNULL(\(own) IN (\(inner)), 0)"
    }
}
