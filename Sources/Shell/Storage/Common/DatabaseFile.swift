import GRDB
import GRDBSQLite

/// One SQLite file: one connection that writes and checkpoints, and several that read.
///
/// All calls block the caller until they are done. `turn` and `checkpoint` exclude each other; `read` waits for
/// nobody and sees the last committed turn.
package final class DatabaseFile: Sendable {
    /// How much a commit promises.
    package enum Promise: Sendable {
        /// What is committed survives a loss of power: one sync a commit.
        case durable
        /// What is committed survives a kill, and a loss of power takes only the last commits: the file can be made
        /// anew from others.
        case rebuildable
    }

    package let path: String
    private let pool: DatabasePool
    private let promise: Promise
    private let gate = UseGate()
    private let growth = LogGrowth()
    private let mover: LogMover
    private let pageSize: Int

    /// Opens or makes the file, brings its schema to the newest step, and reads back that commits are synced.
    ///
    /// - Parameter cacheKilobytes: pages each connection keeps; beyond them the system's own cache serves.
    /// - Parameter erasing: overwrite deleted content with zeros, from the first page on (`secure_delete`).
    package init(
        path: String, schema: Schema, owner: FileOwner, promise: Promise, readers: Int = 4, pageSize: Int = 4096,
        cacheKilobytes: Int = 2_000, erasing: Bool = false
    ) throws(StorageError) {
        self.path = path
        self.promise = promise
        var configuration = Configuration()
        configuration.maximumReaderCount = readers
        configuration.busyMode = .timeout(1)
        configuration.observesSuspensionNotifications = false
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA page_size=\(pageSize)")
            try database.execute(sql: "PRAGMA wal_autocheckpoint=0")
            try database.execute(sql: "PRAGMA cache_size=-\(cacheKilobytes)")
            if erasing {
                try database.execute(sql: "PRAGMA secure_delete=ON")
            }
        }
        mover = LogMover(path: path, configuration: configuration)
        do {
            pool = try DatabasePool(path: path, configuration: configuration)
            // A file keeps the size it was made with.
            let found = try pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA page_size") }
            self.pageSize = found ?? pageSize
        } catch {
            throw StorageError(error, file: path)
        }
        try settle()
        try migrate(schema, owner: owner)
        pool.writeWithoutTransaction { growth.watch($0.sqliteConnection) }
    }

    /// Runs one transaction on the writing connection. Whatever is thrown undoes all of it.
    ///
    /// - Parameter synced: false where nothing is promised on this commit, because a log elsewhere redoes it.
    package func turn<Result>(
        synced: Bool = true, _ body: (Connection) throws -> Result
    ) throws(StorageError) -> Result {
        let relaxed = !synced && promise == .durable
        return try whileOpen {
            try pool.writeWithoutTransaction { database in
                let connection = Connection(database: database, file: path)
                if relaxed { try connection.control("PRAGMA synchronous=NORMAL") }
                defer {
                    if relaxed { precondition(restoreFull(connection), "\(path): synchronous=FULL was refused") }
                }
                return try inTransaction(connection, body)
            }
        }
    }

    /// Reads in one snapshot.
    package func read<Result>(_ body: (Connection) throws -> Result) throws(StorageError) -> Result {
        try whileOpen {
            try pool.read { database in try body(Connection(database: database, file: path)) }
        }
    }

    /// Bytes by which the write-ahead log may grow before it is moved though there is work. So much of it lies beside
    /// the file, and is read at a start; more where readers hold what is older.
    package static let logLength = 8 << 20

    /// Bytes of log from which on the turns themselves move what is left. It is longer where a reader holds it.
    private static let longestLog = 4 * logLength

    /// By how many bytes the write-ahead log has grown since it was last moved into the file.
    package var logGrowth: Int { growth.pages * pageSize }

    /// Whether there is something for `rest` to do: the log is long, or a moving beside the turns has left its rest.
    package var wantsRest: Bool {
        mover.hasEnded || (logGrowth >= Self.logLength && !mover.isMoving)
    }

    /// Whether the log is so long that who waits for the next turn waits for `rest`, too.
    package var mustRest: Bool { growth.length * pageSize >= Self.longestLog }

    /// Whether there is anything to be moved at all, by whom nobody else does.
    package var mayRest: Bool { logGrowth > 0 && !mover.isMoving }

    /// Has a long log moved beside the turns, and moves the little that this leaves. Call it between turns, where
    /// `wantsRest`. Throws what went wrong since, too; what is committed stays so.
    package func rest() throws(StorageError) {
        // The log begins anew only where all of it is moved. Where turns write more than is left to them, that cannot
        // wait for ever: they then move what the last moving has left, about as much as they wrote meanwhile.
        if let moved = try mover.acknowledge(),
            growth.length - moved <= LogMover.rest || mustRest
        {
            try checkpoint()
            return
        }
        growth.checkpointed()
        mover.begin(through: gate)
    }

    /// Moves what it can from the write-ahead log into the file. Waits for no reader. Call it between turns.
    ///
    /// - Returns: pages left in the log.
    @discardableResult
    package func checkpoint() throws(StorageError) -> Int {
        try whileOpen {
            try pool.writeWithoutTransaction { database in
                let left = try LogMover.pass(database, path: path).left
                growth.checkpointed()
                return left
            }
        }
    }

    /// Rewrites the whole file, so that nothing of what was deleted is left in it. Waits for the readers.
    package func vacuum() throws(StorageError) {
        try whileOpen {
            try pool.writeWithoutTransaction { database in
                try database.execute(sql: "VACUUM")
                try database.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
            }
        }
    }

    /// Copies the file to `other` while turns go on: in steps of the writing connection, each between two turns. What a
    /// turn changes meanwhile goes into the copy, too, which so is of the time of its end; and from one step to the
    /// next nobody holds a place in the write-ahead log, however large the file and slow the disk.
    package func copy(to other: String) throws(StorageError) {
        try whileOpen {
            let copy = try pool.writeWithoutTransaction { database in
                try FileCopy(of: Connection(database: database, file: path), to: other)
            }
            // The handle belongs to the writing connection: it is let go of there, too.
            defer { pool.writeWithoutTransaction { _ in copy.close() } }
            while try !pool.writeWithoutTransaction({ _ in try copy.step() }) {
                // Whoever closes the file does not wait for the whole of a long copy.
                if gate.isClosed { throw closed }
            }
        }
    }

    /// All that touches a connection, and the words for what went wrong there. What comes after the closing is refused.
    private func whileOpen<Result>(_ body: () throws -> Result) throws(StorageError) -> Result {
        guard gate.enter() else { throw closed }
        defer { gate.leave() }
        do {
            return try body()
        } catch {
            throw StorageError(error, file: path)
        }
    }

    private var closed: StorageError {
        .failed(
            file: path, code: SQLITE_MISUSE,
            message: "it is closed: the node stops, or opens its files anew. Ask again in a moment")
    }

    /// Closes a file that nobody reads, with its log moved into it: it is whole without what lies beside it.
    func closeWhole() throws(StorageError) {
        let left = try checkpoint()
        precondition(left == 0, "\(path): \(left) pages of its log are held by a reader")
        try close()
    }

    /// Closes all connections, after what is under way. Whatever is called afterwards is refused.
    package func close() throws(StorageError) {
        gate.close()
        do {
            try mover.close()
            try pool.close()
        } catch {
            throw StorageError(error, file: path)
        }
    }

    /// The pool sets its own level of syncing after preparing the connection, so ours is set last and read back.
    private func settle() throws(StorageError) {
        let level = promise == .durable ? 2 : 1
        do {
            try pool.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA synchronous=\(level)")
                let synchronous = try Int.fetchOne(database, sql: "PRAGMA synchronous")
                guard synchronous == level else {
                    throw StorageError.unsafeSettings(
                        file: path, what: "synchronous is \(synchronous ?? -1) instead of \(level)")
                }
                let journal = try String.fetchOne(database, sql: "PRAGMA journal_mode")
                guard journal == "wal" else {
                    throw StorageError.unsafeSettings(file: path, what: "the journal is \(journal ?? "none"), not WAL")
                }
            }
        } catch {
            throw StorageError(error, file: path)
        }
    }

    private func migrate(_ schema: Schema, owner: FileOwner) throws(StorageError) {
        do {
            try pool.writeWithoutTransaction { database in
                let connection = Connection(database: database, file: path)
                let taken = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
                guard taken <= schema.steps.count + 1 else {
                    throw StorageError.newer(file: path, known: schema.steps.count + 1, found: taken)
                }
                if taken == 0 {
                    try inTransaction(connection) { connection in try sign(connection, schema: schema, owner: owner) }
                }
                try compare(connection, schema: schema, owner: owner)
                for number in max(taken, 1)..<(schema.steps.count + 1) {
                    try inTransaction(connection) { connection in
                        try connection.execute(schema.steps[number - 1])
                        try connection.execute("PRAGMA user_version=\(number + 1)")
                    }
                }
            }
        } catch {
            throw StorageError(error, file: path)
        }
    }

    /// Step 1 of every file: what it is and whose.
    private func sign(_ connection: Connection, schema: Schema, owner: FileOwner) throws {
        try connection.execute("CREATE TABLE owner(kind TEXT NOT NULL, cluster BLOB NOT NULL, node TEXT NOT NULL)")
        let insert = try connection.statement("INSERT INTO owner(kind, cluster, node) VALUES(?, ?, ?)")
        insert.bind(1, schema.kind)
        insert.bind(2, owner.cluster)
        insert.bind(3, owner.node)
        try insert.run()
        try connection.execute("PRAGMA user_version=1")
    }

    private func compare(_ connection: Connection, schema: Schema, owner: FileOwner) throws {
        let select = try connection.statement("SELECT kind, cluster, node FROM owner")
        guard try select.next() else {
            throw StorageError.damaged(file: path, what: "the row that names its owner is missing")
        }
        let kind = select.text(0)
        let found = FileOwner(cluster: select.bytes(1), node: select.text(2))
        select.reset()
        guard kind == schema.kind else {
            throw StorageError.foreign(file: path, expected: "a \(schema.kind) file", found: "a \(kind) file")
        }
        guard found == owner else {
            throw StorageError.foreign(file: path, expected: owner.sentence, found: found.sentence)
        }
    }
}

private func inTransaction<Result>(_ connection: Connection, _ body: (Connection) throws -> Result) throws -> Result {
    try connection.control("BEGIN IMMEDIATE")
    do {
        let result = try body(connection)
        try connection.control("COMMIT")
        return result
    } catch {
        // Some failures, a full disk among them, have already undone the transaction.
        if sqlite3_get_autocommit(connection.database.sqliteConnection) == 0 {
            try? connection.control("ROLLBACK")
        }
        throw error
    }
}

private func restoreFull(_ connection: Connection) -> Bool {
    (try? connection.control("PRAGMA synchronous=FULL")) != nil
}
