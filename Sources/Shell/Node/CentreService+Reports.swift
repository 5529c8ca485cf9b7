import Consensus
import Law
import Records
import Reports
import Roles
import Storage

/// Forms counted from facts, over one snapshot (issue of reports; `law/records.md` §7).
extension CentreService {
    func runReport(
        form key: String, period text: String, territory: String?, whenComplete: Bool, language: Language
    ) async throws(NodeError) -> ReportAnswer {
        guard let period = ReportPeriod(text) else {
            throw NodeError(
                .invalid, "\(text) is no period.", remedy: "Give 2026-03, 2026-Q1, 2026-H1 or 2026.", field: "period")
        }
        let (form, edition) = try self.form(key, of: period)
        _ = try await vouched()
        let (position, report) = try counted(form, edition, period)
        if whenComplete {
            let behind = behind(period, at: position, only: territory)
            guard behind.isEmpty else {
                throw NodeError(
                    .refused,
                    "Form \(key) for \(period.text) is not complete: \(behind.joined(separator: "; ")).",
                    remedy: "Wait for these territories, or run it without --complete and do not place it as final.",
                    field: "complete")
            }
        }
        let labels = Dictionary(
            report.heads.map { ($0.code, $0.labels[language]) }, uniquingKeysWith: { first, _ in first })
        return ReportAnswer(
            form: key, name: form.labels[language], period: period.text, edition: edition.from,
            position: position.index.number, moment: position.milliseconds,
            freshness: position.frontiers.map {
                ReportAnswer.Frontier(
                    territory: $0.territory, frontier: $0.last, acceptedMilliseconds: $0.acceptedMilliseconds)
            },
            figures: report.figures.filter { territory == nil || $0.territory == territory }.map { figure in
                ReportAnswer.Figure(
                    indicator: figure.indicator, label: labels[figure.indicator] ?? "", unit: figure.unit,
                    territory: figure.territory ?? Self.nation,
                    cut: figure.cut.map { ReportAnswer.Cut(name: $0.name, code: $0.code, label: $0.labels[language]) },
                    value: figure.unscaled.map {
                        figure.scale == 0 ? .integer($0) : .decimal(unscaled: $0, scale: figure.scale)
                    })
            },
            checks: try checks(of: report, form, period, language).filter {
                territory == nil || $0.territory == territory
            },
            placed: law.current.placed.revisions(form: key, period: period.text).map { revision in
                ReportAnswer.Placing(
                    revision: revision.number, act: revision.act.number, date: revision.act.date,
                    note: revision.report.note)
            })
    }

    func placeReport(
        form key: String, period text: String, note: String, act: ActRequest, caller: Caller
    ) async throws(NodeError) -> ReportAnswer {
        let answer = try await runReport(form: key, period: text, territory: nil, whenComplete: true, language: .en)
        // A change since it was placed is what placing again is for.
        if let broken = answer.checks.first(where: { $0.isError && $0.code != "V906" }) {
            throw NodeError(
                .refused,
                "\(key) is not placed: \(broken.code) \(broken.indicator) \(broken.territory), \(broken.message).",
                remedy: "See `esep report run \(key) --period \(text)`.", field: "form")
        }
        let report = PlacedReport(
            form: key, period: answer.period, note: note, position: answer.position,
            figures: answer.figures.compactMap(PlacedReport.Figure.init))
        try await decide([.reportPlaced(report)], act, caller)
        return try await runReport(form: key, period: text, territory: nil, whenComplete: true, language: .en)
    }

    /// What the whole country is called among territories.
    private static let nation = "KZ"

    private func form(_ key: String, of period: ReportPeriod) throws(NodeError) -> (Form, Edition) {
        let edition = catalogue.edition(on: period.lastDay)
        guard let form = edition.form(key) else {
            throw NodeError(
                .notFound, "There is no form \(key).", remedy: "See `esep report list`.", field: "form")
        }
        if let lacks = form.lacks, form.indicators.isEmpty {
            throw NodeError(
                .refused, "Form \(key) cannot be counted: \(lacks.en).",
                remedy: "See `esep report list` for those that run.",
                field: "form")
        }
        return (form, edition)
    }

    private func counted(
        _ form: Form, _ edition: Edition, _ period: ReportPeriod
    ) throws(NodeError) -> (CountPosition, FinishedReport) {
        let counting: FormCounting
        do {
            counting = try FormCounting(form: form, edition: edition, period: period)
        } catch {
            throw NodeError(.damaged, "Form \(form.key) of the catalogue cannot be counted: \(error).")
        }
        let (position, answers) = try NodeError.translating { () throws(StorageError) in
            try store.count(counting.plans)
        }
        return (position, counting.report(territories: position.frontiers.map(\.territory), answers: answers))
    }

    /// Territories that may still hold documents of the period, each with what is known of it.
    ///
    /// A territory is past the period when the centre holds an entry it accepted after the period's end, or has heard
    /// it after that with nothing left to send. Days are of UTC+5.
    private func behind(_ period: ReportPeriod, at position: CountPosition, only: String?) -> [String] {
        let after = period.lastDay.adding(days: 1)
        func isPast(_ milliseconds: UInt64) -> Bool { Day(milliseconds: milliseconds) >= after }
        if !isPast(now()) { return ["the period has not ended"] }
        let contacts = node.said.contacts
        var behind: [String] = []
        for frontier in position.frontiers where only.map({ $0 == frontier.territory }) ?? true {
            if let accepted = frontier.acceptedMilliseconds, isPast(accepted) { continue }
            if let contact = contacts[frontier.author], contact.backlog == 0, isPast(contact.heardMilliseconds) {
                continue
            }
            let through = frontier.acceptedMilliseconds.map { Day(milliseconds: $0).text }
            behind.append("\(frontier.territory) is heard through \(through ?? "nothing yet")")
        }
        return behind
    }

    /// The rules on reports (V901–V904). The year before is counted by the same form and edition.
    private func checks(
        of report: FinishedReport, _ form: Form, _ period: ReportPeriod, _ language: Language
    ) throws(NodeError) -> [ReportAnswer.Check] {
        let (_, earlier) = try counted(form, report.edition, period.yearBefore)
        let own = report.defects() + report.changes(since: earlier) + changesSincePlaced(report, period)
        return own.map { defect in
            let rule = report.edition.rule(defect.code)
            return ReportAnswer.Check(
                code: defect.code, isError: rule?.severity != .warning, message: rule?.message[language] ?? defect.code,
                indicator: defect.indicator, territory: defect.territory ?? Self.nation, cut: defect.cut,
                expected: defect.expected, found: defect.found)
        }
    }

    /// Rule V906: figures of a placed period that are other than the newest revision says.
    private func changesSincePlaced(_ report: FinishedReport, _ period: ReportPeriod) -> [ReportDefect] {
        guard let newest = law.current.placed.revisions(form: report.form.key, period: period.text).last else {
            return []
        }
        let placed = Dictionary(
            newest.report.figures.map { ([$0.indicator, $0.territory], $0.value) }, uniquingKeysWith: { $1 })
        return report.changes(sincePlaced: { indicator, territory in
            placed[[indicator, territory ?? Self.nation]] ?? nil
        })
    }

    func reportForms() async throws(NodeError) -> [ReportFormView] {
        catalogue.newest.forms.map { form in
            ReportFormView(
                form: form.key, name: form.labels.en,
                frequency: ReportSchedule.length(of: form) == .month ? "month" : "quarter", dueDay: form.dueDay,
                lacks: form.indicators.isEmpty ? form.lacks?.en : nil)
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
        return ReportSchedule.rows(edition: catalogue.edition(on: today), due: first...last, asOf: today).map { row in
            ReportDueView(
                form: row.form, period: row.period.text, due: row.due, isLate: row.isLate, lacks: row.lacks?.en)
        }
    }
}

extension PlacedReport.Figure {
    /// A whole figure; nil for a part.
    fileprivate init?(_ figure: ReportAnswer.Figure) {
        guard figure.cut == nil else { return nil }
        let value: Int64? =
            switch figure.value {
            case .integer(let integer): integer
            case .decimal(let unscaled, _): unscaled
            default: nil
            }
        self.init(indicator: figure.indicator, territory: figure.territory, value: value)
    }
}
