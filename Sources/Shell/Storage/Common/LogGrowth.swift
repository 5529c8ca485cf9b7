import GRDBSQLite
import Synchronization

/// How far a write-ahead log has grown since it was last moved into its file, in pages.
///
/// What a checkpoint costs is syncs and scattered writes, what it saves is length: so its measure is the length, and
/// neither time nor the number of turns. A turn of one document writes a few pages, most of them those of the turn
/// before: moved after every few turns, a page would go to the file as often as to the log.
final class LogGrowth: Sendable {
    private struct State {
        var pages = 0
        /// Pages the log had when it was last moved; none since it began anew.
        var atCheckpoint = 0
    }

    private let state = Mutex(State())

    var pages: Int { state.withLock { $0.pages - $0.atCheckpoint } }

    /// Pages of the log after the last commit.
    var length: Int { state.withLock { $0.pages } }

    func checkpointed() {
        state.withLock { $0.atCheckpoint = $0.pages }
    }

    private func committed(_ pages: Int) {
        state.withLock { state in
            // A log that was moved whole begins anew with the next commit, which shows in nothing but its length.
            if pages < state.pages { state.atCheckpoint = 0 }
            state.pages = pages
        }
    }

    /// Counts the commits of a connection. This object must outlive it.
    func watch(_ connection: OpaquePointer?) {
        let count: @convention(c) (UnsafeMutableRawPointer?, OpaquePointer?, UnsafePointer<CChar>?, Int32) -> Int32 = {
            context, _, _, pages in
            guard let context else { return SQLITE_OK }
            let growth = Unmanaged<LogGrowth>.fromOpaque(context).takeUnretainedValue()
            growth.committed(Int(pages))
            return SQLITE_OK
        }
        sqlite3_wal_hook(connection, count, Unmanaged.passUnretained(self).toOpaque())
    }
}
