import Law
import Records
import Storage

/// One entry of a record, read back and opened: what views and histories are made of.
struct ReadDocument {
    var at: LogAddress
    var stamp: Stamp
    var isSuspect: Bool
    var entry: DocumentEntry
    var opened: [OpenedBlock]

    var openedWrites: [Write] { opened.flatMap(\.writes) }
}

/// Who writes under an author number, in words.
struct AuthorName: Sendable {
    /// The territory's code, or `centre`.
    var place: String
    var seat: UInt32

    static let centreNumber: UInt32 = AuthorNumber.centre.number
    static let centre = AuthorName(place: "centre", seat: 1)
}

/// A record read back from its entries: merged, and told in the words of the API.
struct ReadRecord {
    var documents: [ReadDocument]
    var confirmed: Serial?
    var findings: [DocumentProblem]
    var names: [AuthorNumber: AuthorName]
    var kind: CardKind

    /// Nil where no entry opens a record, or its kind is in no edition known here.
    init?(
        documents: [ReadDocument], confirmed: Serial?, findings: [DocumentProblem],
        names: [AuthorNumber: AuthorName], catalogue: Catalogue
    ) {
        guard let first = documents.first, let kind = catalogue.edition(on: first.entry.edition).kind(first.entry.kind)
        else { return nil }
        self.documents = documents
        self.confirmed = confirmed
        self.findings = findings
        self.names = names
        self.kind = kind
    }

    var state: RecordState {
        documents.reduce(into: RecordState()) { state, document in
            state.apply(
                document.entry, at: document.at, stamp: document.stamp, suspect: document.isSuspect,
                opened: document.openedWrites)
        }
    }

    /// What stands and what is shown: what a correction names.
    var merged: Records.RecordView {
        state.view { kind.field($0)?.accumulates ?? false }
    }

    func provisional(of document: ReadDocument) -> String {
        let author = names[document.at.author] ?? AuthorName(place: "author \(document.at.author.number)", seat: 1)
        return ProvisionalNumber(
            territory: author.place, kind: document.entry.kind, number: document.entry.number, seat: author.seat
        ).text
    }

    func place(of author: AuthorNumber) -> String {
        names[author]?.place ?? "author \(author.number)"
    }

    // MARK: In the words of the API

    var view: RecordView {
        let merged = merged
        let state: RecordView.State = merged.isCancelled ? .cancelled : confirmed == nil ? .registered : .accounted
        return RecordView(
            number: confirmed.map { ConfirmedNumber($0).text }, provisional: provisional(of: documents[0]),
            kind: kind.code, territory: place(of: documents[0].at.author), state: state,
            fields: merged.fields.map { field in
                FieldView(field: field.field, values: field.isSet ? field.distinctValues : [field.shown])
            },
            discrepancies: merged.discrepancies.map(discrepancy), findings: findings)
    }

    func discrepancy(_ field: FieldState) -> DiscrepancyView {
        DiscrepancyView(
            number: confirmed.map { ConfirmedNumber($0).text }, provisional: provisional(of: documents[0]),
            kind: kind.code, territory: place(of: documents[0].at.author), field: field.field,
            candidates: field.versions.enumerated().map { position, version in
                let document = documents.first { $0.at == version.dot.at }
                return DiscrepancyView.Candidate(
                    value: version.value, isShown: position == 0, author: place(of: version.dot.at.author),
                    sender: document?.entry.sender ?? "", provisional: document.map(provisional) ?? "",
                    atMilliseconds: version.stamp.milliseconds, clockSuspect: version.suspect)
            })
    }

    var history: [HistoryLine] {
        documents.map { document in
            let writes = document.entry.writes + document.openedWrites
            let reason = writes.first { kind.field($0.field)?.role == .correctionReason }?.value
            return HistoryLine(
                act: document.entry.act.word, provisional: provisional(of: document),
                author: place(of: document.at.author), sender: document.entry.sender,
                document: document.entry.document, atMilliseconds: document.stamp.milliseconds,
                clockSuspect: document.isSuspect, reason: reason?.plainText ?? "",
                written: Self.written(writes), removed: removed(by: writes))
        }
    }

    private static func written(_ writes: [Write]) -> [FieldView] {
        grouped(writes.compactMap { write in write.value.map { (write.field, $0) } })
    }

    /// Values of this record that the writes replaced without writing another.
    private func removed(by writes: [Write]) -> [FieldView] {
        let gone = Set(writes.filter { $0.value == nil }.flatMap(\.replaces))
        let values = state.written.filter { gone.contains($0.dot) }
        return Self.grouped(values.map { ($0.field, $0.value) })
    }

    private static func grouped(_ values: [(FieldNumber, Value)]) -> [FieldView] {
        var fields: [FieldView] = []
        for (field, value) in values.enumerated().sorted(by: { ($0.1.0, $0.0) < ($1.1.0, $1.0) }).map(\.1) {
            if fields.last?.field == field {
                fields[fields.count - 1].values.append(value)
            } else {
                fields.append(FieldView(field: field, values: [value]))
            }
        }
        return fields
    }
}

extension DocumentAct {
    /// The act's name in answers.
    var word: String {
        switch self {
        case .register: "register"
        case .correct: "correct"
        case .cancel: "cancel"
        case .zero: "zero"
        }
    }
}

extension Value {
    /// A text value as it is; nil for anything else.
    var plainText: String? {
        if case .text(let text) = self { text } else { nil }
    }
}
