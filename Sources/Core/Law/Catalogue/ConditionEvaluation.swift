/// What a condition is judged with, beside the values themselves.
package struct ConditionContext: Sendable {
    package var edition: Edition
    /// The day of receipt, where the condition speaks of it.
    package var received: Day

    package init(edition: Edition, received: Day) {
        self.edition = edition
        self.received = received
    }
}

extension Condition {
    package func holds(over values: Values, in context: ConditionContext) -> Bool {
        switch self {
        case .always: return true
        case .all(let parts): return parts.allSatisfy { $0.holds(over: values, in: context) }
        case .any(let parts): return parts.contains { $0.holds(over: values, in: context) }
        case .not(let part): return !part.holds(over: values, in: context)
        case .present(let path): return path.contains(in: values) { _ in true }
        case .isUnknown(let path): return path.contains(in: values) { $0 == .unknown }
        case .isOneOf(let path, let wanted): return path.contains(in: values) { wanted.contains($0) }
        case .attribute(let path, let list, let name, let words):
            guard let list = context.edition.codeList(list) else { return false }
            return path.contains(in: values) { value in
                guard case .text(let text) = value, let code = list.code(text) else { return false }
                return code.attribute(name).contains { words.contains($0) }
            }
        case .inForce(let path, let list, let on):
            guard let list = context.edition.codeList(list), list.hasDays, let day = on.day(over: values, in: context)
            else { return true }
            return !path.contains(in: values) { value in
                if case .text(let text) = value { list.code(text)?.isValid(on: day) != true } else { false }
            }
        case .compare(let left, let comparison, let right):
            guard let left = left.weight(over: values, in: context),
                let right = right.weight(over: values, in: context)
            else { return false }
            return comparison.holds(left, right)
        }
    }
}

extension FieldPath {
    /// Whether any value at the path satisfies `test`.
    package func contains(in values: Values, where test: (Value) -> Bool) -> Bool {
        for value in values[field] {
            guard let member else {
                if test(value.value) { return true }
                continue
            }
            guard case .group(let members) = value.value else { continue }
            for candidate in members where candidate.field == member && test(candidate.value) { return true }
        }
        return false
    }

    /// All values at the path, in the document's order.
    package func values(in values: Values) -> [Value] {
        var found: [Value] = []
        _ = contains(in: values) {
            found.append($0)
            return false
        }
        return found
    }
}

extension Operand {
    /// The operand in units of 10^-4 (days and integers times 10,000), so that money and counts compare exactly;
    /// nil where it is missing, unknown, or no number.
    func weight(over values: Values, in context: ConditionContext) -> Int64? {
        switch self {
        case .field(let path):
            var found: Int64?
            _ = path.contains(in: values) {
                found = Self.weight(of: $0)
                return found != nil
            }
            return found
        case .constant(let value): return Self.weight(of: value)
        case .sum(let parts):
            return parts.reduce(0) { sum, part in
                sum.map { $0.addingReportingOverflow(part.weight(over: values, in: context) ?? 0).partialValue }
            }
        case .count(let path):
            var count: Int64 = 0
            _ = path.contains(in: values) { _ in
                count += 1
                return false
            }
            return count * Self.unit
        case .offset(let operand, let by):
            return operand.weight(over: values, in: context)
                .map { $0.addingReportingOverflow(by * Self.unit).partialValue }
        case .quotient(let operand, let divisor):
            guard let weight = operand.weight(over: values, in: context),
                let parts = divisor.weight(over: values, in: context), parts != 0
            else { return nil }
            let (scaled, overflow) = weight.multipliedReportingOverflow(by: Self.unit)
            return overflow ? weight / parts * Self.unit : scaled.dividedReportingOverflow(by: parts).partialValue
        case .moment(let path):
            var found: Int64?
            _ = path.contains(in: values) {
                if case .time(let milliseconds) = $0 { found = milliseconds * Self.unit }
                return found != nil
            }
            return found
        case .received: return Int64(context.received.number) * Self.unit
        case .least(let path): return path.values(in: values).compactMap(Self.weight(of:)).min()
        case .attributes(let path, let list, let name, let gathering):
            guard let list = context.edition.codeList(list) else { return nil }
            return Self.gathered(path.values(in: values), list, name, gathering)
        case .rate(let list, let name, let on):
            guard let list = context.edition.codeList(list), let day = on.day(over: values, in: context),
                let code = list.codes.first(where: { $0.isValid(on: day) })
            else { return nil }
            return Self.number(code, name)
        case .product(let left, let right):
            guard let left = left.weight(over: values, in: context), let right = right.weight(over: values, in: context)
            else { return nil }
            let (product, overflow) = left.multipliedReportingOverflow(by: right)
            return overflow ? ((left < 0) == (right < 0) ? .max : .min) : product / Self.unit
        case .workingDays(let count, let start):
            guard let start = start.day(over: values, in: context),
                let count = count.weight(over: values, in: context)
            else { return nil }
            let day = context.edition.calendar.adding(workingDays: Int(count / Self.unit), to: start)
            return Int64(day.number) * Self.unit
        case .dayOfYear(let year, let years, let month, let day):
            guard let year = year.weight(over: values, in: context) else { return nil }
            return Int64(Day(year: Int(year / Self.unit + years), month: month, day: day).number) * Self.unit
        }
    }

    fileprivate func day(over values: Values, in context: ConditionContext) -> Day? {
        weight(over: values, in: context).map { Day(Int32(clamping: $0 / Self.unit)) }
    }

    private static func gathered(_ codes: [Value], _ list: CodeList, _ name: String, _ gathering: Gathering) -> Int64? {
        var gathered: Int64?
        for value in codes {
            guard case .text(let text) = value, let code = list.code(text), let number = number(code, name) else {
                return nil
            }
            switch gathering {
            case .least: gathered = min(gathered ?? number, number)
            case .total: gathered = (gathered ?? 0).addingReportingOverflow(number).partialValue
            }
        }
        return gathered
    }

    private static func number(_ code: Code, _ name: String) -> Int64? {
        code.attribute(name).first.flatMap { Int64($0) }.map { weight(of: .integer($0)) ?? 0 }
    }

    private static let unit: Int64 = 10_000

    private static func weight(of value: Value) -> Int64? {
        switch value {
        case .integer(let integer):
            let (product, overflow) = integer.multipliedReportingOverflow(by: unit)
            return overflow ? (integer < 0 ? .min : .max) : product
        case .decimal(let unscaled, let scale):
            var weight = unscaled
            for _ in 0..<max(0, 4 - Int(scale)) {
                let (product, overflow) = weight.multipliedReportingOverflow(by: 10)
                if overflow { return weight < 0 ? .min : .max }
                weight = product
            }
            for _ in 0..<max(0, Int(scale) - 4) { weight /= 10 }
            return weight
        case .day(let day): return Int64(day.number) * unit
        // A time compares with days by its day in UTC+5.
        case .time(let milliseconds): return Int64(Day(milliseconds: UInt64(max(0, milliseconds))).number) * unit
        case .flag(let flag): return flag ? unit : 0
        case .text, .group, .unknown: return nil
        }
    }
}

extension Comparison {
    func holds(_ left: Int64, _ right: Int64) -> Bool {
        switch self {
        case .less: left < right
        case .lessOrEqual: left <= right
        case .equal: left == right
        case .notEqual: left != right
        case .greater: left > right
        case .greaterOrEqual: left >= right
        }
    }
}
