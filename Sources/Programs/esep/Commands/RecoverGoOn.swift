import ArgumentParser
import Contract
import Node

struct RecoverGoOn: Command {
    static let configuration = CommandConfiguration(
        commandName: "go-on", abstract: "Wait no longer for territories that have not sent again what they were told.",
        discussion: """
            After a recovery with loss the centre gives no new number until every territory has told which numbers it
            was told of entries that are lost, and has sent those again. Where one cannot be reached for long, this
            goes on without it. Numbers it was told may then be given to others: when it comes, its own are changed, and
            it is told which. The act stands in the journal.

              esep centre recover go-on --dry-run --data centre-3
            """)

    @OptionGroup var options: ChangeOptions

    func execute() async throws {
        let request = MemberChangeRequest(
            verb: MemberChange.Verb.goOn.rawValue, nodes: [], isDryRun: options.dryRun,
            force: options.forceUnsafe ?? "")
        let answer: MemberChangeAnswer = try await options.connection.withClient {
            try await $0.post("/v1/members", request)
        }
        if options.json { return Console.say(answer.json) }
        Console.say(answer.isDone ? "Done: \(answer.warning)." : "It would go on: \(answer.warning).")
    }
}
