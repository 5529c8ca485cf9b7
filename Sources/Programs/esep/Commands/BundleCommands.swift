import ArgumentParser
import Contract
import Foundation
import Node

struct BundleCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle",
        abstract: "A territory's log as a file, and the receipt that comes back: without a line.",
        discussion: """
            A whole round, the files carried by hand:
              esep bundle export --to kz-75.bundle --data kz-75
              esep bundle import kz-75.bundle --receipt kz-75.receipt --data centre-1
              esep bundle import kz-75.receipt --data kz-75
            Each frame of a bundle is sealed to the centre and signed by the node, a receipt is sealed to the node and
            signed by the centre's authority. Files may come in any order and any number of times, and a line may come
            back in between: every entry counts once.
            """,
        subcommands: [
            BundleExport.self, BundleImportCommand.self, BundleReceiptCommand.self, BundleStatus.self, BundleRekey.self,
        ])
}

/// A size as people write it: 4096, 64K, 100M, 2G.
struct ByteSize: ExpressibleByArgument, Hashable {
    var bytes: Int

    init(bytes: Int) { self.bytes = bytes }

    init?(argument: String) {
        let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
        let unit = argument.last.flatMap { units[$0] }
        guard let count = Int(unit == nil ? argument : String(argument.dropLast())), count > 0,
            !count.multipliedReportingOverflow(by: unit ?? 1).overflow
        else { return nil }
        bytes = count * (unit ?? 1)
    }
}

struct BundleExport: Command {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write what the centre is not known to hold. At a territory; journaled.",
        discussion: """
            The bundle holds the log from the frontier this node knows: a receipt or a line moves it. With nothing new
            the file asks for a receipt alone. With --max-size the files are FILE.001, FILE.002, …, each readable by
            itself; nothing is written over, and a file stands there whole or not at all.

              esep bundle export --to /media/stick/kz-75.bundle --max-size 600M --data kz-75
            """)

    @Option(help: "The file to write.") var to: String
    @Option(help: "The most bytes of one file, from 64K: 600M, 4G. Absent: one file.") var maxSize: ByteSize?
    @Flag(help: "JSON for programs.") var json = false
    @OptionGroup var connection: Connection

    private static let leastSize = 64 << 10

    mutating func validate() throws {
        if let maxSize, maxSize.bytes < Self.leastSize { throw ValidationError("--max-size is at least 64K.") }
    }

    func execute() async throws {
        var writer = BundleWriter(name: to, maxSize: maxSize?.bytes)
        do {
            let summary = try await connection.withClient { try await write($0, &writer) }
            try writer.finish()
            let (first, last) = summary
            if json {
                return Console.say(
                    .members([
                        "first": .count(first), "last": .count(last), "entries": .count(last + 1 - first),
                        "bytes": .count(writer.bytes), "files": .texts(writer.files),
                    ]))
            }
            var table = Table(.text("file"), .number("bytes"))
            for (file, bytes) in zip(writer.files, writer.sizes) { table.add(file, DisplayText.grouped(bytes)) }
            Console.say(table.text)
            let what = last < first ? "nothing new; the bundle asks for a receipt" : "entries \(first) to \(last)"
            Console.say("\(what). Carry it to the centre: esep bundle import \(writer.files.joined(separator: " "))")
        } catch {
            writer.discard()
            throw error
        }
    }

    private func write(_ client: Client, _ writer: inout BundleWriter) async throws -> (first: UInt64, last: UInt64) {
        // A frame is a little more than its entries: half a file leaves room.
        let wanted = maxSize.map { UInt64($0.bytes / 2) }
        var question = BundlePartQuestion(bytes: wanted)
        var first: UInt64?
        var bar: ProgressBar?
        while true {
            let part: BundlePartAnswer = try await client.post("/v1/bundles/export", question)
            try writer.add(part.frame)
            let begin = first ?? part.first
            first = begin
            if bar == nil { bar = ProgressBar(total: part.until + 1 - begin, unit: "entries") }
            bar?.update(done: part.last + 1 - begin, count: part.last + 1 - begin)
            guard part.last < part.until else {
                bar?.finish()
                return (begin, part.last)
            }
            question = BundlePartQuestion(after: part.last, until: part.until, bytes: wanted)
        }
    }
}

struct BundleImportCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take bundles at the centre, or a receipt at a territory. Journaled; any order, any number of times.",
        discussion: """
            Every frame of every file is looked at first: a changed byte, a foreign bundle or a closed epoch is named
            and nothing is taken. What continues the log is taken; what does not waits staged, and what lacks before it
            is named. Exit 2: something waits.

            With --adopt, at a territory whose node is stopped: the whole directory of a fenced copy of it is named, and
            what stands there alone is taken over, as `esep node adopt` does. A bundle of a fenced copy tells nobody
            but the centre what it holds.

              esep bundle import kz-75.bundle.001 kz-75.bundle.002 --receipt kz-75.receipt --data centre-1
              esep bundle import --adopt /mnt/fenced/kz-75-1 --data /var/lib/esep/kz-75-1
            """)

    @Argument(help: "Files of bundles, of one territory where a receipt is asked for; with --adopt a directory.")
    var files: [String]
    @Option(help: "At the centre: write the receipt to carry back here.") var receipt: String?
    @Flag(help: "Take over what a fenced copy of this stopped territory holds alone.") var adopt = false
    @Option(help: ArgumentHelp("With --adopt: the operator's secret, where it lies elsewhere.", valueName: "file"))
    var secretFile: String?
    @Flag(help: "Look at the files; take nothing.") var dryRun = false
    @Flag(help: "JSON for programs.") var json = false
    @OptionGroup var connection: Connection

    mutating func validate() throws {
        guard adopt else {
            if secretFile != nil { throw ValidationError("--secret-file is for --adopt.") }
            return
        }
        guard files.count == 1, connection.data != nil, receipt == nil else {
            throw ValidationError("--adopt takes one directory and --data, and gives no receipt.")
        }
    }

    func execute() async throws {
        if adopt { return try await takeOver() }
        try await connection.withClient { client in
            let looked = try await pass(client, isCheck: true)
            guard let last = looked.last else { throw Failure("The files hold no frame.", remedy: "Export again.") }
            if receipt != nil, looked.contains(where: { $0.author != last.author }) {
                throw Failure(
                    "The files are of several logs, and a receipt is of one.",
                    remedy: "Import each territory's files by themselves.", exit: 64)
            }
            let answers = dryRun ? looked : try await pass(client, isCheck: false)
            guard let answer = answers.last else { return }
            if let receipt, !dryRun {
                try await ReceiptFile.write(receipt, BundlePartQuestion(author: answer.author), client)
            }
            tell(answers, answer)
            let frontiers = Dictionary(answers.map { ($0.author, $0.frontier) }) { max($0, $1) }
            if !dryRun, answers.contains(where: { $0.outcome == "waits" && $0.last > frontiers[$0.author] ?? 0 }) {
                throw ExitCode(2)
            }
        }
    }

    private func takeOver() async throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: files[0], isDirectory: &isFolder), isFolder.boolValue else {
            throw Failure(
                "\(files[0]) is no directory: a bundle is sealed to the centre, and this node cannot open it.",
                remedy: "Name the whole directory of the fenced copy.")
        }
        try await Adoption(copy: files[0], data: connection.data ?? "", secretFile: secretFile, isTrial: dryRun)
            .run(json: json)
    }

    /// Every frame of every file in turn.
    private func pass(_ client: Client, isCheck: Bool) async throws -> [BundleImportAnswer] {
        var answers: [BundleImportAnswer] = []
        var bar: ProgressBar?
        for path in files {
            var file = try opened(path)
            bar = ProgressBar(total: file.size, unit: isCheck ? "frames looked at" : "frames taken")
            while true {
                let at = file.position
                do {
                    guard let frame = try file.next() else { break }
                    let query: [(String, String?)] = isCheck ? [("check", "only")] : []
                    let bytes = try await client.bytes("POST", "/v1/bundles/import", query, body: frame)
                    answers.append(try BundleImportAnswer(bytes: bytes))
                } catch let error as NodeError {
                    throw Failure("\(path), from byte \(at): \(error.sentence)", remedy: error.remedy)
                } catch let problem as ProblemAnswer {
                    throw Failure("\(path), from byte \(at): \(problem.detail)", remedy: problem.remedy)
                }
                bar?.update(done: file.position, count: UInt64(answers.count))
            }
            bar?.finish()
        }
        return answers
    }

    private func opened(_ path: String) throws -> BundleFile {
        do throws(NodeError) {
            return try BundleFile(path: path)
        } catch {
            throw Failure(error.sentence, remedy: error.remedy)
        }
    }

    private func tell(_ answers: [BundleImportAnswer], _ last: BundleImportAnswer) {
        if json {
            return Console.say(
                .members([
                    "territory": .string(last.territory), "author": .count(last.author),
                    "frames": .count(UInt64(answers.count)),
                    "outcome": .string(last.missing.isEmpty ? last.outcome : "waits"),
                    "frontier": .count(last.frontier), "missing": last.json["missing"] ?? .array([]),
                    "downlink": .count(last.downlink), "receipt": receipt.map { .string($0) } ?? .null,
                ]))
        }
        var table = Table(.text("territory"), .text(last.territory))
        table.add("frames", DisplayText.grouped(UInt64(answers.count)))
        table.add(dryRun ? "would be taken" : "outcome", dryRun ? "all frames are sound" : last.outcome)
        table.add("at the centre up to entry", DisplayText.grouped(last.frontier))
        if last.downlink > 0 { table.add("downlink taken up to", DisplayText.grouped(last.downlink)) }
        for gap in last.missing {
            table.add(
                "missing", "entries \(DisplayText.grouped(gap.lowerBound)) to \(DisplayText.grouped(gap.upperBound))")
        }
        if let receipt, !dryRun { table.add("receipt to carry back", receipt) }
        Console.say(table.text)
    }
}

struct BundleReceiptCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "receipt",
        abstract: "Write a receipt for a territory whose bundle came here, without importing again. At the centre.",
        discussion: """
            It moves the territory's knowledge of the frontier and brings its downlink: confirmed numbers, entries on
            its records, decisions, and a newer key for its bundles. Journaled.

              esep bundle receipt --territory KZ-75 --to kz-75.receipt --data centre-1
            """)

    @Option(help: "The territory's code.") var territory: String
    @Option(help: "The file to write.") var to: String
    @OptionGroup var connection: Connection
    @Flag(help: "JSON for programs.") var json = false

    func execute() async throws {
        let part = try await connection.withClient {
            try await ReceiptFile.write(to, BundlePartQuestion(territory: territory), $0)
        }
        if json {
            Console.say(
                .members(["author": .count(part.author), "downlink": .count(part.last), "receipt": .string(to)]))
        } else {
            Console.say("Carry \(to) to the territory: esep bundle import \(to)")
        }
    }
}

/// A receipt, part by part, into one file.
enum ReceiptFile {
    /// - Returns: the last part.
    @discardableResult
    static func write(
        _ path: String, _ question: BundlePartQuestion, _ client: Client
    ) async throws -> BundlePartAnswer {
        var writer = BundleWriter(name: path, maxSize: nil)
        do {
            var question = question
            while true {
                let part: BundlePartAnswer = try await client.post("/v1/bundles/receipt", question)
                try writer.add(part.frame)
                guard part.last < part.until else {
                    try writer.finish()
                    return part
                }
                question = BundlePartQuestion(author: part.author, after: part.last, until: part.until)
            }
        } catch {
            writer.discard()
            throw error
        }
    }
}

struct BundleStatus: Command {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "The key bundles are sealed to; at the centre what lies staged and waits.")

    @OptionGroup var connection: Connection
    @Flag(help: "JSON for programs.") var json = false

    func execute() async throws {
        let answer: BundlesAnswer = try await connection.withClient { try await $0.get("/v1/bundles") }
        if json { Console.say(answer.json) } else { Console.say(Self.text(answer)) }
    }

    static func text(_ answer: BundlesAnswer) -> String {
        var lines = ["epoch \(answer.epoch)" + (answer.openFrom > 0 ? ", open from \(answer.openFrom)" : "")]
        guard !answer.staged.isEmpty else { return lines[0] }
        var table = Table(
            .text("territory"), .number("author"), .number("frontier"), .number("staged up to"), .number("pieces"),
            .number("bytes"), .text("missing"))
        for one in answer.staged {
            table.add(
                one.territory, String(one.author), DisplayText.grouped(one.frontier), DisplayText.grouped(one.last),
                String(one.pieces), DisplayText.bytes(one.bytes),
                one.missing.map { "\($0.lowerBound)–\($0.upperBound)" }.joined(separator: ", "))
        }
        lines.append(table.text)
        return lines.joined(separator: "\n")
    }
}

struct BundleRekey: Command {
    static let configuration = CommandConfiguration(
        commandName: "rekey", abstract: "Draw a new key that bundles are sealed to. At the centre; journaled.",
        discussion: """
            Territories hear of it by their lines and receipts. Bundles of earlier epochs still open, unless --close
            destroys their keys on every node of the centre: then a territory that has not heard of the new key must
            hear of it, and export again.
            """)

    @Flag(help: "Destroy the keys of all earlier epochs.") var close = false
    @OptionGroup var connection: Connection
    @Flag(help: "JSON for programs.") var json = false

    func execute() async throws {
        let request = BundleRekeyRequest(isClosing: close)
        let answer: BundlesAnswer = try await connection.withClient { try await $0.post("/v1/bundles/rekey", request) }
        if json { Console.say(answer.json) } else { Console.say(BundleStatus.text(answer)) }
    }
}
