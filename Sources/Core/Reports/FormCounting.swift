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
        /// The figure itself, the whole of a share, how many values a mean is of.
        case whole
        /// The counted part of a share, the sum of a mean.
        case part
    }

    var indicator: Int
    /// The position of its cut within the indicator's head; nil for the figure without a cut.
    var cut: Int?
    /// What the rows stand under in the cut, where their groups do not say it.
    var code: FactValue?
    var part: Part
    /// 1, or -1 for what is taken from a figure.
    var sign: Int64
    /// Whether the rows are grouped by territory; where not, they are the nation's own.
    var byTerritory: Bool
    /// Whether the nation's figure is the sum over the territories.
    var feedsNation: Bool

    init(indicator: Int, cut: Int? = nil, sign: Int64) {
        self.indicator = indicator
        self.cut = cut
        part = .whole
        self.sign = sign
        byTerritory = true
        feedsNation = true
    }
}

/// An indicator of a counted form: what its figures have in common.
package struct IndicatorHead: Hashable, Sendable {
    package enum Nature: Hashable, Sendable {
        /// Parts add up to the total.
        case additive
        /// Different subjects: one who is met in two territories counts in each, and once in the nation.
        case distinct
        /// A difference of such counts: neither parts nor territories add up to it.
        case movement
        /// Hundredths of a percent.
        case share
        /// Hundredths of the unit.
        case mean
    }

    package struct Cut: Hashable, Sendable {
        package var name: String
        package var labels: Labels
        /// The code list of its values, where they are codes.
        package var codeList: String?
        /// The values are settlements of the gazetteer.
        package var isSettlement: Bool
        /// The values are card kinds.
        package var isKind: Bool
        /// A record may count under several values: its parts do not add up to the total.
        package var overlaps: Bool

        init(
            name: String, labels: Labels, codeList: String? = nil, isSettlement: Bool = false, isKind: Bool = false,
            overlaps: Bool = false
        ) {
            self.name = name
            self.labels = labels
            self.codeList = codeList
            self.isSettlement = isSettlement
            self.isKind = isKind
            self.overlaps = overlaps
        }
    }

    package var code: String
    package var labels: Labels
    package var unit: String
    package var nature: Nature
    /// Decimal digits of the values.
    package var scale: UInt8
    package var cuts: [Cut]
}
