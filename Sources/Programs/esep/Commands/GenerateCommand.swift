import ArgumentParser
import Contract
import Foundation
import Generator
import Law

struct GenerateCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "generate", abstract: "Synthetic linked documents as NDJSON on stdout.",
        discussion: """
            The same seed gives the same bytes. No living person can have the numbers. With --faults a share of the
            documents is wrong in known ways: a run of some thousand breaks every rule that a document can break.

            --beside makes a folder for what no line can carry. The first body of each kind signs its documents: its
            certificate and key lie in senders/, and control.txt holds what the documents add up to. With --faults some
            signatures are wrong, the totals are one off, and there lie editions whose forms do not balance and cards
            that come after their form was placed. steps.txt names the commands that show each.

              esep generate --kind all --territory KZ-75 --count 1000 --seed 1 > cards.ndjson
              esep generate --kind CR-1 --territory KZ-10 --count 200 --seed 7 --faults 0.1
              esep generate --territory KZ-75 --count 9000 --seed 2 --faults 0.4 --beside wrong > wrong.ndjson
            """)

    @Option(help: "A card kind, or all: linked cards of every kind.") var kind = "all"
    @Option(help: "The territory's code: KZ-75.") var territory: String
    @Option(help: "How many documents.") var count: Int
    @Option(help: "Any whole number.") var seed: UInt64
    @Option(help: "The first day a document may bear; absent: 60 days before --to.") var from: String?
    @Option(help: "The last day; absent: today.") var to: String?
    @Option(help: "The share of wrong documents, 0 to 1.") var faults = 0.0
    @Option(
        help: ArgumentHelp(
            "Write for each wrong document its line, card and the rule that must refuse it, as NDJSON; for what lies "
                + "beside them its file and rule.",
            valueName: "file"))
    var expected: String?
    @Option(help: ArgumentHelp("A new folder for senders' keys, totals, wrong editions, late cards.", valueName: "dir"))
    var beside: String?

    mutating func validate() throws {
        for (day, option) in [(from, "--from"), (to, "--to")] {
            if let day, Day(text: day) == nil { throw ValidationError("\(option) is a date: 2026-03-31.") }
        }
        guard count >= 0 else { throw ValidationError("--count is not negative.") }
        guard (0...1).contains(faults) else { throw ValidationError("--faults is a share from 0 to 1.") }
    }

    func execute() async throws {
        let today = Day(milliseconds: UInt64(Date().timeIntervalSince1970 * 1000))
        let last = to.flatMap { Day(text: $0) } ?? today
        let settings = GeneratorSettings(
            kind: kind == "all" ? nil : kind, territory: territory, count: count, seed: seed,
            from: from.flatMap { Day(text: $0) } ?? last.adding(days: -60), to: last, faults: faults,
            signs: beside != nil)
        let catalogue = try embeddedCatalogue()
        var generator: DocumentGenerator
        var folder: BesideFolder?
        do {
            generator = try DocumentGenerator(catalogue: catalogue, settings: settings)
            folder = try beside.map { try BesideFolder($0, catalogue: catalogue, settings: settings) }
        } catch let refusal as GeneratorRefusal {
            throw Failure("Nothing can be generated: \(refusal).", remedy: "See esep generate --help.", exit: 64)
        }
        var progress = ProgressBar(total: UInt64(count), unit: "documents")
        var wrong = expected.map { LineFile($0) }
        var bytes: [UInt8] = []
        while true {
            let start = bytes.count
            guard let line = generator.next(into: &bytes) else { break }
            if let handed = try folder?.handIn(Array(bytes[start...].dropLast()), line) {
                bytes.replaceSubrange(start..<bytes.count - 1, with: handed)
            }
            if let fault = line.fault {
                try wrong?.append(Self.expectation(line: generator.written, line.kind, fault))
            }
            guard generator.written.isMultiple(of: 500) || generator.written == count else { continue }
            Console.write(bytes, to: STDOUT_FILENO)
            bytes.removeAll(keepingCapacity: true)
            progress.update(done: UInt64(generator.written), count: UInt64(generator.written))
        }
        for (file, code) in try folder?.write() ?? [] {
            let members = JSONValue.members(["beside": .string(file), "code": .string(code)])
            try wrong?.append(members.bytes() + [UInt8(ascii: "\n")])
        }
        wrong?.finish()
        progress.finish()
    }

    private static func expectation(line: Int, _ kind: String, _ fault: Fault) -> [UInt8] {
        let members = JSONValue.members([
            "line": .count(UInt64(line)), "kind": .string(kind), "code": .string(fault.expectedCode),
        ])
        return members.bytes() + [UInt8(ascii: "\n")]
    }
}
