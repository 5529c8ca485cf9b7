import Accounts
import Law
import Records
import Roles
import Synchronization
import Vault

extension CentreApply {
    /// What the rules of nation scope say of a record just applied.
    func nationalFindings(on record: DescribedRecord, anchor: Int64) throws -> [Law.Finding] {
        let own = NationRecord(record)
        store.recent.withLock { $0.keep(own, at: anchor) }
        let view = CentreNation(apply: self)
        let findings = NationalRules.findings(
            about: own, in: view, edition: record.edition, today: Day(milliseconds: leaderMilliseconds))
        if let failure = view.failure { throw failure }
        return findings
    }
}

extension NationRecord {
    init(_ record: DescribedRecord) {
        self.init(
            kind: record.kind.code, sender: record.sender, document: record.document,
            acceptedMilliseconds: record.accepted.milliseconds, values: record.values.all)
    }
}

/// The nation as the rules see it while a turn applies: all entries before the one they judge, and that one.
private final class CentreNation: NationView {
    let apply: CentreApply
    /// The rules cannot throw: what went wrong is kept, and thrown when they have answered.
    var failure: (any Error)?

    init(apply: CentreApply) {
        self.apply = apply
    }

    func records(kind: String, keyPath: String, text: String) -> [NationRecord] {
        guarded([]) {
            let token = apply.store.blind.token(kind + "." + keyPath, text)
            return try nation(try apply.values(of: token).map { Int64($0) }, kind: kind)
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
            return try nation(try apply.records(of: subject, limit: CentreLimits.nationRecords), kind: kind)
        }
    }

    func accountStates(type: String, of record: NationRecord, slot: UInt16) -> [String] {
        guarded([]) {
            guard let subject = try subject(of: record, slot: slot) else { return [] }
            let select = try apply.connection.statement(
                "SELECT state FROM account WHERE subject = ? AND subject > 0 AND type = ? ORDER BY year, serial, part")
            select.bind(1, Int64(subject.number))
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
    private func nation(_ anchors: [Int64], kind: String) throws -> [NationRecord] {
        let select = try apply.connection.statement("SELECT kind, year, serial, state FROM record WHERE at = ?")
        var wanted: [(number: Int64, anchor: Int64)] = []
        for anchor in anchors {
            select.bind(1, anchor)
            if try select.next(), select.text(0) == kind, select.integer(3) == RecordStanding.accounted.rawValue {
                let serial = Serial(year: UInt16(select.integer(1)), serial: UInt32(select.integer(2)))
                wanted.append((serial.packed, anchor))
            }
            select.reset()
        }
        wanted.sort { $0.number < $1.number }
        return try wanted.prefix(CentreLimits.nationRecords).compactMap { try nation($0.anchor) }
    }

    private func nation(_ anchor: Int64) throws -> NationRecord? {
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

extension RecordID {
    init(sender: String, document: String) {
        let name = RecordName.id(sender: sender, document: document)
        self.init(high: name.high, low: name.low)
    }
}
