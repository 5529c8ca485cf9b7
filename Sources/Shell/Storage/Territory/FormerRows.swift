import Records
import Roles
import Uplink
import Vault
import Wire

extension TerritoryWriter {
    /// Where an entry went that was set aside: it is moved once.
    func note(_ moved: MovedRow) throws {
        let update = try connection.statement("UPDATE aside SET moved = ? WHERE id = ?")
        update.bind(1, moved.to?.packed ?? 0)
        update.bind(2, moved.row)
        try update.run()
    }

    /// An entry of this territory's logs that was moved: whatever else comes of the same one is no second.
    func note(_ origin: Origin, at: LogAddress) throws {
        let insert = try connection.statement("INSERT OR IGNORE INTO origin(at, digest, stands) VALUES(?, ?, ?)")
        insert.bind(1, origin.at.packed)
        insert.bind(2, origin.digest)
        insert.bind(3, at.packed)
        try insert.run()
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
        var run = AsideRun()
        while chain.index < last {
            let entries = try LogRows.read(
                connection, author: common.author, from: chain.index + 1, maximumBytes: 1 << 20,
                maximumEntries: 1_024)
            guard !entries.isEmpty else {
                throw StorageError.damaged(file: connection.file, what: "entry \(chain.index + 1) is missing")
            }
            for bytes in entries {
                let before = chain.digest
                chain.extend(bytes)
                let at = LogAddress(author: common.author, index: chain.index)
                let entry = AsideEntry(at: at, digest: chain.digest, salt: try salt(of: at), bytes: bytes)
                _ = try run.insert(entry, after: before, connection)
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
        ("entries", "at"), ("chain", "at"), ("numbers", "at"), ("amendments", "at"), ("unlinked", "at"),
        ("salts", "at"),
        ("journal", "at"), ("receipts", "first"), ("findings", "at"), ("origin", "stands"),
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
