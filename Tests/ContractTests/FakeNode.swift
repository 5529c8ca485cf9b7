import Law
import Node
import Synchronization

/// A node in memory: documents are JSON lines; one that holds `"bad"` is refused, one seen before is a repeat.
final class FakeNode: NodeService {
    let identity: NodeIdentity
    let catalogue: Catalogue
    private let state = Mutex(State())

    private struct State {
        var numbers: [[UInt8]: String] = [:]
        var asked: [PersonQuery] = []
        var callers: [Caller] = []
        var corrections: [Correction] = []
        var forwarded: [[UInt8]] = []
        var decisions: [PersonDecision] = []
        var isStopped = false
    }

    /// What the centre answers to forwarded questions; nil: no line.
    private let centre: (@Sendable ([UInt8]) async -> [UInt8])?

    init(
        role: NodeIdentity.Role = .centre, directory: String = "/nowhere", http: String? = nil,
        centre: (@Sendable ([UInt8]) async -> [UInt8])? = nil
    ) throws {
        identity = NodeIdentity(
            name: "fake-1", role: role, cluster: String(repeating: "0", count: 32), directory: directory, http: http,
            certificateFile: nil, keyFile: nil)
        catalogue = try Catalogue.embedded()
        self.centre = centre
    }

    var asked: [PersonQuery] { state.withLock { $0.asked } }
    var callers: [Caller] { state.withLock { $0.callers } }
    var corrections: [Correction] { state.withLock { $0.corrections } }
    var decisions: [PersonDecision] { state.withLock { $0.decisions } }
    var isStopped: Bool { state.withLock { $0.isStopped } }

    func take(_ document: [UInt8]) -> SubmissionOutcome {
        state.withLock { state in
            if String(decoding: document, as: UTF8.self).contains("bad") {
                return .refused([
                    DocumentProblem(code: "V009", field: "region", message: "It is missing.", remedy: "Give one.")
                ])
            }
            if let number = state.numbers[document] { return .repeated(number: number) }
            let number = "KZ-75/2026/CR-1/\(100_000 + state.numbers.count)-P"
            state.numbers[document] = number
            return .registered(number: number)
        }
    }

    func submit(_ document: [UInt8], kind: String?, caller: Caller) async throws(NodeError) -> SubmissionOutcome {
        take(document)
    }

    func openIntake(
        kind: String?, counting: IntakeCounting, caller: Caller
    ) async throws(NodeError) -> any Intake {
        FakeIntake(node: self)
    }

    func correct(_ correction: Correction, caller: Caller) async throws(NodeError) -> SubmissionOutcome {
        state.withLock { $0.corrections.append(correction) }
        return .registered(number: "KZ-75/2026/CR-1/000777-P")
    }

    func cancel(number: String, reason: String, caller: Caller) async throws(NodeError) -> SubmissionOutcome {
        throw NodeError(.refused, "The record is cancelled already.")
    }

    func record(_ number: String, caller: Caller) async throws(NodeError) -> RecordView {
        guard number == "2026/00000001" || number == "KZ-75/2026/CR-1/000001-P" else {
            throw NodeError(.notFound, "No record has the number \(number).", field: "number")
        }
        return RecordView(
            number: "2026/00000001", provisional: "KZ-75/2026/CR-1/000001-P", kind: "CR-1", territory: "KZ-75",
            state: .accounted, fields: [], discrepancies: [], findings: [])
    }

    func records(_ filter: RecordFilter) async throws(NodeError) -> RecordPage { RecordPage(lines: [], next: nil) }

    func history(_ number: String, caller: Caller) async throws(NodeError) -> [HistoryLine] {
        [
            HistoryLine(
                act: "register", provisional: "KZ-75/2026/CR-1/000001-P", author: "KZ-75", sender: "S", document: "1",
                atMilliseconds: 1_772_525_700_250, clockSuspect: false, reason: "", written: [], removed: [])
        ]
    }

    func discrepancies(_ filter: DiscrepancyFilter, caller: Caller) async throws(NodeError) -> [DiscrepancyView] { [] }

    func discrepancy(
        number: String, field: String, caller: Caller
    ) async throws(NodeError) -> DiscrepancyView {
        throw NodeError(.notFound, "No such discrepancy.")
    }

    func resolve(_ resolution: Resolution, caller: Caller) async throws(NodeError) -> SubmissionOutcome {
        .registered(number: "KZ-75/2026/CR-1/000778-P")
    }

    func findPersons(_ query: PersonQuery, caller: Caller) async throws(NodeError) -> PersonAnswer {
        state.withLock { state in
            state.asked.append(query)
            state.callers.append(caller)
        }
        return PersonAnswer(freshness: [Freshness(territory: "KZ-75", frontier: 7, ageSeconds: nil)], subjects: [])
    }

    func findings(_ filter: FindingFilter) async throws(NodeError) -> [FindingView] {
        [
            FindingView(
                code: "V212", isError: true, message: "no search card", territory: "KZ-75", body: "S", kind: "CR-3",
                number: "2026/00000001", field: "decision", other: "", raised: Day(20_515),
                withdrawn: filter.isOpen ? nil : Day(20_517), days: 2)
        ]
    }

    func accounts(_ filter: AccountFilter, caller: Caller) async throws(NodeError) -> [AccountView] { [] }

    func account(type: String, number: String, caller: Caller) async throws(NodeError) -> AccountView {
        AccountView(type: type, number: number, state: "OPEN", subject: "", basis: [])
    }

    func accountCounts() async throws(NodeError) -> [AccountCount] {
        [AccountCount(type: "1", count: 2), AccountCount(type: "16-1", count: 0), AccountCount(type: "3", count: 5)]
    }

    func conflicts(limit: Int, caller: Caller) async throws(NodeError) -> [ConflictView] {
        [
            ConflictView(
                code: "V109", first: 17, second: 204, firstLine: "ABENOVA ASEL", secondLine: "KIM OLEG",
                record: "2026/00000001", day: Day(20_000))
        ]
    }

    func decide(_ decision: PersonDecision, caller: Caller) async throws(NodeError) {
        state.withLock {
            $0.decisions.append(decision)
            $0.callers.append(caller)
        }
    }

    func candidates(of number: String?, limit: Int) async throws(NodeError) -> [CandidateView] {
        [
            CandidateView(
                kinds: ["MS-1", "UC-1"], numbers: [number ?? "2026/00000001", "2026/00000002"], likeness: 83,
                day: Day(20_000), isReviewed: false)
        ]
    }

    func review(_ first: String, _ second: String, isRejected: Bool, caller: Caller) async throws(NodeError) {
        state.withLock { $0.callers.append(caller) }
    }

    func checkAccounts(begin: Bool) async throws(NodeError) -> AccountsCheckView {
        AccountsCheckView(state: begin ? .running : .agree, done: 1, total: 2, compared: 3, seconds: 4)
    }

    func runReport(
        form: String, period: String, territory: String?, whenComplete: Bool, language: Language
    ) async throws(NodeError) -> ReportAnswer {
        throw NodeError(.invalid, "The period \(period) is none, in \(language.rawValue).", field: "period")
    }

    func reportForms() async throws(NodeError) -> [ReportFormView] { [] }
    func reportsDue(from: Day?, to: Day?) async throws(NodeError) -> [ReportDueView] { [] }
    func territories() async throws(NodeError) -> [TerritoryView] { [] }

    func issueToken(_ request: TokenRequest, caller: Caller) async throws(NodeError) -> IssuedToken {
        IssuedToken(token: "T-\(request.territory)-\(request.ttlSeconds)", expiresMilliseconds: 0)
    }

    func clusterStatus() async throws(NodeError) -> ClusterStatus {
        .territory(
            TerritoryStatus(
                territory: "KZ-75", last: 9, frontier: 4, backlog: 5, isConnected: false,
                centreAddress: "127.0.0.1:7510"))
    }

    func nodeStatus() async throws(NodeError) -> NodeStatus { throw NodeError(.stopping, "Going down.") }
    func journal(_ filter: JournalFilter, caller: Caller) async throws(NodeError) -> [JournalLine] { [] }
    func stop() async { state.withLock { $0.isStopped = true } }

    func forward(_ request: [UInt8]) async throws(NodeError) -> [UInt8] {
        guard let centre else { throw NodeError(.noLine, "There is no line to the centre.") }
        return await centre(request)
    }

    func onForwarded(_ answer: @escaping @Sendable (_ request: [UInt8], _ asker: Asker) async -> [UInt8]) {}
}

/// Hands each batch's outcomes on as one.
final class FakeIntake: Intake {
    private let node: FakeNode
    private let stream: AsyncStream<[SubmissionOutcome]>
    private let told: AsyncStream<[SubmissionOutcome]>.Continuation

    init(node: FakeNode) {
        self.node = node
        (stream, told) = AsyncStream.makeStream()
    }

    func send(_ lines: DocumentLines) async throws(NodeError) {
        told.yield(lines.lines.map { node.take(Array(lines.bytes[$0])) })
    }

    func finish() async { told.finish() }

    func totals() async -> BatchTotals? { nil }

    func next() async throws(NodeError) -> [SubmissionOutcome]? {
        for await outcomes in stream { return outcomes }
        return nil
    }
}
