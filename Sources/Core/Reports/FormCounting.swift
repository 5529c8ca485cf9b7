package import Law

/// A form of the catalogue made countable for one period: the questions to the fact tables, and how their answers
/// become figures.
///
/// The same answers give the same report, in whatever order their rows come.
package struct FormCounting: Sendable {
    package let form: Form
    package let edition: Edition
    package let period: ReportPeriod
    /// Ask them all at one position; hand the answers to `report` in the same order.
    package let plans: [CountPlan]
    /// What the answer to the plan of the same position is for.
    let uses: [PlanUse]
    let heads: [IndicatorHead]

    /// - Throws: `FormDefect`, also where the form is listed in the schedule but lacks what it would count.
    package init(form: Form, edition: Edition, period: ReportPeriod) throws(FormDefect) {
        guard !form.indicators.isEmpty else {
            throw .notComputable(form: form.key, lacks: form.lacks ?? Labels(en: "", kk: "", ru: ""))
        }
        var planner = FormPlanner(edition: edition, period: period)
        for indicator in form.indicators { try planner.add(indicator) }
        self.form = form
        self.edition = edition
        self.period = period
        plans = planner.plans
        uses = planner.uses
        heads = planner.heads
    }

    /// Counts with anything that answers one plan.
    package func report<Failure>(
        territories: [String], answer: (CountPlan) throws(Failure) -> [CountRow]
    ) throws(Failure) -> FinishedReport {
        var answers: [[CountRow]] = []
        for plan in plans { answers.append(try answer(plan)) }
        return report(territories: territories, answers: answers)
    }

    /// - Parameters:
    ///   - territories: those to name even where nothing was counted.
    ///   - answers: one for each plan.
    package func report(territories: [String], answers: [[CountRow]]) -> FinishedReport {
        precondition(answers.count == plans.count, "\(plans.count) plans have \(answers.count) answers")
        var tally = Tally(territories: territories, heads: heads)
        for (use, rows) in zip(uses, answers) { tally.take(rows, for: use) }
        return FinishedReport(
            form: form, edition: edition, period: period, heads: heads,
            figures: tally.figures(edition: edition))
    }
}

/// What the answer to one plan is for.
struct PlanUse: Hashable, Sendable {
    enum Part: Hashable, Sendable {
        /// The figure itself, or the whole of a share.
        case whole
        /// The counted part of a share.
        case part
    }

    var indicator: Int
    /// The position of its cut within the indicator's head; nil for the figure without a cut.
    var cut: Int?
    var part: Part
    /// Whether the rows are grouped by territory; where not, they are the nation's own.
    var byTerritory: Bool
    /// Whether the nation's figure is the sum over the territories.
    var feedsNation: Bool
}

/// An indicator of a counted form: what its figures have in common.
package struct IndicatorHead: Hashable, Sendable {
    package enum Nature: Hashable, Sendable {
        /// Parts add up to the total.
        case additive
        /// Different subjects: one who is met in two territories counts in each, and once in the nation.
        case distinct
        /// Hundredths of a percent.
        case share
    }

    package struct Cut: Hashable, Sendable {
        package var name: String
        package var labels: Labels
        /// The code list of its values, where they are codes.
        package var codeList: String?
        /// The values are settlements of the gazetteer.
        package var isSettlement: Bool
        /// A record may count under several values: its parts do not add up to the total.
        package var overlaps: Bool
    }

    package var code: String
    package var labels: Labels
    package var unit: String
    package var nature: Nature
    /// Decimal digits of the values.
    package var scale: UInt8
    package var cuts: [Cut]
}

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
            let binder = try FactBinder(edition: edition, kind: source.kind, indicator: indicator.code)
            try add(source, binder: binder, at: position)
        }
    }

    private mutating func add(_ source: Indicator.Source, binder: FactBinder, at position: Int) throws(FormDefect) {
        let whole = try wholePlan(source, binder: binder, at: position)
        var asked: [(plan: CountPlan, part: PlanUse.Part)] = [(whole, .whole)]
        if case .share(let condition, let join) = source.measure {
            var part = whole
            part.test = part.test.and(try binder.test(condition))
            if let join {
                part.accounted = Self.narrowed(part.accounted, to: joinCutoff(join))
                part.joins.append(try bound(join, binder: binder, within: nil))
            }
            asked.append((part, .part))
        }
        try addAll(asked, cut: nil, group: nil, at: position)
        for cut in source.cuts {
            guard let path = cut.path else { continue }
            let column = try binder.column(path)
            let isSet = column.storage == .textSet
            let place = cutPosition(cut, path: path, kind: binder.kind, overlaps: isSet, at: position)
            try addAll(asked, cut: place, group: isSet ? .elements(of: column) : .column(column), at: position)
        }
    }

    private mutating func wholePlan(
        _ source: Indicator.Source, binder: FactBinder, at position: Int
    ) throws(FormDefect) -> CountPlan {
        var plan = CountPlan(
            kind: source.kind, test: try binder.test(source.condition), accounted: nil, joins: [], measure: .rows,
            groups: [])
        switch source.measure {
        case .count:
            break
        case .sum(let path):
            let column = try binder.column(path)
            if case .decimal(let scale) = column.storage { heads[position].scale = scale }
            plan.measure = .sum(column)
        case .distinctSubjects(let slot):
            heads[position].nature = .distinct
            plan.measure = .distinctSubjects(slot: slot)
        case .share:
            heads[position].nature = .share
            heads[position].scale = 2
        }
        switch source.period {
        case .accounted:
            plan.accounted = period.days
        case .joinedAccounted:
            break
        case .field(let number):
            plan.test = plan.test.and(.within(try binder.column(FieldPath(field: number)), period.days))
        }
        if let join = source.join {
            plan.accounted = Self.narrowed(plan.accounted, to: joinCutoff(join))
            let days = source.period == .joinedAccounted ? period.days : nil
            plan.joins = [try bound(join, binder: binder, within: days)]
        }
        return plan
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

    private func bound(
        _ join: Indicator.Join, binder: FactBinder, within days: ClosedRange<Day>?
    ) throws(FormDefect) -> FactJoin {
        let other = try FactBinder(edition: edition, kind: join.kind, indicator: binder.indicator)
        let key: FactJoin.Key
        switch join.key {
        case .fields(let own, let joined):
            key = .columns(
                own: try binder.column(FieldPath(field: own)), other: try other.column(FieldPath(field: joined)))
        case .reference(let joined):
            key = .reference(other: try other.column(FieldPath(field: joined)))
        }
        return FactJoin(
            kind: join.kind, test: try other.test(join.condition), accounted: days, key: key, exists: join.exists)
    }

    /// The place of a cut within the indicator's head; sources that share a cut share its place.
    private mutating func cutPosition(
        _ cut: Indicator.Cut, path: FieldPath, kind: CardKind, overlaps: Bool, at position: Int
    ) -> Int {
        if let known = heads[position].cuts.firstIndex(where: { $0.name == cut.name }) {
            if overlaps { heads[position].cuts[known].overlaps = true }
            return known
        }
        let set = kind.field(path.field)
        let field = path.member.map { number in set?.members.first { $0.number == number } } ?? set
        heads[position].cuts.append(
            IndicatorHead.Cut(
                name: cut.name, labels: field?.labels ?? Labels(en: cut.name, kk: cut.name, ru: cut.name),
                codeList: field?.codeList, isSettlement: field?.type == .settlement, overlaps: overlaps))
        return heads[position].cuts.count - 1
    }

    private mutating func addAll(
        _ asked: [(plan: CountPlan, part: PlanUse.Part)], cut: Int?, group: CountPlan.Group?, at position: Int
    ) throws(FormDefect) {
        for (plan, part) in asked {
            var plan = plan
            let distinct = heads[position].nature == .distinct
            let groups = group.map { [$0] } ?? []
            plan.groups = [.territory] + groups
            plans.append(plan)
            uses.append(
                PlanUse(indicator: position, cut: cut, part: part, byTerritory: true, feedsNation: !distinct))
            guard distinct else { continue }
            plan.groups = groups
            plans.append(plan)
            uses.append(
                PlanUse(indicator: position, cut: cut, part: part, byTerritory: false, feedsNation: true))
        }
    }
}
