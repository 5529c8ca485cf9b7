package import Records
import Roles
import Uplink
package import Vault
import Wire

/// One entry that was set aside, with what its blocks need to be opened.
package struct AsideEntry: Sendable {
    package var row: Int64
    /// Entries of one source were written in sight of each other: references among them are rewritten.
    package var source: Int64
    package var at: LogAddress
    /// The chain's digest after it, in the log it stood in.
    package var digest: Digest
    package var salt: UInt64
    package var bytes: [UInt8]
}

/// An entry that was set aside, and where it stands now.
package struct MovedAside: Hashable, Sendable {
    package var from: LogAddress
    /// Nil for what has no place in another log.
    package var to: LogAddress?
    package var bytes: [UInt8]
}

extension TerritoryStore {
    /// Entries of a former log as they are stored here.
    package func entries(from first: LogAddress, count: Int) throws(StorageError) -> [[UInt8]] {
        try file.read { connection in
            try LogRows.read(
                connection, author: first.author, from: first.index, maximumBytes: .max, maximumEntries: count)
        }
    }

    /// The next entries that were set aside and not moved, in their order.
    package func aside(limit: Int) throws(StorageError) -> [AsideEntry] {
        try file.read { connection in
            let select = try connection.statement(
                "SELECT id, source, at, digest, salt, bytes FROM aside WHERE moved IS NULL ORDER BY id LIMIT ?")
            select.bind(1, Int64(limit))
            var entries: [AsideEntry] = []
            while try select.next() {
                guard let digest = Digest(select.bytes(3)) else {
                    throw StorageError.damaged(file: connection.file, what: "a digest of what was set aside")
                }
                entries.append(
                    AsideEntry(
                        row: select.integer(0), source: select.integer(1), at: LogAddress(packed: select.integer(2)),
                        digest: digest, salt: UInt64(bitPattern: select.integer(4)), bytes: select.bytes(5)))
            }
            return entries
        }
    }

    /// Where entries that were set aside together stand now; those that were not moved are left out.
    package func places(of addresses: Set<LogAddress>, source: Int64) throws(StorageError) -> [LogAddress: LogAddress] {
        try file.read { connection in
            let select = try connection.statement("SELECT moved FROM aside WHERE source = ? AND at = ? AND moved > 0")
            var places: [LogAddress: LogAddress] = [:]
            for address in addresses.sorted() {
                select.bind(1, source)
                select.bind(2, address.packed)
                if try select.next() { places[address] = LogAddress(packed: select.integer(0)) }
                select.reset()
            }
            return places
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

    /// Records that moved entries belong to, by their openings.
    package func movedRecords(limit: Int) throws(StorageError) -> [LogAddress] {
        try file.read { connection in
            let select = try connection.statement(
                """
                SELECT DISTINCT IFNULL((SELECT record FROM amendments WHERE amendments.at = moved), moved)
                FROM aside WHERE moved > 0 ORDER BY 1 LIMIT ?
                """)
            select.bind(1, Int64(limit))
            var records: [LogAddress] = []
            while try select.next() { records.append(LogAddress(packed: select.integer(0))) }
            return records
        }
    }
}

enum AsideRows {
    static func nextSource(_ connection: Connection) throws -> Int64 {
        let select = try connection.statement("SELECT IFNULL(max(source), 0) + 1 FROM aside")
        _ = try select.next()
        defer { select.reset() }
        return select.integer(0)
    }

    /// False where it was set aside before.
    static func insert(_ entry: AsideEntry, _ connection: Connection) throws -> Bool {
        let insert = try connection.statement(
            "INSERT OR IGNORE INTO aside(source, at, digest, salt, bytes) VALUES(?, ?, ?, ?, ?)")
        insert.bind(1, entry.source)
        insert.bind(2, entry.at.packed)
        insert.bind(3, entry.digest.bytes)
        insert.bind(4, Int64(bitPattern: entry.salt))
        insert.bind(5, entry.bytes)
        try insert.run()
        return connection.changes > 0
    }
}

extension TerritoryWriter {
    /// Where an entry went that was set aside: it is moved once.
    func note(_ moved: MovedRow) throws {
        let update = try connection.statement("UPDATE aside SET moved = ? WHERE id = ?")
        update.bind(1, moved.to?.packed ?? 0)
        update.bind(2, moved.row)
        try update.run()
    }

    /// One that was adopted from another copy before it came back from the centre stands where it stood.
    func noteWhole(_ back: AppendedEntry) throws {
        if has(.adoptedThoughWhole) { return }
        let update = try connection.statement(
            "UPDATE aside SET moved = at WHERE at = ? AND bytes = ? AND moved IS NULL")
        update.bind(1, back.at.packed)
        update.bind(2, back.bytes)
        try update.run()
    }

    /// One that came back had been moved before the copy was made that this shard was restored from.
    func note(_ origin: Origin, at: LogAddress) throws {
        let update = try connection.statement(
            "UPDATE aside SET moved = ? WHERE at = ? AND digest = ? AND moved IS NULL")
        update.bind(1, at.packed)
        update.bind(2, origin.at.packed)
        update.bind(3, origin.digest)
        try update.run()
    }

    func save(_ former: FormerProgress) throws {
        let save = try connection.statement(
            """
            INSERT OR REPLACE INTO former(author, seat, held, digest, local, goal, told) VALUES(?, ?, ?, ?, ?, ?, ?)
            """)
        save.bind(1, Int64(former.author.number))
        save.bind(2, Int64(former.seat))
        save.bind(3, Int64(former.held))
        save.bind(4, former.digest.bytes)
        save.bind(5, Int64(former.local))
        save.bind(6, Int64(former.goal))
        save.bind(7, Int64(former.told))
        try save.run()
        guard former.held > 0 else { return }
        let chain = try connection.statement("INSERT OR REPLACE INTO chain(at, digest) VALUES(?, ?)")
        chain.bind(1, LogAddress(author: former.author, index: former.held).packed)
        chain.bind(2, former.digest.bytes)
        try chain.run()
    }

    /// Takes all entries of a log after one out of it, with every row that hangs on them, and keeps them beside.
    func setAside(after common: LogAddress, last: EntryIndex, cluster: [UInt8], territory: String) throws {
        let past = TerritorySeat(cluster: cluster, territory: territory, author: common.author, seat: 1)
        let before = try LogRows.chain(connection, seat: past, before: common.index + 1)
        var chain = LogChain(
            index: common.index,
            digest: try LogRows.digest(connection, seat: past, at: common.index, from: before))
        let source = try AsideRows.nextSource(connection)
        while chain.index < last {
            let entries = try LogRows.read(
                connection, author: common.author, from: chain.index + 1, maximumBytes: 1 << 20,
                maximumEntries: 1_024)
            guard !entries.isEmpty else {
                throw StorageError.damaged(file: connection.file, what: "entry \(chain.index + 1) is missing")
            }
            for bytes in entries {
                chain.extend(bytes)
                let at = LogAddress(author: common.author, index: chain.index)
                let row = AsideEntry(
                    row: 0, source: source, at: at, digest: chain.digest, salt: try salt(of: at), bytes: bytes)
                _ = try AsideRows.insert(row, connection)
            }
        }
        let end = LogAddress(author: common.author, index: (1 << 40) - 1).packed
        for (table, column) in Self.hanging {
            let delete = try connection.statement("DELETE FROM \(table) WHERE \(column) > ? AND \(column) <= ?")
            delete.bind(1, common.packed)
            delete.bind(2, end)
            try delete.run()
        }
    }

    private static let hanging = [
        ("entries", "at"), ("chain", "at"), ("numbers", "at"), ("amendments", "at"), ("salts", "at"),
        ("journal", "at"), ("receipts", "first"), ("findings", "at"),
    ]

    private func salt(of at: LogAddress) throws -> UInt64 {
        let select = try connection.statement(
            "SELECT salt FROM salts WHERE at BETWEEN ? AND ? ORDER BY at DESC LIMIT 1")
        select.bind(1, LogAddress(author: at.author, index: 0).packed)
        select.bind(2, at.packed)
        defer { select.reset() }
        return try select.next() ? UInt64(bitPattern: select.integer(0)) : 0
    }
}

/// Who the shard is written as, where that has changed: the state row of the author before becomes a former log.
enum TerritorySeating {
    /// - Parameter formers: the logs of the seats before, as the centre told at the seating; empty at a first seat.
    static func settle(_ connection: Connection, _ seat: TerritorySeat, _ formers: [FormerLog], told: EntryIndex) throws
    {
        guard !formers.isEmpty else { return }
        let select = try connection.statement(
            "SELECT author, last, stamp, downlink, frontier, frontier_digest FROM state")
        let isWritten = try select.next()
        let author = isWritten ? AuthorNumber(UInt32(clamping: select.integer(0))) : seat.author
        guard !isWritten || author != seat.author else { return select.reset() }
        guard !isWritten || formers.contains(where: { $0.author == author.number }) else { return select.reset() }
        var state = Territory.genesis(of: seat)
        var own: (last: EntryIndex, frontier: EntryIndex, digest: Digest)?
        if isWritten {
            guard let digest = Digest(select.bytes(5)) else {
                throw StorageError.damaged(file: connection.file, what: "the row of the node's own state")
            }
            state.stamp = Stamp(bits: UInt64(bitPattern: select.integer(2)))
            state.downlink = DownlinkPosition(select.integer(3))
            own = (EntryIndex(select.integer(1)), EntryIndex(select.integer(4)), digest)
        }
        select.reset()
        state.isUnheard = true
        let writer = try TerritoryWriter(connection, seat: seat, kinds: [:])
        let held = try Self.formers(connection)
        for former in formers {
            var progress =
                held.first { $0.author.number == former.author }
                ?? FormerProgress(
                    author: AuthorNumber(former.author), seat: former.seat, held: 0,
                    digest: LogChain.genesis(cluster: seat.cluster, author: former.author).digest, local: 0, goal: 0,
                    told: 0)
            if former.author == author.number, isWritten, let own {
                (progress.held, progress.digest, progress.local) = (own.frontier, own.digest, own.last)
                progress.told = told
            }
            progress.goal = former.last
            progress.told = max(progress.told, former.told)
            if progress.held > progress.goal {
                // The centre was recovered with loss, and holds less than it once said: all is compared.
                progress.held = 0
                progress.digest = LogChain.genesis(cluster: seat.cluster, author: former.author).digest
            }
            try writer.save(progress)
        }
        try writer.save(state, author: seat.author)
        // The new author begins here, wherever the files of the one before it came from.
        try connection.execute("DELETE FROM place")
    }

    static func formers(_ connection: Connection) throws -> [FormerProgress] {
        let select = try connection.statement(
            "SELECT author, seat, held, digest, local, goal, told FROM former ORDER BY author")
        var formers: [FormerProgress] = []
        while try select.next() {
            guard let digest = Digest(select.bytes(3)) else {
                throw StorageError.damaged(file: connection.file, what: "the digest of a former log")
            }
            formers.append(
                FormerProgress(
                    author: AuthorNumber(UInt32(clamping: select.integer(0))),
                    seat: UInt32(clamping: select.integer(1)),
                    held: EntryIndex(select.integer(2)), digest: digest, local: EntryIndex(select.integer(4)),
                    goal: EntryIndex(select.integer(5)), told: EntryIndex(select.integer(6))))
        }
        return formers
    }

    static func aside(_ connection: Connection) throws -> UInt64 {
        let select = try connection.statement("SELECT count(*) FROM aside WHERE moved IS NULL")
        defer { select.reset() }
        return try select.next() ? UInt64(select.integer(0)) : 0
    }
}
