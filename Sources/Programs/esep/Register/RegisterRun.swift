import AsyncHTTPClient
import Contract
import Foundation
import NIOCore

/// One run of `register`: takes the answers as they come and keeps the count.
struct RegisterRun {
    private let sent: SentLines
    private var rejects: LineFile
    private var receipts: LineFile?
    private var progress: ProgressBar
    private let begin = ContinuousClock.now
    private var end: ContinuousClock.Instant?

    private(set) var accepted: UInt64 = 0
    private(set) var duplicates: UInt64 = 0
    private(set) var rejected: UInt64 = 0
    private(set) var first: String?
    private(set) var last: String?
    /// What the node counted, where it was asked to.
    private(set) var totals: BatchTotalsAnswer?
    /// The last line that was answered.
    private var answered = 0

    init(sent: SentLines, rejects: LineFile, receipts: LineFile?, progress: ProgressBar) {
        self.sent = sent
        self.rejects = rejects
        self.receipts = receipts
        self.progress = progress
    }

    /// An empty receipts file is made at once: a run that was acknowledged nothing says so.
    mutating func start() async throws {
        try receipts?.append([])
    }

    /// Takes all answers.
    /// - Returns: why the stream ended early; nil when it did not.
    mutating func take(_ answers: HTTPClientResponse.Body) async throws -> Failure? {
        var carry: [UInt8] = []
        do {
            for try await piece in answers {
                carry.append(contentsOf: piece.readableBytesView)
                guard let last = carry.lastIndex(of: UInt8(ascii: "\n")) else { continue }
                if let failure = try takeLines(carry[...last]) { return failure }
                carry.removeSubrange(...last)
                try takeLocalRejects()
                progress.update(done: sent.bytesRead, count: accepted + duplicates + rejected)
            }
        } catch let failure as Failure {
            throw failure
        } catch let error as ContractError {
            throw error
        } catch {
            return Failure(
                "The node went away after the answer to line \(answered).",
                remedy:
                    "What was acknowledged stands. Run the same command again: what it has comes back as duplicates.")
        }
        return nil
    }

    private mutating func takeLines(_ bytes: ArraySlice<UInt8>) throws -> Failure? {
        var acknowledged: [UInt8] = []
        var stopped: ProblemAnswer?
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            switch try DocumentAnswer(line: Array(line)) {
            case .registered(let position, let number):
                answered = position
                accepted += 1
                first = first ?? number
                last = number
                acknowledged += Array(line) + [UInt8(ascii: "\n")]
            case .repeated(let position, _):
                answered = position
                duplicates += 1
                acknowledged += Array(line) + [UInt8(ascii: "\n")]
            case .refused(let position, let problems):
                answered = position
                let origin = sent.line(position)
                try reject(line: origin?.source ?? position, problems, origin?.document ?? [])
            case .totals(let counted):
                totals = counted
            case .stopped(let position, let problem):
                answered = position - 1
                stopped = problem
            }
        }
        if !acknowledged.isEmpty { try receipts?.append(acknowledged) }
        if answered > 0 { _ = sent.line(answered) }
        return stopped.map { problem in
            Failure(
                "The node stopped taking documents after line \(answered): \(problem.detail)",
                remedy: "\(problem.remedy) What was acknowledged stands; run the same command again.")
        }
    }

    private mutating func takeLocalRejects() throws {
        for reject in sent.takeRejects() { try self.reject(line: reject.line, [reject.problem], reject.document) }
    }

    private mutating func reject(line: Int, _ problems: [DocumentProblemAnswer], _ document: [UInt8]) throws {
        rejected += 1
        let main = problems.first
        var members: [JSONValue.Member] = [
            .init("line", .integer(Int64(line))), .init("code", .text(main?.code)), .init("field", .text(main?.field)),
            .init("message", .text(main?.message)), .init("remedy", .text(main?.remedy)),
        ]
        if problems.count > 1 { members.append(.init("problems", .values(problems))) }
        var bytes = JSONValue.object(members).bytes()
        bytes.removeLast()
        bytes += Array(",\"document\":".utf8)
        // A document that can be read stands as it came; any other as text.
        if (try? JSONReader.read(document)) != nil {
            bytes += document.filter { $0 != UInt8(ascii: "\r") }
        } else {
            JSONText.append(String(decoding: document, as: UTF8.self), to: &bytes)
        }
        try rejects.append(bytes + Array("}\n".utf8))
    }

    mutating func finish() throws {
        try takeLocalRejects()
        progress.finish()
        rejects.finish()
        receipts?.finish()
        end = .now
    }

    /// Seconds with milliseconds.
    var secondsText: String {
        let span = (end ?? .now) - begin
        let milliseconds = span.components.seconds * 1000 + span.components.attoseconds / 1_000_000_000_000_000
        let rest = String(milliseconds % 1000)
        return "\(milliseconds / 1000).\(String(repeating: "0", count: 3 - rest.count))\(rest)"
    }

    var json: JSONValue {
        .members([
            "accepted": .count(accepted), "rejected": .count(rejected), "duplicates": .count(duplicates),
            "first": .text(first), "last": .text(last), "seconds": .number(secondsText),
        ])
    }
}
