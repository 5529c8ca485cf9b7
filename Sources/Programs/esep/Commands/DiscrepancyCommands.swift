import ArgumentParser
import Contract
import Portal

struct DiscrepancyCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discrepancy", abstract: "Fields with several values that nobody has resolved yet.",
        subcommands: [DiscrepancyList.self, DiscrepancyShow.self, DiscrepancyResolve.self])
}

func percent(_ text: String, keepSlashes: Bool = false) -> String {
    PercentCoding.encode(text, keepSlashes: keepSlashes)
}

struct DiscrepancyList: Command {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Record, field, and each value with who wrote it.")

    @Option(help: "Of records this territory opened.") var territory: String?
    @Option(help: "A card kind.") var kind: String?
    @Option(help: "At most this many.") var limit = Limits.listLines
    @OptionGroup var connection: Connection
    @Flag(help: "JSON for programs.") var json = false

    func execute() async throws {
        let found: DiscrepancyListAnswer = try await connection.withClient {
            try await $0.get(
                "/v1/discrepancies", [("territory", territory), ("kind", kind), ("limit", String(limit))])
        }
        guard !json else { return Console.say(found.json) }
        Console.say(found.discrepancies.isEmpty ? "No discrepancies." : Self.table(found.discrepancies))
    }

    static func table(_ discrepancies: [DiscrepancyAnswer]) -> String {
        var table = Table(
            .text("record"), .text("field"), .number("choice"), .text("value"), .text("by"), .text("at"),
            .text("shown"))
        for one in discrepancies {
            for (position, candidate) in one.values.enumerated() {
                table.add(
                    position == 0 ? one.number ?? one.provisional : "", position == 0 ? one.field : "",
                    String(position + 1), FieldText.text(candidate.value), candidate.author,
                    candidate.at + (candidate.isClockSuspect ? " ?" : ""), candidate.isShown ? "shown" : "")
            }
        }
        return table.text
    }
}

struct DiscrepancyShow: Command {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "The values of one field: who, when, where, what.")

    @Argument(help: "The record's number.") var number: String
    @Option(help: "The field's dotted path.") var field: String
    @OptionGroup var connection: Connection
    @Flag(help: "JSON for programs.") var json = false

    func execute() async throws {
        let path = "/v1/discrepancies/\(percent(number, keepSlashes: true))"
        let found: DiscrepancyAnswer = try await connection.withClient { try await $0.get(path, [("field", field)]) }
        guard !json else { return Console.say(found.json) }
        var table = Table(
            .number("choice"), .text("value"), .text("by"), .text("sender"), .text("document"), .text("at"),
            .text("shown"))
        for (position, candidate) in found.values.enumerated() {
            table.add(
                String(position + 1), FieldText.text(candidate.value), candidate.author, candidate.sender,
                candidate.document, candidate.at + (candidate.isClockSuspect ? " (clock suspect)" : ""),
                candidate.isShown ? "shown" : "")
        }
        Console.say(table.text)
    }
}

struct DiscrepancyResolve: Command {
    static let configuration = CommandConfiguration(
        commandName: "resolve", abstract: "Choose one of the values, or give a new one.",
        discussion: """
            An ordinary correction that replaces every value there is.

              esep discrepancy resolve 2026/00000123 --field victims_count --choice 2 --reason ERR --data centre
              esep discrepancy resolve 2026/00000123 --field victims_count --value 5 --reason ERR --data centre
            """)

    @Argument(help: "The record's number.") var number: String
    @Option(help: "The field's dotted path.") var field: String
    @Option(help: "Which of the values, as discrepancy show counts them from 1.") var choice: UInt64?
    @Option(help: "A new value.") var value: String?
    @Option(help: "A code of the list correction_reason.") var reason: String
    @OptionGroup var connection: Connection
    @Flag(help: "JSON for programs.") var json = false

    mutating func validate() throws {
        guard (choice == nil) != (value == nil) else { throw ValidationError("Give --choice or --value.") }
    }

    func execute() async throws {
        let kind = FieldTyping.kind(ofNumber: number)
        let request = ResolveRequest(
            field: field, candidate: choice, value: try value.map { try FieldTyping.value($0, field, kind) },
            reason: reason)
        let path = "/v1/discrepancies/\(percent(number, keepSlashes: true))/resolve"
        let answer: AcknowledgementAnswer = try await connection.withClient { try await $0.post(path, request) }
        if json { Console.say(answer.json) } else { Console.say(answer.number) }
    }
}
