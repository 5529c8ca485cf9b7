package import Records
import Roles

/// What a territory can send the centre again, and what it was told of it.
extension TerritoryStore {
    package struct Told: Hashable, Sendable {
        package var index: EntryIndex
        package var bytes: [UInt8]
        /// The number that the centre has told for it.
        package var confirmed: Serial?
    }

    /// The last own entries, so many of them; ascending.
    package func lastEntries(limit: Int) throws(StorageError) -> [Told] {
        try file.read { connection in
            let select = try connection.statement(
                """
                SELECT at, bytes FROM (
                    SELECT at, bytes FROM entries WHERE at > ? AND at < ? ORDER BY at DESC LIMIT ?) ORDER BY at
                """)
            select.bind(1, LogAddress(author: seat.author, index: 0).packed)
            select.bind(2, LogAddress(author: seat.author, index: 0).packed + 1 << 40)
            select.bind(3, Int64(limit))
            var told: [Told] = []
            while try select.next() {
                let at = LogAddress(packed: select.integer(0))
                told.append(
                    Told(index: at.index, bytes: select.bytes(1), confirmed: try confirmed(at, connection)))
            }
            return told
        }
    }
}
