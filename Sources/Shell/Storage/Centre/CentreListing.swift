package import Accounts
package import Records
import Wire

/// Records in the order the centre came to know them, by number and state, a page at a time.
extension CentreStore {
    package struct ListedRecord: Hashable, Sendable {
        package var anchor: Int64
        package var kind: String
        package var territory: String
        package var provisional: Serial
        package var seat: UInt32
        package var confirmed: Serial
        package var isCancelled: Bool
    }

    /// At most `limit` records after the one with this anchor; nil for territory or kind leaves it open.
    package func recordLines(
        territory: String?, kind: String?, after anchor: Int64, limit: Int
    ) throws(StorageError) -> [ListedRecord] {
        try file.read { connection in
            let select = try connection.statement(
                """
                SELECT record.at, record.kind, record.territory, author.seat, record.year, record.serial,
                    record.state, archive.bytes
                FROM record
                    JOIN author ON author.number = record.at >> 40
                    JOIN archive ON archive.at = record.at
                WHERE record.at > ?1 AND (?2 IS NULL OR record.territory = ?2) AND (?3 IS NULL OR record.kind = ?3)
                ORDER BY record.at LIMIT ?4
                """)
            select.bind(1, anchor)
            select.bind(2, territory)
            select.bind(3, kind)
            select.bind(4, Int64(limit))
            var lines: [ListedRecord] = []
            while try select.next() {
                // The provisional number is the entry's own: it is kept nowhere else by record.
                guard case .document(let document) = try EntryCodec.decode(select.bytes(7)).body else { continue }
                lines.append(
                    ListedRecord(
                        anchor: select.integer(0), kind: select.text(1), territory: select.text(2),
                        provisional: document.number, seat: UInt32(select.integer(3)),
                        confirmed: Serial(year: UInt16(select.integer(4)), serial: UInt32(select.integer(5))),
                        isCancelled: select.integer(6) == RecordStanding.cancelled.rawValue))
            }
            return lines
        }
    }

    /// The subjects a record speaks of, ascending.
    package func subjects(of anchor: Int64) throws(StorageError) -> [SubjectNumber] {
        try file.read { connection in
            let select = try connection.statement(
                "SELECT DISTINCT subject FROM party WHERE record = ? ORDER BY subject")
            select.bind(1, anchor)
            var subjects: [SubjectNumber] = []
            while try select.next() { subjects.append(SubjectNumber(UInt64(bitPattern: select.integer(0)))) }
            return subjects
        }
    }
}
