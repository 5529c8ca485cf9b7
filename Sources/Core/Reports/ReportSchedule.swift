package import Law

/// When a form of a period must be placed, and how that stands on a day.
package struct DueRow: Hashable, Sendable {
    package var form: String
    package var code: String
    package var labels: Labels
    package var period: ReportPeriod
    /// The last day of the term: on time until it ends (UTC+5).
    package var due: Day
    /// The term is over on the day asked for.
    package var isLate: Bool
    /// What the form lacks to be counted; nil where it can be.
    package var lacks: Labels?
}

package enum ReportSchedule {
    /// The due day of a form's period: the form's day of the month after the period, moved to the first working day
    /// where it is none and the form rolls over (Order 25, paragraphs 13 and 14).
    package static func dueDay(of form: Form, period: ReportPeriod, calendar: Calendar) -> Day? {
        guard let day = form.dueDay else { return nil }
        let nominal = period.lastDay.adding(days: day)
        return form.rollOver ? calendar.rolledOver(nominal) : nominal
    }

    package static func length(of form: Form) -> ReportPeriod.Length {
        switch form.periodicity {
        case .monthly: .month
        case .quarterly: .quarter
        }
    }

    /// For each form, as the schedule lists them, the period that ended last before `day` and the running one.
    package static func rows(edition: Edition, asOf day: Day) -> [DueRow] {
        edition.forms.flatMap { form in
            let running = ReportPeriod(holding: day, length: length(of: form))
            let ended = ReportPeriod(holding: running.firstDay.adding(days: -1), length: running.length)
            return [ended, running].compactMap { row(form, period: $0, asOf: day, calendar: edition.calendar) }
        }
    }

    /// All forms' periods whose due day lies in the range, by due day, then as the schedule lists the forms.
    package static func rows(edition: Edition, due days: ClosedRange<Day>, asOf day: Day) -> [DueRow] {
        var rows: [(row: DueRow, place: Int)] = []
        for (place, form) in edition.forms.enumerated() {
            // A due day lies at most two months after its period's end.
            var period = ReportPeriod(holding: days.lowerBound.adding(months: -6), length: length(of: form))
            while period.firstDay <= days.upperBound {
                if let row = row(form, period: period, asOf: day, calendar: edition.calendar), days.contains(row.due) {
                    rows.append((row, place))
                }
                period = period.next
            }
        }
        return rows.sorted { ($0.row.due, $0.place) < ($1.row.due, $1.place) }.map(\.row)
    }

    /// Nil where the form is not of the schedule.
    package static func row(_ form: Form, period: ReportPeriod, asOf day: Day, calendar: Calendar) -> DueRow? {
        guard let due = dueDay(of: form, period: period, calendar: calendar) else { return nil }
        return DueRow(
            form: form.key, code: form.code, labels: form.labels, period: period, due: due, isLate: day > due,
            lacks: form.indicators.isEmpty ? form.lacks : nil)
    }
}
