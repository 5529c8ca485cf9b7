import Accounts
import Law
import Records
import Vault

extension CentreApply {
    /// The subjects of a record's persons and entities, by slot.
    func link(
        _ record: DescribedRecord, anchor: Int64, held: [UInt16: SubjectNumber], place: Int,
        findings: inout [Law.Finding]
    ) throws -> [UInt16: SubjectNumber] {
        var subjects: [UInt16: SubjectNumber] = [:]
        for party in record.parties {
            let before = held[party.slot]
            let subject = try link(party, of: record, at: anchor, before: before, findings: &findings)
            subjects[party.slot] = subject
            guard subject != before else { continue }
            let insert = try statements[.insertParty]
            insert.bind(1, anchor)
            insert.bind(2, Int64(party.slot))
            insert.bind(3, Int64(subject.number))
            try insert.run()
            let link = try statements[.insertLink]
            link.bind(1, Int64(subject.number))
            link.bind(2, anchor)
            try link.run()
        }
        for (slot, left) in held.sorted(by: { $0.key < $1.key }) {
            if subjects[slot] != left {
                let former = try statements[.insertFormer]
                former.bind(1, anchor)
                former.bind(2, Int64(slot))
                former.bind(3, Int64(place))
                former.bind(4, Int64(left.number))
                try former.run()
            }
            if subjects[slot] == nil {
                let delete = try statements[.deleteParty]
                delete.bind(1, anchor)
                delete.bind(2, Int64(slot))
                try delete.run()
            }
            guard !subjects.values.contains(left) else { continue }
            let delete = try statements[.deleteLink]
            delete.bind(1, Int64(left.number))
            delete.bind(2, anchor)
            try delete.run()
        }
        return subjects
    }

    /// A correction that leads to another known subject moves the record there; one that leads nowhere leaves it
    /// where it was, with the names it now has.
    private func link(
        _ party: DescribedParty, of record: DescribedRecord, at anchor: Int64, before: SubjectNumber?,
        findings: inout [Law.Finding]
    ) throws -> SubjectNumber {
        let decision = try linkSubject(party.identity, keys: party.keys, in: self)
        for finding in decision.findings where finding.subject != before {
            findings.append(
                Law.Finding(code: finding.code, severity: .warning, path: record.kind.numberPath(of: party)))
        }
        let subject = try decision.subject ?? before ?? newSubject(of: party)
        for finding in decision.findings { try wait(for: finding, about: subject, record: anchor) }
        if party.keys.number != nil, try !hasNumber(subject) {
            numbered[subject] = true
            let update = try statements[.numberSubject]
            update.bind(1, Int64(subject.number))
            try update.run()
        }
        // A subject known under all these keys is known under what follows from them, too.
        let keys = party.keys.all
        let isKnown = try !keys.isEmpty && keys.allSatisfy { try values(of: $0).contains(subject.number) }
        if !isKnown {
            for token in party.search { learn(token, leadsTo: subject.number) }
        }
        return subject
    }

    /// Two subjects that may be one wait for an official to decide.
    private func wait(for finding: LinkFinding, about subject: SubjectNumber, record: Int64) throws {
        guard bonds.root(of: finding.subject) != bonds.root(of: subject) else { return }
        let pair = SubjectBonds.Bond(finding.subject, subject)
        let insert = try statements[.insertConflict]
        insert.bind(1, Int64(pair.first.number))
        insert.bind(2, Int64(pair.second.number))
        insert.bind(3, finding.code)
        insert.bind(4, record)
        insert.bind(5, Int64(Day(milliseconds: leaderMilliseconds).number))
        try insert.run()
    }

    private func newSubject(of party: DescribedParty) throws -> SubjectNumber {
        let subject = SubjectNumber(UInt64(try counters.next(CentreCounters.subject)))
        let insert = try statements[.insertSubject]
        insert.bind(1, Int64(subject.number))
        insert.bind(2, party.keys.number == nil ? 0 : 1)
        try insert.run()
        numbered[subject] = party.keys.number != nil
        return subject
    }
}

extension CardKind {
    /// The field that holds the number of the person or entity in this slot: what a finding on linking blames.
    fileprivate func numberPath(of party: DescribedParty) -> String {
        let role: FieldRole = party.identity.isEntity ? .bin : .iin
        for field in fields {
            switch field.placement {
            case .person(let slot) where slot == party.slot && field.role == role: return field.path
            case .eachPerson(let first) where party.slot >= first: return field.path
            default: continue
            }
        }
        return ""
    }
}
