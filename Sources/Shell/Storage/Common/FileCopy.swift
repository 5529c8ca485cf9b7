import GRDB
import GRDBSQLite

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// SQLite's own copying of a file, from the connection that writes it: pages that are written after they were copied
/// are copied again by the write itself. Used on the writing connection's thread alone.
final class FileCopy {
    /// Pages of one step, 2 MiB of a centre's store: a turn waits for one of them at most.
    private static let pagesPerStep: Int32 = 256
    /// A transaction that is undone begins the copy anew. More often than this something else is wrong.
    private static let beginningsMax = 8

    private let target: OpaquePointer
    private var handle: OpaquePointer?
    private let path: String
    private var left = Int32.max
    private var beginnings = 0

    init(of source: Connection, to path: String) throws(StorageError) {
        self.path = path
        var opened: OpaquePointer?
        let code = sqlite3_open_v2(path, &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nil)
        guard code == SQLITE_OK, let opened else {
            sqlite3_close(opened)
            throw StorageError(sqlite: code, message: "the copy cannot be opened", file: path)
        }
        target = opened
        chmod(path, 0o600)
        handle = sqlite3_backup_init(opened, "main", source.database.sqliteConnection, "main")
        guard handle != nil else {
            let failure = failure(sqlite3_extended_errcode(opened))
            sqlite3_close(opened)
            throw failure
        }
    }

    /// True once the copy is whole, and on the disk.
    func step() throws(StorageError) -> Bool {
        let code = sqlite3_backup_step(handle, Self.pagesPerStep)
        let remaining = sqlite3_backup_remaining(handle)
        if remaining > left { beginnings += 1 }
        left = remaining
        switch code {
        case SQLITE_DONE:
            let end = sqlite3_backup_finish(handle)
            handle = nil
            guard end == SQLITE_OK else { throw failure(end) }
            return true
        case SQLITE_OK, SQLITE_BUSY, SQLITE_LOCKED:
            guard beginnings <= Self.beginningsMax else { throw failure(SQLITE_ABORT) }
            return false
        default: throw failure(code)
        }
    }

    /// Once, at the end, whatever it was.
    func close() {
        if let handle { sqlite3_backup_finish(handle) }
        handle = nil
        sqlite3_close(target)
    }

    private func failure(_ code: Int32) -> StorageError {
        let text = sqlite3_errmsg(target).map { String(cString: $0) } ?? "unknown error"
        return StorageError(sqlite: code, message: text, file: path)
    }
}
