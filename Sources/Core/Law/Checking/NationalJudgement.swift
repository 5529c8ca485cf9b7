/// One record while one test is asked about it.
struct NationalJudgement {
    let test: NationalTest
    let record: NationRecord
    let values: Values
    let edition: Edition
    let context: ConditionContext

    /// Nil where the test does not fire; else the other record it speaks of, or an empty text.
    func other(in view: some NationView) -> String? {
        switch test.probe {
        case .found(let search): return first(search, in: view).map(\.name)
        case .missing(let search): return isAskable(search) && !stands(search, in: view) ? "" : nil
        case .onAccount(let type, let states, let slot, let each):
            let slots = each.map { (0..<UInt16(clamping: values[$0].count)).map { slot + $0 } } ?? [slot]
            let stands = slots.contains { slot in
                view.accountStates(type: type, of: record, slot: slot).contains { states.contains($0) }
            }
            return stands ? "" : nil
        case .countDiffers(let referring, let fields):
            let sum = fields.reduce(Int64(0)) { $0 + (values.integer($1) ?? 0) }
            return Int64(view.count(kind: referring.kind, keyPath: referring.path, text: record.name)) == sum ? nil : ""
        case .sumExceeds(let balance): return exceeds(balance, in: view) ? "" : nil
        case .overdue: return ""
        }
    }

    /// A search by an own field that is empty asks nothing, so nothing is missing.
    private func isAskable(_ search: NationalTest.Search) -> Bool {
        if let key = search.key { return values.text(key.own) != nil }
        if let reference = search.reference { return values.text(reference) != nil }
        return true
    }

    private func stands(_ search: NationalTest.Search, in view: some NationView) -> Bool {
        let asksOnlyForOne = search.asksOnlyWhetherThereIsOne && search.kind != record.kind
        if let path = search.referring, asksOnlyForOne {
            return view.count(kind: search.kind, keyPath: path, text: record.name) > 0
        }
        if let key = search.key, asksOnlyForOne {
            return values.text(key.own).map { view.count(kind: search.kind, keyPath: key.otherPath, text: $0) > 0 }
                ?? false
        }
        return first(search, in: view) != nil
    }

    private func first(_ search: NationalTest.Search, in view: some NationView) -> NationRecord? {
        candidates(search, in: view).first { matches($0, search, in: view) }
    }

    private func candidates(_ search: NationalTest.Search, in view: some NationView) -> [NationRecord] {
        if let reference = search.reference {
            guard let name = values.text(reference), let slash = name.firstIndex(of: "/"),
                let found = view.record(
                    sender: String(name[..<slash]), document: String(name[name.index(after: slash)...])),
                // A card of another kind is not what the field names.
                case .reference(let kinds)? = edition.kind(record.kind)?.field(reference)?.type,
                kinds.isEmpty || kinds.contains(found.kind)
            else { return [] }
            return [found]
        }
        if let path = search.referring { return view.records(kind: search.kind, keyPath: path, text: record.name) }
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
        let others = other.values
        guard search.condition.holds(over: others, in: context) else { return false }
        guard agrees(others, search), isInTime(others, search) else { return false }
        if let unless = search.unlessReferred, view.count(kind: unless.kind, keyPath: unless.path, text: other.name) > 0
        {
            return false
        }
        return true
    }

    /// Fields that must be equal, must differ, must have a value in common.
    private func agrees(_ others: Values, _ search: NationalTest.Search) -> Bool {
        for pair in search.equal where values.first(pair.own) != others.first(pair.other) { return false }
        for pair in search.differing {
            guard let own = values.first(pair.own), let theirs = others.first(pair.other), own != theirs else {
                return false
            }
        }
        if let common = search.common {
            let own = common.values(in: values)
            guard common.contains(in: others, where: { own.contains($0) }) else { return false }
        }
        if let among = search.among {
            guard let own = values.first(among.own), among.other.contains(in: others, where: { $0 == own }) else {
                return false
            }
        }
        return true
    }

    private func isInTime(_ others: Values, _ search: NationalTest.Search) -> Bool {
        if let within = search.within {
            guard let day = values.day(within.day), let before = others.day(within.day), before <= day else {
                return false
            }
            let isNear =
                within.months > 0
                ? day < before.adding(months: within.months) : day.number - before.number <= Int32(within.days)
            guard isNear else { return false }
        }
        if let month = search.month {
            guard let own = values.day(month)?.civil, let theirs = others.day(month)?.civil,
                own.year == theirs.year, own.month == theirs.month
            else { return false }
        }
        if let before = search.before {
            guard let own = values.dayOrTime(before.own), let theirs = others.dayOrTime(before.other), own < theirs
            else { return false }
        }
        return true
    }

    /// Whether this record is one of those taken, and they come to more than what is due.
    private func exceeds(_ balance: NationalTest.Balance, in view: some NationView) -> Bool {
        guard balance.taken.holds(over: values, in: context), let text = values.text(balance.key.own) else {
            return false
        }
        var cards = view.records(kind: balance.kind, keyPath: balance.key.otherPath, text: text)
            .filter { $0.name != record.name }
        cards.append(record)
        var left: Int64 = 0
        for card in cards {
            let card = card.values
            let isSame = balance.equal.allSatisfy { values.first($0.own) == card.first($0.other) }
            guard isSame, case .decimal(let amount, _)? = card.first(balance.amount) else { continue }
            if balance.due.holds(over: card, in: context) { left = left.addingReportingOverflow(amount).partialValue }
            if balance.taken.holds(over: card, in: context) {
                left = left.subtractingReportingOverflow(amount).partialValue
            }
        }
        return left < 0
    }
}

extension NationalTest.Search {
    /// Whether any standing record under the key will do, so that none need be opened.
    var asksOnlyWhetherThereIsOne: Bool {
        condition == .always && subject == nil && !isOfOtherSender && equal.isEmpty && common == nil
            && differing.isEmpty && among == nil && within == nil && month == nil && !isEarlier && before == nil
            && unlessReferred == nil
    }
}
