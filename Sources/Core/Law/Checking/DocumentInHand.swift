/// A document that has been read, while the rules are asked about it.
struct DocumentInHand {
    let act: DocumentKind
    let edition: Edition
    let plan: KindPlan
    let documentDay: Day
    let context: CheckContext

    /// Problems in the order found: as read, what is missing, the rules of the catalogue, then the rules below.
    func judge(_ reading: inout Reading, canonical: [UInt8]) -> [Problem] {
        var problems = reading.found.map { edition.problem($0.code, path: $0.path) }
        compute(&reading)
        let values = Values(reading.values)
        // What a correction sets is judged with its envelope; what it does not touch was judged before.
        let touched = act == .correction ? Values(reading.values + reading.changes.compactMap(\.written)) : values
        let conditions = ConditionContext(edition: edition, received: latest)
        missing(values, reading, conditions, &problems)
        catalogued(touched, conditions, &problems)
        envelope(touched, canonical, &problems)
        for person in plan.persons { self.person(person, touched, &problems) }
        businessNumbers(touched, &problems)
        texts(touched, &problems)
        place(touched, &problems)
        return problems
    }

    /// The day of receipt with the tolerance for clocks that differ.
    private var latest: Day { Day(milliseconds: context.receivedMilliseconds + Checker.toleranceMilliseconds) }

    private func compute(_ reading: inout Reading) {
        guard act == .new, !plan.computed.isEmpty else { return }
        let values = Values(reading.values)
        let count = reading.values.count
        for (number, _, computation) in plan.computed {
            for value in computation.values(from: values, in: edition) {
                reading.values.append(FieldValue(field: number, value: value))
            }
        }
        if reading.values.count > count { reading.sortValues() }
    }

    /// V009: required field empty. Only a new document must be whole; the others owe their own envelope.
    private func missing(
        _ values: Values, _ reading: Reading, _ conditions: ConditionContext, _ problems: inout [Problem]
    ) {
        for (position, entry) in plan.entries.enumerated()
        where entry.isRequired && (act == .new || entry.isOfAct) && values.first(entry.number) == nil {
            note("V009", position, reading, &problems)
        }
        for (position, condition) in plan.conditional {
            let entry = plan.entries[position]
            guard act == .new || entry.isOfAct, values.first(entry.number) == nil,
                condition.holds(over: values, in: conditions)
            else { continue }
            note("V009", position, reading, &problems)
        }
    }

    /// A field that stands but is wrong has been blamed already.
    private func note(_ code: String, _ position: Int, _ reading: Reading, _ problems: inout [Problem]) {
        let path = plan.kind.fields[position].path
        if reading.found.contains(where: { $0.path == path }) { return }
        problems.append(edition.problem(code, path: path))
    }

    /// The rules that are conditions in the catalogue.
    private func catalogued(_ values: Values, _ conditions: ConditionContext, _ problems: inout [Problem]) {
        for rule in plan.kind.rules {
            guard act == .new || rule.isOfEnvelope else { continue }
            guard (rule.from.map { $0 <= documentDay } ?? true), (rule.to.map { documentDay <= $0 } ?? true) else {
                continue
            }
            guard rule.condition.holds(over: values, in: conditions) else { continue }
            problems.append(edition.problem(rule.code, path: rule.path, severity: rule.severity))
        }
    }
}

extension FieldChange {
    /// The value a correction brings in.
    var written: FieldValue? {
        switch self {
        case .set(let field, let value), .add(let field, let value): FieldValue(field: field, value: value)
        case .clear, .remove: nil
        }
    }
}
