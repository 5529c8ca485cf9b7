/// Rules that only the whole nation can decide.
///
/// Tests of *presence* (another card stands that should not, a person is on an account) are asked once, when a record
/// is accounted or corrected. Tests of *absence* (a card is missing, a count or a sum is wrong) may be asked before
/// what they look for has come: they have a grace, and are asked again when something comes under what they wait for.
package enum NationalRules {
    /// Which tests of a record are asked.
    package enum Nature: Hashable, Sendable {
        case presence, absence
    }

    /// Findings about a record, in the order of the catalogue's rules.
    ///
    /// - Parameters:
    ///   - nature: nil: both.
    ///   - today: the centre's day (UTC+5). What is still within its grace is told as the grace says, or not at all.
    package static func findings(
        about record: NationRecord, in view: some NationView, edition: Edition, today: Day, nature: Nature? = nil
    ) -> [Finding] {
        let plan = edition.nationPlan(of: record.kind)
        let tests =
            switch nature {
            case .presence: plan.presence
            case .absence: plan.absence
            case nil: plan.presence + plan.absence
            }
        if tests.isEmpty { return [] }
        var findings: [Finding] = []
        for test in tests {
            guard let finding = self.finding(of: test, about: record, in: view, edition: edition, today: today),
                let severity = test.severity(
                    on: today, graceEnd: test.graceEnd(of: record.values, calendar: edition.calendar))
            else { continue }
            // Two ways of one rule say the same thing once.
            if !findings.contains(where: { $0.code == finding.code && $0.path == finding.path }) {
                findings.append(
                    Finding(code: finding.code, severity: severity, path: finding.path, other: finding.other))
            }
        }
        return nature == nil ? findings.sorted { $0.code < $1.code } : findings
    }

    /// What one test says of a record, whatever its grace; nil where it does not fire.
    package static func finding(
        of test: NationalTest, about record: NationRecord, in view: some NationView, edition: Edition, today: Day
    ) -> Finding? {
        let values = record.values
        let context = ConditionContext(edition: edition, received: today)
        guard test.condition.holds(over: values, in: context) else { return nil }
        let judgement = NationalJudgement(
            test: test, record: record, values: values, edition: edition, context: context)
        guard let other = judgement.other(in: view) else { return nil }
        return Finding(code: test.code, severity: test.severity, path: test.path, other: other)
    }
}

extension NationalTest {
    /// The last day of the grace; nil where there is none, or its day is not known.
    package func graceEnd(of values: Values, calendar: Calendar) -> Day? {
        guard let grace else { return nil }
        return values.dayOrTime(grace.day).map { calendar.adding(workingDays: grace.workingDays, to: $0) }
    }

    /// How grave a miss is on a day; nil while nothing is said of it.
    package func severity(on today: Day, graceEnd: Day?) -> Severity? {
        guard let grace, let graceEnd, today <= graceEnd else { return severity }
        return grace.early
    }

    /// Under what another record must come, change or go for the answer to change.
    ///
    /// - Parameter other: the record that the finding speaks of, where it speaks of one.
    package func waits(about record: NationRecord, other: String) -> [NationalWait] {
        let values = record.values
        switch probe {
        case .missing(let search):
            if let name = search.reference.flatMap({ values.text($0) }) { return [.record(name)] }
            if let path = search.referring { return [.key(domain: search.kind + "." + path, text: record.name)] }
            return search.key.flatMap { key in values.text(key.own).map { [search.wait(key, $0)] } } ?? []
        case .countDiffers(let referring, _):
            return [.key(domain: referring.kind + "." + referring.path, text: record.name)]
        case .overdue: return []
        case .sumExceeds(let balance):
            return values.text(balance.key.own).map {
                [.key(domain: balance.kind + "." + balance.key.otherPath, text: $0)]
            } ?? []
        case .found(let search):
            guard !other.isEmpty else { return [] }
            let ended = search.unlessReferred.map { [NationalWait.key(domain: $0.kind + "." + $0.path, text: other)] }
            return [.record(other)] + (ended ?? [])
        case .onAccount(let type, _, let slot, let each):
            let count = each.map { values[$0].count } ?? 1
            return (0..<UInt16(clamping: count)).map { .account(type: type, slot: slot + $0) }
        }
    }
}

extension NationalTest {
    /// The term under which it looks for other records; nil where it looks for none, or by name or subject.
    package func term(about record: NationRecord) -> SearchTerm? {
        func term(_ kind: String, _ key: Pair) -> SearchTerm? {
            record.values.text(key.own).map { SearchTerm(domain: kind + "." + key.otherPath, text: $0) }
        }
        switch probe {
        case .found(let search), .missing(let search):
            guard search.reference == nil else { return nil }
            if let path = search.referring { return SearchTerm(domain: search.kind + "." + path, text: record.name) }
            return search.key.flatMap { term(search.kind, $0) }
        case .countDiffers(let referring, _):
            return SearchTerm(domain: referring.kind + "." + referring.path, text: record.name)
        case .sumExceeds(let balance): return term(balance.kind, balance.key)
        case .onAccount, .overdue: return nil
        }
    }
}

extension NationalTest.Search {
    fileprivate func wait(_ key: NationalTest.Pair, _ text: String) -> NationalWait {
        .key(domain: kind + "." + key.otherPath, text: text)
    }
}

/// What a finding waits for.
package enum NationalWait: Hashable, Sendable {
    /// A record with this key: the search term of this domain.
    case key(domain: String, text: String)
    /// The record of this name, `SENDER/DOCUMENT`.
    case record(String)
    /// An account of the own party in this slot.
    case account(type: String, slot: UInt16)
}

extension NationRecord {
    package var name: String { sender + "/" + document }
}

extension Values {
    /// The day of a day field, or the day (UTC+5) of a time field.
    func dayOrTime(_ field: FieldNumber) -> Day? {
        switch first(field) {
        case .day(let day): day
        case .time(let milliseconds): Day(milliseconds: UInt64(max(0, milliseconds)))
        default: nil
        }
    }
}
