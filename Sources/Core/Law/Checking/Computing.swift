extension Computation {
    /// The computed values; none where what they come from is missing or unknown.
    func values(from values: Values, in edition: Edition) -> [Value] {
        switch self {
        case .age(let birth, let on):
            guard let birth = values.day(birth), let on = values.day(on), birth <= on else { return [] }
            return [.integer(Int64(birth.wholeYears(to: on)))]
        case .younger(let birth, let on, let years):
            guard let birth = values.day(birth), let on = values.day(on), birth <= on else { return [] }
            return [.flag(birth.wholeYears(to: on) < years)]
        case .days(let from, let to):
            guard let from = values.day(from), let to = values.day(to) else { return [] }
            return [.integer(Int64(to.number - from.number))]
        case .workingDays(let from, let to):
            guard let from = values.day(from), let to = values.day(to), from <= to else { return [] }
            return [.integer(Int64(edition.calendar.workingDays(after: from, through: to)))]
        case .monthsAfter(let start, let months):
            guard let start = values.day(start), let months = values.integer(months) else { return [] }
            return [.day(start.adding(months: Int(months)))]
        case .attribute(let path, let list, let name):
            guard let list = edition.codeList(list) else { return [] }
            var words: [Value] = []
            _ = path.contains(in: values) { value in
                if case .text(let code) = value, let found = list.code(code) {
                    for word in found.attribute(name) where !words.contains(.text(word)) { words.append(.text(word)) }
                }
                return false
            }
            return words
        case .tenge(let amount, let currency, let equivalent):
            guard let amount = values.first(amount) else { return [] }
            if values.text(currency) == "KZT" { return [amount] }
            return values.first(equivalent).map { [$0] } ?? []
        case .count(let set):
            let count = values[set].count
            return count > 0 ? [.integer(Int64(count))] : []
        case .firstPresent(let choices):
            return choices.first { values.first($0.field) != nil }.map { [.text($0.code)] } ?? []
        case .answerDue(let set, let asked, let answered, let workingDays):
            let waiting = values[set].compactMap { element -> Day? in
                guard case .group(let members) = element.value, !members.contains(where: { $0.field == answered }),
                    case .day(let day)? = members.first(where: { $0.field == asked })?.value
                else { return nil }
                return day
            }
            return waiting.min().map { [.day(edition.calendar.adding(workingDays: workingDays, to: $0))] } ?? []
        case .since: return []
        }
    }

    /// Fields it comes from.
    package var inputs: [FieldNumber] {
        switch self {
        case .age(let birth, let on), .younger(let birth, let on, _): [birth, on]
        case .days(let from, let to), .workingDays(let from, let to): [from, to]
        case .monthsAfter(let start, let months): [start, months]
        case .attribute(let path, _, _): [path.field]
        case .tenge(let amount, let currency, let equivalent): [amount, currency, equivalent]
        case .count(let set), .answerDue(let set, _, _, _): [set]
        case .firstPresent(let choices): choices.map(\.field)
        case .since: []
        }
    }
}

extension CardKind {
    /// Values of a record whose documents after the first have written or taken away `changed` fields: what is computed
    /// from these is computed anew. What nobody touched stays, be it computed from values that are gone since.
    package func recomputed(_ values: Values, changed: Set<FieldNumber>, in edition: Edition) -> Values {
        var changed = changed
        var current = values
        for field in computedFields {
            guard let computation = field.computed, computation.inputs.contains(where: changed.contains) else {
                continue
            }
            let others = current.all.filter { $0.field != field.number }
            let own = computation.values(from: current, in: edition)
            current = Values(others + own.map { FieldValue(field: field.number, value: $0) })
            changed.insert(field.number)
        }
        return current
    }

    /// The day of each field that tells since when a condition holds.
    ///
    /// - Parameter history: the record's values after each of its documents, with the day each was accepted.
    package func sinceDays(
        _ history: some Sequence<(day: Day, values: Values)>, in edition: Edition
    ) -> [FieldValue] {
        historyFields.compactMap { field in
            guard case .since(let condition)? = field.computed else { return nil }
            let first = history.first {
                condition.holds(over: $0.values, in: ConditionContext(edition: edition, received: $0.day))
            }
            return first.map { FieldValue(field: field.number, value: .day($0.day)) }
        }
    }
}
