package import Law

/// A condition over one row of a kind's fact table: the catalogue's condition with its fields bound to columns.
///
/// A row either passes or does not: a test whose column is empty does not hold, and `not` of it does. Whoever puts it
/// into SQL must therefore keep NULL out of the logic (`IFNULL(…, 0)` around each comparison).
package indirect enum FactTest: Hashable, Sendable {
    case always
    case all([FactTest])
    case any([FactTest])
    case not(FactTest)
    case present(FactColumn)
    /// The column equals one of these; a set column (`.textSet`) holds one of them.
    case isOneOf(FactColumn, [FactValue])
    case compare(FactTerm, Comparison, FactTerm)
    /// The document that opened the record came after its term (rule V006).
    case isLate

    /// The day column lies in the range.
    static func within(_ column: FactColumn, _ days: ClosedRange<Day>) -> FactTest {
        .all([
            .compare(.column(column), .greaterOrEqual, .constant(Int64(days.lowerBound.number))),
            .compare(.column(column), .lessOrEqual, .constant(Int64(days.upperBound.number))),
        ])
    }

    /// Both tests, without needless nesting.
    func and(_ other: FactTest) -> FactTest {
        switch (self, other) {
        case (.always, _): other
        case (_, .always): self
        case (.all(let left), .all(let right)): .all(left + right)
        case (.all(let left), _): .all(left + [other])
        default: .all([self, other])
        }
    }
}

/// What a comparison weighs: whole numbers, days, flags, decimals without their point (all of one scale).
package indirect enum FactTerm: Hashable, Sendable {
    case column(FactColumn)
    case constant(Int64)
    /// Empty columns count as nothing.
    case sum([FactTerm])
    /// How many values a set column holds; 1 or 0 for any other column.
    case count(FactColumn)
    case offset(FactTerm, by: Int64)
}

/// Why a form of the catalogue cannot be counted.
package enum FormDefect: Error, Hashable, Sendable {
    /// The form has no indicators yet.
    case notComputable(form: String, lacks: Labels)
    case unknownKind(indicator: String, kind: String)
    /// The field is no fact of the kind: the centre keeps no column for it.
    case notAFact(indicator: String, kind: String, field: FieldNumber)
    /// A condition asks for what no fact column can tell (the day of receipt, "unknown", texts weighed as numbers).
    case notCountable(indicator: String, kind: String, reason: String)
}

/// Binds the conditions of one kind to its fact columns.
struct FactBinder {
    let edition: Edition
    let kind: CardKind
    let indicator: String

    init(edition: Edition, kind code: String, indicator: String) throws(FormDefect) {
        guard let kind = edition.kind(code) else { throw .unknownKind(indicator: indicator, kind: code) }
        self.edition = edition
        self.kind = kind
        self.indicator = indicator
    }

    func column(_ path: FieldPath) throws(FormDefect) -> FactColumn {
        guard let column = kind.factColumns.first(where: { $0.path == path }) else {
            throw .notAFact(indicator: indicator, kind: kind.code, field: path.member ?? path.field)
        }
        return column
    }

    func test(_ condition: Condition) throws(FormDefect) -> FactTest {
        switch condition {
        case .always:
            return .always
        case .all(let parts):
            return .all(try tests(parts))
        case .any(let parts):
            return .any(try tests(parts))
        case .not(let part):
            return .not(try test(part))
        case .present(let path):
            return .present(try column(path))
        case .isUnknown:
            throw refusal("facts do not tell an unknown value from a missing one")
        case .isOneOf(let path, let values):
            let column = try column(path)
            var bound: [FactValue] = []
            for value in values { bound.append(try factValue(value, of: column)) }
            return .isOneOf(column, bound)
        case .attribute(let path, let list, let name, let words):
            return try attributeTest(path, list: list, name: name, words: words)
        case .inForce:
            throw refusal("facts keep no days of their codes")
        case .compare(let left, let comparison, let right):
            let ownScale = try scale(of: left)
            let otherScale = try scale(of: right)
            let scale = ownScale ?? otherScale ?? 0
            return .compare(try term(left, scale: scale), comparison, try term(right, scale: scale))
        }
    }

    private func tests(_ conditions: [Condition]) throws(FormDefect) -> [FactTest] {
        var bound: [FactTest] = []
        for condition in conditions { bound.append(try test(condition)) }
        return bound
    }

    /// An attribute of a code is known when the plan is made: it becomes the list of the codes that have it.
    private func attributeTest(
        _ path: FieldPath, list: String, name: String, words: [String]
    ) throws(FormDefect) -> FactTest {
        guard let list = edition.codeList(list) else { throw refusal("there is no code list \(list)") }
        let codes = list.codes.filter { code in code.attribute(name).contains { words.contains($0) } }
        return .isOneOf(try column(path), codes.map { .text($0.code) })
    }

    private func term(_ operand: Operand, scale: UInt8) throws(FormDefect) -> FactTerm {
        switch operand {
        case .field(let path):
            let column = try column(path)
            if case .decimal(let own) = column.storage, own != scale {
                throw refusal("decimals of \(own) and \(scale) digits are not weighed against each other")
            }
            switch column.storage {
            case .text, .textSet: throw refusal("\(column.name) is a text: it cannot be weighed")
            case .integer, .decimal, .day: return .column(column)
            }
        case .constant(let value):
            guard case .integer(let number) = try number(value, scale: scale) else {
                throw refusal("a text cannot be weighed")
            }
            return .constant(number)
        case .sum(let parts):
            var terms: [FactTerm] = []
            for part in parts { terms.append(try term(part, scale: scale)) }
            return .sum(terms)
        case .count(let path):
            return .count(try column(path))
        case .offset(let inner, let by):
            return .offset(try term(inner, scale: scale), by: by * Self.power(scale))
        case .quotient:
            throw refusal("facts are compared, not divided")
        case .moment:
            throw refusal("facts keep days, not moments")
        case .received:
            throw refusal("facts do not keep the day of receipt")
        case .least, .attributes, .rate, .product, .workingDays, .dayOfYear:
            throw refusal("facts are weighed by no calendar and no rates")
        }
    }

    /// The decimal digits of the first decimal column an operand names.
    private func scale(of operand: Operand) throws(FormDefect) -> UInt8? {
        switch operand {
        case .field(let path):
            if case .decimal(let scale) = try column(path).storage { return scale }
            return nil
        case .sum(let parts):
            for part in parts {
                if let scale = try scale(of: part) { return scale }
            }
            return nil
        case .offset(let inner, _), .quotient(let inner, _):
            return try scale(of: inner)
        case .constant, .count, .moment, .received, .least, .attributes, .rate, .product, .workingDays, .dayOfYear:
            return nil
        }
    }

    private func factValue(_ value: Value, of column: FactColumn) throws(FormDefect) -> FactValue {
        switch column.storage {
        case .text, .textSet:
            if case .text(let text) = value { return .text(text) }
            throw refusal("\(column.name) holds texts")
        case .decimal(let scale):
            return try number(value, scale: scale)
        case .integer, .day:
            return try number(value, scale: 0)
        }
    }

    private func number(_ value: Value, scale: UInt8) throws(FormDefect) -> FactValue {
        switch value {
        case .integer(let number): return .integer(number * Self.power(scale))
        case .decimal(let unscaled, let own) where own <= scale: return .integer(unscaled * Self.power(scale - own))
        case .day(let day): return .integer(Int64(day.number))
        case .time(let milliseconds): return .integer(milliseconds)
        case .flag(let flag): return .integer(flag ? 1 : 0)
        case .text, .decimal, .group, .unknown: throw refusal("this value cannot be weighed")
        }
    }

    private func refusal(_ reason: String) -> FormDefect {
        .notCountable(indicator: indicator, kind: kind.code, reason: reason)
    }

    private static func power(_ scale: UInt8) -> Int64 {
        (0..<scale).reduce(1) { power, _ in power * 10 }
    }
}
