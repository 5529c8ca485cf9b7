import Law

/// Turns indicators into plans, source by source and cut by cut.
struct FormPlanner {
    let edition: Edition
    let period: ReportPeriod
    var plans: [CountPlan] = []
    var uses: [PlanUse] = []
    var heads: [IndicatorHead] = []

    init(edition: Edition, period: ReportPeriod) {
        self.edition = edition
        self.period = period
    }

    mutating func add(_ indicator: Indicator) throws(FormDefect) {
        let position = heads.count
        heads.append(
            IndicatorHead(
                code: indicator.code, labels: indicator.labels, unit: indicator.unit, nature: .additive, scale: 0,
                cuts: []))
        for source in indicator.sources {
            if source.measure == .shareHandedIn {
                addDuties(source, at: position)
                continue
            }
            for kind in source.kind.map({ [$0] }) ?? edition.kinds.map(\.code) {
                let binder = try FactBinder(edition: edition, kind: kind, indicator: indicator.code)
                try add(source, binder: binder, at: position)
            }
        }
        if heads[position].nature == .distinct, indicator.sources.contains(where: \.isSubtracted) {
            heads[position].nature = .movement
        }
    }

    private mutating func add(_ source: Indicator.Source, binder: FactBinder, at position: Int) throws(FormDefect) {
        let asked = try questions(source, binder: binder, at: position)
        let sign: Int64 = source.isSubtracted ? -1 : 1
        addAll(asked, PlanUse(indicator: position, sign: sign), group: nil)
        for cut in source.cuts {
            guard let (head, group) = try self.head(of: cut, binder: binder) else { continue }
            let place = place(of: head, at: position)
            var use = PlanUse(indicator: position, cut: place, sign: sign)
            if head.isKind { use.code = .text(binder.kind.code) }
            addAll(asked, use, group: group)
        }
    }

    /// Duties are no records: they have a territory, a sender and a card kind, and nothing else to cut by.
    private mutating func addDuties(_ source: Indicator.Source, at position: Int) {
        setNature(.share, at: position)
        let whole = CountPlan(
            kind: CountPlan.duties, test: .always, accounted: days(of: source.span), joins: [], measure: .rows,
            groups: [])
        var part = whole
        part.test = CountPlan.handedIn
        let asked: [(plan: CountPlan, part: PlanUse.Part)] = [(whole, .whole), (part, .part)]
        addAll(asked, PlanUse(indicator: position, sign: 1), group: nil)
        for cut in source.cuts {
            guard let (head, group) = Self.commonHead(of: cut) else { continue }
            addAll(asked, PlanUse(indicator: position, cut: place(of: head, at: position), sign: 1), group: group)
        }
    }

    /// What is asked of the source's records, before any cut.
    private mutating func questions(
        _ source: Indicator.Source, binder: FactBinder, at position: Int
    ) throws(FormDefect) -> [(plan: CountPlan, part: PlanUse.Part)] {
        var whole = try plan(source, binder: binder)
        switch source.measure {
        case .count:
            return [(whole, .whole)]
        case .sum(let path):
            let column = try binder.column(path)
            if case .decimal(let scale) = column.storage { heads[position].scale = scale }
            whole.measure = .sum(column)
            return [(whole, .whole)]
        case .mean(let path):
            setNature(.mean, at: position)
            let column = try binder.column(path)
            whole.test = whole.test.and(.present(column))
            var sum = whole
            sum.measure = .sum(column)
            return [(whole, .whole), (sum, .part)]
        case .distinctSubjects(let slot):
            heads[position].nature = .distinct
            whole.measure = .distinctSubjects(slot: slot)
            return [(whole, .whole)]
        case .distinctValues(let path):
            heads[position].nature = .distinct
            whole.measure = .distinctValues(try binder.column(path))
            return [(whole, .whole)]
        case .share(let condition, let join):
            setNature(.share, at: position)
            var part = whole
            part.test = part.test.and(try binder.test(condition))
            if let join {
                part.accounted = Self.narrowed(part.accounted, to: joinCutoff(join))
                part.joins.append(try bound(join, binder: binder))
            }
            return [(whole, .whole), (part, .part)]
        case .shareInTerm:
            setNature(.share, at: position)
            var part = whole
            part.test = part.test.and(.not(.isLate))
            return [(whole, .whole), (part, .part)]
        case .shareHandedIn:
            return []
        }
    }

    /// Shares and means are told in hundredths.
    private mutating func setNature(_ nature: IndicatorHead.Nature, at position: Int) {
        heads[position].nature = nature
        heads[position].scale = 2
    }

    private func plan(_ source: Indicator.Source, binder: FactBinder) throws(FormDefect) -> CountPlan {
        var plan = CountPlan(
            kind: binder.kind.code, test: try binder.test(source.condition), accounted: days(of: source.span),
            joins: [], measure: .rows, groups: [])
        if let test = try dayTest(of: source.span, binder: binder) { plan.test = plan.test.and(test) }
        for join in source.joins {
            plan.accounted = Self.narrowed(plan.accounted, to: joinCutoff(join))
            plan.joins.append(try bound(join, binder: binder))
        }
        return plan
    }

    // MARK: Days

    /// The accounting days a span leaves; nil for all.
    private func days(of span: Indicator.Span) -> ClosedRange<Day>? {
        switch span {
        case .any, .field, .fieldBefore: nil
        case .period: period.days
        case .before: Day(.min)...period.firstDay.adding(days: -1)
        case .through: Day(.min)...period.lastDay
        }
    }

    /// What a span asks of a day field; nil where it asks for the accounting day.
    private func dayTest(of span: Indicator.Span, binder: FactBinder) throws(FormDefect) -> FactTest? {
        switch span {
        case .any, .period, .before, .through: return nil
        case .field(let number): return .within(try binder.column(FieldPath(field: number)), period.days)
        case .fieldBefore(let number):
            let first = FactTerm.constant(Int64(period.firstDay.number))
            return .compare(.column(try binder.column(FieldPath(field: number))), .less, first)
        }
    }

    /// The last accounting day whose records the join may already miss; nil where it need not wait.
    private func joinCutoff(_ join: Indicator.Join) -> Day? {
        guard join.afterWorkingDays > 0 else { return nil }
        var day = period.lastDay
        while edition.calendar.adding(workingDays: join.afterWorkingDays, to: day) > period.lastDay {
            day = day.adding(days: -1)
        }
        return day
    }

    /// The part of the range that is not after `last`; the empty range is written as the day before time began.
    private static func narrowed(_ days: ClosedRange<Day>?, to last: Day?) -> ClosedRange<Day>? {
        guard let last else { return days }
        guard let days else { return Day(.min)...last }
        return days.lowerBound <= last ? days.lowerBound...min(days.upperBound, last) : Day(.min)...Day(.min)
    }

    private func bound(_ join: Indicator.Join, binder: FactBinder) throws(FormDefect) -> FactJoin {
        let other = try FactBinder(edition: edition, kind: join.kind, indicator: binder.indicator)
        let key: FactJoin.Key
        switch join.key {
        case .fields(let own, let joined):
            key = .columns(
                own: try binder.column(FieldPath(field: own)), other: try other.column(FieldPath(field: joined)))
        case .reference(let joined):
            key = .reference(other: try other.column(FieldPath(field: joined)))
        case .subject(let own, let joined):
            key = .subject(own: own, other: joined)
        }
        var test = try other.test(join.condition)
        if let own = try dayTest(of: join.span, binder: other) { test = test.and(own) }
        return FactJoin(
            kind: join.kind, test: test, accounted: days(of: join.span), key: key,
            exists: join.exists)
    }

    // MARK: Cuts

    /// How a cut is headed, and what its rows are grouped by; nil for the territory, which every figure has.
    private func head(
        of cut: Indicator.Cut, binder: FactBinder
    ) throws(FormDefect) -> (head: IndicatorHead.Cut, group: CountPlan.Group?)? {
        switch cut {
        case .territory, .sender, .kind:
            guard let (head, group) = Self.commonHead(of: cut) else { return nil }
            // A plan of records counts one kind: it need not group by it.
            return (head, cut == .kind ? nil : group)
        case .fact(let name, let path):
            let column = try binder.column(path)
            let isSet = column.storage == .textSet
            let set = binder.kind.field(path.field)
            let field = path.member.map { number in set?.members.first { $0.number == number } } ?? set
            let head = IndicatorHead.Cut(
                name: name, labels: field?.labels ?? Labels(en: name, kk: name, ru: name), codeList: field?.codeList,
                isSettlement: field?.type == .settlement, overlaps: isSet)
            return (head, isSet ? .elements(of: column) : .column(column))
        }
    }

    /// Of the cuts that all kinds have in common; nil for the territory.
    private static func commonHead(of cut: Indicator.Cut) -> (head: IndicatorHead.Cut, group: CountPlan.Group)? {
        switch cut {
        case .territory, .fact:
            return nil
        case .sender:
            let labels = Labels(en: "Sender", kk: "Жіберуші", ru: "Отправитель")
            return (IndicatorHead.Cut(name: "sender", labels: labels), .sender)
        case .kind:
            let labels = Labels(en: "Card kind", kk: "Карточка түрі", ru: "Вид карточки")
            return (IndicatorHead.Cut(name: "form_code", labels: labels, isKind: true), .kind)
        }
    }

    /// The place of a cut within the indicator's head; sources that share a cut share its place.
    private mutating func place(of cut: IndicatorHead.Cut, at position: Int) -> Int {
        if let known = heads[position].cuts.firstIndex(where: { $0.name == cut.name }) {
            if cut.overlaps { heads[position].cuts[known].overlaps = true }
            return known
        }
        heads[position].cuts.append(cut)
        return heads[position].cuts.count - 1
    }

    private mutating func addAll(
        _ asked: [(plan: CountPlan, part: PlanUse.Part)], _ use: PlanUse, group: CountPlan.Group?
    ) {
        let distinct = heads[use.indicator].nature == .distinct
        let groups = group.map { [$0] } ?? []
        for (plan, part) in asked {
            var plan = plan
            var use = use
            use.part = part
            use.feedsNation = !distinct
            plan.groups = [.territory] + groups
            plans.append(plan)
            uses.append(use)
            guard distinct else { continue }
            plan.groups = groups
            use.byTerritory = false
            use.feedsNation = true
            plans.append(plan)
            uses.append(use)
        }
    }
}
