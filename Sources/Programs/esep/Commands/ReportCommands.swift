import ArgumentParser
import Contract
import Law

struct ReportCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "The forms: which there are, which are due, and their figures.",
        subcommands: [ReportList.self, ReportRun.self, ReportDue.self, ReportPlace.self])
}

struct ReportList: Command {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "The forms, when they are due, and what some lack.")

    @OptionGroup var connection: Connection
    @Flag(help: "JSON for programs.") var json = false

    func execute() async throws {
        let forms: [ReportFormAnswer] = try await connection.withClient { try await $0.list("/v1/reports") }
        guard !json else { return Console.say(.values(forms)) }
        var table = Table(.text("form"), .text("every"), .text("due"), .text("runs"), .text("name"))
        for form in forms {
            table.add(
                form.form, form.frequency, form.dueDay.map { "day \($0)" } ?? "",
                form.lacks.map { "no: \($0)" } ?? "yes",
                form.name)
        }
        Console.say(table.text)
    }
}

enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
    case table
    case json
    case csv
}

struct ReportRun: Command {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run a form for a period.",
        discussion: """
            Counts by the accounting date. Run twice at one position it gives the same figures, byte for byte.

              esep report run 1-M --period 2026-03 --data centre
              esep report run DTP-1 --period 2026-Q1 --format csv --data centre > dtp.csv
            """)

    @Argument(help: "The form: 1-M.") var form: String
    @Option(help: "2026-03, 2026-Q1, 2026-H1 or 2026.") var period: String
    @Option(help: "One territory's figures alone.") var territory: String?
    @Flag(help: "Also the parts, as the form cuts its figures (json and csv always hold them).")
    var cuts = false
    @Flag(help: "Refuse, and name who is behind, while a territory may still hold documents of the period.")
    var complete = false
    @Option(help: "The language of names and labels: en, kk, ru.") var language = "en"
    @Option(help: "table, json or csv.") var format = ReportFormat.table
    @OptionGroup var connection: Connection
    @Flag(help: "The same as --format json.") var json = false

    mutating func validate() throws {
        guard Language(rawValue: language) != nil else { throw ValidationError("--language is en, kk or ru.") }
    }

    func execute() async throws {
        let report: ReportRunAnswer = try await connection.withClient {
            try await $0.get(
                "/v1/reports/\(percent(form))",
                [
                    ("period", period), ("territory", territory), ("complete", complete ? "true" : nil),
                    ("language", language),
                ])
        }
        switch json ? .json : format {
        case .json: Console.say(report.json)
        case .csv: Console.write(Array(Self.csv(report).utf8), to: 1)
        case .table: Console.say(Self.table(report, cuts: cuts))
        }
        // Whoever reads the code of the exit alone must not take broken figures for good ones.
        if report.checks.contains(where: { $0.severity == "E" }) { throw ExitCode(1) }
    }

    static func table(_ report: ReportRunAnswer, cuts: Bool) -> String {
        var table = Table(
            .text("indicator"), .text("what"), .text("unit"), .text("territory"), .number("figure"))
        for figure in report.figures {
            table.add(
                figure.indicator, figure.label, figure.unit, figure.territory, FieldText.text(figure.value))
        }
        var parts = ""
        if cuts {
            var table = Table(
                .text("indicator"), .text("cut"), .text("code"), .text("what"), .text("territory"), .number("figure"))
            for part in report.parts {
                table.add(
                    part.figure.indicator, part.cut, part.code, part.codeLabel, part.figure.territory,
                    FieldText.text(part.figure.value))
            }
            parts = table.text + "\n\n"
        }
        return """
            \(report.form) \(DisplayText.printable(report.name))
            period \(report.period), edition of \(report.edition)
            read at position \(report.position) \(report.moment)

            \(table.text)

            \(parts)\(checksText(report.checks))\(placedText(report.placed))\(frontiersText(report.freshness))
            """
    }

    private static func placedText(_ placed: [ReportRunAnswer.Placing]) -> String {
        placed.map { one in
            let note = one.note.isEmpty ? "" : ": \(one.note)"
            let what = one.revision == 1 ? "placed" : "revision \(one.revision)"
            return "\(what) by act \(one.act) of \(one.date)\(note)\n"
        }.joined()
    }

    private static func checksText(_ checks: [ReportRunAnswer.Check]) -> String {
        guard !checks.isEmpty else { return "" }
        var table = Table(
            .text("rule"), .text("indicator"), .text("territory"), .text("cut"), .number("expected"),
            .number("found"), .text("what"))
        for check in checks {
            table.add(
                check.code + " " + check.severity, check.indicator, check.territory, check.cut,
                String(check.expected), String(check.found), check.message)
        }
        return table.text + "\n\n"
    }

    private static func frontiersText(_ frontiers: [ReportRunAnswer.Frontier]) -> String {
        let each = frontiers.map { line in
            line.through.isEmpty
                ? "\(line.territory) nothing yet" : "\(line.territory) to entry \(line.frontier) of \(line.through)"
        }
        return "heard: " + (each.isEmpty ? "no territory" : each.joined(separator: ", "))
    }

    /// RFC 4180, with what each figure means on its own line.
    static func csv(_ report: ReportRunAnswer) -> String {
        var lines = ["form,period,edition,indicator,label,unit,territory,cut,code,value"]
        func add(_ figure: ReportRunAnswer.Figure, cut: String, code: String) {
            let value = figure.value == .null ? "" : FieldText.text(figure.value)
            lines.append(
                [
                    report.form, report.period, report.edition, figure.indicator, figure.label, figure.unit,
                    figure.territory, cut, code, value,
                ].map(CSVText.cell).joined(separator: ","))
        }
        for figure in report.figures { add(figure, cut: "", code: "") }
        for part in report.parts { add(part.figure, cut: part.cut, code: part.code) }
        return lines.map { $0 + "\r\n" }.joined()
    }
}

struct ReportDue: Command {
    static let configuration = CommandConfiguration(
        commandName: "due", abstract: "Which form for which period is due when, and whether it is late.")

    @Option(help: "First day: 2026-03-01.") var from: String?
    @Option(help: "Last day, included.") var to: String?
    @OptionGroup var connection: Connection
    @Flag(help: "JSON for programs.") var json = false

    func execute() async throws {
        let due: [ReportDueAnswer] = try await connection.withClient {
            try await $0.list("/v1/reports/due", [("from", from), ("to", to)])
        }
        guard !json else { return Console.say(.values(due)) }
        var table = Table(.text("form"), .text("period"), .text("due"), .text("late"), .text("lacks"))
        for one in due { table.add(one.form, one.period, one.due, one.isLate ? "late" : "", one.lacks ?? "") }
        Console.say(table.text)
    }
}
