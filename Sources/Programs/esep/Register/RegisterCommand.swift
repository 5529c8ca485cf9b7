import ArgumentParser
import AsyncHTTPClient
import Contract
import Foundation
import NIOCore

struct RegisterCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "register", abstract: "Hand in documents from a file: NDJSON, or CSV whose header names fields.",
        discussion: """
            Each document gets its provisional number once it is on the node's disk; the line to the centre is not
            waited for. Good documents are registered, bad ones land in FILE.rejected.ndjson with line, code, field,
            message, remedy and the document. A document that was registered before counts as a duplicate and keeps its
            number, so a run that was cut is simply run again.

              esep register --kind auto --file cards.ndjson --data kz-75
              esep register --kind CR-1 --file march.csv --data kz-75 --json
              esep generate --kind all --territory KZ-75 --count 1000 --seed 1 |
                esep register --kind auto --file - --data kz-75

            With --control the batch's totals are proved first: a file whose content differs is refused (V014) before
            anything of it is registered. What comes from stdin is counted as it is registered, and said at the end.

            Exit: 0 all taken, 2 some rejected, 1 it ended early (what was acknowledged stands).
            """)

    @Option(help: "The card kind of all documents, or auto: each names its own in form_code.") var kind: String
    @Option(help: ArgumentHelp("NDJSON or CSV (by its name); - reads NDJSON from stdin.", valueName: "file"))
    var file: String
    @Option(
        help: ArgumentHelp("Write each acknowledged number here as it comes, a line of JSON each.", valueName: "file"))
    var receipts: String?
    @Option(help: ArgumentHelp("Write rejects here and not to FILE.rejected.ndjson.", valueName: "file"))
    var rejects: String?
    @Option(help: "The batch's control totals: documents=N,persons=N,amount=N.NN, or some of them.")
    var control: String?
    @Flag(help: "Read CSV whatever the file's name.") var csv = false
    @OptionGroup var connection: Connection
    @Flag(help: "JSON for programs.") var json = false

    mutating func validate() throws {
        if let control, ControlTotals(control) == nil {
            throw ValidationError("--control is documents=N,persons=N,amount=N.NN, or some of them.")
        }
    }

    func execute() async throws {
        let descriptor = file == "-" ? STDIN_FILENO : open(file, O_RDONLY)
        guard descriptor >= 0 else {
            throw Failure(
                "The file \(file) cannot be read: \(String(cString: strerror(errno))).", remedy: "Name another.")
        }
        defer { if descriptor != STDIN_FILENO { close(descriptor) } }
        let only = kind == "auto" ? nil : kind
        let isCSV = csv || file.lowercased().hasSuffix(".csv")
        let format: DocumentSource.Format = isCSV ? .csv(try embeddedCatalogue(), kind: only) : .ndjson
        if control != nil, descriptor != STDIN_FILENO { try await proveTotals(descriptor, format, only) }
        let sent = SentLines()
        let source = DocumentSource(descriptor: descriptor, format: format, sent: sent)
        let rejectFile = rejects ?? (file == "-" ? "stdin" : file) + ".rejected.ndjson"
        var run = RegisterRun(
            sent: sent, rejects: LineFile(rejectFile), receipts: receipts.map { LineFile($0) },
            progress: ProgressBar(total: size(of: file), unit: "documents"))
        try await run.start()
        var failure: Failure?
        do {
            failure = try await connection.withClient { client in
                try await run.take(try await client.upload(kind: only, control: control, source))
            }
        } catch let problem as ProblemAnswer {
            failure = Failure(ProblemText.text(problem))
        } catch let unreachable as Failure {
            failure = unreachable
        }
        try run.finish()
        report(run, rejectFile: rejectFile)
        if let failure { throw failure }
        if let sentence = sent.failure {
            throw Failure(sentence, remedy: "Mend the file; what was acknowledged stands.")
        }
        if let problem = run.totals?.problem {
            throw Failure("\(problem.code): \(problem.message).", remedy: problem.remedy)
        }
        if run.rejected > 0 { throw ExitCode(2) }
    }

    /// The node checks and counts the whole file and stores nothing of it; then the file stands at its beginning again.
    private func proveTotals(_ descriptor: Int32, _ format: DocumentSource.Format, _ only: String?) async throws {
        let source = DocumentSource(descriptor: descriptor, format: format, sent: SentLines())
        let answers = try await connection.withClient { client in
            let body = try await client.upload(kind: only, control: control, isOnlyChecked: true, source)
            var last: [UInt8] = []
            for try await piece in body {
                last += piece.readableBytesView
                // Only the last line is of interest: what stands before the one before it can go.
                let ends = last.indices.filter { last[$0] == UInt8(ascii: "\n") }
                if ends.count > 2 { last.removeSubrange(...ends[ends.count - 3]) }
            }
            return last.split(separator: UInt8(ascii: "\n")).map { Array($0) }
        }
        guard let line = answers.last, case .totals(let totals) = try DocumentAnswer(line: line) else {
            throw Failure("The node did not count the batch to its end.", remedy: "Look at the node's log.")
        }
        if let problem = totals.problem {
            throw Failure("\(problem.code): \(problem.message).", remedy: problem.remedy)
        }
        guard lseek(descriptor, 0, SEEK_SET) == 0 else {
            throw Failure("The file \(file) cannot be read twice.", remedy: "Give a regular file, or - for stdin.")
        }
    }

    /// Bytes of a regular file: what the progress bar counts against.
    private func size(of path: String) -> UInt64? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard attributes?[.type] as? FileAttributeType == .typeRegular else { return nil }
        return (attributes?[.size] as? NSNumber)?.uint64Value
    }

    private func report(_ run: RegisterRun, rejectFile: String) {
        guard !json else { return Console.say(run.json) }
        var table = Table(.text("accepted"), .number(DisplayText.grouped(run.accepted)))
        table.add("duplicates", DisplayText.grouped(run.duplicates))
        table.add("rejected", DisplayText.grouped(run.rejected))
        table.add("seconds", run.secondsText)
        Console.say(table.text)
        if let first = run.first, let last = run.last { Console.say("\(first) … \(last)") }
        if run.rejected > 0 { Console.say("The rejected ones, each with its reason, are in \(rejectFile)") }
    }
}

/// A file that gets whole lines, made at its first line.
struct LineFile {
    private let path: String
    private var descriptor: Int32 = -1

    init(_ path: String) {
        self.path = path
    }

    /// Written at once: what stands here was acknowledged, also when this process is killed next.
    mutating func append(_ bytes: [UInt8]) throws {
        if descriptor < 0 {
            descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
            guard descriptor >= 0 else { throw failure() }
        }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 || errno == EINTR else { throw failure() }
            rest = rest.dropFirst(max(0, count))
        }
    }

    mutating func finish() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }

    private func failure() -> Failure {
        Failure("The file \(path) cannot be written: \(String(cString: strerror(errno))).", remedy: "Name another.")
    }
}
