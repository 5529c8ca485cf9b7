import GRDB
import GRDBSQLite

/// One connection inside `DatabaseFile.turn` or `read`. Never leaves the closure it is given to.
package struct Connection {
    let database: Database
    let file: String

    /// The statement for this text, prepared once per connection. Take it once and run it for all rows of a turn.
    package func statement(_ text: String) throws(StorageError) -> Statement {
        do {
            let cached = try database.cachedStatement(sql: text)
            return Statement(owner: cached, raw: cached.sqliteStatement, connection: self)
        } catch {
            throw storageError(error)
        }
    }

    /// Runs statements that give no rows, such as those of a schema.
    package func execute(_ text: String) throws(StorageError) {
        do {
            try database.execute(sql: text)
        } catch {
            throw storageError(error)
        }
    }

    /// Runs what begins, ends or colours a transaction, for which nobody waits in GRDB: each turn does so some four
    /// times.
    func control(_ text: String) throws(StorageError) {
        let code = sqlite3_exec(database.sqliteConnection, text, nil, nil, nil)
        guard code == SQLITE_OK else { throw failure(code) }
    }

    /// SQLite's own handle, for tests that stand between it and its files.
    package var handle: OpaquePointer? {
        database.sqliteConnection
    }

    /// How many rows the last statement changed.
    package var changes: Int {
        database.changesCount
    }

    /// The failure of the last call on this connection.
    func failure(_ code: Int32) -> StorageError {
        let extended = sqlite3_extended_errcode(database.sqliteConnection)
        let text = sqlite3_errmsg(database.sqliteConnection).map { String(cString: $0) } ?? "unknown error"
        return StorageError(sqlite: extended & 0xFF == code & 0xFF ? extended : code, message: text, file: file)
    }

    private func storageError(_ error: any Error) -> StorageError {
        StorageError(error, file: file)
    }
}

/// A prepared statement, bound and stepped by hand: the hot rows of a turn pay no boxing.
///
/// Parameters count from 1, columns from 0, as in SQLite. Bytes are copied at binding.
package struct Statement {
    private let owner: GRDB.Statement
    private let raw: OpaquePointer
    private let connection: Connection

    init(owner: GRDB.Statement, raw: OpaquePointer, connection: Connection) {
        self.owner = owner
        self.raw = raw
        self.connection = connection
    }

    package func bind(_ parameter: Int32, _ value: Int64) {
        let code = sqlite3_bind_int64(raw, parameter, value)
        precondition(code == SQLITE_OK, "parameter \(parameter) cannot be bound: code \(code)")
    }

    package func bind(_ parameter: Int32, _ value: Int64?) {
        if let value { bind(parameter, value) } else { bindNull(parameter) }
    }

    package func bindNull(_ parameter: Int32) {
        let code = sqlite3_bind_null(raw, parameter)
        precondition(code == SQLITE_OK, "parameter \(parameter) cannot be bound: code \(code)")
    }

    package func bind(_ parameter: Int32, _ bytes: [UInt8]) {
        let code = bytes.withUnsafeBytes { buffer in
            // An empty array's base address is not to be relied on, and a null pointer would bind NULL.
            buffer.isEmpty
                ? sqlite3_bind_zeroblob(raw, parameter, 0)
                : sqlite3_bind_blob64(raw, parameter, buffer.baseAddress, UInt64(buffer.count), transient)
        }
        precondition(code == SQLITE_OK, "parameter \(parameter) cannot be bound: code \(code)")
    }

    package func bind(_ parameter: Int32, _ text: String) {
        let code = sqlite3_bind_text(raw, parameter, text, Int32(text.utf8.count), transient)
        precondition(code == SQLITE_OK, "parameter \(parameter) cannot be bound: code \(code)")
    }

    package func bind(_ parameter: Int32, _ text: String?) {
        if let text { bind(parameter, text) } else { bindNull(parameter) }
    }

    /// Runs a statement that gives no rows, and makes it ready for the next row.
    package func run() throws(StorageError) {
        let code = sqlite3_step(raw)
        guard code == SQLITE_DONE || code == SQLITE_ROW else {
            let failure = connection.failure(code)
            sqlite3_reset(raw)
            throw failure
        }
        sqlite3_reset(raw)
    }

    /// Moves to the next row. False at the end; then the statement is ready to be bound anew.
    package func next() throws(StorageError) -> Bool {
        switch sqlite3_step(raw) {
        case SQLITE_ROW:
            return true
        case SQLITE_DONE:
            sqlite3_reset(raw)
            return false
        case let code:
            let failure = connection.failure(code)
            sqlite3_reset(raw)
            throw failure
        }
    }

    /// Makes the statement ready to be bound anew before its rows have ended.
    package func reset() {
        sqlite3_reset(raw)
    }

    package func integer(_ column: Int32) -> Int64 {
        sqlite3_column_int64(raw, column)
    }

    package func optionalInteger(_ column: Int32) -> Int64? {
        isNull(column) ? nil : sqlite3_column_int64(raw, column)
    }

    package func isNull(_ column: Int32) -> Bool {
        sqlite3_column_type(raw, column) == SQLITE_NULL
    }

    package func bytes(_ column: Int32) -> [UInt8] {
        let count = Int(sqlite3_column_bytes(raw, column))
        guard count > 0, let start = sqlite3_column_blob(raw, column) else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    /// The column's bytes where SQLite holds them: no copy. Valid until the statement moves.
    func withBytes<Result>(
        _ column: Int32, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        let count = Int(sqlite3_column_bytes(raw, column))
        return try body(UnsafeRawBufferPointer(start: sqlite3_column_blob(raw, column), count: count))
    }

    /// How many bytes the column holds, without copying them.
    package func byteCount(_ column: Int32) -> Int {
        Int(sqlite3_column_bytes(raw, column))
    }

    package func text(_ column: Int32) -> String {
        guard let start = sqlite3_column_text(raw, column) else { return "" }
        return String(cString: start)
    }
}

/// Tells SQLite to copy what is bound.
private nonisolated(unsafe) let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

extension StorageError {
    init(_ error: any Error, file: String) {
        switch error {
        case let known as StorageError:
            self = known
        case let error as DatabaseError:
            let code = error.extendedResultCode.rawValue
            self = StorageError(sqlite: code, message: error.message ?? "unknown error", file: file)
        default:
            self = .failed(file: file, code: 0, message: String(describing: error))
        }
    }

    init(sqlite code: Int32, message: String, file: String) {
        // The extended codes are macros that Swift does not see: primary code, then a number in the second byte.
        let ioErrorFsync: Int32 = SQLITE_IOERR | 4 << 8
        let ioErrorDirectoryFsync: Int32 = SQLITE_IOERR | 5 << 8
        switch (code, code & 0xFF) {
        case (ioErrorFsync, _), (ioErrorDirectoryFsync, _):
            self = .failedSync(file: file)
        case (_, SQLITE_FULL):
            self = .full(file: file)
        case (_, SQLITE_CORRUPT), (_, SQLITE_NOTADB):
            self = .damaged(file: file, what: message)
        case (_, SQLITE_BUSY), (_, SQLITE_LOCKED):
            self = .locked(file: file)
        default:
            self = .failed(file: file, code: code, message: message)
        }
    }
}
