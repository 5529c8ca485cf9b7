import ArgumentParser
import Contract

struct ClusterCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cluster", abstract: "The cluster as a node knows it; tokens to join it.",
        subcommands: [ClusterStatusCommand.self, ClusterToken.self, ClusterCheckCommand.self, ClusterConfig.self])
}

struct ClusterStatusCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Members, territories, frontiers and backlogs.")

    @OptionGroup var connection: Connection
    @Flag(help: "JSON for programs.") var json = false

    func execute() async throws {
        try await connection.withClient { client in
            let status: ClusterStatusAnswer = try await client.get("/v1/status")
            guard !json else { return Console.say(status.json) }
            let node: NodeStatusAnswer = try await client.get("/v1/node")
            Console.say(Self.text(status))
            Console.say("line: \(lineText(raw: node.lineBytesRaw, sent: node.lineBytesSent))")
        }
    }

    static func text(_ status: ClusterStatusAnswer) -> String {
        switch status {
        case .centre(let leader, let term, let members, let territories):
            var table = Table(.text("member"), .text("role"), .text("state"), .number("applied"))
            for member in members {
                table.add(member.name, member.role, member.state, DisplayText.grouped(member.applied))
            }
            return """
                leader \(leader ?? "none"), term \(term)
                \(table.text)

                \(TerritoryList.table(territories))
                """
                    + territories.compactMap { one in one.seating.map { "\n" + SeatingText.text($0, of: one.territory) }
                    }
                    .joined()
        case .territory(let territory, let last, let frontier, let backlog, let isConnected, let address, let seating):
            var table = Table(.text("territory"), .text(territory))
            table.add("last entry", DisplayText.grouped(last))
            table.add("at the centre", DisplayText.grouped(frontier))
            table.add("backlog", DisplayText.grouped(backlog))
            table.add("centre", "\(address), \(isConnected ? "connected" : "no line")")
            return table.text + (seating.map { "\n\n" + SeatingText.text($0, of: territory) } ?? "")
        }
    }
}

struct ClusterToken: Command {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Print a token that lets one node join. At the centre.",
        discussion: """
            The token is the only thing on stdout. It is good once, until it expires, and only its hash is kept.

              esep cluster token --territory KZ-75 --ttl 1h --data centre
              esep cluster token --role centre --data centre
            """)

    @Option(help: "What joins: territory, or centre for another node of the centre.") var role = "territory"
    @Option(help: "The territory's code: KZ-75.") var territory: String?
    @Option(help: "How long it is good: 30m, 1h, 2d.") var ttl = Span(seconds: 3600)
    @OptionGroup var connection: Connection
    @Flag(help: "JSON for programs.") var json = false

    mutating func validate() throws {
        guard role == "territory" || role == "centre" else { throw ValidationError("--role is territory or centre.") }
        guard role == "centre" || territory != nil else { throw ValidationError("Give --territory: KZ-75.") }
    }

    func execute() async throws {
        let request = TokenIssueRequest(role: role, territory: territory ?? "", ttlSeconds: ttl.seconds)
        let answer: TokenAnswer = try await connection.withClient { try await $0.post("/v1/tokens", request) }
        if json { Console.say(answer.json) } else { Console.say(answer.token) }
    }
}

/// A span of time as people write it: 90s, 30m, 1h, 2d.
struct Span: ExpressibleByArgument, Hashable {
    var seconds: UInt64

    init(seconds: UInt64) {
        self.seconds = seconds
    }

    init?(argument: String) {
        let units: [Character: UInt64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        guard let unit = argument.last.flatMap({ units[$0] }), let count = UInt64(argument.dropLast()), count > 0,
            !count.multipliedReportingOverflow(by: unit).overflow
        else { return nil }
        seconds = count * unit
    }

    var defaultValueDescription: String { "1h" }
}
