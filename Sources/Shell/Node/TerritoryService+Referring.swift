import Law
import Records
import Roles
import Storage

/// What the shard can say of a document that names other records: that one is held here and is not what it should be.
/// Of a record that is not held here nothing is known: the nation decides when the document is accounted.
extension TerritoryService {
    func refuted(_ documents: [CheckedDocument]) async throws(NodeError) -> [[DocumentProblem]] {
        let named = documents.map(\.references)
        let identities = Set(named.flatMap { $0.map(\.identity) })
        let known = try NodeError.translating { () throws(StorageError) in
            try node.index.known(identities.sorted { ($0.high, $0.low) < ($1.high, $1.low) })
        }
        var problems: [[DocumentProblem]] = []
        for (document, references) in zip(documents, named) {
            var found: [DocumentProblem] = []
            for reference in references {
                guard let held = known[reference.identity] else { continue }
                found += try refutations(of: document, reference, by: held)
            }
            problems.append(found)
        }
        return problems
    }

    private func refutations(
        of document: CheckedDocument, _ reference: CheckedDocument.Reference, by held: KnownDocument
    ) throws(NodeError) -> [DocumentProblem] {
        let plan = document.edition.nationPlan(of: document.kind.code)
        let missing = plan.absence.filter { $0.reference == reference.field }
        let isOfOtherKind = !reference.kinds.isEmpty && !reference.kinds.contains(held.kind)
        let presence = plan.presence.filter { $0.reference == reference.field }
        guard !isOfOtherKind else { return missing.map { problem($0, of: document) } }
        if presence.isEmpty {
            let isCancelled = try NodeError.translating { () throws(StorageError) in
                try node.store.isCancelled(opening: held.opening)
            }
            return isCancelled ? missing.map { problem($0, of: document) } : []
        }
        guard let record = try read(opening: held.opening) else { return [] }
        if record.merged.isCancelled { return missing.map { problem($0, of: document) } }
        let view = HeldRecord(record: record, kind: held.kind)
        let own = NationRecord(
            kind: document.kind.code, sender: document.sender, document: document.document,
            acceptedMilliseconds: now(), values: Values(document.values))
        return presence.filter { $0.severity == .error }.compactMap { test in
            NationalRules.finding(
                of: test, about: own, in: view, edition: document.edition, today: Day(milliseconds: now()))
        }.map { document.edition.documentProblem(code: $0.code, field: $0.path) }
    }

    private func problem(_ test: NationalTest, of document: CheckedDocument) -> DocumentProblem {
        document.edition.documentProblem(code: test.code, field: test.path)
    }
}

/// A nation of the one record that a document names.
private struct HeldRecord: NationView {
    let held: NationRecord

    init(record: ReadRecord, kind: String) {
        let opening = record.documents.first { $0.entry.act == .register } ?? record.documents[0]
        let values = record.merged.fields.flatMap { field in
            (field.isSet ? field.distinctValues : [field.shown]).map { FieldValue(field: field.field, value: $0) }
        }
        held = NationRecord(
            kind: kind, sender: opening.entry.sender, document: opening.entry.document,
            acceptedMilliseconds: opening.stamp.milliseconds, values: Values(values))
    }

    func record(sender: String, document: String) -> NationRecord? { held }
    func records(kind: String, keyPath: String, text: String) -> [NationRecord] { [] }
    func count(kind: String, keyPath: String, text: String) -> Int { 0 }
    func records(kind: String, sameSubjectAs record: NationRecord, slot: UInt16) -> [NationRecord] { [] }
    func accountStates(type: String, of record: NationRecord, slot: UInt16) -> [String] { [] }
}

extension CheckedDocument {
    /// A reference field that rules of nation scope ask about, and the record it names.
    struct Reference {
        var field: FieldNumber
        var kinds: [String]
        var identity: RecordID
    }

    /// Whether rules of nation scope ask about a reference of its kind.
    var isReferring: Bool {
        let plan = edition.nationPlan(of: kind.code)
        return plan.absence.contains { $0.reference != nil } || plan.presence.contains { $0.reference != nil }
    }

    var references: [Reference] {
        let plan = edition.nationPlan(of: kind.code)
        var fields: [FieldNumber] = []
        for field in (plan.absence + plan.presence).compactMap(\.reference) where !fields.contains(field) {
            fields.append(field)
        }
        let values = Values(values)
        return fields.compactMap { field in
            guard case .reference(let kinds)? = kind.field(field)?.type, let name = values.text(field),
                let slash = name.firstIndex(of: "/")
            else { return nil }
            let identity = Drafter.identity(
                sender: String(name[..<slash]), document: String(name[slash...].dropFirst()))
            return Reference(field: field, kinds: kinds, identity: identity)
        }
    }
}
