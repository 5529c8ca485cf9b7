/// Rules that only the whole nation can decide. The centre asks after accounting a record, and again when a record
/// that answers a miss arrives.
package enum NationalRules {
    /// Findings about a record just accounted or corrected, in the order of the catalogue's rules.
    ///
    /// - Parameter today: the centre's day (UTC+5).
    package static func findings(
        about record: NationRecord, in view: some NationView, edition: Edition, today: Day
    ) -> [Finding] {
        let values = Values(record.values)
        let context = ConditionContext(edition: edition, received: today)
        var findings: [Finding] = []
        for test in edition.nationalTests(of: record.kind) where test.condition.holds(over: values, in: context) {
            let judgement = Judgement(record: record, values: values, edition: edition, context: context)
            guard let other = judgement.other(test.probe, in: view) else { continue }
            var severity = test.severity
            if let grace = test.grace, let day = values.day(grace.day),
                today <= edition.calendar.adding(workingDays: grace.workingDays, to: day)
            {
                severity = .warning
            }
            let finding = Finding(code: test.code, severity: severity, path: test.path, other: other)
            // Two ways of one rule say the same thing once.
            if !findings.contains(where: { $0.code == finding.code && $0.path == finding.path }) {
                findings.append(finding)
            }
        }
        return findings
    }

    /// Kinds whose records may have to be judged again when a record of this kind arrives.
    package static func kindsTouched(by kind: String, in edition: Edition) -> [String] {
        edition.nationalTests.filter { test in
            switch test.probe {
            case .missing(let search):
                search.kind == kind || search.reference.map { refers(test.kind, $0, to: kind, in: edition) } ?? false
            case .countDiffers(let referring, _): referring.kind == kind
            case .found, .onAccount: false
            }
        }.map(\.kind)
    }

    private static func refers(_ from: String, _ field: FieldNumber, to kind: String, in edition: Edition) -> Bool {
        guard case .reference(let kinds)? = edition.kind(from)?.field(field)?.type else { return false }
        return kinds.contains(kind)
    }
}

/// One record while one probe is asked about it.
private struct Judgement {
    let record: NationRecord
    let values: Values
    let edition: Edition
    let context: ConditionContext

    /// Nil where the probe does not fire; else the other record it speaks of, or an empty text.
    func other(_ probe: NationalTest.Probe, in view: some NationView) -> String? {
        switch probe {
        case .found(let search): return first(search, in: view).map { $0.sender + "/" + $0.document }
        case .missing(let search): return isAskable(search) && first(search, in: view) == nil ? "" : nil
        case .onAccount(let type, let states, let slot, let each):
            let slots = each.map { (0..<UInt16(clamping: values[$0].count)).map { slot + $0 } } ?? [slot]
            let stands = slots.contains { slot in
                view.accountStates(type: type, of: record, slot: slot).contains { states.contains($0) }
            }
            return stands ? "" : nil
        case .countDiffers(let referring, let fields):
            let sum = fields.reduce(Int64(0)) { $0 + (values.integer($1) ?? 0) }
            let name = record.sender + "/" + record.document
            let cards = view.records(kind: referring.kind, keyPath: referring.path, text: name)
            return Int64(cards.count) == sum ? nil : ""
        }
    }

    /// A search by an own field that is empty asks nothing, so nothing is missing.
    private func isAskable(_ search: NationalTest.Search) -> Bool {
        if let key = search.key { return values.text(key.own) != nil }
        if let reference = search.reference { return values.text(reference) != nil }
        return true
    }

    private func first(_ search: NationalTest.Search, in view: some NationView) -> NationRecord? {
        candidates(search, in: view).first { matches($0, search, in: view) }
    }

    private func candidates(_ search: NationalTest.Search, in view: some NationView) -> [NationRecord] {
        if let reference = search.reference {
            guard let name = values.text(reference), let slash = name.firstIndex(of: "/") else { return [] }
            let document = String(name[name.index(after: slash)...])
            return view.record(sender: String(name[..<slash]), document: document).map { [$0] } ?? []
        }
        if let key = search.key {
            guard let text = values.text(key.own) else { return [] }
            let found = view.records(kind: search.kind, keyPath: key.otherPath, text: text)
            guard let slot = search.subject, !found.isEmpty else { return found }
            let same = view.records(kind: search.kind, sameSubjectAs: record, slot: slot)
            return found.filter { candidate in
                same.contains { $0.sender == candidate.sender && $0.document == candidate.document }
            }
        }
        guard let slot = search.subject else { return [] }
        return view.records(kind: search.kind, sameSubjectAs: record, slot: slot)
    }

    private func matches(_ other: NationRecord, _ search: NationalTest.Search, in view: some NationView) -> Bool {
        if other.sender == record.sender, other.document == record.document { return false }
        if search.isOfOtherSender, other.sender == record.sender { return false }
        if search.isEarlier, other.acceptedMilliseconds > record.acceptedMilliseconds { return false }
        let others = Values(other.values)
        guard search.condition.holds(over: others, in: context) else { return false }
        for pair in search.equal where values.first(pair.own) != others.first(pair.other) { return false }
        if let common = search.common {
            let own = common.values(in: values)
            guard common.contains(in: others, where: { own.contains($0) }) else { return false }
        }
        if let within = search.within {
            guard let day = values.day(within.day), let before = others.day(within.day), before <= day,
                day.number - before.number <= Int32(within.days)
            else { return false }
        }
        if let before = search.before {
            guard let own = values.day(before.own), let theirs = others.day(before.other), own < theirs else {
                return false
            }
        }
        if let unless = search.unlessReferred {
            let name = other.sender + "/" + other.document
            if !view.records(kind: unless.kind, keyPath: unless.path, text: name).isEmpty { return false }
        }
        return true
    }
}
