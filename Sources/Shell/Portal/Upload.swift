import Contract
import Hummingbird
import Law
import NIOCore
import Node
import ServiceLifecycle
import Synchronization

/// A stream of documents in, a stream of answers out, both at once: one task reads and hands in, one takes out and
/// writes.
///
/// Memory is bounded by the intake's window: when it is full, `send` waits, nothing more is read, and TCP tells the
/// sender.
struct Upload {
    let node: any NodeService
    let kind: String?
    /// What the sender says that it holds, and whether it is only to be checked.
    let control: ControlTotals?
    let isOnlyChecked: Bool
    let caller: Caller
    /// The connection, to be closed when neither side moves.
    let channel: any Channel

    func respond(to request: Request) async -> Response {
        let intake: any Intake
        do {
            let counting: IntakeCounting = isOnlyChecked ? .only : control == nil ? .none : .beside
            intake = try await node.openIntake(kind: kind, counting: counting, caller: caller)
        } catch {
            return Response(.problem(error.problem))
        }
        let body = ResponseBody { writer in
            try await run(intake, request.body, &writer)
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: [.contentType: "application/x-ndjson"], body: body)
    }

    private func run(
        _ intake: any Intake, _ body: RequestBody, _ writer: inout any ResponseBodyWriter
    ) async throws {
        let progress = Progress()
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await Self.handIn(body, to: intake, progress) }
            tasks.addTask { [channel] in
                if await progress.standsStill(forSeconds: Limits.idleSeconds) { channel.close(promise: nil) }
            }
            try await takeOut(intake, progress, &writer)
            tasks.cancelAll()
        }
    }

    /// Reads the upload to its end. A broken upload ends it too: what was read whole is decided and answered.
    private static func handIn(_ body: RequestBody, to intake: any Intake, _ progress: Progress) async {
        do {
            try await cancelWhenGracefulShutdown {
                try await read(body, into: intake, progress)
            }
        } catch let error as NodeError {
            progress.stop(error.problem)
        } catch is CancellationError {
            progress.stop(
                NodeError(.stopping, "The node is going down.", remedy: "Send the rest again when it is back.").problem)
        } catch {
            progress.stop(.invalid("The upload was cut.", remedy: "Send again what has no answer."))
        }
        await intake.finish()
    }

    private static func read(_ body: RequestBody, into intake: any Intake, _ progress: Progress) async throws {
        var splitter = LineSplitter(limit: Limits.documentBytes)
        for try await piece in body {
            guard let batch = splitter.add([UInt8](piece.readableBytesView)) else {
                progress.step()
                continue
            }
            progress.plan(batch.plan, nextLine: splitter.nextLine)
            if !batch.lines.lines.isEmpty { try await intake.send(batch.lines) }
        }
        // A body that ends because the task was cancelled has not ended in order: its last line may be cut.
        try Task.checkCancellation()
        guard let batch = splitter.finish() else { return }
        progress.plan(batch.plan, nextLine: splitter.nextLine)
        if !batch.lines.lines.isEmpty { try await intake.send(batch.lines) }
    }

    private func takeOut(
        _ intake: any Intake, _ progress: Progress, _ writer: inout any ResponseBodyWriter
    ) async throws {
        var output: [UInt8] = []
        do {
            while let outcomes = try await intake.next() {
                progress.step()
                output.removeAll(keepingCapacity: true)
                for outcome in outcomes { progress.answer(outcome, to: &output) }
                try await writer.write(ByteBuffer(bytes: output))
            }
        } catch let error as NodeError {
            progress.stop(error.problem)
        }
        output.removeAll(keepingCapacity: true)
        progress.answerRest(to: &output)
        if let totals = await intake.totals() {
            progress.answer(totals, control, isOnlyChecked: isOnlyChecked, to: &output)
        }
        if !output.isEmpty { try await writer.write(ByteBuffer(bytes: output)) }
    }
}

/// What the two tasks of one upload share: which line each outcome belongs to, and how it ended.
private final class Progress: Sendable {
    private struct State {
        var plan: [LineSplitter.Planned] = []
        var first = 0
        /// The first line that was not handed in.
        var nextLine = 1
        var steps = 0
        var stopped: ProblemAnswer?
        /// Lines refused before they were handed in; documents that stand on the disk.
        var refused = 0
        var stored = 0
    }

    private let state = Mutex(State())

    func plan(_ planned: [LineSplitter.Planned], nextLine: Int) {
        state.withLock { state in
            state.plan.append(contentsOf: planned)
            state.nextLine = nextLine
            state.steps += 1
        }
    }

    func step() {
        state.withLock { $0.steps += 1 }
    }

    /// The first reason counts: what follows it is its consequence.
    func stop(_ problem: ProblemAnswer) {
        state.withLock { if $0.stopped == nil { $0.stopped = problem } }
    }

    /// Writes the answer of the next document, and of the lines before it that were refused here.
    func answer(_ outcome: SubmissionOutcome, to output: inout [UInt8]) {
        let line = state.withLock { state -> Int in
            Self.answerRefused(&state, to: &output)
            guard state.first < state.plan.count, case .document(let line) = state.plan[state.first] else { return 0 }
            state.first += 1
            if state.first > 4096 {
                state.plan.removeFirst(state.first)
                state.first = 0
            }
            return line
        }
        precondition(line > 0, "an intake told more outcomes than documents")
        if outcome.isStored { state.withLock { $0.stored += 1 } }
        switch outcome {
        case .sound: return
        case .registered(let number): DocumentAnswer.append(line: line, number: number, isRepeat: false, to: &output)
        case .repeated(let number): DocumentAnswer.append(line: line, number: number, isRepeat: true, to: &output)
        case .refused(let problems):
            DocumentAnswer.refused(line: line, problems: problems.map(\.answer)).append(to: &output)
        }
    }

    /// The last line of a stream that was counted; none where it ended early.
    func answer(
        _ totals: BatchTotals, _ control: ControlTotals?, isOnlyChecked: Bool, to output: inout [UInt8]
    ) {
        let (refused, stored, isStopped) = state.withLock { ($0.refused, $0.stored, $0.stopped != nil) }
        guard !isStopped else { return }
        var answer = BatchTotalsAnswer(
            documents: UInt64(totals.documents + refused), persons: UInt64(totals.persons), amount: totals.amount,
            stored: UInt64(stored))
        let differences = control.map { answer.differences(from: $0) } ?? []
        if !differences.isEmpty {
            answer.problem = DocumentProblem(controlTotals: differences, stored: isOnlyChecked ? nil : stored).answer
        }
        DocumentAnswer.totals(answer).append(to: &output)
    }

    /// Writes what remains when no more outcomes come.
    func answerRest(to output: inout [UInt8]) {
        state.withLock { state in
            Self.answerRefused(&state, to: &output)
            guard let problem = state.stopped else { return }
            var line = state.nextLine
            if state.first < state.plan.count, case .document(let waiting) = state.plan[state.first] { line = waiting }
            DocumentAnswer.stopped(line: line, problem).append(to: &output)
        }
    }

    private static func answerRefused(_ state: inout State, to output: inout [UInt8]) {
        while state.first < state.plan.count, case .refused(let line) = state.plan[state.first] {
            DocumentAnswer.refused(line: line, problems: [DocumentProblem.tooLong.answer]).append(to: &output)
            state.first += 1
            state.refused += 1
        }
    }

    /// Returns true when neither side has moved for so long: a peer that sends nothing, or never reads, holds no memory
    /// for ever. False when the upload is over first.
    func standsStill(forSeconds seconds: Int) async -> Bool {
        var before = -1
        while true {
            let steps = state.withLock { $0.steps }
            guard steps != before else { return true }
            before = steps
            do { try await Task.sleep(for: .seconds(seconds)) } catch { return false }
        }
    }
}

extension SubmissionOutcome {
    fileprivate var isStored: Bool {
        switch self {
        case .registered, .repeated: true
        case .refused, .sound: false
        }
    }
}

extension DocumentProblem {
    /// V014: control totals (documents, persons, amounts) differ from content.
    ///
    /// - Parameter stored: how many of the batch stand on the disk all the same; nil where it was only checked.
    fileprivate init(controlTotals differences: [String], stored: Int?) {
        let standing = stored.map { "\($0) of the batch stand under their numbers" } ?? "nothing of the batch is stored"
        self.init(
            code: "V014", field: "",
            message: "the control totals differ from the content: \(differences.joined(separator: "; ")); \(standing)",
            remedy: "count again, or send the part that is missing: what stands comes back as a repeat")
    }
}
