import ArgumentParser
import Contract
import Law

struct RecordCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record", abstract: "Show, list, correct and cancel records.",
        subcommands: [
            RecordShow.self, RecordList.self, RecordHistory.self, RecordCorrect.self, RecordCancel.self,
            RecordTransferCommand.self,
        ])
}

struct RecordShow: Command {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "A record as it stands, merged.",
        discussion: "esep record show KZ-75/2026/CR-1/000123-P --data kz-75")

    @Argument(help: "A provisional or confirmed number.") var number: String
    @OptionGroup var connection: Connection
    @Flag(help: "JSON for programs.") var json = false

    func execute() async throws {
        let record: RecordAnswer = try await connection.withClient { try await $0.get(recordPath(number)) }
        guard !json else { return Console.say(record.json) }
        Console.say(Self.text(record))
    }

    static func text(_ record: RecordAnswer) -> String {
        var head = Table(.text("record"), .text(record.number ?? record.provisional))
        if record.number != nil { head.add("provisional", record.provisional) }
        head.add("kind", record.kind)
        head.add("territory", record.territory)
        head.add("state", record.state)
        var fields = Table(.text("field"), .text("value"))
        for (path, value) in FieldText.pairs(record.fields) { fields.add(path, value) }
        var parts = [head.text, fields.text]
        if !record.discrepancies.isEmpty {
            parts.append("Discrepancies\n" + DiscrepancyList.table(record.discrepancies))
        }
        if !record.findings.isEmpty {
            var findings = Table(.text("finding"), .text("field"), .text("message"), .text("remedy"))
            for finding in record.findings {
                findings.add(finding.code, finding.field, finding.message, finding.remedy)
            }
            parts.append(findings.text)
        }
        return parts.joined(separator: "\n\n")
    }
}

struct RecordList: Command {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Numbers and states of the records a node holds, in the order they were opened.",
        discussion: "With --json all of them, one object a line.")

    @Option(help: "Opened by this territory.") var territory: String?
    @Option(help: "A card kind.") var kind: String?
    @Option(help: "At most this many; absent: 100, with --json all.") var limit: Int?
    @OptionGroup var connection: Connection
    @Flag(help: "JSON for programs: one object a line.") var json = false

    mutating func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit is at least 1.") }
    }

    func execute() async throws {
        var table = Table(.text("number"), .text("provisional"), .text("kind"), .text("territory"), .text("state"))
        var left = limit ?? (json ? Int.max : Limits.listLines)
        try await connection.withClient { client in
            var after: String?
            repeat {
                let page: RecordListAnswer = try await client.get(
                    "/v1/records",
                    [
                        ("territory", territory), ("kind", kind), ("after", after),
                        ("limit", String(min(left, Limits.listLinesMost))),
                    ])
                left -= page.records.count
                after = page.next
                if json {
                    var lines: [UInt8] = []
                    for record in page.records { lines += record.json.bytes() + [UInt8(ascii: "\n")] }
                    Console.write(lines, to: 1)
                } else {
                    for record in page.records {
                        table.add(
                            record.number ?? "–", record.provisional, record.kind, record.territory, record.state)
                    }
                }
            } while after != nil && left > 0
        }
        if !json { Console.say(table.text) }
    }
}

struct RecordHistory: Command {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Every document of a record, oldest first: who wrote what, and when.")

    @Argument(help: "A provisional or confirmed number.") var number: String
    @OptionGroup var connection: Connection
    @Flag(help: "JSON for programs.") var json = false

    func execute() async throws {
        let lines: [HistoryAnswer] = try await connection.withClient {
            try await $0.list(recordPath(number, "/history"))
        }
        guard !json else { return Console.say(.values(lines)) }
        var table = Table(
            .text("at"), .text("act"), .text("by"), .text("sender"), .text("number"), .text("reason"), .text("wrote"))
        for line in lines {
            let written = FieldText.pairs(line.written).map { "\($0) = \($1)" }
            let removed = FieldText.pairs(line.removed).map { "\($0) without \($1)" }
            table.add(
                line.at + (line.isClockSuspect ? " ?" : ""), line.act, line.author, line.sender, line.number,
                line.reason, (written + removed).joined(separator: "; "))
        }
        Console.say(table.text)
    }
}

struct RecordCorrect: Command {
    static let configuration = CommandConfiguration(
        commandName: "correct", abstract: "Correct some fields of a record.",
        discussion: """
            Only the fields named are touched. A value that begins with [ or { is JSON; an empty one
            removes the field.

              esep record correct KZ-75/2026/CR-1/000123-P --set victims_count=2 --reason ERR --data kz-75
              esep record correct 2026/00000123 --set 'articles={"add":["CC-188"]}' --reason NEW --data centre
            """)

    @Argument(help: "A provisional or confirmed number.") var number: String
    @Option(name: .customLong("set"), help: ArgumentHelp("A changed field.", valueName: "field=value"))
    var changes: [Change]
    @Option(help: "A code of the list correction_reason.") var reason: String
    @OptionGroup var connection: Connection
    @Flag(help: "JSON for programs.") var json = false

    mutating func validate() throws {
        guard !changes.isEmpty else { throw ValidationError("Give at least one --set field=value.") }
    }

    func execute() async throws {
        let kind = FieldTyping.kind(ofNumber: number)
        var fields: [JSONValue.Member] = []
        for change in changes {
            fields.append(.init(change.path, try FieldTyping.value(change.text, change.path, kind)))
        }
        let request = CorrectionRequest(reason: reason, fields: .object(fields))
        let answer: AcknowledgementAnswer = try await connection.withClient {
            try await $0.post(recordPath(number, "/corrections"), request)
        }
        if json { Console.say(answer.json) } else { Console.say(answer.number) }
    }
}

struct RecordCancel: Command {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Cancel a record.",
        discussion: "esep record cancel KZ-75/2026/CR-1/000123-P --reason DUP --data kz-75")

    @Argument(help: "A provisional or confirmed number.") var number: String
    @Option(help: "A code of the list correction_reason.") var reason: String
    @OptionGroup var connection: Connection
    @Flag(help: "JSON for programs.") var json = false

    func execute() async throws {
        let answer: AcknowledgementAnswer = try await connection.withClient {
            try await $0.post(recordPath(number, "/cancel"), CancelRequest(reason: reason))
        }
        if json { Console.say(answer.json) } else { Console.say(answer.number) }
    }
}

/// `field=value` of the command line.
struct Change: ExpressibleByArgument, Hashable {
    var path: String
    var text: String

    init?(argument: String) {
        guard let equals = argument.firstIndex(of: "="), equals != argument.startIndex else { return nil }
        path = String(argument[..<equals])
        text = String(argument[argument.index(after: equals)...])
    }
}
