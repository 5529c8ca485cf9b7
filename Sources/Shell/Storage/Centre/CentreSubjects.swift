package import Accounts
package import Law
package import Records
import Roles
import Synchronization
import Vault

/// Whom a question is about.
package enum SubjectQuery: Hashable, Sendable {
    case iin(String)
    case bin(String)
    /// Present and previous names, spellings folded.
    case name(surname: String, name: String, birth: Day?)
}

/// Persons, organisations and their accounts.
extension CentreStore {
    /// A subject with what its records state of it and where it stands on account.
    package struct StoredSubject: Sendable {
        /// The least number of its group: what its accounts go by.
        package var number: SubjectNumber
        /// Every subject that an act has linked into it, itself included, ascending.
        package var members: [SubjectNumber]
        /// What its records state, the latest record's statement first, each once.
        package var identities: [PartyIdentity]
        package var records: [RecordLine]
        package var accounts: [StoredAccount]
    }

    package struct RecordLine: Hashable, Sendable {
        package var anchor: Int64
        package var kind: String
        package var territory: String
        package var confirmed: Serial
        package var isCancelled: Bool
    }

    /// A line of an account, as its row says.
    package struct StoredAccount: Hashable, Sendable {
        package var scope: AccountScope
        package var subject: SubjectNumber?
        package var number: AccountNumber
        package var state: String
        package var isEnded: Bool
        package var opened: Day
        package var ended: Day?
        package var until: Day?
        package var isConflict: Bool

        /// Whether it is over on a day: by a document, or by itself.
        package func isEnded(on day: Day) -> Bool {
            isEnded || until.map { $0 < day } ?? false
        }
    }

    /// Subjects that answer to the question, ascending; at most `limit`.
    package func find(_ query: SubjectQuery, limit: Int = 100) throws(StorageError) -> [StoredSubject] {
        let term: SearchTerm
        switch query {
        case .iin(let text): term = SearchTerm(domain: "iin", text: text)
        case .bin(let text): term = SearchTerm(domain: "bin", text: text)
        case .name(let surname, let name, let birth):
            let key = Names.key(surname: surname, name: name)
            term =
                birth.map { SearchTerm(domain: "name+birth", text: key + "|" + $0.text) }
                ?? SearchTerm(domain: "name", text: key)
        }
        let numbers = try index.values(of: [blind.token(term.domain, term.text)], limit: limit)[0]
        let bonds = bonds.withLock { $0 }
        return try file.read { connection in
            try bonds.roots(of: numbers.map { SubjectNumber($0) }).map { try subject($0, bonds, connection) }
        }
    }

    package func subject(_ number: SubjectNumber) throws(StorageError) -> StoredSubject {
        let bonds = bonds.withLock { $0 }
        return try file.read { try subject(number, bonds, $0) }
    }

    /// A question about one person opens at most this many of his records for the names they state.
    private static let openedRecords = 16

    private func subject(
        _ number: SubjectNumber, _ bonds: SubjectBonds, _ connection: Connection
    ) throws -> StoredSubject {
        let members = bonds.members(of: number)
        let select = try connection.statement(
            """
            SELECT record.at, record.kind, record.territory, record.year, record.serial, record.state
            FROM link JOIN record ON record.at = link.record WHERE link.subject = ?
            """)
        var lines: Set<RecordLine> = []
        for member in members {
            select.bind(1, Int64(member.number))
            while try select.next() {
                lines.insert(
                    RecordLine(
                        anchor: select.integer(0), kind: select.text(1), territory: select.text(2),
                        confirmed: Serial(year: UInt16(select.integer(3)), serial: UInt32(select.integer(4))),
                        isCancelled: select.integer(5) == RecordStanding.cancelled.rawValue))
            }
        }
        let ordered = lines.sorted { $0.confirmed.packed < $1.confirmed.packed }
        var identities: [PartyIdentity] = []
        for line in ordered.reversed().prefix(Self.openedRecords) {
            for identity in try parties(of: line.anchor, subjects: members, connection) {
                var plain = identity
                plain.slot = 0
                if !identities.contains(plain) { identities.append(plain) }
            }
        }
        let root = bonds.root(of: number)
        let accounts = try connection.statement(
            Self.accountColumns + " WHERE subject = ? AND subject > 0 ORDER BY type, year, serial, part")
        accounts.bind(1, Int64(root.number))
        return StoredSubject(
            number: root, members: members, identities: identities, records: ordered,
            accounts: try Self.accounts(accounts))
    }

    private func parties(
        of anchor: Int64, subjects: [SubjectNumber], _ connection: Connection
    ) throws -> [PartyIdentity] {
        let select = try connection.statement("SELECT slot, subject FROM party WHERE record = ?")
        select.bind(1, anchor)
        var slots: Set<UInt16> = []
        while try select.next() {
            if subjects.contains(SubjectNumber(UInt64(select.integer(1)))) { slots.insert(UInt16(select.integer(0))) }
        }
        guard let record = try CentreReading(store: self, connection: connection).record(anchor),
            let described = describe(record)
        else { return [] }
        return described.kind.parties(in: described.values).filter { slots.contains($0.slot) }
    }

    /// A record merged anew, in the forms of the store.
    func describe(_ record: CentreReading.Record) -> DescribedRecord? {
        preparer(salts: AuthorSalts())
            .describe(record.documents, accounted: record.day)
    }

    /// Two subjects that may be one, by a finding on the record of this number.
    package struct Conflict: Hashable, Sendable {
        package var pair: SubjectBonds.Bond
        package var code: String
        package var record: Serial
        package var day: Day
    }

    /// Conflicts that wait for a decision, the oldest first; at most `limit`.
    package func conflicts(limit: Int) throws(StorageError) -> [Conflict] {
        try file.read { connection in
            let rows = try connection.statement(
                """
                SELECT conflict.first, conflict.second, conflict.code, record.year, record.serial, conflict.day
                FROM conflict JOIN record ON record.at = conflict.record WHERE conflict.decided IS NULL
                ORDER BY conflict.day, conflict.first, conflict.second LIMIT ?
                """)
            rows.bind(1, Int64(limit))
            var found: [Conflict] = []
            while try rows.next() {
                found.append(
                    Conflict(
                        pair: SubjectBonds.Bond(
                            SubjectNumber(UInt64(rows.integer(0))), SubjectNumber(UInt64(rows.integer(1)))),
                        code: rows.text(2),
                        record: Serial(year: UInt16(rows.integer(3)), serial: UInt32(rows.integer(4))),
                        day: Day(Int32(rows.integer(5)))))
            }
            return found
        }
    }

    // MARK: Accounts

    static let accountColumns = """
        SELECT type, scope, subject, year, serial, part, state, is_ended, opened, ended, until, conflict FROM account
        """

    static func accounts(_ rows: Statement) throws -> [StoredAccount] {
        var accounts: [StoredAccount] = []
        while let account = try nextAccount(rows) { accounts.append(account) }
        return accounts
    }

    static func nextAccount(_ rows: Statement) throws -> StoredAccount? {
        guard try rows.next() else { return nil }
        let type = rows.text(0)
        let serial = Serial(year: UInt16(rows.integer(3)), serial: UInt32(rows.integer(4)))
        return StoredAccount(
            scope: AccountScope(type: type, key: rows.text(1)),
            subject: rows.integer(2) > 0 ? SubjectNumber(UInt64(rows.integer(2))) : nil,
            number: AccountNumber(type: type, serial: serial, part: UInt16(rows.integer(5))),
            state: rows.text(6), isEnded: rows.integer(7) != 0, opened: Day(Int32(rows.integer(8))),
            ended: rows.optionalInteger(9).map { Day(Int32($0)) },
            until: rows.optionalInteger(10).map { Day(Int32($0)) }, isConflict: rows.integer(11) != 0)
    }

    /// Lines of the accounts, by type and scope; at most `limit`. A state is the one shown on the log's day.
    package func accounts(
        type: String? = nil, state: String? = nil, limit: Int
    ) throws(StorageError) -> [StoredAccount] {
        let termed = Set(catalogue.newest.accountTypes.filter { $0.termState == state }.map(\.code)).sorted()
        return try file.read { connection in
            let day = try Self.day(connection)
            let list = termed.map { "'\($0)'" }.joined(separator: ",")
            let rows = try connection.statement(
                Self.accountColumns + """
                     WHERE (?1 IS NULL OR type = ?1) AND (?2 IS NULL
                        OR state = ?2 AND (is_ended OR until IS NULL OR until >= ?4)
                        OR is_ended = 0 AND until < ?4 AND type IN (\(list)))
                    ORDER BY type, scope, subject LIMIT ?3
                    """)
            rows.bind(1, type)
            rows.bind(2, state)
            rows.bind(3, Int64(limit))
            rows.bind(4, Int64(day.number))
            return try Self.accounts(rows)
        }
    }

    /// The day (UTC+5) of the latest leader's time the log has: terms of entries end by it, on every voter alike.
    package func day() throws(StorageError) -> Day {
        try file.read { try Self.day($0) }
    }

    private static func day(_ connection: Connection) throws -> Day {
        let state = try connection.statement("SELECT leader FROM raft_state WHERE id = 1")
        defer { state.reset() }
        return try state.next() ? Day(milliseconds: UInt64(bitPattern: state.integer(0))) : Day(0)
    }

    /// The state a line shows on a day.
    package func state(of account: StoredAccount, on day: Day) -> String {
        rules.type(account.scope.type, on: account.opened)?
            .state(account.state, isEnded: account.isEnded, until: account.until, on: day) ?? account.state
    }

    /// One line with its history, derived from its scope's events; by type and number (`3/2026/00000123`).
    package func account(type: String, number: String) throws(StorageError) -> AccountEntry? {
        guard let wanted = AccountNumber(number), wanted.type == type else { return nil }
        return try file.read { connection in
            let select = try connection.statement(
                """
                SELECT DISTINCT account_event.scope FROM confirmed
                JOIN account_event ON account_event.record = confirmed.record AND account_event.type = ?
                WHERE confirmed.number = ?
                """)
            select.bind(1, type)
            select.bind(2, wanted.serial.packed)
            var scopes: [AccountScope] = []
            while try select.next() { scopes.append(AccountScope(type: type, key: select.text(0))) }
            for scope in scopes {
                if let entry = try entries(in: scope, connection).first(where: { $0.number == wanted }) { return entry }
            }
            return nil
        }
    }

    /// The lines of one scope with their histories.
    package func entries(in scope: AccountScope) throws(StorageError) -> [AccountEntry] {
        try file.read { try entries(in: scope, $0) }
    }

    func entries(in scope: AccountScope, _ connection: Connection) throws -> [AccountEntry] {
        let events = try AccountRows(connection).events(
            of: scope, connection.statement(CentreSQL.selectEvents.text))
        guard let first = events.map(\.day).min(), let type = rules.type(scope.type, on: first) else { return [] }
        return accountEntries(of: events, type: type)
    }

    /// Lines that are open on the log's day, by type.
    package func accountCounts() throws(StorageError) -> [String: UInt64] {
        try file.read { connection in
            let day = try Self.day(connection)
            let rows = try connection.statement(
                """
                SELECT type, COUNT(*) FROM account WHERE is_ended = 0 AND (until IS NULL OR until >= ?) GROUP BY type
                """)
            rows.bind(1, Int64(day.number))
            var counts: [String: UInt64] = [:]
            while try rows.next() { counts[rows.text(0)] = UInt64(rows.integer(1)) }
            return counts
        }
    }
}
