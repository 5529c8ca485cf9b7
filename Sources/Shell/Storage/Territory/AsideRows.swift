package import Records
package import Roles
package import Vault
import Wire

/// One entry that was set aside, with what its blocks need to be opened.
package struct AsideEntry: Sendable {
    package internal(set) var row: Int64 = 0
    /// Rows of one source follow each other in the log they stood in (`stretch` tells after what).
    var source: Int64 = 0
    package var at: LogAddress
    /// The chain's digest after it, in the log it stood in.
    package var digest: Digest
    package var salt: UInt64
    package var bytes: [UInt8]

    init(at: LogAddress, digest: Digest, salt: UInt64, bytes: [UInt8]) {
        self.at = at
        self.digest = digest
        self.salt = salt
        self.bytes = bytes
    }
}

/// An entry by where it stood first, however often it was moved since.
struct RootEntry {
    var origin: Origin
    var stamp: Stamp
    /// Its bytes where it stood first; nil where it comes from a log to which it had been moved.
    var bytes: [UInt8]?

    init(_ entry: Entry, at: LogAddress, digest: Digest, bytes: [UInt8]) {
        stamp = entry.stamp
        if let first = entry.origin, !has(.firstOriginLost) {
            origin = first
        } else {
            origin = Origin(at: at, digest: digest.bytes)
            self.bytes = bytes
        }
    }
}

/// An entry that was set aside, and where it stands now.
package struct MovedAside: Hashable, Sendable {
    package var from: LogAddress
    /// Nil for what has no place in another log.
    package var to: LogAddress?
    package var bytes: [UInt8]
}

extension TerritoryStore {
    /// The next entries that were set aside and not moved, by their stamps.
    package func aside(limit: Int) throws(StorageError) -> [AsideEntry] {
        try file.read { connection in
            let select = try connection.statement(
                "\(AsideRows.columns) FROM aside WHERE moved IS NULL ORDER BY stamp, id LIMIT ?")
            select.bind(1, Int64(limit))
            var entries: [AsideEntry] = []
            while try select.next() { entries.append(try AsideRows.read(select, connection)) }
            return entries
        }
    }

    /// The entry that this one names by an earlier place of the log it stood in: where that was set aside, too. Nil:
    /// it stands where it stood.
    func aside(named place: LogAddress, by row: AsideEntry) throws(StorageError) -> RootEntry? {
        try file.read { connection in
            var source = row.source
            while true {
                let find = try connection.statement("SELECT digest, bytes FROM aside WHERE source = ? AND at = ?")
                find.bind(1, source)
                find.bind(2, place.packed)
                if try find.next() {
                    defer { find.reset() }
                    guard let digest = Digest(find.bytes(0)), let entry = try? EntryCodec.decode(find.bytes(1)) else {
                        throw StorageError.damaged(file: connection.file, what: "what was set aside")
                    }
                    return RootEntry(entry, at: place, digest: digest, bytes: find.bytes(1))
                }
                // It may stand before the first of this source, among rows that another stretch of the log brought.
                guard !has(.namedInOneStretch), let next = try Self.source(before: source, place, connection) else {
                    return nil
                }
                source = next
            }
        }
    }

    private static func source(
        before source: Int64, _ place: LogAddress, _ connection: Connection
    ) throws -> Int64? {
        let select = try connection.statement(
            """
            SELECT aside.source FROM stretch JOIN aside ON aside.at = stretch.at AND aside.digest = stretch.digest
            WHERE stretch.source = ?1 AND stretch.at >= ?2 AND aside.source <> ?1
            """)
        select.bind(1, source)
        select.bind(2, place.packed)
        defer { select.reset() }
        return try select.next() ? select.integer(0) : nil
    }

    /// Where an entry stands in a log of this territory, moved or not; nil: nowhere.
    func standing(of root: RootEntry) throws(StorageError) -> LogAddress? {
        try file.read { connection in
            let moved = try connection.statement("SELECT stands FROM origin WHERE at = ? AND digest = ?")
            moved.bind(1, root.origin.at.packed)
            moved.bind(2, root.origin.digest)
            defer { moved.reset() }
            if try moved.next() { return LogAddress(packed: moved.integer(0)) }
            return try !has(.adoptedThoughWhole) && standsWhereItStood(root, connection) ? root.origin.at : nil
        }
    }

    private func standsWhereItStood(_ root: RootEntry, _ connection: Connection) throws -> Bool {
        let held = try connection.statement("SELECT bytes FROM entries WHERE at = ?")
        held.bind(1, root.origin.at.packed)
        defer { held.reset() }
        guard try held.next() else { return false }
        if let bytes = root.bytes { return held.bytes(0) == bytes }
        // Its stamp went with it: where another stands there, no log need be hashed.
        guard let entry = try? EntryCodec.decode(held.bytes(0)), entry.stamp == root.stamp else { return false }
        let at = root.origin.at
        let past = TerritorySeat(cluster: seat.cluster, territory: seat.territory, author: at.author, seat: 1)
        let before = try LogRows.chain(connection, seat: past, before: at.index + 1)
        return try LogRows.digest(connection, seat: past, at: at.index, from: before).bytes == root.origin.digest
    }

    /// Of documents that an index knows those that do not stand where it knows them.
    package func setAside(among documents: [RecordID: KnownDocument]) throws(StorageError) -> Set<RecordID> {
        try file.read { connection in
            let held = try connection.statement("SELECT bytes FROM entries WHERE at = ?")
            var gone: Set<RecordID> = []
            for (identity, known) in documents {
                held.bind(1, known.at.packed)
                defer { held.reset() }
                guard try held.next(), case .document(let document)? = (try? EntryCodec.decode(held.bytes(0)))?.body,
                    document.identity == identity
                else {
                    gone.insert(identity)
                    continue
                }
            }
            return gone
        }
    }

    /// What was set aside: how many wait, how many were moved, and the first of those in their order.
    package func movedAside(
        limit: Int
    ) throws(StorageError) -> (waiting: UInt64, moved: UInt64, entries: [MovedAside]) {
        try file.read { connection in
            let count = try connection.statement("SELECT count(*) - count(moved), count(moved) FROM aside")
            _ = try count.next()
            let (waiting, moved) = (UInt64(count.integer(0)), UInt64(count.integer(1)))
            count.reset()
            let select = try connection.statement(
                "SELECT at, moved, bytes FROM aside WHERE moved IS NOT NULL ORDER BY id LIMIT ?")
            select.bind(1, Int64(limit))
            var entries: [MovedAside] = []
            while try select.next() {
                let to = select.integer(1)
                entries.append(
                    MovedAside(
                        from: LogAddress(packed: select.integer(0)), to: to > 0 ? LogAddress(packed: to) : nil,
                        bytes: select.bytes(2)))
            }
            return (waiting, moved, entries)
        }
    }

    /// Records that moved entries belong to, by their openings. What was moved to a log that was itself set aside
    /// later is found by where it stands now.
    package func movedRecords(limit: Int) throws(StorageError) -> [LogAddress] {
        try file.read { connection in
            let select = try connection.statement(
                """
                SELECT DISTINCT IFNULL((SELECT record FROM amendments WHERE amendments.at = moved), moved)
                FROM aside JOIN entries ON entries.at = moved WHERE moved > 0 ORDER BY 1 LIMIT ?
                """)
            select.bind(1, Int64(limit))
            var records: [LogAddress] = []
            while try select.next() { records.append(LogAddress(packed: select.integer(0))) }
            return records
        }
    }
}

enum AsideRows {
    static let columns = "SELECT id, source, at, digest, salt, bytes"

    static func read(_ select: Statement, _ connection: Connection) throws -> AsideEntry {
        guard let digest = Digest(select.bytes(3)) else {
            throw StorageError.damaged(file: connection.file, what: "a digest of what was set aside")
        }
        var entry = AsideEntry(
            at: LogAddress(packed: select.integer(2)), digest: digest, salt: UInt64(bitPattern: select.integer(4)),
            bytes: select.bytes(5))
        entry.row = select.integer(0)
        entry.source = select.integer(1)
        return entry
    }

    static func holds(_ entry: AsideEntry, _ connection: Connection) throws -> Bool {
        let select = try connection.statement("SELECT 1 FROM aside WHERE at = ? AND digest = ?")
        select.bind(1, entry.at.packed)
        select.bind(2, entry.digest.bytes)
        defer { select.reset() }
        return try select.next()
    }

    fileprivate static func nextSource(_ connection: Connection) throws -> Int64 {
        let select = try connection.statement("SELECT IFNULL(max(source), 0) + 1 FROM aside")
        _ = try select.next()
        defer { select.reset() }
        return select.integer(0)
    }
}

/// Sets aside entries of one log, one after the other. Those that are there already are left out, and what follows
/// them is a source of its own.
struct AsideRun {
    private var source: Int64?

    /// - Parameter before: the chain's digest after the entry before this one; nil where that is not known.
    /// - Returns: false where it was set aside before.
    mutating func insert(_ entry: AsideEntry, after before: Digest?, _ connection: Connection) throws -> Bool {
        guard try !AsideRows.holds(entry, connection) else {
            source = nil
            return false
        }
        let own = try source ?? AsideRows.nextSource(connection)
        if source == nil, let before {
            let stretch = try connection.statement("INSERT INTO stretch(source, at, digest) VALUES(?, ?, ?)")
            stretch.bind(1, own)
            stretch.bind(2, entry.at.packed - 1)
            stretch.bind(3, before.bytes)
            try stretch.run()
        }
        source = own
        let insert = try connection.statement(
            "INSERT INTO aside(source, at, digest, salt, bytes, stamp) VALUES(?, ?, ?, ?, ?, ?)")
        insert.bind(1, own)
        insert.bind(2, entry.at.packed)
        insert.bind(3, entry.digest.bytes)
        insert.bind(4, Int64(bitPattern: entry.salt))
        insert.bind(5, entry.bytes)
        insert.bind(6, (try? EntryCodec.decode(entry.bytes)).map { Int64(bitPattern: $0.stamp.bits) } ?? 0)
        try insert.run()
        return true
    }
}
