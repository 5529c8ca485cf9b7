import ArgumentParser
import Contract

struct FindingCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "finding", abstract: "What the national rules say of records.", subcommands: [FindingList.self])
}

struct ReconciliationCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconciliation", abstract: "Cards that another card should stand beside, and does not.",
        subcommands: [ReconciliationList.self])
}

/// What both lists can be narrowed by.
struct FindingNarrowing: ParsableArguments {
    @Option(help: "Of records this territory opened.") var territory: String?
    @Option(help: "Of this sender's cards.") var body: String?
    @Option(help: "Of one rule: V212.") var code: String?
    @Option(help: "A card kind.") var kind: String?
    @Flag(help: "Only what still stands.") var open = false
    @Option(help: "At most this many.") var limit = Limits.listLines

    var query: [(String, String?)] {
        [
            ("territory", territory), ("body", body), ("code", code), ("kind", kind), ("open", open ? "true" : nil),
            ("limit", String(limit)),
        ]
    }

    func list(_ path: String, _ connection: Connection, json: Bool, none: String) async throws {
        let found: [FindingAnswer] = try await connection.withClient { try await $0.list(path, query) }
        guard !json else { return Console.say(.values(found)) }
        guard !found.isEmpty else { return Console.say(none) }
        var table = Table(
            .text("rule"), .text("severity"), .text("territory"), .text("body"), .text("record"), .text("kind"),
            .text("field"), .text("state"), .text("raised"), .number("days"), .text("message"))
        for one in found {
            table.add(
                one.code, one.severity, one.territory, one.body, one.number, one.kind, one.field, one.state, one.raised,
                String(one.days), one.message)
        }
        Console.say(table.text)
    }
}

struct FindingList: Command {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Rule, record, and since when it stands or stood.")

    @OptionGroup var narrowing: FindingNarrowing
    @OptionGroup var connection: Connection
    @Flag(help: "JSON for programs.") var json = false

    func execute() async throws {
        try await narrowing.list("/v1/findings", connection, json: json, none: "No findings.")
    }
}

struct ReconciliationList: Command {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Traffic cases without an accident card, searches without a card, fines overdue, and kin.",
        discussion: """
            Kept up as entries are applied, by body and territory. What is still within its term is not listed.

              esep reconciliation list --territory KZ-75 --open --data centre
            """)

    @OptionGroup var narrowing: FindingNarrowing
    @OptionGroup var connection: Connection
    @Flag(help: "JSON for programs.") var json = false

    func execute() async throws {
        try await narrowing.list(
            "/v1/reconciliation", connection, json: json, none: "Nothing that should stand beside another is missing.")
    }
}
