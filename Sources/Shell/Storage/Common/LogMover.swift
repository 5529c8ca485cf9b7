import Dispatch
import GRDB
import GRDBSQLite
import Synchronization

/// Moves a write-ahead log into its file on a connection and a thread of its own, while turns go on.
///
/// SQLite lets one connection move the log while another appends to it. What is appended meanwhile is moved by the next
/// pass, and each is shorter than the one before; what the last leaves is so little that the turns' own thread can move
/// it between two of them, and the log then begins anew at its front.
final class LogMover: Sendable {
    /// Passes of one moving at the most; where that leaves much, another moving follows.
    private static let passes = 4
    /// What a moving leaves, in pages.
    private static let leftover = 64
    /// The rest of a log that the turns themselves move, in pages: what is left, and what long turns write meanwhile.
    static let rest = 512

    private struct State {
        var isMoving = false
        /// How far into the log the last moving came, in pages, until the turns' thread has taken note of it.
        var ended: Result<Int, StorageError>?
        var connection: DatabaseQueue?
    }

    private let path: String
    private let configuration: Configuration
    private let queue = DispatchQueue(label: "esep.store.log", qos: .userInitiated)
    private let state = Mutex(State())

    init(path: String, configuration: Configuration) {
        self.path = path
        self.configuration = configuration
    }

    var isMoving: Bool { state.withLock { $0.isMoving } }

    /// Whether a moving has ended whose rest waits for the turns' thread.
    var hasEnded: Bool { state.withLock { $0.ended != nil } }

    /// Takes note of what a moving came to.
    /// - Returns: pages of the log that are in the file; nil where none has ended.
    func acknowledge() throws(StorageError) -> Int? {
        let ended = state.withLock { state in
            defer { state.ended = nil }
            return state.ended
        }
        return try ended?.get()
    }

    /// Begins where none is under way. The gate of the file stays open until it has ended.
    func begin(through gate: UseGate) {
        let isFirst = state.withLock { state in
            defer { state.isMoving = true }
            return !state.isMoving
        }
        guard isFirst else { return }
        queue.async { [self] in
            guard gate.enter() else { return end(.success(0)) }
            defer { gate.leave() }
            end(move())
        }
    }

    private func end(_ result: Result<Int, StorageError>) {
        state.withLock { state in
            state.isMoving = false
            state.ended = result
        }
    }

    private func move() -> Result<Int, StorageError> {
        do {
            let connection = try opened()
            var left = Int.max
            var moved = 0
            for _ in 0..<Self.passes where left > Self.leftover {
                let pass = try connection.inDatabase { try LogMover.pass($0, path: path) }
                moved = pass.length - pass.left
                // A reader holds what is older, or the turns write faster than a disk takes it.
                guard pass.left < left else { break }
                left = pass.left
            }
            return .success(moved)
        } catch {
            return .failure(StorageError(error, file: path))
        }
    }

    private func opened() throws -> DatabaseQueue {
        if let connection = state.withLock({ $0.connection }) { return connection }
        let connection = try DatabaseQueue(path: path, configuration: configuration)
        state.withLock { $0.connection = connection }
        return connection
    }

    /// Moves as much as no reader needs, and waits for nobody.
    /// - Returns: pages that the log had, and those of them that are still to be moved.
    static func pass(_ database: Database, path: String) throws -> (length: Int, left: Int) {
        var length: Int32 = 0
        var moved: Int32 = 0
        let code = sqlite3_wal_checkpoint_v2(
            database.sqliteConnection, nil, SQLITE_CHECKPOINT_PASSIVE, &length, &moved)
        guard code == SQLITE_OK || code == SQLITE_BUSY else {
            throw Connection(database: database, file: path).failure(code)
        }
        return (Int(max(0, length)), Int(max(0, length - moved)))
    }

    /// After the gate is closed: nothing is under way.
    func close() throws {
        let connection = state.withLock { state in
            defer { state.connection = nil }
            return state.connection
        }
        try connection?.close()
    }
}
