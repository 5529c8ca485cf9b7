import ArgumentParser
import Contract
import Foundation
import Node

struct NodeAdopt: Command {
    static let configuration = CommandConfiguration(
        commandName: "adopt", abstract: "Take over what another copy of this territory's directory holds alone.",
        discussion: """
            Where one directory was copied and both copies took documents, the centre goes on with one and fences the
            other. Stop both, bring the fenced one's directory here, and adopt it: when this node starts, the entries
            that stand there alone are moved into its log, each once, under new numbers. `esep node status` lists them.

              esep node adopt /mnt/fenced/kz-75-1 --data /var/lib/esep/kz-75-1 --dry-run
            """)

    @Argument(help: "The other copy's directory; it is read, and its node is stopped.") var copy: String
    @Option(help: ArgumentHelp("The directory of the node that goes on, stopped.", valueName: "dir")) var data: String
    @Option(help: ArgumentHelp("The operator's secret, where it lies elsewhere.", valueName: "file"))
    var secretFile: String?
    @Flag(help: "Compare only; set nothing aside.") var dryRun = false
    @Flag(help: "JSON for programs.") var json = false

    func execute() async throws {
        try await Adoption(copy: copy, data: data, secretFile: secretFile, isTrial: dryRun).run(json: json)
    }
}

/// A stopped node takes over what a copy of its directory holds alone: `node adopt` and `bundle import --adopt`.
struct Adoption {
    let copy: String
    let data: String
    let secretFile: String?
    let isTrial: Bool

    func run(json: Bool) async throws {
        let report = try await Wiring.house.adopt(
            OpenOptions(directory: absolute(data), secretFile: secretFile.map(absolute)), from: absolute(copy),
            isTrial: isTrial)
        if json {
            return Console.say(
                .members([
                    "author": .count(UInt64(report.author)), "last": .count(report.last),
                    "entries": .count(report.entries), "dry_run": .bool(isTrial),
                ]))
        }
        let what = "\(report.entries) entries of author \(report.author) stand in that copy alone"
        guard report.entries > 0 else { return Console.say("\(what): nothing to take over.") }
        Console.say(
            isTrial ? "\(what). Leave --dry-run away to take them over." : "\(what): start the node to move them.")
    }
}
