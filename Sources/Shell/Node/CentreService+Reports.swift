import Consensus
import Law
import Reports
import Roles
import Storage

/// Forms counted from facts, over one snapshot (issue of reports; `law/records.md` §7).
extension CentreService {
    func runReport(form key: String, period text: String, territory: String?) async throws(NodeError) -> ReportAnswer {
        guard let period = ReportPeriod(text) else {
            throw NodeError(
                .invalid, "\(text) is no period.", remedy: "Give 2026-03, 2026-Q1, 2026-H1 or 2026.", field: "period")
        }
        let edition = catalogue.edition(on: period.lastDay)
        guard let form = edition.form(key) else {
            throw NodeError(
                .notFound, "There is no form \(key).", remedy: "See `esep report list`.", field: "form")
        }
        if let lacks = form.lacks, form.indicators.isEmpty {
            throw NodeError(.refused, "Form \(key) cannot be counted: \(lacks.en).", field: "form")
        }
        _ = try await vouched()
        let counting: FormCounting
        do {
            counting = try FormCounting(form: form, edition: edition, period: period)
        } catch {
            throw NodeError(.damaged, "Form \(key) of the catalogue cannot be counted: \(error).")
        }
        let (position, answers) = try NodeError.translating { () throws(StorageError) in
            try store.count(counting.plans)
        }
        let known = try seats().map(\.territory)
        let report = counting.report(territories: known, answers: answers)
        let labels = Dictionary(report.heads.map { ($0.code, $0.labels.en) }, uniquingKeysWith: { first, _ in first })
        return ReportAnswer(
            form: key, name: form.labels.en, period: period.text, edition: edition.from, position: position.number,
            freshness: try await freshness(),
            figures: report.figures.filter { territory == nil || $0.territory == territory }.map { figure in
                ReportAnswer.Figure(
                    indicator: figure.indicator, label: labels[figure.indicator] ?? "", unit: figure.unit,
                    territory: figure.territory ?? "KZ",
                    cut: figure.cut.map { ReportAnswer.Cut(name: $0.name, code: $0.code, label: $0.labels.en) },
                    value: figure.unscaled.map {
                        figure.scale == 0 ? .integer($0) : .decimal(unscaled: $0, scale: figure.scale)
                    })
            })
    }

    func reportForms() async throws(NodeError) -> [ReportFormView] {
        catalogue.newest.forms.map { form in
            ReportFormView(
                form: form.key, name: form.labels.en,
                frequency: ReportSchedule.length(of: form) == .month ? "month" : "quarter")
        }
    }

    func reportsDue(from: Day?, to: Day?) async throws(NodeError) -> [ReportDueView] {
        let today = Day(milliseconds: now())
        let first = from ?? today.adding(days: -31)
        let last = to ?? today.adding(days: 31)
        guard first <= last, last.number - first.number <= 3_660 else {
            throw NodeError(
                .invalid, "\(first.text) to \(last.text) is no span of at most ten years.",
                remedy: "Give --from before --to.", field: "from")
        }
        let edition = catalogue.edition(on: today)
        var due: [ReportDueView] = []
        for form in edition.forms {
            // A period is due after it ends: the one before the span's first day may still fall into the span.
            var period = ReportPeriod(holding: first.adding(days: -124), length: ReportSchedule.length(of: form))
            while period.firstDay <= last {
                let row = ReportSchedule.row(form, period: period, asOf: today, calendar: edition.calendar)
                if first <= row.due, row.due <= last {
                    due.append(
                        ReportDueView(form: form.key, period: period.text, due: row.due, isLate: row.isLate))
                }
                period = period.next
            }
        }
        return due.sorted { ($0.due, $0.form) < ($1.due, $1.form) }
    }
}
