import ArgumentParser
import Contract
import Foundation
import Law
import Portal

struct CatalogueCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalogue", abstract: "The law as data: card kinds, fields, rules.",
        subcommands: [
            CatalogueShow.self, CatalogueEditions.self, CatalogueExport.self, CatalogueCheck.self, CatalogueEnact.self,
        ])
}

struct CatalogueShow: Command {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Card kinds; or all rules; or one kind's fields and rules, its JSON Schema, an example.",
        discussion: """
            Reads the catalogue this program carries; with --data or --address, the node's.

              esep catalogue show
              esep catalogue show --rules
              esep catalogue show CR-1
              esep catalogue show CR-1 --schema
              esep catalogue show CR-1 --example > card.json
            """)

    @Argument(help: "A card kind; absent: all of them.") var kind: String?
    @Flag(help: "All rules of the edition; those left to a later part say why.") var rules = false
    @Flag(help: "The JSON Schema (2020-12) of its documents.") var schema = false
    @Flag(help: "A valid document.") var example = false
    @Option(help: "The edition in force on this day: 2026-03-31; absent: today.") var at: String?
    @Option(help: "The language of labels: en, kk, ru.") var language = "en"
    @OptionGroup var connection: Connection
    @Flag(help: "JSON for programs.") var json = false

    mutating func validate() throws {
        if kind == nil, schema || example { throw ValidationError("Name a card kind.") }
        if kind != nil, rules { throw ValidationError("--rules are those of all kinds: leave the kind out.") }
        if schema, example { throw ValidationError("Give --schema or --example.") }
        if let at, Day(text: at) == nil { throw ValidationError("--at is a date: 2026-03-31.") }
        guard Language(rawValue: language) != nil else { throw ValidationError("--language is en, kk or ru.") }
    }

    func execute() async throws {
        if schema || example {
            let text = try await bytes(schema ? "/schema" : "/example") { edition, kind in
                Array(((schema ? edition.schema(of: kind) : kind.example) + "\n").utf8)
            }
            return Console.write(text, to: 1)
        }
        let answer: JSONValue
        if connection.data == nil, connection.address == nil {
            let edition = try embedded()
            answer =
                if let kind { CatalogueViews.kind(try find(kind, in: edition), in: edition) } else {
                    CatalogueViews.list(edition)
                }
        } else {
            answer = try JSONReader.read(try await asked(""))
        }
        guard !json else { return Console.say(answer) }
        Console.say(kind != nil ? kindText(answer) : rules ? rulesText(answer) : listText(answer))
    }

    private func bytes(_ part: String, _ local: (Edition, CardKind) -> [UInt8]) async throws -> [UInt8] {
        guard connection.data == nil, connection.address == nil else { return try await asked(part) }
        let edition = try embedded()
        return local(edition, try find(kind ?? "", in: edition))
    }

    private func asked(_ part: String) async throws -> [UInt8] {
        let path = kind.map { "/v1/catalogue/\(percent($0))\(part)" } ?? "/v1/catalogue"
        return try await connection.withClient { try await $0.bytes("GET", path, [("at", at)]) }
    }

    private func embedded() throws -> Edition {
        let day = at.flatMap { Day(text: $0) } ?? Day(milliseconds: UInt64(Date().timeIntervalSince1970 * 1000))
        return try embeddedCatalogue().edition(on: day)
    }

    private func find(_ code: String, in edition: Edition) throws -> CardKind {
        guard let kind = edition.kind(code) else {
            throw Failure(
                "The edition of \(edition.from.text) has no card kind \(code).",
                remedy: "It has \(edition.kinds.map(\.code).joined(separator: ", ")).")
        }
        return kind
    }

    private func label(_ json: JSONValue, _ name: String) -> String {
        json[name]?[language].map(FieldText.text) ?? ""
    }

    private func cell(_ json: JSONValue, _ name: String) -> String {
        json[name].map(FieldText.text) ?? ""
    }

    private func elements(_ json: JSONValue?) -> [JSONValue] {
        if case .array(let elements)? = json { elements } else { [] }
    }

    private func listText(_ answer: JSONValue) -> String {
        var table = Table(.text("kind"), .number("fields"), .text("what"))
        for kind in elements(answer["kinds"]) {
            table.add(cell(kind, "kind"), cell(kind, "fields"), label(kind, "label"))
        }
        return "edition of \(cell(answer, "edition"))\n\n\(table.text)"
    }

    private func rulesText(_ answer: JSONValue) -> String {
        var table = Table(
            .text("rule"), .text("severity"), .text("decided by"), .text("kinds"), .text("message"), .text("remedy"))
        var later: [String] = []
        for rule in elements(answer["rules"]) {
            let kinds = elements(rule["kinds"]).map(FieldText.text)
            let isLater = rule["later"] != nil
            table.add(
                cell(rule, "code"), cell(rule, "severity"), isLater ? "later" : cell(rule, "scope"),
                kinds.isEmpty ? "all" : kinds.joined(separator: " "), label(rule, "message"), label(rule, "remedy"))
            if isLater { later.append("\(cell(rule, "code")): \(label(rule, "later"))") }
        }
        let end = later.isEmpty ? "" : "\n\nleft to a later part:\n" + later.joined(separator: "\n")
        return "edition of \(cell(answer, "edition"))\n\n\(table.text)\(end)"
    }

    private func kindText(_ answer: JSONValue) -> String {
        var fields = Table(
            .text("field"), .text("type"), .text("required"), .text("unknown"), .text("marks"), .text("label"))
        for field in elements(answer["fields"]) {
            addRow(field, indent: "", to: &fields)
            for member in elements(field["members"]) { addRow(member, indent: "  ", to: &fields) }
        }
        var rules = Table(.text("rule"), .text("severity"), .text("decided by"), .text("message"), .text("remedy"))
        for rule in elements(answer["rules"]) {
            rules.add(
                cell(rule, "code"), cell(rule, "severity"), cell(rule, "scope"), label(rule, "message"),
                label(rule, "remedy"))
        }
        let term = cell(answer, "term_working_days")
        return """
            \(cell(answer, "kind")) \(label(answer, "label"))
            edition of \(cell(answer, "edition")), to be handed in within \(term) working day\(term == "1" ? "" : "s")

            \(fields.text)

            \(rules.text)
            """
    }

    private func addRow(_ field: JSONValue, indent: String, to table: inout Table) {
        let marks = ["set", "fact", "key", "personal"].filter { field[$0] == .bool(true) }
        table.add(
            indent + cell(field, "path"), cell(field, "type"), cell(field, "required"),
            field["unknown_allowed"] == .bool(true) ? "yes" : "", marks.joined(separator: " "), label(field, "label"))
    }
}

/// The catalogue this program carries.
func embeddedCatalogue() throws -> Catalogue {
    do {
        return try Catalogue.embedded()
    } catch {
        throw Failure("The embedded catalogue is damaged: \(error.file) \(error.place) \(error.reason)")
    }
}
