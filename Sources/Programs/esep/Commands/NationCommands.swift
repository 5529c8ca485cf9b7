import ArgumentParser
import Contract

struct PersonCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "person", abstract: "What the nation knows of a person or organisation.",
        subcommands: [
            PersonFind.self, PersonConflicts.self, PersonLink.self, PersonUnlink.self, PersonCandidates.self,
            PersonReview.self,
        ])
}

struct PersonFind: Command {
    static let configuration = CommandConfiguration(
        commandName: "find", abstract: "Find by IIN, by BIN, or by present and previous names.",
        discussion: """
            Every question is journaled with its basis and purpose before it is answered.

              esep person find --iin 850707100017 --basis "case 75-1/2026" --purpose "before a trial" --data centre
              esep person find --surname Ахметов --name Ержан --birth 1985-07-07 --basis … --purpose … --data kz-75
            """)

    @Option(help: "Twelve digits.") var iin: String?
    @Option(help: "Twelve digits.") var bin: String?
    @Option(help: "A present or previous surname; Kazakh, Russian and Latin spellings are one.") var surname: String?
    @Option(help: "The first name.") var name: String?
    @Option(help: "The birth date: 1985-07-07.") var birth: String?
    @Option(help: "The legal basis: a case, a request.") var basis: String
    @Option(help: "What the answer is for.") var purpose: String
    @OptionGroup var connection: Connection
    @Flag(help: "JSON for programs.") var json = false

    mutating func validate() throws {
        let byName = surname != nil || name != nil || birth != nil
        guard [iin != nil, bin != nil, byName].count(where: { $0 }) == 1 else {
            throw ValidationError("Give --iin, or --bin, or --surname and --name (and --birth).")
        }
        if byName, surname == nil || name == nil { throw ValidationError("Give both --surname and --name.") }
    }

    func execute() async throws {
        let request = PersonFindRequest(
            iin: iin, bin: bin, surname: surname, name: name, birth: birth, basis: basis, purpose: purpose)
        let answer: PersonFindAnswer = try await connection.withClient {
            try await $0.post("/v1/persons/find", request)
        }
        guard !json else { return Console.say(answer.json) }
        Console.say(Self.text(answer))
    }

    static func text(_ answer: PersonFindAnswer) -> String {
        var parts: [String] = []
        for subject in answer.subjects {
            let number = subject.iin.map { "IIN \($0)" } ?? subject.bin.map { "BIN \($0)" } ?? "no number"
            let names = subject.names.map(DisplayText.printable).joined(separator: "; earlier or otherwise ")
            let linked = subject.linked.isEmpty ? "" : ", linked with \(subject.linked.joined(separator: ", "))"
            let born = subject.birth.map { " · born \($0)" } ?? ""
            parts.append("\(names) · \(number)\(born) · subject \(subject.subject)\(linked)")
            var records = Table(.text("record"), .text("kind"), .text("territory"))
            for record in subject.records { records.add(record.number, record.kind, record.territory) }
            parts.append(records.text)
            if !subject.accounts.isEmpty {
                var accounts = Table(.text("account"), .text("number"), .text("state"))
                for account in subject.accounts { accounts.add(account.type, account.number, account.state) }
                parts.append(accounts.text)
            }
        }
        if parts.isEmpty { parts.append("Nobody found.") }
        return (parts + [freshnessText(answer.freshness)]).joined(separator: "\n\n")
    }
}

/// How fresh a national answer is, on one line.
func freshnessText(_ freshness: [FreshnessAnswer]) -> String {
    let each = freshness.map { "\($0.territory) to entry \($0.frontier) (\(DisplayText.age($0.ageSeconds)))" }
    return each.isEmpty ? "No territory has been heard yet." : "As heard from " + each.joined(separator: ", ") + "."
}

struct AccountCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "account", abstract: "The special accounts, held by the centre alone.",
        subcommands: [AccountList.self, AccountShow.self, AccountCount.self])
}

struct AccountList: Command {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Entries of the special accounts.",
        discussion: "esep account list --type 3 --data centre")

    @Option(help: "An account type of Art. 12(3): 3.") var type: String?
    @Option(help: "A state.") var state: String?
    @Option(help: "At most this many.") var limit = Limits.listLines
    @OptionGroup var connection: Connection
    @Flag(help: "JSON for programs.") var json = false

    func execute() async throws {
        let accounts: [AccountAnswer] = try await connection.withClient {
            try await $0.list("/v1/accounts", [("type", type), ("state", state), ("limit", String(limit))])
        }
        guard !json else { return Console.say(.values(accounts)) }
        var table = Table(.text("type"), .text("number"), .text("state"), .text("subject"), .text("basis"))
        for account in accounts {
            table.add(
                account.type, account.number, account.state, account.subject, account.basis.joined(separator: ", "))
        }
        Console.say(table.text)
    }
}

struct AccountShow: Command {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "An entry of a special account with its history.")

    @Option(help: "The account type.") var type: String
    @Argument(help: "The entry's number.") var number: String
    @OptionGroup var connection: Connection
    @Flag(help: "JSON for programs.") var json = false

    func execute() async throws {
        let path = "/v1/accounts/\(percent(type))/\(percent(number, keepSlashes: true))"
        let account: AccountAnswer = try await connection.withClient { try await $0.get(path) }
        guard !json else { return Console.say(account.json) }
        Console.say("account \(account.type), entry \(account.number): \(account.state)")
        if !account.subject.isEmpty { Console.say(DisplayText.printable(account.subject)) }
        var table = Table(.text("day"), .text("state"), .text("basis"))
        for change in account.history { table.add(change.day, change.state, change.basis) }
        Console.say(table.text)
    }
}

struct AccountCount: Command {
    static let configuration = CommandConfiguration(
        commandName: "count", abstract: "Open entries of each special account.")

    @OptionGroup var connection: Connection
    @Flag(help: "JSON for programs.") var json = false

    func execute() async throws {
        let answer: AccountCountAnswer = try await connection.withClient { try await $0.get("/v1/accounts/count") }
        guard !json else { return Console.say(answer.json) }
        var table = Table(.text("account"), .number("open"))
        for count in answer.counts { table.add(count.type, DisplayText.grouped(count.count)) }
        Console.say(table.text)
    }
}

struct TerritoryCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "territory", abstract: "The territories as the centre sees them.",
        subcommands: [TerritoryList.self, TerritoryAdd.self, TerritoryRetire.self, TerritoryReseat.self])
}

struct TerritoryList: Command {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Nodes, frontiers and backlogs.")

    @OptionGroup var connection: Connection
    @Flag(help: "JSON for programs.") var json = false

    func execute() async throws {
        let territories: [TerritoryAnswer] = try await connection.withClient { try await $0.list("/v1/territories") }
        Console.say(json ? JSONValue.values(territories).line : Self.table(territories))
    }

    static func table(_ territories: [TerritoryAnswer]) -> String {
        var table = Table(
            .text("territory"), .text("node"), .text("state"), .number("frontier"), .number("backlog"),
            .text("last heard"))
        for one in territories {
            table.add(
                one.territory, one.node, one.state, DisplayText.grouped(one.frontier),
                one.backlog.map(DisplayText.grouped) ?? "?", DisplayText.age(one.lastContactSeconds))
        }
        return table.text
    }
}

struct JournalCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journal", abstract: "Who did what, to whom, on what basis.", subcommands: [JournalShow.self])
}

struct JournalShow: Command {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "The latest entries, oldest first.",
        discussion: "esep journal show --iin 850707100017 --data centre")

    @Option(help: "Of this officer.") var officer: String?
    @Option(help: "Of this kind: person.find.") var action: String?
    @Option(help: "About the person or organisation of this number.") var iin: String?
    @Option(help: "At most this many.") var limit = Limits.listLines
    @OptionGroup var connection: Connection
    @Flag(help: "JSON for programs.") var json = false

    func execute() async throws {
        let lines: [JournalAnswer] = try await connection.withClient {
            try await $0.list(
                "/v1/journal",
                [("officer", officer), ("action", action), ("iin", iin), ("limit", String(limit))])
        }
        guard !json else { return Console.say(.values(lines)) }
        var table = Table(
            .text("at"), .text("officer"), .text("action"), .text("subjects"), .text("basis"), .text("purpose"),
            .text("log"), .number("index"))
        for line in lines {
            table.add(
                line.at, line.officer, line.action, Self.few(line.subjects), line.basis, line.purpose,
                line.author, String(line.index))
        }
        Console.say(table.text)
    }

    /// The first subjects and how many more there are: `--json` names them all.
    private static func few(_ subjects: [String]) -> String {
        let shown = subjects.prefix(2).map { $0.drop { $0 == "0" } }.joined(separator: " ")
        return subjects.count > 2 ? "\(shown) and \(subjects.count - 2) more" : shown
    }
}
