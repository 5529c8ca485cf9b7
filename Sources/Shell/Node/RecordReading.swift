import JSON
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
    private let edition: Edition

    /// Nil where no entry opens a record, or its kind is in no edition known here.
    init?(
        documents: [ReadDocument], confirmed: Serial?, findings: [DocumentProblem],
        names: [AuthorNumber: AuthorName], catalogue: Catalogue
    ) {
        guard let first = documents.first else { return nil }
        let edition = catalogue.edition(on: first.entry.edition)
        guard let kind = edition.kind(first.entry.kind) else { return nil }
        self.edition = edition
        self.documents = documents
        self.confirmed = confirmed
        self.findings = findings
        self.names = names
        self.kind = kind
    }

    /// The record without what its blocks hold.
    var inClear: ReadRecord {
        var record = self
        for place in record.documents.indices { record.documents[place].opened = [] }
        return record
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
            fields: computedAnew(
                merged.fields.map { field in
                    FieldView(field: field.field, values: field.isSet ? field.distinctValues : [field.shown])
                }),
            discrepancies: merged.discrepancies.map(discrepancy), findings: findings)
    }

    /// What is computed of fields that a later document touched is shown as it now comes out.
    private func computedAnew(_ fields: [FieldView]) -> [FieldView] {
        guard documents.count > 1 else { return fields }
        var changed: Set<FieldNumber> = []
        for document in documents.dropFirst() {
            for write in document.entry.writes + document.openedWrites { changed.insert(write.field) }
        }
        let values = Values(fields.flatMap { one in one.values.map { FieldValue(field: one.field, value: $0) } })
        return Self.grouped(kind.recomputed(values, changed: changed, in: edition).all.map { ($0.field, $0.value) })
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

    /// The discrepancy of the field with this dotted path.
    func discrepancy(path: String) throws(NodeError) -> DiscrepancyView {
        discrepancy(try disputed(path))
    }

    private func disputed(_ path: String) throws(NodeError) -> FieldState {
        guard let field = kind.field(path: path) else {
            throw NodeError(
                .invalid, "A \(kind.code) has no field \(path).",
                remedy: "See `esep catalogue show \(kind.code)`.", field: "field")
        }
        guard let state = merged.discrepancies.first(where: { $0.field == field.number }) else {
            throw NodeError(
                .notFound, "Field \(path) of this record has no discrepancy.",
                remedy: "See `esep discrepancy list`; a value is changed by `esep record correct`.", field: "field")
        }
        return state
    }

    /// The changes of a correction that closes a discrepancy: one value for the field, as JSON.
    func changes(resolving resolution: Resolution) throws(NodeError) -> [UInt8] {
        let field = try disputed(resolution.field)
        let json: [UInt8]
        switch resolution.choice {
        case .value(let value): json = value
        case .candidate(let number):
            guard (1...field.versions.count).contains(number) else {
                throw NodeError(
                    .invalid, "There is no candidate \(number).",
                    remedy: "Give 1 to \(field.versions.count), as `esep discrepancy show` counts them.",
                    field: "candidate")
            }
            json = Array(field.versions[number - 1].value.json.utf8)
        }
        var bytes: [UInt8] = []
        let names = resolution.field.split(separator: ".")
        for name in names { bytes += Array("{\"\(name)\":".utf8) }
        bytes += json
        bytes += [UInt8](repeating: UInt8(ascii: "}"), count: names.count)
        return bytes
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

    /// The value as a document would state it.
    var json: String {
        switch self {
        case .text(let text): JSONWriting.quoted(text)
        case .integer(let integer): String(integer)
        case .decimal(let unscaled, let scale): "\"" + Self.decimalText(unscaled, scale: scale) + "\""
        case .day(let day): "\"\(day.text)\""
        case .time(let milliseconds): "\"" + Self.timeText(milliseconds) + "\""
        case .flag(let flag): flag ? "true" : "false"
        case .unknown: "\"unknown\""
        // Sets have no discrepancies, and groups stand in sets alone.
        case .group: preconditionFailure("a group is no register's value")
        }
    }

    private static func decimalText(_ unscaled: Int64, scale: UInt8) -> String {
        guard scale > 0 else { return String(unscaled) }
        var digits = String(unscaled.magnitude)
        digits = String(repeating: "0", count: max(0, Int(scale) + 1 - digits.count)) + digits
        let point = digits.index(digits.endIndex, offsetBy: -Int(scale))
        return (unscaled < 0 ? "-" : "") + digits[..<point] + "." + digits[point...]
    }

    /// ISO 8601 in UTC.
    private static func timeText(_ milliseconds: Int64) -> String {
        let day = 86_400_000 as Int64
        let days = (milliseconds >= 0 ? milliseconds : milliseconds - day + 1) / day
        let rest = milliseconds - days * day
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let clock = "\(two(rest / 3_600_000)):\(two(rest / 60_000 % 60)):\(two(rest / 1_000 % 60))"
        return "\(Day(Int32(days)).text)T\(clock)Z"
    }
}
