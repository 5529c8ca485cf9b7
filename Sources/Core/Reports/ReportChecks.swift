import Law

/// What a rule on reports found.
package struct ReportDefect: Hashable, Sendable {
    /// `V901`, `V902`, `V903`, `V904` or `V906`.
    package var code: String
    package var indicator: String
    /// Nil is the nation.
    package var territory: String?
    /// The cut whose parts do not make the total; empty where the whole figure is meant.
    package var cut: String
    package var expected: Int64
    package var found: Int64

    init(_ code: String, _ figure: Figure, cut: String = "", expected: Int64) {
        self.code = code
        indicator = figure.indicator
        territory = figure.territory
        self.cut = cut
        self.expected = expected
        found = figure.unscaled ?? 0
    }
}

extension FinishedReport {
    /// The rules a report can prove by itself: V901, V902, V903.
    package func defects() -> [ReportDefect] { unitDefects() + balanceDefects() + sumDefects() }

    /// Rule V901: every figure has its unit, one the catalogue knows.
    package func unitDefects() -> [ReportDefect] {
        let known = Set(edition.codeList("unit")?.codes.map(\.code) ?? []).union(Indicator.derivedUnits)
        return figures.filter { $0.cut == nil && !known.contains($0.unit) }.map {
            ReportDefect("V901", $0, expected: 0)
        }
    }

    /// Rule V902: start + taken - ended = end, in the nation and in each territory.
    package func balanceDefects() -> [ReportDefect] {
        let totals = totals()
        return form.balances.flatMap { balance in
            (totals[balance.end] ?? [:]).values.sorted { ($0.territory ?? "") < ($1.territory ?? "") }.compactMap {
                end in
                func value(_ indicator: String) -> Int64 { totals[indicator]?[end.territory]?.unscaled ?? 0 }
                let expected = value(balance.start) + value(balance.taken) - value(balance.ended)
                return expected == end.unscaled ?? 0 ? nil : ReportDefect("V902", end, expected: expected)
            }
        }
    }

    /// Rule V903: a total is the sum of its parts, and the nation the sum of its territories.
    ///
    /// Shares, means and movements do not add up and are left out. Different subjects may be met in several territories
    /// or parts: there the total may be less than the sum, never more, and never less than the greatest part. Where a
    /// record counts under several values of a cut, its parts are not compared.
    package func sumDefects() -> [ReportDefect] {
        var defects: [ReportDefect] = []
        let byIndicator = Dictionary(grouping: figures, by: \.indicator)
        for head in heads where head.nature == .additive || head.nature == .distinct {
            let own = byIndicator[head.code] ?? []
            let totals = own.filter { $0.cut == nil }
            if let nation = totals.first(where: { $0.territory == nil }) {
                let parts = totals.filter { $0.territory != nil }
                compare(nation, with: parts, head: head, cut: "", into: &defects)
            }
            for cut in head.cuts where !cut.overlaps {
                let cells = Dictionary(grouping: own.filter { $0.cut?.name == cut.name }, by: \.territory)
                for total in totals {
                    compare(total, with: cells[total.territory] ?? [], head: head, cut: cut.name, into: &defects)
                }
            }
        }
        return defects
    }

    private func compare(
        _ total: Figure, with parts: [Figure], head: IndicatorHead, cut: String, into defects: inout [ReportDefect]
    ) {
        let values = parts.map { $0.unscaled ?? 0 }
        let sum = values.reduce(0, +)
        let found = total.unscaled ?? 0
        let holds = head.nature == .additive ? found == sum : found <= sum && found >= values.max() ?? 0
        if !holds { defects.append(ReportDefect("V903", total, cut: cut, expected: sum)) }
    }

    /// Rule V904, a warning: against the same period of the year before, a change above 50 % and above 30 units.
    ///
    /// `expected` is last year's figure. Shares and means are not compared: they have no units of their own.
    package func changes(since earlier: FinishedReport) -> [ReportDefect] {
        // A year of which nothing is held at all is no year to compare with.
        guard earlier.figures.contains(where: { $0.unscaled ?? 0 != 0 }) else { return [] }
        let before = earlier.totals()
        let compared = Set(heads.filter { $0.nature != .share && $0.nature != .mean }.map(\.code))
        return figures.filter { $0.cut == nil && compared.contains($0.indicator) }.compactMap { figure in
            guard let now = figure.unscaled, let past = before[figure.indicator]?[figure.territory]?.unscaled else {
                return nil
            }
            let units = (0..<figure.scale).reduce(UInt64(1)) { power, _ in power * 10 }
            let change = now.subtractingReportingOverflow(past).partialValue.magnitude
            guard change > 30 * units, change * 2 > past.magnitude else { return nil }
            return ReportDefect("V904", figure, expected: past)
        }
    }

    /// Rule V906: whole figures that differ from those placed. A territory that joined since then had nothing to tell.
    ///
    /// - Parameter placed: by indicator and territory (nil is the nation).
    package func changes(sincePlaced placed: (String, String?) -> Int64?) -> [ReportDefect] {
        figures.filter { $0.cut == nil }.compactMap { figure in
            let before = placed(figure.indicator, figure.territory)
            return before ?? 0 == figure.unscaled ?? 0 ? nil : ReportDefect("V906", figure, expected: before ?? 0)
        }
    }

    /// Whole figures by indicator and territory.
    private func totals() -> [String: [String?: Figure]] {
        var totals: [String: [String?: Figure]] = [:]
        for figure in figures where figure.cut == nil {
            totals[figure.indicator, default: [:]][figure.territory] = figure
        }
        return totals
    }
}
