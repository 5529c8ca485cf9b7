/// The statements of a centre's turn. Prepared once per connection, bound by hand.
enum CentreSQL: Int, CaseIterable {
    case insertArchive, insertSalt, insertSuspect, insertChain, updateAuthor
    case insertRecord, updateRecord, insertAmendment, insertConfirmed, insertProvisional
    case insertSubject, numberSubject, selectNumbered
    case insertParty, deleteParty, insertFormer, selectParties, insertConflict, insertLink, deleteLink, selectLinks
    case raiseFinding, withdrawFinding, selectOpenFindings
    case insertAwaited, deleteAwaited, selectAwaited, insertDue, deleteDue, selectDue, selectStanding
    case insertDiscrepancy, deleteDiscrepancies
    case insertEvent, deleteEvents, selectEvents, insertAccount, deleteAccounts
    case insertDownlink, updateDownlinkEnd
    case insertJournal, insertJournalSubject

    var text: String {
        switch self {
        case .insertArchive: "INSERT INTO archive(at, bytes) VALUES(?, ?)"
        case .insertSalt: "INSERT INTO salt(at, salt) VALUES(?, ?)"
        case .insertSuspect: "INSERT INTO suspect(at) VALUES(?)"
        case .insertChain: "INSERT OR REPLACE INTO chain(at, digest) VALUES(?, ?)"
        case .updateAuthor: "UPDATE author SET last = ?, digest = ? WHERE number = ?"
        case .insertRecord:
            """
            INSERT INTO record(at, high, low, kind, territory, year, serial, day, state)
            VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        case .updateRecord: "UPDATE record SET state = ?, day = ?, territory = ? WHERE at = ?"
        case .insertAmendment: "INSERT INTO amendment(record, at, year, serial, place) VALUES(?, ?, ?, ?, ?)"
        case .insertConfirmed: "INSERT INTO confirmed(number, record) VALUES(?, ?)"
        case .insertProvisional:
            "INSERT INTO provisional(author, kind, year, serial, record) VALUES(?, ?, ?, ?, ?)"
        case .insertSubject: "INSERT INTO subject(number, numbered) VALUES(?, ?)"
        case .numberSubject: "UPDATE subject SET numbered = 1 WHERE number = ?"
        case .selectNumbered: "SELECT numbered FROM subject WHERE number = ?"
        case .insertParty: "INSERT OR REPLACE INTO party(record, slot, subject) VALUES(?, ?, ?)"
        case .deleteParty: "DELETE FROM party WHERE record = ? AND slot = ?"
        case .insertFormer: "INSERT INTO former(record, slot, place, subject) VALUES(?, ?, ?, ?)"
        case .insertConflict:
            "INSERT OR IGNORE INTO conflict(first, second, code, record, day) VALUES(?, ?, ?, ?, ?)"
        case .selectParties: "SELECT slot, subject FROM party WHERE record = ? ORDER BY slot"
        case .insertLink: "INSERT OR IGNORE INTO link(subject, record) VALUES(?, ?)"
        case .deleteLink: "DELETE FROM link WHERE subject = ? AND record = ?"
        case .selectLinks: "SELECT record FROM link WHERE subject = ? ORDER BY record LIMIT ?"
        case .raiseFinding:
            """
            INSERT INTO finding(record, at, code, severity, path, other, raised, body) VALUES(?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT(record, at, code, path, other)
            DO UPDATE SET severity = excluded.severity, raised = excluded.raised, withdrawn = NULL
            """
        case .withdrawFinding:
            "UPDATE finding SET withdrawn = ? WHERE record = ? AND at = ? AND code = ? AND path = ? AND other = ?"
        case .selectOpenFindings:
            """
            SELECT at, code, severity, path, other FROM finding WHERE record = ? AND withdrawn IS NULL
            ORDER BY at, code, path, other
            """
        case .insertAwaited: "INSERT OR IGNORE INTO awaited(high, low, record, code, path) VALUES(?, ?, ?, ?, ?)"
        case .deleteAwaited: "DELETE FROM awaited WHERE record = ? AND code = ? AND path = ?"
        case .selectAwaited: "SELECT record, code, path FROM awaited WHERE high = ? AND low = ?"
        case .insertDue: "INSERT OR IGNORE INTO due(day, record, code, path) VALUES(?, ?, ?, ?)"
        case .deleteDue: "DELETE FROM due WHERE day = ? AND record = ? AND code = ? AND path = ?"
        case .selectDue:
            "SELECT day, record, code, path FROM due WHERE day < ? ORDER BY day, record, code, path LIMIT ?"
        case .selectStanding:
            """
            SELECT kind, year, serial, state, EXISTS(SELECT 1 FROM amendment WHERE amendment.record = record.at)
            FROM record WHERE at = ?
            """
        case .insertDiscrepancy: "INSERT INTO discrepancy(record, field, kind, territory) VALUES(?, ?, ?, ?)"
        case .deleteDiscrepancies: "DELETE FROM discrepancy WHERE record = ?"
        case .insertEvent:
            """
            INSERT INTO account_event(
                type, scope, record, part, effect, state, subject, day, until, year, serial, stamp, cancelled)
            VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        case .deleteEvents: "DELETE FROM account_event WHERE type = ? AND scope = ? AND record = ?"
        case .selectEvents:
            """
            SELECT part, effect, state, subject, day, until, year, serial, stamp, cancelled
            FROM account_event WHERE type = ? AND scope = ?
            """
        case .insertAccount:
            """
            INSERT OR REPLACE INTO account(
                type, scope, subject, year, serial, part, state, is_ended, opened, ended, until, conflict)
            VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        case .deleteAccounts: "DELETE FROM account WHERE type = ? AND scope = ?"
        case .insertDownlink: "INSERT INTO downlink(territory, position, at, bytes) VALUES(?, ?, ?, ?)"
        case .updateDownlinkEnd:
            """
            INSERT INTO downlink_end(territory, last, taken) VALUES(?, ?, 0)
            ON CONFLICT(territory) DO UPDATE SET last = excluded.last
            """
        case .insertJournal: "INSERT INTO journal(at, stamp, officer, action) VALUES(?, ?, ?, ?)"
        case .insertJournalSubject: "INSERT OR IGNORE INTO journal_subject(subject, at) VALUES(?, ?)"
        }
    }
}

/// Statements of one connection, each looked up once.
struct CentreStatements {
    let connection: Connection
    private var taken: [Statement?] = Array(repeating: nil, count: CentreSQL.allCases.count)
    private var facts: [String: (insertion: Statement, deletion: Statement)] = [:]

    init(_ connection: Connection) {
        self.connection = connection
    }

    subscript(_ sql: CentreSQL) -> Statement {
        mutating get throws {
            if let held = taken[sql.rawValue] { return held }
            let statement = try connection.statement(sql.text)
            taken[sql.rawValue] = statement
            return statement
        }
    }

    /// A table has more columns than when its statements were made.
    mutating func forgetFacts() {
        facts = [:]
    }

    mutating func facts(_ table: FactTable) throws -> (insertion: Statement, deletion: Statement) {
        if let held = facts[table.kind] { return held }
        let pair = (
            insertion: try connection.statement(table.insertion), deletion: try connection.statement(table.deletion)
        )
        facts[table.kind] = pair
        return pair
    }
}
