import Accounts
import Consensus
import Law
import Records
import Roles

extension CentreApply {
    /// An access entry of the centre's own, journaled already: where it says that an official has decided something
    /// about subjects, that is done now.
    func takeOwn(_ access: AccessEntry, at: LogAddress, index: LogIndex) throws -> OwnOutcome {
        switch SubjectAct(access) {
        case .link(let bond):
            if let refusal = try refusal(of: bond) { return refusal }
            guard !bonds.contains(bond) else {
                return .refused(code: "linked", reason: "these subjects are linked already")
            }
            try regroup(bond) { $0.insert(bond) }
            let insert = try connection.statement("INSERT INTO bond(first, second, at) VALUES(?, ?, ?)")
            insert.bind(1, Int64(bond.first.number))
            insert.bind(2, Int64(bond.second.number))
            insert.bind(3, at.packed)
            try insert.run()
            _ = try decide(bond, at: at)
        case .unlink(let bond):
            if let refusal = try refusal(of: bond) { return refusal }
            let isBound = bonds.contains(bond)
            if isBound {
                try regroup(bond) { $0.remove(bond) }
                let delete = try connection.statement("DELETE FROM bond WHERE first = ? AND second = ?")
                delete.bind(1, Int64(bond.first.number))
                delete.bind(2, Int64(bond.second.number))
                try delete.run()
            }
            guard try decide(bond, at: at) || isBound else {
                return .refused(
                    code: "not-linked", reason: "no act links these two subjects, and no conflict between them waits")
            }
        case .judge(let first, let second, let verdict):
            if let refusal = try judge(first, second, verdict, at: at) { return refusal }
        case nil: break
        }
        return .recorded(at: at, index: index)
    }

    private func refusal(of bond: SubjectBonds.Bond) throws -> OwnOutcome? {
        let select = try connection.statement("SELECT COUNT(*) FROM subject WHERE number IN (?, ?)")
        select.bind(1, Int64(bond.first.number))
        select.bind(2, Int64(bond.second.number))
        defer { select.reset() }
        guard try select.next(), select.integer(0) == 2 else {
            return .refused(code: "no-subject", reason: "the centre knows no such subject")
        }
        return nil
    }

    /// Whether a conflict between the two was there; it waits no more.
    private func decide(_ bond: SubjectBonds.Bond, at: LogAddress) throws -> Bool {
        let select = try connection.statement("SELECT 1 FROM conflict WHERE first = ? AND second = ?")
        select.bind(1, Int64(bond.first.number))
        select.bind(2, Int64(bond.second.number))
        let isThere = try select.next()
        select.reset()
        let update = try connection.statement("UPDATE conflict SET decided = ? WHERE first = ? AND second = ?")
        update.bind(1, at.packed)
        update.bind(2, Int64(bond.first.number))
        update.bind(3, Int64(bond.second.number))
        try update.run()
        return isThere
    }

    /// Changes the groups, and says to the accounts anew what every record of the persons concerned says: its cost
    /// grows with their records.
    private func regroup(_ bond: SubjectBonds.Bond, _ change: (inout SubjectBonds) -> Void) throws {
        let concerned = Set(bonds.members(of: bond.first) + bonds.members(of: bond.second)).sorted()
        change(&bonds)
        var anchors: Set<Int64> = []
        for subject in concerned { anchors.formUnion(try records(of: subject, limit: Int(Int32.max))) }
        var scopes: Set<AccountScope> = []
        for anchor in anchors.sorted() {
            guard let stored = try CentreReading(store: store, connection: connection).record(anchor),
                let record = preparer.describe(stored.documents, accounted: stored.day)
            else { continue }
            let said = try say(
                record, anchor: anchor, number: stored.number, subjects: try slots(of: anchor),
                said: record.claims.map(\.scope))
            scopes.formUnion(said.scopes)
            if record.isOpened { try askAwaiting(record, anchor: anchor) }
        }
        for scope in scopes.sorted() { try derive(scope) }
        try hearAccounts(types: Set(scopes.map(\.type)), of: Set(concerned))
    }
}

extension SubjectBonds {
    init(readingFrom connection: Connection) throws {
        var bonds: [Bond] = []
        let select = try connection.statement("SELECT first, second FROM bond")
        while try select.next() {
            bonds.append(Bond(SubjectNumber(UInt64(select.integer(0))), SubjectNumber(UInt64(select.integer(1)))))
        }
        self.init(bonds)
    }
}
