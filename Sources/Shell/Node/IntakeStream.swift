import Law
import Records
import Roles

/// What an intake needs of the node that stores its drafts.
protocol DraftStore: Sendable {
    /// Hands drafts to the next turn, in this order; the reply comes when they are durable, each with its outcome.
    func submit(_ drafts: [Draft]) -> Reply<[SubmitOutcome]>
    /// The record that this document opened or amended, as it stands; nil where it is not known here.
    func shown(_ document: RecordID) async throws(NodeError) -> Records.RecordView?
    /// A drafter that goes by the law in force now: this one, or another.
    func renewed(_ drafter: Drafter) -> Drafter
    /// Problems that records held here prove of each of these documents; none where only the nation can tell.
    func refuted(_ documents: [CheckedDocument]) async throws(NodeError) -> [[DocumentProblem]]
    /// A provisional number as it stands on paper.
    func provisional(kind: String, number: Serial, by author: AuthorNumber) -> String
}

/// An upload in progress (design §3.1–3.3): documents are checked and sealed here while the turn before them is
/// written.
actor IntakeStream: Intake {
    /// Groups of lines between hand-in and outcome. With the size of one `send` it bounds an upload's memory.
    static let groupsInFlight = 4

    private let store: any DraftStore
    private let kind: String?
    private let clock: @Sendable () -> UInt64
    private var drafter: Drafter
    private let counting: IntakeCounting
    private var counted = BatchTotals()
    private var groups: [Group] = []
    private var isFinished = false
    private var failure: NodeError?
    private var sender: CheckedContinuation<Void, Never>?
    private var taker: CheckedContinuation<Void, Never>?

    /// Lines of one `send`: what was decided before the turn, and the turn's outcomes of the drafts among them.
    struct Group {
        var lines: [Line]
        var reply: Reply<[SubmitOutcome]>?
    }

    enum Line {
        case decided(SubmissionOutcome)
        case submitted(kind: String)
    }

    init(
        store: any DraftStore, drafter: Drafter, kind: String?, counting: IntakeCounting,
        clock: @escaping @Sendable () -> UInt64
    ) {
        self.store = store
        self.drafter = drafter
        self.counting = counting
        self.drafter.count(counting != .none)
        self.kind = kind
        self.clock = clock
    }

    func send(_ lines: DocumentLines) async throws(NodeError) {
        while groups.count >= Self.groupsInFlight { try await waitForTaker() }
        // An upload may last for hours, and the law change meanwhile.
        let renewed = store.renewed(drafter)
        if renewed.generation != drafter.generation {
            drafter = renewed
            drafter.count(counting != .none)
        }
        defer { counted += drafter.takeTotals() }
        if counting == .only { return check(lines) }
        var decided: [Line] = []
        var drafts: [Draft] = []
        var referring: [Referring] = []
        for range in lines.lines {
            let drafted = lines.bytes.withUnsafeBufferPointer { bytes in
                drafter.draft(
                    UnsafeBufferPointer(rebasing: bytes[range]), kind: kind, receivedMilliseconds: clock())
            }
            switch drafted {
            case .draft(let draft, let document):
                if let document {
                    referring.append(Referring(line: decided.count, draft: drafts.count, document: document))
                }
                decided.append(.submitted(kind: draft.kind))
                drafts.append(draft)
            case .refused(let problems): decided.append(.decided(.refused(problems)))
            case .failed(let error): throw NodeError(error)
            case .correction(let document, let target):
                // It names what its author was shown, so all that was handed in before it must be stored first.
                try await refute(&referring, &decided, &drafts)
                push(&decided, &drafts)
                try await settle()
                switch try await correction(document, target: target) {
                case .draft(let draft, _):
                    decided.append(.submitted(kind: draft.kind))
                    drafts.append(draft)
                    push(&decided, &drafts)
                    try await settle()
                case .refused(let problems): decided.append(.decided(.refused(problems)))
                case .failed(let error): throw NodeError(error)
                case .correction: preconditionFailure("a correction was drafted and is still to be drafted")
                }
            }
        }
        try await refute(&referring, &decided, &drafts)
        push(&decided, &drafts)
    }

    /// A document of the group that names records of others: where its line and its draft stand.
    private struct Referring {
        var line: Int
        var draft: Int
        var document: CheckedDocument
    }

    /// Takes out what the records held here refute.
    private func refute(
        _ referring: inout [Referring], _ lines: inout [Line], _ drafts: inout [Draft]
    ) async throws(NodeError) {
        guard !referring.isEmpty else { return }
        let problems = try await store.refuted(referring.map(\.document))
        for (one, problems) in zip(referring, problems).reversed() where !problems.isEmpty {
            lines[one.line] = .decided(.refused(problems))
            drafts.remove(at: one.draft)
        }
        referring = []
    }

    /// Nothing is drafted, nothing stored.
    private func check(_ lines: DocumentLines) {
        let decided = lines.lines.map { range -> Line in
            let checked = lines.bytes.withUnsafeBufferPointer { bytes in
                drafter.check(UnsafeBufferPointer(rebasing: bytes[range]), kind: kind, receivedMilliseconds: clock())
            }
            switch checked {
            case .success: return .decided(.sound)
            case .failure(let refusal): return .decided(.refused(refusal.problems))
            }
        }
        groups.append(Group(lines: decided, reply: nil))
        wakeTaker()
    }

    func totals() -> BatchTotals? { counting == .none ? nil : counted }

    private func correction(_ document: CheckedDocument, target: RecordID) async throws(NodeError) -> Drafter.Drafted {
        guard let shown = try await store.shown(target) else {
            return .refused([.unknownRecord])
        }
        return drafter.correct(document, target: target, shown: shown)
    }

    /// Makes a group of what was decided so far.
    private func push(_ lines: inout [Line], _ drafts: inout [Draft]) {
        guard !lines.isEmpty else { return }
        groups.append(Group(lines: lines, reply: drafts.isEmpty ? nil : store.submit(drafts)))
        lines = []
        drafts = []
        wakeTaker()
    }

    /// Returns when everything handed in so far has been told: its outcomes are taken out by `next` meanwhile.
    private func settle() async throws(NodeError) {
        while !groups.isEmpty { try await waitForTaker() }
    }

    /// Waits until `next` has taken a group out, or will take no more.
    private func waitForTaker() async throws(NodeError) {
        if let failure { throw failure }
        await withTaskCancellationHandler {
            await withCheckedContinuation { sender = $0 }
        } onCancel: {
            Task { await self.fail(NodeError(.stopping, "The upload was given up.", isDefinite: false)) }
        }
        if let failure { throw failure }
    }

    private func fail(_ error: NodeError) {
        failure = failure ?? error
        sender?.resume()
        sender = nil
        wakeTaker()
    }

    func finish() {
        isFinished = true
        wakeTaker()
    }

    private func wakeTaker() {
        taker?.resume()
        taker = nil
    }

    func next() async throws(NodeError) -> [SubmissionOutcome]? {
        while groups.isEmpty {
            if let failure { throw failure }
            if isFinished { return nil }
            await withCheckedContinuation { taker = $0 }
        }
        let group = groups[0]
        let outcomes = await group.reply?.value() ?? []
        groups.removeFirst()
        sender?.resume()
        sender = nil
        do {
            return try merge(group.lines, outcomes)
        } catch {
            fail(error)
            throw error
        }
    }

    private func merge(_ lines: [Line], _ outcomes: [SubmitOutcome]) throws(NodeError) -> [SubmissionOutcome] {
        var stored = outcomes.makeIterator()
        var merged: [SubmissionOutcome] = []
        merged.reserveCapacity(lines.count)
        for line in lines {
            switch line {
            case .decided(let outcome): merged.append(outcome)
            case .submitted(let kind):
                guard let outcome = stored.next() else { throw .stopping }
                merged.append(try SubmissionOutcome(outcome, kind: kind, store: store))
            }
        }
        return merged
    }
}

extension SubmissionOutcome {
    init(_ outcome: SubmitOutcome, kind: String, store: any DraftStore) throws(NodeError) {
        switch outcome {
        case .registered(let at, let number):
            self = .registered(number: store.provisional(kind: kind, number: number, by: at.author))
        case .repeated(let at, let number):
            self = .repeated(number: store.provisional(kind: kind, number: number, by: at.author))
        case .refused(let code, let field): self = .refused([DocumentProblem(refusal: code, field: field)])
        case .unavailable(let why): throw NodeError(why)
        }
    }
}

extension NodeError {
    /// The node went down before the turn that would have answered: nobody knows whether it was stored.
    static let stopping = NodeError(
        .stopping, "The node stops; the document may or may not be stored.",
        remedy: "Hand it in again when the node is back: the same document gets the same number.", isDefinite: false)

    init(_ why: Unavailability) {
        switch why {
        case .diskFull:
            self.init(
                .readOnly, "The disk is full: no document is taken, and nothing of this one was stored.",
                remedy: "Free some space; the node goes on by itself, then hand the document in again.")
        case .fenced(let reason):
            self.init(
                .readOnly, "The centre has fenced this node: \(reason)",
                remedy: "See `esep cluster status`; hand the document in at the node that is in force.")
        case .exhausted(let what):
            self.init(.refused, "A limit of the format is reached: \(what).", remedy: "Tell the operator.")
        case .starting:
            self.init(
                .starting, "The node has just started and waits for the centre's first word: nothing was stored.",
                remedy: "Hand it in again in a few seconds; without a line the node goes on by itself.")
        }
    }
}

extension DocumentProblem {
    static let unknownRecord = DocumentProblem(refusal: "V011", field: "supersedes")

    /// A refusal that only the shard could decide.
    init(refusal code: String, field: String) {
        switch code {
        case "V004":
            self.init(
                code: code, field: "doc_id",
                message: "another document with this id was handed in by the same sender, with other content",
                remedy: "give the document an id of its own, or hand in a correction of the first")
        case "V011":
            self.init(
                code: code, field: "supersedes", message: "no document of this sender with this id is known here",
                remedy: "name a document that this territory registered, or hand it in where it was registered")
        default:
            self.init(code: code, field: field, message: "refused by rule \(code)", remedy: "see the catalogue's rule")
        }
    }
}
