import ArgumentParser
import Node

struct NodeMoved: Command {
    static let configuration = CommandConfiguration(
        commandName: "moved", abstract: "Say that a stopped territory's files were moved, and nothing was lost.",
        discussion: """
            A node whose files were copied here gives no number under its old author: where they came from, numbers may
            have been given that it does not know of, and they stand on paper. With a line it gets a new seat by itself,
            in a moment, and nothing is to be done. This is for a directory that was moved, to another disk say, where
            there is no line for long: on your word it goes on under its author. Should the word be wrong, numbers are
            given twice.

            Without --sentence: prints the sentence to type. With --sentence: takes it.

              esep node moved --data /mnt/new/kz-75-1
            """)

    @Option(help: ArgumentHelp("The node's directory; it is stopped.", valueName: "dir")) var data: String
    @Option(help: "The sentence that this printed: takes your word.") var sentence: String?
    @Option(help: ArgumentHelp("The operator's secret, where it lies elsewhere.", valueName: "file"))
    var secretFile: String?

    func execute() async throws {
        let expected = try await Wiring.house.declareMoved(
            OpenOptions(directory: absolute(data), secretFile: secretFile.map(absolute)), sentence: sentence)
        guard sentence == nil else { return Console.say("Taken. Next: esep node start --data \(data)") }
        Console.say("Nothing is changed yet. Only where this is true, type:")
        Console.say("  esep node moved --data \(data) --sentence \"\(expected)\"")
    }
}
