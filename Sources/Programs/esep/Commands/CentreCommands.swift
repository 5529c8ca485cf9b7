import ArgumentParser
import Contract
import Node

struct CentreCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "centre", abstract: "The group of nodes that is the centre.",
        subcommands: [MemberCommands.self, RecoverCommands.self])
}

struct MemberCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "member", abstract: "Who belongs to the centre's group: list it, change it, hand the lead over.",
        discussion: """
            One becomes three without passing through two:
              token=$(esep cluster token --role centre --data centre-1)
              esep node join --token "$token" --name centre-2 --listen 10.0.0.2:7510 --data centre-2
              esep node start --data centre-2 &
              … the same for centre-3 …
              esep centre member add centre-2 centre-3 --data centre-1
              esep centre member promote centre-2 centre-3 --data centre-1
            Nodes are named or numbered. Any node of the centre may be asked; the one that leads does it.
            """,
        subcommands: [
            MemberList.self, MemberAdd.self, MemberPromote.self, MemberDemote.self, MemberRemove.self,
            MemberReplace.self, MemberTransfer.self,
        ])
}

struct MemberList: Command {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Names, numbers, roles, states and how far each has come.")

    @OptionGroup var connection: Connection
    @Flag(help: "JSON for programs.") var json = false

    func execute() async throws {
        let members: [GroupMemberAnswer] = try await connection.withClient { try await $0.list("/v1/members") }
        guard !json else { return Console.say(.values(members)) }
        var table = Table(
            .text("member"), .number("number"), .text("role"), .text("state"), .number("applied"), .number("behind"),
            .text("address"))
        for member in members {
            table.add(
                member.name, String(member.number), member.role, member.state, DisplayText.grouped(member.applied),
                member.behind.map(DisplayText.grouped) ?? "", member.address)
        }
        Console.say(table.text)
    }
}

/// What the verbs that change the group have in common.
struct ChangeOptions: ParsableArguments {
    @OptionGroup var connection: Connection
    @Flag(help: "Tell what it would come to; change nothing.") var dryRun = false
    @Option(
        help: ArgumentHelp(
            "Do it although the group may stop: type \"\(MemberChange.sentence)\".", valueName: "sentence"))
    var forceUnsafe: String?
    @Flag(help: "JSON for programs.") var json = false

    func change(_ verb: MemberChange.Verb, _ nodes: [String]) async throws {
        let request = MemberChangeRequest(
            verb: verb.rawValue, nodes: nodes, isDryRun: dryRun, force: forceUnsafe ?? "")
        let answer: MemberChangeAnswer = try await connection.withClient { try await $0.post("/v1/members", request) }
        guard !json else { return Console.say(answer.json) }
        var table = Table(.text(""), .text("before"), .text("after"))
        table.add("voters", answer.before.voters.joined(separator: " "), answer.after.voters.joined(separator: " "))
        table.add(
            "learners", answer.before.learners.joined(separator: " "), answer.after.learners.joined(separator: " "))
        table.add("quorum", "\(answer.before.quorum)", "\(answer.after.quorum)")
        table.add("failures tolerated", "\(answer.before.tolerated)", "\(answer.after.tolerated)")
        table.add("voters heard now", "\(answer.before.live)", "\(answer.after.live)")
        Console.say(table.text)
        if !answer.warning.isEmpty { Console.say("warning: \(answer.warning)") }
        Console.say(answer.isDone ? "done" : "nothing was changed")
    }
}

struct MemberAdd: Command {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Take joined nodes in as learners: they receive the log and count in nothing.")
    @Argument(help: "Names or numbers.") var nodes: [String]
    @OptionGroup var options: ChangeOptions
    func execute() async throws { try await options.change(.add, nodes) }
}

struct MemberPromote: Command {
    static let configuration = CommandConfiguration(
        commandName: "promote",
        abstract: "Make learners voters, all in one change. Refused until they have caught up.")
    @Argument(help: "Names or numbers.") var nodes: [String]
    @OptionGroup var options: ChangeOptions
    func execute() async throws { try await options.change(.promote, nodes) }
}

struct MemberDemote: Command {
    static let configuration = CommandConfiguration(
        commandName: "demote", abstract: "Make voters learners.")
    @Argument(help: "Names or numbers.") var nodes: [String]
    @OptionGroup var options: ChangeOptions
    func execute() async throws { try await options.change(.demote, nodes) }
}

struct MemberRemove: Command {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Take members out for ever: a removed number never returns.")
    @Argument(help: "Names or numbers.") var nodes: [String]
    @OptionGroup var options: ChangeOptions
    func execute() async throws { try await options.change(.remove, nodes) }
}

struct MemberReplace: Command {
    static let configuration = CommandConfiguration(
        commandName: "replace", abstract: "Take a voter out and a caught-up learner in its place, in one change.")
    @Argument(help: "The voter that leaves.") var old: String
    @Argument(help: "The learner that takes its place.") var new: String
    @OptionGroup var options: ChangeOptions
    func execute() async throws { try await options.change(.replace, [old, new]) }
}

struct MemberTransfer: Command {
    static let configuration = CommandConfiguration(
        commandName: "transfer", abstract: "Hand the lead to another voter; without a name to the one furthest on.")
    @Argument(help: "Name or number.") var node: String?
    @OptionGroup var connection: Connection
    @Flag(help: "Tell who would lead; change nothing.") var dryRun = false
    @Flag(help: "JSON for programs.") var json = false

    func execute() async throws {
        let request = TransferRequest(node: node, isDryRun: dryRun)
        let answer: TransferAnswer = try await connection.withClient {
            try await $0.post("/v1/members/transfer", request)
        }
        if json { return Console.say(answer.json) }
        Console.say(
            answer.isDone
                ? "\(answer.leader) leads, after \(answer.milliseconds) ms"
                : "\(answer.leader) would lead in place of \(answer.before); nothing was changed")
        Console.say("quorum \(answer.quorum), failures tolerated \(answer.tolerated), before and after")
    }
}

struct ClusterCheckCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Is it safe to restart a node of the centre now? Yes or no, and why.",
        discussion: """
            Exit 0: yes (of all nodes where none is named); 1: no. With --nagios: 0 good, 1 no further failure is
            tolerated, 2 no quorum or no leader.

              esep cluster check --node centre-2 --data centre-1
            """)

    @Option(help: "Of this node alone: its name or number.") var node: String?
    @Flag(help: "JSON for programs.") var json = false
    @Flag(help: "One line and an exit status as monitoring plugins give.") var nagios = false
    @OptionGroup var connection: Connection

    func execute() async throws {
        let check: ClusterCheckAnswer
        do {
            check = try await connection.withClient { try await $0.get("/v1/check", [("node", node)]) }
        } catch let problem as ProblemAnswer where nagios {
            Console.say("CENTRE CRITICAL - \(problem.detail)")
            throw ExitCode(2)
        }
        if nagios { return try sayAsPlugin(check) }
        if json {
            Console.say(check.json)
        } else {
            var table = Table(.text("restart now?"), .text("node"), .text("why"))
            for verdict in check.verdicts { table.add(verdict.isSafe ? "yes" : "NO", verdict.node, verdict.why) }
            Console.say(table.text)
            Console.say(
                "\(check.leader) leads; \(check.live) voters are heard, \(check.quorum) must agree, "
                    + "\(check.tolerated) may fail")
        }
        if check.verdicts.contains(where: { !$0.isSafe }) { throw ExitCode(1) }
    }

    private func sayAsPlugin(_ check: ClusterCheckAnswer) throws {
        let spare = Int64(check.live) - Int64(check.quorum)
        let word = spare < 0 ? "CRITICAL" : spare == 0 ? "WARNING" : "OK"
        Console.say(
            "CENTRE \(word) - \(check.leader) leads, \(check.live) voters heard, \(check.quorum) must agree "
                + "| live=\(check.live) quorum=\(check.quorum) tolerated=\(check.tolerated)")
        if spare < 0 { throw ExitCode(2) }
        if spare == 0 { throw ExitCode(1) }
    }
}
