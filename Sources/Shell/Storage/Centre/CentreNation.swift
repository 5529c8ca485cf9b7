import Accounts
import Law
import Records
import Roles
import Synchronization
import Vault

extension NationRecord {
    init(_ record: DescribedRecord) {
        self.init(
            kind: record.kind.code, sender: record.sender, document: record.document,
            acceptedMilliseconds: record.accepted.milliseconds, values: record.values)
    }
}

/// The nation as the rules see it while a turn applies: all entries before the one they judge, and that one.
final class CentreNation: NationView {
    let apply: CentreApply
    /// The subjects of the record that is judged, by slot; nil where they are not in hand.
    private let subjects: [UInt16: SubjectNumber]?
    private let asking: Asking
    /// The rules cannot throw: what went wrong is kept, and thrown when they have answered.
    var failure: (any Error)?

    init(apply: CentreApply, subjects: [UInt16: SubjectNumber]? = nil, asking: Asking = Asking()) {
        self.apply = apply
        self.subjects = subjects
        self.asking = asking
    }

    func records(kind: String, keyPath: String, text: String) -> [NationRecord] {
        guarded([]) {
            let anchors = try apply.values(of: token(kind + "." + keyPath, text)).map { Int64($0) }
            return try nation(anchors, kind: kind, having: (keyPath, text))
        }
    }

    func count(kind: String, keyPath: String, text: String) -> Int {
        guarded(0) {
            return try apply.values(of: token(kind + "." + keyPath, text)).count { value in
                guard let held = try held(Int64(value), ofKind: kind) else { return false }
                guard held.isAmended else { return true }
                return try (held.record ?? seen(held.anchor)?.record).map { has($0, keyPath, text) } ?? false
            }
        }
    }

    func record(sender: String, document: String) -> NationRecord? {
        guarded(nil) {
            guard let known = try apply.known(RecordID(sender: sender, document: document)) else { return nil }
            return try seen(known.opening.packed)?.record
        }
    }

    func records(kind: String, sameSubjectAs record: NationRecord, slot: UInt16) -> [NationRecord] {
        guarded([]) {
            guard let subject = try subject(of: record, slot: slot) else { return [] }
            let records = try apply.bonds.members(of: subject).flatMap {
                try apply.records(of: $0, limit: CentreLimits.nationRecords)
            }
            return try nation(Array(Set(records)), kind: kind)
        }
    }

    func accountStates(type: String, of record: NationRecord, slot: UInt16) -> [String] {
        guarded([]) {
            guard let subject = try subject(of: record, slot: slot) else { return [] }
            let select = try apply.connection.statement(
                "SELECT state FROM account WHERE subject = ? AND subject > 0 AND type = ? ORDER BY year, serial, part")
            select.bind(1, Int64(apply.bonds.root(of: subject).number))
            select.bind(2, type)
            var states: [String] = []
            while try select.next() { states.append(select.text(0)) }
            return states
        }
    }

    private func token(_ domain: String, _ text: String) -> Token {
        asking.terms.first { $0.term.text == text && $0.term.domain == domain }?.token
            ?? apply.store.blind.token(domain, text)
    }

    /// The record that is judged is asked for its own subjects most of all.
    private func subject(of record: NationRecord, slot: UInt16) throws -> SubjectNumber? {
        if let subjects { return subjects[slot] }
        guard let known = try apply.known(RecordID(sender: record.sender, document: record.document)) else {
            return nil
        }
        return try apply.parties(of: known.opening.packed).first { $0.slot == slot }?.subject
    }

    /// By rising confirmed number, so that every voter finds the same.
    ///
    /// - Parameter key: the index keeps what a record was once found by, so a corrected one is looked at again.
    private func nation(
        _ anchors: [Int64], kind: String, having key: (path: String, text: String)? = nil
    ) throws -> [NationRecord] {
        var wanted = try anchors.compactMap { try held($0, ofKind: kind) }
        if wanted.count > 1 { wanted.sort { $0.number.packed < $1.number.packed } }
        return try wanted.prefix(CentreLimits.nationRecords).compactMap { held in
            guard let record = try held.record ?? seen(held.anchor)?.record else { return nil }
            if let key, held.isAmended, !has(record, key.path, key.text) { return nil }
            return record
        }
    }

    private func has(_ record: NationRecord, _ path: String, _ text: String) -> Bool {
        // A field's number is the same in every edition.
        guard let field = apply.law.catalogue.newest.kind(record.kind)?.field(path: path) else { return false }
        return record.values[field.number].contains { $0.value == .text(text) }
    }

    /// A record that counts, before anything of it is opened.
    private struct Held {
        var anchor: Int64
        var number: Serial
        var isAmended: Bool
        var record: NationRecord?
    }

    /// Nil where it is of another kind or does not count.
    private func held(_ anchor: Int64, ofKind kind: String) throws -> Held? {
        if let recent = apply.store.recent.withLock({ $0[anchor] }) {
            guard recent.record.kind == kind else { return nil }
            return Held(anchor: anchor, number: recent.number, isAmended: recent.isAmended, record: recent.record)
        }
        guard let standing = try apply.standing(anchor), standing.kind == kind, standing.isAccounted else {
            return nil
        }
        return Held(anchor: anchor, number: standing.number, isAmended: standing.isAmended, record: nil)
    }

    /// A record as rules about others see it, read where it is not at hand.
    private func seen(_ anchor: Int64) throws -> SeenRecord? {
        if let recent = apply.store.recent.withLock({ $0[anchor] }) { return recent }
        guard let (merged, stored) = try merged(anchor),
            let seen = apply.law.seen(merged, number: stored.number, isAmended: stored.documents.count > 1)
        else { return nil }
        apply.store.recent.withLock { $0.keep(seen, at: anchor) }
        return seen
    }

    private func merged(_ anchor: Int64) throws -> (DescribedRecord, CentreReading.Record)? {
        guard let stored = try CentreReading(store: apply.store, connection: apply.connection).record(anchor),
            let merged = apply.preparer.merge(stored.documents, accounted: stored.day), merged.isOpened,
            !merged.isCancelled
        else { return nil }
        return (merged, stored)
    }

    /// A record with all its values: one that is to be judged.
    func whole(_ anchor: Int64) throws -> NationRecord? {
        try merged(anchor).map { NationRecord($0.0) }
    }

    private func guarded<Answer>(_ otherwise: Answer, _ body: () throws -> Answer) -> Answer {
        guard failure == nil else { return otherwise }
        do {
            return try body()
        } catch {
            failure = error
            return otherwise
        }
    }
}

/// What the row of a record says of it.
struct Standing {
    var kind: String
    var number: Serial
    var isAccounted: Bool
    var isAmended: Bool
}

extension CentreApply {
    func standing(_ anchor: Int64) throws -> Standing? {
        let select = try statements[.selectStanding]
        select.bind(1, anchor)
        defer { select.reset() }
        guard try select.next() else { return nil }
        return Standing(
            kind: select.text(0), number: Serial(year: UInt16(select.integer(1)), serial: UInt32(select.integer(2))),
            isAccounted: select.integer(3) == RecordStanding.accounted.rawValue, isAmended: select.integer(4) != 0)
    }
}

extension RecordID {
    /// - Parameter name: `SENDER/DOCUMENT`.
    init(name: String) {
        let slash = name.lastIndex(of: "/") ?? name.endIndex
        self.init(sender: String(name[..<slash]), document: String(name[slash...].dropFirst()))
    }

    init(sender: String, document: String) {
        let name = RecordName.id(sender: sender, document: document)
        self.init(high: name.high, low: name.low)
    }
}
