import ArgumentParser
import Contract

struct ReportPlace: Command {
    static let configuration = CommandConfiguration(
        commandName: "place", abstract: "Place a form of a period that is over. At the centre.",
        discussion: """
            Counts the form and keeps its figures by an act. Refused while a territory may still hold documents of the
            period, or while a rule of error fires. Placed again with other figures, it is a revision and wants a note.

              esep report place 1-M --period 2026-03 --act 41 --basis "Order 25" --data centre
              esep report place 1-M --period 2026-03 --note "late cards" --act 52 --basis "Order 25" --data centre
            """)

    @Argument(help: "The form: 1-M.") var form: String
    @Option(help: "2026-03, 2026-Q1, 2026-H1 or 2026.") var period: String
    @Option(help: "Why the figures are other than those placed before.") var note = ""
    @OptionGroup var act: ActOptions
    @OptionGroup var connection: Connection
    @Flag(help: "JSON for programs.") var json = false

    func execute() async throws {
        let request = ReportPlaceRequest(period: period, note: note, act: act.fields)
        let report: ReportRunAnswer = try await connection.withClient {
            try await $0.post("/v1/reports/\(percent(form))/place", request)
        }
        if json { Console.say(report.json) } else { Console.say(ReportRun.table(report, cuts: false)) }
    }
}
