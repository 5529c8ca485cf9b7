/// A form of a period as it was placed: the figures the nation was told, so that a later change can be seen and dated.
package struct PlacedReport: Hashable, Sendable {
    package struct Figure: Hashable, Sendable {
        package var indicator: String
        /// Empty is the nation.
        package var territory: String
        /// Without its point; nil for a share of nothing.
        package var value: Int64?

        package init(indicator: String, territory: String, value: Int64?) {
            self.indicator = indicator
            self.territory = territory
            self.value = value
        }
    }

    package var form: String
    /// `2026-03`.
    package var period: String
    /// Why it differs from what was placed before; empty where nothing was.
    package var note: String
    /// The Raft index it was counted at.
    package var position: UInt64
    /// The whole figures, in the report's order.
    package var figures: [Figure]

    package init(form: String, period: String, note: String, position: UInt64, figures: [Figure]) {
        self.form = form
        self.period = period
        self.note = note
        self.position = position
        self.figures = figures
    }
}

/// All placed forms with their revisions, as the decisions made them, in the order taken.
package struct PlacedReports: Hashable, Sendable {
    package struct Revision: Hashable, Sendable {
        /// Counted from 1.
        package var number: Int
        package var report: PlacedReport
        package var act: Decision.Act
    }

    private var held: [String: [Revision]] = [:]

    package init() {}

    /// Oldest first; none where the form of the period was never placed.
    package func revisions(form: String, period: String) -> [Revision] { held[form + "/" + period] ?? [] }

    /// Rule V906: a period that was placed changes with a note only.
    package func lacksNote(_ report: PlacedReport) -> Bool {
        guard let last = revisions(form: report.form, period: report.period).last else { return false }
        return report.note.isEmpty && last.report.figures != report.figures
    }

    package mutating func apply(_ decision: Decision) {
        guard case .reportPlaced(let report) = decision.matter else { return }
        let key = report.form + "/" + report.period
        held[key, default: []].append(
            Revision(number: (held[key]?.count ?? 0) + 1, report: report, act: decision.act))
    }
}
