import ArgumentParser
import Contract

/// What the verbs about a territorial body have in common.
struct BodyOptions: ParsableArguments {
    @OptionGroup var act: ActOptions
    @Flag(help: "Tell what it would come to; change nothing.") var dryRun = false
    @OptionGroup var connection: Connection
    @Flag(help: "JSON for programs.") var json = false

    func change(
        _ verb: String, _ territory: String, successor: String? = nil, name: String? = nil, rate: UInt64? = nil,
        hours: DayHours? = nil
    ) async throws {
        let request = BodyChangeRequest(
            verb: verb, territory: territory, successor: successor, name: name, rate: rate, from: hours?.from,
            to: hours?.to, isDryRun: dryRun, act: act.fields)
        let answer: BodyAnswer = try await connection.withClient { try await $0.post("/v1/territories", request) }
        guard !json else { return Console.say(answer.json) }
        if !answer.closes.isEmpty {
            var table = Table(.text("heard no more"), .number("author"), .number("frontier"), .number("backlog"))
            for node in answer.closes {
                table.add(
                    node.name, String(node.author), DisplayText.grouped(node.frontier),
                    node.backlog.map(DisplayText.grouped) ?? "?")
            }
            Console.say(table.text)
        }
        if let successor, answer.records > 0 {
            Console.say("\(DisplayText.grouped(answer.records)) records go to \(successor), some with each second")
        }
        if !answer.warning.isEmpty { Console.say("warning: \(answer.warning)") }
        Console.say(answer.isDone ? "done" : "nothing was changed")
        if let token = answer.token { Console.say("the new node joins with: \(token)") }
    }
}

struct TerritoryAdd: Command {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Make a body known before its node joins. At the centre; journaled.",
        discussion: """
            A body that a node joined for is known without it; this lets records be transferred to it before.

              esep territory add KZ-62 --name "Ulytau" --act 12-o --basis "decree 887" --data centre-1
            """)

    @Argument(help: "The territory's code.") var territory: String
    @Option(help: "What it is called.") var name: String?
    @OptionGroup var options: BodyOptions
    func execute() async throws { try await options.change("add", territory, name: name) }
}

struct TerritoryRetire: Command {
    static let configuration = CommandConfiguration(
        commandName: "retire",
        abstract: "Close a body, merged or abolished: its records go to a successor. At the centre; journaled.",
        discussion: """
            Its nodes are refused from then on with a sentence, and become read-only; what they had not sent is not
            taken any more, so look at the dry run first. The successor gets the whole history of every record through
            its downlink. Of a body that is split, transfer the cases of the other parts first: record transfer.

              esep territory retire KZ-47 --successor KZ-61 --act 12-o --basis "decree 887" --dry-run --data centre-1
            """)

    @Argument(help: "The territory's code.") var territory: String
    @Option(help: "The territory that holds its records from then on; absent: the centre alone.") var successor: String?
    @OptionGroup var options: BodyOptions
    func execute() async throws { try await options.change("retire", territory, successor: successor) }
}

struct TerritoryReseat: Command {
    static let configuration = CommandConfiguration(
        commandName: "reseat",
        abstract: "Let a body go on with another node; the ones it had are heard no more. At the centre; journaled.",
        discussion: """
            Prints a token, good for a week, for the new node. Its numbers name the new seat, so none is given twice.

              esep territory reseat KZ-75 --act 3-o --basis "new building" --data centre-1
            """)

    @Argument(help: "The territory's code.") var territory: String
    @OptionGroup var options: BodyOptions
    func execute() async throws { try await options.change("reseat", territory) }
}

struct RecordTransferCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "transfer", abstract: "Hand cases over by jurisdiction. At the centre; journaled.",
        discussion: """
            The new holder gets the whole history of each record with the keys of its blocks, through its downlink, and
            everything written on it later; nobody else gets anything. Whoever held it goes on holding it, unless
            --release.

              esep record transfer 2026/00000123 --to KZ-10 --act 75-2/11 --basis "CPC art. 187" --data centre-1
            """)

    @Argument(help: "Confirmed or provisional numbers, up to a thousand.") var numbers: [String]
    @Option(help: "The territory that holds them from then on.") var to: String
    @Flag(help: "Those who hold them now get nothing more of them.") var release = false
    @Flag(help: "Tell what it would come to; change nothing.") var dryRun = false
    @OptionGroup var act: ActOptions
    @OptionGroup var connection: Connection
    @Flag(help: "JSON for programs.") var json = false

    func execute() async throws {
        let request = RecordTransferRequest(
            numbers: numbers, to: to, isReleasing: release, isDryRun: dryRun, act: act.fields)
        let answers: [RecordTransferAnswer] = try await connection.withClient {
            try RecordTransferAnswer.list(
                JSONReader.read(try await $0.bytes("POST", "/v1/transfers", body: request.bytes)))
        }
        guard !json else { return Console.say(.values(answers)) }
        var table = Table(.text("record"), .text("held by"), .text(dryRun ? "would be held by" : "held by now"))
        for one in answers {
            table.add(one.number, one.before.joined(separator: " "), one.after.joined(separator: " "))
        }
        Console.say(table.text)
        if dryRun { Console.say("nothing was changed") }
    }
}

struct ClusterConfig: Command {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "How much of a territory's line data may take, and when. Journaled.",
        discussion: """
            The cap holds each way, for entries and downlink before compression; frontiers, keep-alives and questions
            are never held back. It replaces the cap before; without --bandwidth and --hours there is none. A line that
            stands is dialled anew to hear of it.

              esep cluster config --territory KZ-75 --bandwidth 16K --hours 20:00-06:00 --act 4-o --basis "tariff" \\
                --data centre-1
            """)

    @Option(help: "The territory's code.") var territory: String
    @Option(help: "Bytes a second, from 1K: 16K.") var bandwidth: ByteSize?
    @Option(help: "Hours of the day in UTC+5 between which data flows: 20:00-06:00.") var hours: DayHours?
    @OptionGroup var options: BodyOptions

    mutating func validate() throws {
        if let bandwidth, bandwidth.bytes < 1024 || bandwidth.bytes > Int(UInt32.max) {
            throw ValidationError("--bandwidth is from 1K to 4G.")
        }
    }

    func execute() async throws {
        try await options.change("cap", territory, rate: bandwidth.map { UInt64($0.bytes) }, hours: hours)
    }
}

/// Hours of a day as people write them: 20:00-06:00.
struct DayHours: ExpressibleByArgument, Hashable {
    var from: UInt64
    var to: UInt64

    init?(argument: String) {
        let ends = argument.split(separator: "-").map { end -> UInt64? in
            let parts = end.split(separator: ":").map { UInt64($0) }
            guard parts.count == 2, let hour = parts[0], let minute = parts[1], hour < 24, minute < 60 else {
                return nil
            }
            return hour * 60 + minute
        }
        guard ends.count == 2, let from = ends[0], let to = ends[1], from != to else { return nil }
        (self.from, self.to) = (from, to)
    }
}
