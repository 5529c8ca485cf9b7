/// Rules of several fields over a record as its documents make it together. Each document was judged with what it said;
/// a correction that says nothing of a field may still stand against it.
extension Edition {
    /// What a document with these values would be blamed for, by the rules of its card and what it must hold. The rules
    /// of the envelope and of single values were asked of each document.
    ///
    /// - Parameter received: the day it is judged on (UTC+5).
    package func problems(ofMerged values: Values, kind: CardKind, received: Day) -> [Problem] {
        guard let position = kindTable.position(of: kind.code) else { return [] }
        let plan = plans[position]
        let conditions = ConditionContext(edition: self, received: received)
        var problems: [Problem] = []
        for (position, entry) in plan.entries.enumerated()
        where entry.isRequired && !entry.isOfAct && values.first(entry.number) == nil {
            problems.append(problem("V009", path: plan.kind.fields[position].path))
        }
        for (position, condition) in plan.conditional
        where !plan.entries[position].isOfAct && values.first(plan.entries[position].number) == nil
            && condition.holds(over: values, in: conditions)
        {
            problems.append(problem("V009", path: plan.kind.fields[position].path))
        }
        let day = values.day(plan.envelope.documentDay) ?? received
        for rule in plan.kind.rules where !rule.isOfEnvelope {
            guard (rule.from.map { $0 <= day } ?? true), (rule.to.map { day <= $0 } ?? true) else { continue }
            guard rule.condition.holds(over: values, in: conditions) else { continue }
            problems.append(problem(rule.code, path: rule.path, severity: rule.severity))
        }
        return problems
    }
}
