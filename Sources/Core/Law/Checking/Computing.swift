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
        }
    }
}
