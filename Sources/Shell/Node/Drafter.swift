import Law
import Records
import Roles
import Storage
import Vault

/// Turns documents into drafts: checked against the catalogue, split, sealed. The step before the turn, done on
/// whatever core is free (design §3.1–3.2). One for each task: checker and key path keep scratch space of their own.
struct Drafter {
    private var checker: Checker
    private var sealer: BlockSealer
    private let blind: BlindIndexKey
    /// The territory whose node this is; nil at the centre, where every region is at home.
    private let territory: String?
    private let senders: SenderChecking
    /// Of the law it goes by.
    let generation: Int

    /// Counts what is checked from now on, or does not.
    mutating func count(_ isCounting: Bool) {
        checker.totals = isCounting ? BatchTotals() : nil
    }

    /// What was counted since this was asked last.
    mutating func takeTotals() -> BatchTotals {
        defer { if checker.totals != nil { checker.totals = BatchTotals() } }
        return checker.totals ?? BatchTotals()
    }

    /// What became of one line before its turn.
    enum Drafted {
        /// The document stands beside it where it names other records by reference: the shard may hold them.
        case draft(Draft, CheckedDocument?)
        /// A correction: it names the dots its author was shown, so the record must be looked at first.
        case correction(CheckedDocument, target: RecordID)
        case refused([DocumentProblem])
        /// The keyring would not give another block number: nothing was stored.
        case failed(StorageError)
    }

    init(law: NationLaw, sealer: BlockSealer, blind: BlindIndexKey, territory: String?) {
        checker = Checker(catalogue: law.catalogue)
        senders = SenderChecking(senders: law.senders)
        generation = law.generation
        self.sealer = sealer
        self.blind = blind
        self.territory = territory
    }

    /// - Parameter kind: the card kind the caller said all documents are of; nil leaves it to each document.
    mutating func draft(_ line: UnsafeBufferPointer<UInt8>, kind: String?, receivedMilliseconds: UInt64) -> Drafted {
        switch check(line, kind: kind, receivedMilliseconds: receivedMilliseconds) {
        case .success(let document): return draft(document)
        case .failure(let refusal): return .refused(refusal.problems)
        }
    }

    /// Every problem of a document that was refused.
    struct Refusal: Error {
        var problems: [DocumentProblem]
    }

    /// Only the check, without drafting.
    mutating func check(
        _ line: UnsafeBufferPointer<UInt8>, kind: String?, receivedMilliseconds: UInt64
    ) -> Result<CheckedDocument, Refusal> {
        let context = CheckContext(
            territory: territory, receivedMilliseconds: receivedMilliseconds, standing: senders.standing,
            verify: senders.verdict)
        switch checker.check(line, in: context) {
        case .refused(let problems):
            let errors = problems.filter { $0.severity == .error }.map(DocumentProblem.init)
            return .failure(Refusal(problems: errors))
        case .accepted(let document):
            if let kind, kind != document.kind.code {
                let problem = DocumentProblem(
                    code: "V001", field: "form_code",
                    message: "the document is a \(document.kind.code), and these were handed in as \(kind)",
                    remedy: "hand it in as \(document.kind.code), or leave the kind to each document")
                return .failure(Refusal(problems: [problem]))
            }
            return .success(document)
        }
    }

    private mutating func draft(_ document: CheckedDocument) -> Drafted {
        switch document.act {
        case .new: return draft(document, act: .register, target: nil, writes: Self.numbered(document.values))
        case .zero: return draft(document, act: .zero, target: nil, writes: Self.numbered(document.values))
        case .cancellation:
            return cancel(document, target: Self.target(of: document))
        case .correction: return .correction(document, target: Self.target(of: document))
        }
    }

    /// A correction of what its author was shown. `target` is the identity of the document it supersedes.
    mutating func correct(
        _ document: CheckedDocument, target: RecordID, shown: Records.RecordView
    ) -> Drafted {
        if shown.isCancelled {
            return .refused([
                DocumentProblem(
                    code: "V011", field: "supersedes", message: "the record is cancelled",
                    remedy: "hand the document in anew under an id of its own")
            ])
        }
        let broken = Self.broken(by: document, on: shown)
        if !broken.isEmpty { return .refused(broken) }
        let changes =
            document.changes.map(Change.init) + Self.notes(of: document).map { Change.add($0.field, $0.value) }
        do {
            return draft(document, act: .correct, target: target, writes: try shown.correction(changes))
        } catch {
            return .refused([DocumentProblem(error, of: document.kind)])
        }
    }

    /// Rules of several fields that the record kept and would break as corrected. What a correction makes necessary
    /// (V009) may come with the next one: the centre says so.
    private static func broken(by document: CheckedDocument, on shown: Records.RecordView) -> [DocumentProblem] {
        func errors(_ values: Values) -> [Problem] {
            document.edition.problems(ofMerged: values, kind: document.kind, received: document.documentDay)
                .filter { $0.severity == .error && $0.code != "V009" }
        }
        let before = shown.fields.flatMap { field in
            (field.isSet ? field.distinctValues : [field.shown]).map { FieldValue(field: field.field, value: $0) }
        }
        var after = before
        for change in document.changes {
            switch change {
            case .set(let field, let value):
                after.removeAll { $0.field == field }
                after.append(FieldValue(field: field, value: value))
            case .clear(let field): after.removeAll { $0.field == field }
            case .add(let field, let value): after.append(FieldValue(field: field, value: value))
            case .remove(let field, let value): after.removeAll { $0.field == field && $0.value == value }
            }
        }
        let held = errors(Values(before))
        return errors(Values(after))
            .filter { problem in !held.contains { $0.code == problem.code && $0.path == problem.path } }
            .map(DocumentProblem.init)
    }

    mutating func cancel(_ document: CheckedDocument, target: RecordID) -> Drafted {
        draft(document, act: .cancel, target: target, writes: Self.numbered(Self.notes(of: document)))
    }

    /// - Parameter target: the superseded document's identity; nil where this one opens a record.
    private mutating func draft(
        _ document: CheckedDocument, act: DocumentAct, target: RecordID?, writes: [Write]
    ) -> Drafted {
        let identity = Self.identity(sender: document.sender, document: document.document)
        let content = Digest.of(document.canonical)
        // The block is bound to the document's own identity: a correction's record is found only in its turn.
        let clear: [Write]
        let blocks: [SealedBlock]
        do throws(StorageError) {
            (clear, blocks) = try sealer.seal(
                writes, of: document.kind, edition: document.edition.from, record: identity, content: content,
                signature: [])
        } catch {
            return .failed(error)
        }
        let values = writes.values
        let tokens = document.kind.searchTerms(of: values).map { blind.token($0.domain, $0.text) }
        let draft = Draft(
            act: act, record: target ?? identity, identity: identity,
            content: blind.token("content", bytes: content.bytes), kind: document.kind.code,
            edition: document.edition.from, sender: document.sender, document: document.document, writes: clear,
            blocks: blocks, tokens: tokens)
        let isReferring = act == .register && territory != nil && document.isReferring
        return .draft(draft, isReferring ? document : nil)
    }

    /// Seals what belongs to no card.
    mutating func seal(_ notes: [Write]) throws(StorageError) -> SealedBlock {
        try sealer.seal(notes)
    }

    /// What an amending document says of itself: why, and who signed.
    private static func notes(of document: CheckedDocument) -> [FieldValue] {
        document.values.filter { value in
            let role = document.kind.field(value.field)?.role
            return role == .correctionReason || role == .official
        }
    }

    private static func numbered(_ values: [FieldValue]) -> [Write] {
        values.enumerated().map { place, value in
            Write(field: value.field, place: UInt16(place), value: value.value)
        }
    }

    private static func target(of document: CheckedDocument) -> RecordID {
        identity(sender: document.sender, document: document.supersedes ?? document.document)
    }

    static func identity(sender: String, document: String) -> RecordID {
        let name = RecordName.id(sender: sender, document: document)
        return RecordID(high: name.high, low: name.low)
    }
}

extension Change {
    fileprivate init(_ change: FieldChange) {
        switch change {
        case .set(let field, let value): self = .set(field, value)
        case .clear(let field): self = .set(field, nil)
        case .add(let field, let value): self = .add(field, value)
        case .remove(let field, let value): self = .remove(field, value)
        }
    }
}

extension Edition {
    /// A rule's finding in the words of the API.
    func documentProblem(code: String, field: String) -> DocumentProblem {
        DocumentProblem(problem(code, path: field))
    }
}

extension DocumentProblem {
    init(_ problem: Problem) {
        self.init(
            code: problem.code, field: problem.path, message: problem.message.en, remedy: problem.remedy.en)
    }

    fileprivate init(_ problem: CorrectionProblem, of kind: CardKind) {
        switch problem {
        case .noSuchElement(let field):
            self.init(
                code: "V011", field: kind.field(field)?.path ?? "",
                message: "the record does not hold the element that is to go",
                remedy: "look at the record and name an element as it stands there")
        case .notCancelled:
            self.init(
                code: "V011", field: "supersedes", message: "the record is not cancelled",
                remedy: "nothing needs to be done")
        case .tooManyWrites:
            self.init(
                code: "V008", field: "", message: "the document changes more fields than one entry may hold",
                remedy: "hand it in as several corrections")
        }
    }
}

extension [Write] {
    /// What is written, without what is removed.
    var values: Values {
        Values(compactMap { write in write.value.map { FieldValue(field: write.field, value: $0) } })
    }
}
