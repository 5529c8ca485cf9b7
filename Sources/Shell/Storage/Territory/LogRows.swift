import Records
import Roles
import Vault

/// Ranges of one author's log, and the digests along it.
enum LogRows {
    /// Entries from `first` on, as far as `maximumBytes` and `maximumEntries` go, one at least where there is one.
    static func read(
        _ connection: Connection, author: AuthorNumber, from first: EntryIndex, maximumBytes: Int, maximumEntries: Int
    ) throws -> [[UInt8]] {
        let select = try connection.statement("SELECT at, bytes FROM entries WHERE at >= ? AND at < ? ORDER BY at")
        select.bind(1, LogAddress(author: author, index: first).packed)
        select.bind(2, LogAddress(author: author, index: first).packed - Int64(first) + 1 << 40)
        defer { select.reset() }
        var entries: [[UInt8]] = []
        var bytes = 0
        var next = LogAddress(author: author, index: first).packed
        while entries.count < maximumEntries, try select.next() {
            guard select.integer(0) == next else {
                throw StorageError.damaged(
                    file: connection.file, what: "entry \(LogAddress(packed: next).index) is missing")
            }
            bytes += select.byteCount(1)
            guard entries.isEmpty || bytes <= maximumBytes else { break }
            entries.append(select.bytes(1))
            next += 1
        }
        return entries
    }

    /// The last point of the chain that is stored before an entry: at worst the log's beginning.
    static func chain(_ connection: Connection, seat: TerritorySeat, before index: EntryIndex) throws -> LogChain {
        let select = try connection.statement(
            "SELECT at, digest FROM chain WHERE at >= ? AND at < ? ORDER BY at DESC LIMIT 1")
        select.bind(1, LogAddress(author: seat.author, index: 0).packed)
        select.bind(2, LogAddress(author: seat.author, index: index).packed)
        defer { select.reset() }
        guard try select.next() else { return .genesis(cluster: seat.cluster, author: seat.author.number) }
        let at = LogAddress(packed: select.integer(0))
        guard let digest = Digest(select.bytes(1)) else {
            throw StorageError.damaged(file: connection.file, what: "the digest after entry \(at.index)")
        }
        return LogChain(index: at.index, digest: digest)
    }

    /// The digest after an entry, from a point of the chain before it.
    static func digest(
        _ connection: Connection, seat: TerritorySeat, at index: EntryIndex, from start: LogChain
    ) throws -> Digest {
        var chain = start
        while chain.index < index {
            let count = min(1_024, index - chain.index)
            let entries = try read(
                connection, author: seat.author, from: chain.index + 1, maximumBytes: 1 << 20,
                maximumEntries: Int(count))
            guard !entries.isEmpty else {
                throw StorageError.damaged(file: connection.file, what: "entry \(chain.index + 1) is missing")
            }
            for entry in entries { chain.extend(entry) }
        }
        return chain.digest
    }
}
