package import Accounts
package import Law
package import Records
import Roles
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
        package var number: SubjectNumber
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
        return try file.read { connection in
            try numbers.map { try subject(SubjectNumber($0), connection) }
        }
    }

    package func subject(_ number: SubjectNumber) throws(StorageError) -> StoredSubject {
        try file.read { try subject(number, $0) }
    }

    /// A question about one person opens at most this many of his records for the names they state.
    private static let openedRecords = 16

    private func subject(_ number: SubjectNumber, _ connection: Connection) throws -> StoredSubject {
        let select = try connection.statement(
            """
            SELECT record.at, record.kind, record.territory, record.year, record.serial, record.state
            FROM link JOIN record ON record.at = link.record WHERE link.subject = ?
            ORDER BY record.year, record.serial
            """)
        select.bind(1, Int64(number.number))
        var lines: [RecordLine] = []
        while try select.next() {
            lines.append(
                RecordLine(
                    anchor: select.integer(0), kind: select.text(1), territory: select.text(2),
                    confirmed: Serial(year: UInt16(select.integer(3)), serial: UInt32(select.integer(4))),
                    isCancelled: select.integer(5) == RecordStanding.cancelled.rawValue))
        }
        var identities: [PartyIdentity] = []
        for line in lines.reversed().prefix(Self.openedRecords) {
            for identity in try parties(of: line.anchor, subject: number, connection) {
                var plain = identity
                plain.slot = 0
                if !identities.contains(plain) { identities.append(plain) }
            }
        }
        let accounts = try connection.statement(
            Self.accountColumns + " WHERE subject = ? AND subject > 0 ORDER BY type, year, serial, part")
        accounts.bind(1, Int64(number.number))
        return StoredSubject(
            number: number, identities: identities, records: lines, accounts: try Self.accounts(accounts))
    }

    private func parties(
        of anchor: Int64, subject: SubjectNumber, _ connection: Connection
    ) throws -> [PartyIdentity] {
        let select = try connection.statement("SELECT slot FROM party WHERE record = ? AND subject = ?")
        select.bind(1, anchor)
        select.bind(2, Int64(subject.number))
        var slots: Set<UInt16> = []
        while try select.next() { slots.insert(UInt16(select.integer(0))) }
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

    // MARK: Accounts

    static let accountColumns = """
        SELECT type, scope, subject, year, serial, part, state, is_ended, opened, ended, until, conflict FROM account
        """

    static func accounts(_ rows: Statement) throws -> [StoredAccount] {
        var accounts: [StoredAccount] = []
        while try rows.next() {
            let type = rows.text(0)
            let serial = Serial(year: UInt16(rows.integer(3)), serial: UInt32(rows.integer(4)))
            accounts.append(
                StoredAccount(
                    scope: AccountScope(type: type, key: rows.text(1)),
                    subject: rows.integer(2) > 0 ? SubjectNumber(UInt64(rows.integer(2))) : nil,
                    number: AccountNumber(type: type, serial: serial, part: UInt16(rows.integer(5))),
                    state: rows.text(6), isEnded: rows.integer(7) != 0, opened: Day(Int32(rows.integer(8))),
                    ended: rows.optionalInteger(9).map { Day(Int32($0)) },
                    until: rows.optionalInteger(10).map { Day(Int32($0)) }, isConflict: rows.integer(11) != 0))
        }
        return accounts
    }

    /// Lines of the accounts, by type and scope; at most `limit`.
    package func accounts(
        type: String? = nil, state: String? = nil, limit: Int
    ) throws(StorageError) -> [StoredAccount] {
        try file.read { connection in
            let rows = try connection.statement(
                Self.accountColumns + """
                     WHERE (?1 IS NULL OR type = ?1) AND (?2 IS NULL OR state = ?2)
                    ORDER BY type, scope, subject LIMIT ?3
                    """)
            rows.bind(1, type)
            rows.bind(2, state)
            rows.bind(3, Int64(limit))
            return try Self.accounts(rows)
        }
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

    /// Lines that are open on a day, by type.
    package func accountCounts(on day: Day) throws(StorageError) -> [String: UInt64] {
        try file.read { connection in
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
