package import Accounts
package import Records
import Wire

/// The journal: who did what to whom, over all logs the centre holds.
extension CentreStore {
    package struct JournalRow: Sendable {
        package var at: LogAddress
        package var author: AuthorLine?
        package var stamp: Stamp
        package var officer: String
        package var action: String
        package var subjects: [UInt64]
        /// The Raft index the answer was read at; 0 where none was.
        package var position: UInt64
        /// Basis, purpose and search terms, where their block opens.
        package var opened: [Write]
        /// Of a decision, of what was done with a body or with a record's holders: the act it rests on.
        package var act: Decision.Act?
    }

    /// The latest lines that match, told oldest first.
    package func journal(
        officer: String? = nil, action: String? = nil, subjects: [SubjectNumber]? = nil, limit: Int
    ) throws(StorageError) -> [JournalRow] {
        try file.read { connection in
            var addresses: [Int64] = []
            if let subjects {
                let select = try connection.statement(
                    "SELECT at FROM journal_subject WHERE subject = ? ORDER BY at DESC")
                for subject in subjects {
                    select.bind(1, Int64(subject.number))
                    while try select.next() { addresses.append(select.integer(0)) }
                }
            }
            let select = try connection.statement(
                """
                SELECT at FROM journal WHERE (?1 IS NULL OR officer = ?1) AND (?2 IS NULL OR action = ?2)
                ORDER BY stamp DESC, at DESC
                """)
            select.bind(1, officer)
            select.bind(2, action)
            let named = subjects == nil ? nil : Set(addresses)
            var found: [Int64] = []
            while found.count < limit, try select.next() {
                if named?.contains(select.integer(0)) ?? true { found.append(select.integer(0)) }
            }
            select.reset()
            return try found.reversed().map { try row(LogAddress(packed: $0), connection) }
        }
    }

    private func row(_ at: LogAddress, _ connection: Connection) throws -> JournalRow {
        let reading = CentreReading(store: self, connection: connection)
        let entry = try reading.entry(at)
        var row = JournalRow(
            at: at, author: try Self.line(of: at.author, connection), stamp: entry.stamp, officer: "", action: "",
            subjects: [], position: 0, opened: [], act: nil)
        switch entry.body {
        case .access(let access):
            row.officer = access.officer
            row.action = access.action
            row.subjects = access.subjects
            row.position = access.position
            row.opened = opening.open(access, at: at, salt: try reading.salt(of: at)) ?? []
        case .control, .document:
            switch entry.body {
            case .control(.decision(let decision)): row.act = decision.act
            case .control(.territory(let act)): row.act = act.act
            case .control(.transferred(let transfer)): row.act = transfer.act
            default: break
            }
            let select = try connection.statement("SELECT officer, action FROM journal WHERE at = ?")
            select.bind(1, at.packed)
            if try select.next() { (row.officer, row.action) = (select.text(0), select.text(1)) }
            select.reset()
        }
        return row
    }
}
