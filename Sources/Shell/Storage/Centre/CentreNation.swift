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
            acceptedMilliseconds: record.accepted.milliseconds, values: record.values.all)
    }
}

/// The nation as the rules see it while a turn applies: all entries before the one they judge, and that one.
final class CentreNation: NationView {
    let apply: CentreApply
    /// The rules cannot throw: what went wrong is kept, and thrown when they have answered.
    var failure: (any Error)?

    init(apply: CentreApply) {
        self.apply = apply
    }

    func records(kind: String, keyPath: String, text: String) -> [NationRecord] {
        guarded([]) {
            let token = apply.store.blind.token(kind + "." + keyPath, text)
            let anchors = try apply.values(of: token).map { Int64($0) }
            return try nation(anchors, kind: kind, having: (keyPath, text))
        }
    }

    func count(kind: String, keyPath: String, text: String) -> Int {
        guarded(0) {
            let token = apply.store.blind.token(kind + "." + keyPath, text)
            return try apply.values(of: token).count { value in
                guard let standing = try apply.standing(Int64(value)), standing.kind == kind, standing.isAccounted
                else { return false }
                guard standing.isAmended else { return true }
                return try nation(Int64(value)).map { has($0, keyPath, text) } ?? false
            }
        }
    }

    func record(sender: String, document: String) -> NationRecord? {
        guarded(nil) {
            guard let known = try apply.known(RecordID(sender: sender, document: document)) else { return nil }
            return try nation(known.opening.packed)
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

    private func subject(of record: NationRecord, slot: UInt16) throws -> SubjectNumber? {
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
        var wanted: [(standing: Standing, anchor: Int64)] = []
        for anchor in anchors {
            if let standing = try apply.standing(anchor), standing.kind == kind, standing.isAccounted {
                wanted.append((standing, anchor))
            }
        }
        wanted.sort { $0.standing.number.packed < $1.standing.number.packed }
        return try wanted.prefix(CentreLimits.nationRecords).compactMap { standing, anchor in
            guard let record = try nation(anchor) else { return nil }
            if let key, standing.isAmended, !has(record, key.path, key.text) { return nil }
            return record
        }
    }

    private func has(_ record: NationRecord, _ path: String, _ text: String) -> Bool {
        // A field's number is the same in every edition.
        guard let field = apply.law.catalogue.newest.kind(record.kind)?.field(path: path) else { return false }
        return Values(record.values)[field.number].contains { $0.value == .text(text) }
    }

    func nation(_ anchor: Int64) throws -> NationRecord? {
        if let recent = apply.store.recent.withLock({ $0[anchor] }) { return recent }
        guard let stored = try CentreReading(store: apply.store, connection: apply.connection).record(anchor),
            let merged = apply.preparer.merge(stored.documents, accounted: stored.day), merged.isOpened,
            !merged.isCancelled
        else { return nil }
        let record = NationRecord(merged)
        apply.store.recent.withLock { $0.keep(record, at: anchor) }
        return record
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
