/// What a rule on reports found wrong.
package struct ReportDefect: Hashable, Sendable {
    /// `V902` or `V903`.
    package var code: String
    package var indicator: String
    /// Nil is the nation.
    package var territory: String?
    /// The cut whose parts do not make the total; empty where territories do not make the nation.
    package var cut: String
    package var expected: Int64
    package var found: Int64
}

/// The movement of what is counted over a period: so many at its start, taken, ended, at its end.
package struct Balance: Hashable, Sendable {
    package var indicator: String
    package var territory: String?
    package var start: Int64
    package var taken: Int64
    package var ended: Int64
    package var end: Int64

    package init(indicator: String, territory: String?, start: Int64, taken: Int64, ended: Int64, end: Int64) {
        self.indicator = indicator
        self.territory = territory
        self.start = start
        self.taken = taken
        self.ended = ended
        self.end = end
    }

    /// Rule V902: start + taken - ended = end.
    package var defect: ReportDefect? {
        let expected = start + taken - ended
        guard expected != end else { return nil }
        return ReportDefect(
            code: "V902", indicator: indicator, territory: territory, cut: "", expected: expected, found: end)
    }
}

extension FinishedReport {
    /// Rule V903: a total is the sum of its parts, and the nation the sum of its territories.
    ///
    /// Shares do not add up and are left out. Different subjects may be met in several territories or parts: there the
    /// total may be less than the sum, never more, and never less than the greatest part. Where a record counts under
    /// several values of a cut, its parts are not compared.
    package func sumDefects() -> [ReportDefect] {
        var defects: [ReportDefect] = []
        for head in heads where head.nature != .share {
            let own = figures.filter { $0.indicator == head.code }
            let totals = own.filter { $0.cut == nil }
            if let nation = totals.first(where: { $0.territory == nil }) {
                let parts = totals.filter { $0.territory != nil }
                compare(nation, with: parts, head: head, cut: "", into: &defects)
            }
            for cut in head.cuts where !cut.overlaps {
                let cells = own.filter { $0.cut?.name == cut.name }
                for total in totals {
                    let parts = cells.filter { $0.territory == total.territory }
                    compare(total, with: parts, head: head, cut: cut.name, into: &defects)
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
        let holds =
            switch head.nature {
            case .additive, .share: found == sum
            case .distinct: found <= sum && found >= values.max() ?? 0
            }
        guard !holds else { return }
        defects.append(
            ReportDefect(
                code: "V903", indicator: head.code, territory: total.territory, cut: cut, expected: sum, found: found))
    }
}
