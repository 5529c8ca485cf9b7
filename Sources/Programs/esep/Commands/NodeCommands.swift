import ArgumentParser
import Contract
import Foundation
import Law
import Logging
import Node
import Portal
import ServiceLifecycle
import Synchronization
import UnixSignals

struct NodeCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "node", abstract: "Make a node, join it, start it, look at it.",
        subcommands: [
            NodeInit.self, NodeJoin.self, NodeStart.self, NodeStop.self, NodeStatusCommand.self, NodeVerify.self,
            NodeAdopt.self, NodeMoved.self,
        ])
}

struct NodeInit: Command {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make a centre: a new cluster with its authority, in an empty directory.",
        discussion: "esep node init --role centre --data /var/lib/esep/centre-1 --listen 10.0.0.1:7510")

    @Option(help: "What it is: centre.") var role: String
    @Option(help: ArgumentHelp("An empty or new directory.", valueName: "dir")) var data: String
    @Option(help: "The node's name.") var name = "centre-1"
    @Option(help: ArgumentHelp("Where other nodes dial.", valueName: "host:port")) var listen = "127.0.0.1:7510"
    @Option(help: ArgumentHelp("Serve the HTTP API on the network too.", valueName: "host:port")) var http: String?
    @Option(help: ArgumentHelp("Keep the operator's secret here and not in the directory.", valueName: "file"))
    var secretFile: String?

    mutating func validate() throws {
        guard role == "centre" else {
            throw ValidationError("--role is centre: a territory is made with esep node join --token.")
        }
        try checkAddress(listen, "--listen")
        if let http { try checkAddress(http, "--http") }
    }

    func execute() async throws {
        let identity = try await Wiring.house.initCentre(
            InitOptions(
                directory: absolute(data), name: name, listen: listen, http: http,
                secretFile: secretFile.map(absolute)))
        Console.say("\(identity.name): a new centre of cluster \(identity.cluster), in \(identity.directory)")
        Console.say("Start it with: esep node start --data \(data)")
    }
}

struct NodeJoin: Command {
    static let configuration = CommandConfiguration(
        commandName: "join", abstract: "Make a node of a territory, or another one of the centre, with a token.",
        discussion: """
            The token names the centre's address and pins its authority; it is good once. The key is made here and never
            leaves this machine.

              token=$(esep cluster token --territory KZ-75 --data centre)
              esep node join --token "$token" --data /var/lib/esep/kz-75-1

            After a disk was lost, --rebuild brings a territory's shard back whole from the centre and goes on in its
            place, under a new seat; the node registers at once, and opens what is from before when all of it is back.

              esep node join --rebuild --token "$token" --data /var/lib/esep/kz-75-2

            A node of the centre needs a name and an address; then it is added: esep centre member add centre-2.

              token=$(esep cluster token --role centre --data centre-1)
              esep node join --token "$token" --name centre-2 --listen 10.0.0.2:7510 --data /var/lib/esep/centre-2
            """)

    @Option(help: "A token printed by esep cluster token.") var token: String
    @Option(help: ArgumentHelp("An empty or new directory.", valueName: "dir")) var data: String
    @Option(help: "The node's name; absent: the territory's code and seat, kz-75-1.") var name: String?
    @Option(help: ArgumentHelp("Where other nodes dial; a territory needs none.", valueName: "host:port"))
    var listen: String?
    @Option(help: ArgumentHelp("Serve the HTTP API on the network too.", valueName: "host:port")) var http: String?
    @Option(
        help: ArgumentHelp(
            "Reach the centre here, not where the token says; several with commas between.", valueName: "host:port"))
    var peer: String?
    @Flag(help: "The territory's disk was lost: bring its shard back from the centre, and go on in its place.")
    var rebuild = false
    @Option(help: ArgumentHelp("Keep the operator's secret here and not in the directory.", valueName: "file"))
    var secretFile: String?

    mutating func validate() throws {
        for (address, option) in [(listen, "--listen"), (http, "--http"), (peer, "--peer")] {
            for one in address?.split(separator: ",") ?? [] { try checkAddress(String(one), option) }
        }
    }

    func execute() async throws {
        let identity = try await Wiring.house.join(
            JoinOptions(
                directory: absolute(data), token: token, name: name, listen: listen, http: http, peer: peer,
                secretFile: secretFile.map(absolute), isRebuild: rebuild))
        let place = if case .territory(let code) = identity.role { "territory \(code)" } else { "the centre" }
        Console.say("\(identity.name): a node of \(place) in cluster \(identity.cluster), in \(identity.directory)")
        Console.say("Start it with: esep node start --data \(data)")
    }
}

struct NodeStart: Command {
    static let configuration = CommandConfiguration(
        commandName: "start", abstract: "Run a node in the foreground until it is asked to stop.",
        discussion: """
            Prints one line "ready …" on stdout once it serves; logs go to stderr. SIGTERM and SIGINT stop it in order.
            A territory's node is ready when it has heard the centre, or after five seconds without a word of it: until
            then it answers questions, and 503 to documents. Files that were copied here take none before the centre
            has given the node a new seat.
            """)

    @Option(help: ArgumentHelp("The node's directory.", valueName: "dir")) var data: String
    @Option(help: ArgumentHelp("The operator's secret, where it lies elsewhere.", valueName: "file"))
    var secretFile: String?
    @Option(help: ArgumentHelp("Reach the centre here, not where it was at the join.", valueName: "host:port"))
    var peer: String?
    @Option(help: "What is logged: debug, info, notice, warning, error.") var logLevel = "info"

    mutating func validate() throws {
        guard Logger.Level(rawValue: logLevel) != nil else { throw ValidationError("--log-level is no level.") }
        for one in peer?.split(separator: ",") ?? [] { try checkAddress(String(one), "--peer") }
    }

    func execute() async throws {
        let level = Logger.Level(rawValue: logLevel) ?? .info
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = level
            return handler
        }
        let logger = Logger(label: "esep")
        let node = try await Wiring.house.open(
            OpenOptions(directory: absolute(data), secretFile: secretFile.map(absolute), peer: peer))
        let identity = node.identity
        let restart = Restart(directory: absolute(data))
        let portal = Portal(
            node: node, logger: logger, today: { Day(milliseconds: UInt64(Date().timeIntervalSince1970 * 1000)) },
            onReady: { addresses in
                restart.isDone()
                let network = addresses.network.map { " \($0)" } ?? ""
                // Whoever started the process has read this line already when it starts itself anew.
                guard !Restart.isOne else { return }
                // Beside the server, which answers questions meanwhile.
                Task {
                    await node.settled()
                    Console.say("ready \(identity.name) \(addresses.socket)\(network)")
                }
            })
        // The node starts first and stops last: a request in progress still finds it.
        var configuration = ServiceGroupConfiguration(
            services: [
                .init(service: node, successTerminationBehavior: .gracefullyShutdownGroup),
                .init(service: portal, successTerminationBehavior: .gracefullyShutdownGroup),
            ], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(20)
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch {
            Console.complain("\(error)")
            // A node that must not go on closes no file: closing would checkpoint, and sync what has failed to sync.
            _exit(1)
        }
        if node.wantsReopening { restart.now() }
    }
}

struct NodeStop: Command {
    static let configuration = CommandConfiguration(
        commandName: "stop", abstract: "Ask a running node to stop in order.")

    @OptionGroup var connection: Connection

    func execute() async throws {
        _ = try await connection.withClient { try await $0.bytes("POST", "/v1/stop", body: Array("{}".utf8)) }
        Console.say("stopping")
    }
}

struct NodeStatusCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "One node: state, sizes, line, certificate.")

    @OptionGroup var connection: Connection
    @Flag(help: "JSON for programs.") var json = false

    func execute() async throws {
        let status: NodeStatusAnswer = try await connection.withClient { try await $0.get("/v1/node") }
        guard !json else { return Console.say(status.json) }
        var table = Table(.text("node"), .text(status.name))
        table.add("role", status.territory.map { "\(status.role) \($0)" } ?? status.role)
        table.add("cluster", status.cluster)
        table.add("version", status.version)
        table.add("state", status.reason.isEmpty ? status.state : "\(status.state): \(status.reason)")
        table.add("up", DisplayText.age(status.uptimeSeconds))
        table.add("records", DisplayText.grouped(status.records))
        table.add("entries", DisplayText.grouped(status.entries))
        table.add("line", lineText(raw: status.lineBytesRaw, sent: status.lineBytesSent))
        table.add("memory", DisplayText.bytes(status.residentBytes))
        table.add("disk free", DisplayText.bytes(status.diskFreeBytes))
        table.add("certificate", "\(status.certificateDays) days")
        if status.role == "centre" { table.add("refused messages", DisplayText.grouped(status.refusedMessages)) }
        Console.say(table.text)
        if let seating = status.seating { Console.say("\n" + SeatingText.text(seating, of: status.name, all: true)) }
    }
}

struct NodeVerify: Command {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Read a node's files through; change nothing.",
        discussion: """
            The node is stopped, but for --accounts: a centre that runs is asked to derive its accounts anew beside its
            work. Exit 1 when anything is not what it must be.

              esep node verify --accounts --data centre
            """)

    @Option(help: ArgumentHelp("The node's directory.", valueName: "dir")) var data: String
    @Flag(help: "Only derive all special accounts of a centre anew and compare them with its tables.")
    var accounts = false
    @Option(help: ArgumentHelp("The operator's secret, where it lies elsewhere.", valueName: "file"))
    var secretFile: String?
    @Flag(help: "JSON for programs.") var json = false

    func execute() async throws {
        let report = try await report()
        if json {
            Console.say(
                .array(
                    report.checks.map {
                        .members([
                            "check": .string($0.name), "passed": .bool($0.passed), "finding": .string($0.finding),
                        ])
                    }))
        } else {
            var table = Table(.text("check"), .text("verdict"), .text("finding"))
            for check in report.checks { table.add(check.name, check.passed ? "good" : "DAMAGED", check.finding) }
            Console.say(table.text)
        }
        if report.checks.contains(where: { !$0.passed }) { throw ExitCode(1) }
    }

    private func report() async throws -> VerifyReport {
        let shown = ShownProgress()
        defer { shown.finish() }
        do {
            return try await Wiring.house.verify(
                OpenOptions(directory: absolute(data), secretFile: secretFile.map(absolute)), accountsOnly: accounts,
                progress: shown.tell)
        } catch {
            guard accounts, error.code == .conflict else { throw error }
        }
        return try await askedReport()
    }

    /// The running node derives; its progress is asked for until it is done.
    private func askedReport() async throws -> VerifyReport {
        var bar = ProgressBar(total: nil, unit: "rows")
        defer { bar.finish() }
        let connection = try Connection.parse(["--data", data])
        let answer = try await connection.withClient { client in
            var answer: AccountsCheckAnswer = try await client.post("/v1/accounts/check", DecisionAnswer())
            while answer.state == "running" {
                bar.total = answer.total
                bar.update(done: answer.done, count: answer.done)
                try await Task.sleep(for: .milliseconds(200))
                answer = try await client.get("/v1/accounts/check")
            }
            return answer
        }
        let finding =
            switch answer.state {
            case "agree": "\(answer.compared) account entries derived anew; all agree"
            case "cut": "not finished in \(answer.seconds) s beside the running node: stop it and verify its files"
            default: "\(answer.compared) account entries derived anew; " + answer.differences.joined(separator: "; ")
            }
        return VerifyReport(checks: [.init(name: "accounts", passed: answer.state == "agree", finding: finding)])
    }
}

/// - Throws: when it is not HOST:PORT.
func checkAddress(_ address: String, _ option: String) throws {
    guard let colon = address.lastIndex(of: ":"), colon != address.startIndex,
        let port = Int(address[address.index(after: colon)...]), (0...65535).contains(port)
    else { throw ValidationError("\(option) is HOST:PORT, not \(address).") }
}

/// Bytes before and after compression.
func lineText(raw: UInt64, sent: UInt64) -> String {
    guard sent > 0 else { return "nothing sent yet" }
    let ratio = (Double(raw) / Double(sent) * 10).rounded() / 10
    return "\(DisplayText.bytes(raw)) packed into \(DisplayText.bytes(sent)), \(ratio) : 1"
}

/// A progress bar that is told from another thread.
private final class ShownProgress: Sendable {
    private let bar = Mutex(ProgressBar(total: nil, unit: "rows"))

    func tell(_ done: UInt64, _ total: UInt64) {
        bar.withLock { bar in
            bar.total = total
            bar.update(done: done, count: done)
        }
    }

    func finish() { bar.withLock { $0.finish() } }
}
