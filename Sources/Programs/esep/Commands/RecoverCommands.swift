import ArgumentParser
import Contract
import Foundation
import Node

struct RecoverCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recover", abstract: "A centre that lost its quorum goes on from one node.",
        discussion: """
            Only where so many voters are gone for good that the rest can agree on nothing. While enough of them can
            still be started, start them: nothing is lost then. Stop every node of the centre that is left, and:

              1. On each machine: esep centre recover plan --data DIR --json > NAME.json, and carry the files together.
              2. esep centre recover plan --data DIR --summary NAME.json … tells who has most, what would be lost, and
                 what territories send again. Territories may run; give their directories or summaries, too.
              3. On the machine of the node that has most: esep centre recover apply with the same arguments copies
                 what it will change and prints a sentence; typed with --sentence, it is done.
              4. esep node start, then esep centre recover verify (stopped) or esep node verify --accounts (running).
              5. The centre gives no new number before every territory has sent again what it was told: those numbers
                 come back. esep cluster status names who is waited for; esep centre recover go-on ends the waiting.
              6. Other nodes join again by a token, in empty directories: no lost node ever speaks under its old number.
            """,
        subcommands: [RecoverPlanCommand.self, RecoverApply.self, RecoverVerify.self, RecoverGoOn.self])
}

struct RecoverOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A node's directory on this machine; may be given several times.", valueName: "dir"))
    var data: [String] = []
    @Option(
        help: ArgumentHelp(
            "What plan --json printed on another machine; may be given several times.", valueName: "file"))
    var summary: [String] = []
    @Option(help: "Let this node go on, though another may have more: its name or number.") var node: String?
    @Flag(help: "Every line, whatever their number.") var all = false
    @Flag(help: "JSON for programs, and to be carried to another machine.") var json = false

    func recovery(secretFile: String? = nil) throws -> RecoveryOptions {
        RecoveryOptions(
            directories: data.map(absolute), summaries: try summary.flatMap(read), going: node,
            secretFile: secretFile.map(absolute), isWhole: all)
    }

    private func read(_ path: String) throws -> [NodeRemains] {
        do {
            return try JSONDecoder().decode(RecoveryAnswer.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
                .remains
        } catch {
            throw Failure(
                "\(path) cannot be read as a summary: \(error).",
                remedy: "Give what `esep centre recover plan --json` printed, whole.")
        }
    }

    /// Lines of a list that are shown; the rest is counted.
    static let linesShown = 20

    func shown<Element>(_ lines: [Element]) -> ArraySlice<Element> {
        lines.prefix(all ? lines.count : Self.linesShown)
    }

    func rest(_ count: Int) {
        if !all, count > Self.linesShown { Console.say("… and \(count - Self.linesShown) more: --all shows them") }
    }
}

struct RecoverPlanCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Who has most, what would be lost, what comes again. Changes nothing.",
        discussion: """
              esep centre recover plan --data /var/lib/esep/centre-3 --summary centre-2.json --summary kz-75-1.json
            """)

    @OptionGroup var options: RecoverOptions

    func execute() async throws {
        let answer = try await Wiring.house.planRecovery(try options.recovery())
        guard !options.json else {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return Console.write([UInt8](try encoder.encode(answer)) + [UInt8(ascii: "\n")], to: STDOUT_FILENO)
        }
        let plan = answer.plan
        sayNodes(plan)
        sayLost(plan)
        sayAgain(plan)
        for warning in plan.warnings { Console.say("note: \(warning)") }
        if plan.quorum.stands {
            Console.say(
                "\(plan.quorum.here) of \(plan.quorum.voters.count) voters are here and \(plan.quorum.needed) must "
                    + "agree: start them. There is nothing to recover.")
        } else {
            Console.say(
                "\(plan.chosen.name) goes on as number \(plan.number), generation \(plan.generation). Next, on its "
                    + "machine: esep centre recover apply with the same arguments.")
        }
    }

    private func sayNodes(_ plan: RecoveryPlan) {
        var nodes = Table(
            .text("node"), .number("number"), .number("last entry"), .number("of term"), .number("applied"), .text(""))
        for (place, node) in plan.nodes.enumerated() {
            nodes.add(
                node.name, "\(node.number)", DisplayText.grouped(node.last), "\(node.lastTerm)",
                DisplayText.grouped(node.applied), place == 0 ? "goes on" : "")
        }
        Console.say(nodes.text)
        var logs = Table(.text("log of"), .text("node"), .number("here"), .number("most elsewhere"))
        for frontier in plan.chosen.frontiers {
            let elsewhere = plan.nodes.dropFirst().compactMap { node in
                node.frontiers.first { $0.author == frontier.author }?.last
            }.max()
            logs.add(
                frontier.place, frontier.name, DisplayText.grouped(frontier.last),
                elsewhere.map(DisplayText.grouped) ?? "")
        }
        Console.say(logs.text)
    }

    private func sayLost(_ plan: RecoveryPlan) {
        guard !plan.lost.isEmpty else {
            return Console.say("No node that was looked at holds an entry that \(plan.chosen.name) does not hold.")
        }
        var lost = Table(
            .text("given up"), .number("entry"), .number("of term"), .text("what"), .text("comes again"))
        for line in options.shown(plan.lost) {
            lost.add(
                line.node, DisplayText.grouped(line.index), "\(line.term)", line.what,
                line.comesAgain ? "from its territory" : "NO")
        }
        Console.say(lost.text)
        options.rest(plan.lost.count)
    }

    private func sayAgain(_ plan: RecoveryPlan) {
        guard !plan.again.isEmpty else { return }
        var again = Table(
            .text("territory"), .text("node"), .number("sends again from"), .number("to"), .number("of them told"))
        for line in plan.again {
            let isEmpty = line.first > line.last
            again.add(
                line.place, line.name, isEmpty ? "nothing" : DisplayText.grouped(line.first),
                isEmpty ? "" : DisplayText.grouped(line.last), DisplayText.grouped(line.told))
        }
        Console.say(again.text)
        for line in plan.again where !line.entries.isEmpty {
            var entries = Table(.text("\(line.name) entry"), .text("what"), .text("told number"))
            for entry in options.shown(line.entries) {
                entries.add(DisplayText.grouped(entry.index), entry.what, entry.confirmed ?? "")
            }
            Console.say(entries.text)
            options.rest(line.entries.count)
        }
    }
}

struct RecoverApply: Command {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Let one node go on alone: in two steps.",
        discussion: """
            Without --sentence: works the plan out again, copies the store and the files that say who the node is into
            before-recovery-N in its directory, and prints the sentence to type. With --sentence: appends to the log
            that the centre was recovered, and a group of this node alone under a new number; gives the node a new
            certificate. Nothing of the log or the archive is rewritten. A step that broke is asked for again.

              esep centre recover apply --data centre-3 --summary centre-2.json
              esep centre recover apply --data centre-3 --sentence "I give up what nobody but …"
            """)

    @OptionGroup var options: RecoverOptions
    @Option(help: "The sentence that the first step printed: carries it out.") var sentence: String?
    @Option(help: ArgumentHelp("The operator's secret, where it lies elsewhere.", valueName: "file"))
    var secretFile: String?

    mutating func validate() throws {
        if sentence != nil, options.data.count != 1 {
            throw ValidationError("--sentence goes with one --data: the directory of the node that goes on.")
        }
    }

    func execute() async throws {
        guard let sentence else { return try await prepare() }
        let order = try await Wiring.house.carryOutRecovery(
            OpenOptions(directory: absolute(options.data[0]), secretFile: secretFile.map(absolute)),
            sentence: sentence)
        guard !options.json else { return try say(order) }
        Console.say("\(order.name) goes on alone, as number \(order.number), generation \(order.generation).")
        Console.say("What was there before lies in \(order.copy); remove it when the centre is whole again.")
        Console.say("Next: esep node start --data \(options.data[0]); then let other nodes join by a token:")
        Console.say("  esep cluster token --role centre; esep node join; esep centre member add and promote")
    }

    private func prepare() async throws {
        let order = try await Wiring.house.prepareRecovery(
            try options.recovery(secretFile: secretFile), officer: NSUserName())
        guard !options.json else { return try say(order) }
        Console.say("Copied into \(order.copy). Nothing is changed yet.")
        Console.say(
            "\(order.name) will go on alone from entry \(order.last), as number \(order.number). To do it, type:")
        let data = options.data.count == 1 ? options.data[0] : "DIRECTORY-OF-\(order.name)"
        Console.say("  esep centre recover apply --data \(data) --sentence \"\(order.sentence)\"")
    }

    private func say(_ order: RecoveryOrder) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        Console.write([UInt8](try encoder.encode(order)) + [UInt8(ascii: "\n")], to: STDOUT_FILENO)
    }
}

struct RecoverVerify: Command {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Read the stopped node through: its log, its group, chains and accounts.",
        discussion: """
            Everything that esep node verify reads; an order that was begun and not carried out is told first. Exit 1
            when anything is not what it must be.

              esep centre recover verify --data centre-3
            """)

    @OptionGroup var verify: NodeVerify

    func execute() async throws { try await verify.execute() }
}
