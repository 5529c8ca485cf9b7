import Foundation
import Storage
import Transport
import Vault

/// What this machine can do at most, measured beside a benchmark's figures: the same bytes and rows without the node.
///
/// Every call takes seconds of a core or of the disk and is made while no node works.
package enum MachineLimits {
    /// Syncs a second of a file that grows by 4 KiB each: what a commit for each document would cost alone.
    ///
    /// - Parameter directory: on the file system to be measured.
    package static func syncsPerSecond(in directory: String) throws(NodeError) -> Double {
        let path = directory + "/syncs"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failed("open \(path)") }
        defer {
            close(descriptor)
            unlink(path)
        }
        let page = [UInt8](repeating: 0x45, count: 4096)
        let begun = ContinuousClock.now
        var count = 0
        while ContinuousClock.now - begun < .seconds(1) {
            guard write(descriptor, page, page.count) == page.count, fdatasync(descriptor) == 0 else {
                throw failed("write and sync \(path)")
            }
            count += 1
        }
        return Double(count) / seconds(since: begun)
    }

    /// Seconds that plain SQLite takes to insert all rows of a stopped node's store into an empty file with the same
    /// tables and indices, in one synced transaction. The rows are read from the system's cache meanwhile.
    package static func secondsToInsert(rowsOf store: String, in directory: String) throws(NodeError) -> Double {
        let path = directory + "/insert.sqlite"
        defer { for tail in ["", "-wal", "-shm"] { unlink(path + tail) } }
        return try stored { () throws(StorageError) in
            let owner = FileOwner(cluster: [UInt8](repeating: 0, count: 16), node: "benchmark")
            let file = try DatabaseFile(
                path: path, schema: Schema(kind: "benchmark", steps: []), owner: owner, promise: .durable)
            let begun = ContinuousClock.now
            try file.turn { connection in
                let quoted = store.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
                try connection.execute("ATTACH '\(quoted)' AS given")
                let parts = try parts(of: connection)
                // Indices before rows, as in the node's own store: making them afterwards is other, cheaper work.
                for part in parts { try connection.execute(part.sql) }
                for part in parts where part.isTable {
                    try connection.execute("INSERT INTO main.\"\(part.name)\" SELECT * FROM given.\"\(part.name)\"")
                }
            }
            let spent = seconds(since: begun)
            try file.close()
            return spent
        }
    }

    /// Tables and their indices, as they were made. What SQLite keeps for itself has no text.
    private static func parts(
        of connection: Storage.Connection
    ) throws(StorageError) -> [(isTable: Bool, name: String, sql: String)] {
        let select = try connection.statement(
            """
            SELECT type = 'table', name, sql FROM given.sqlite_master
            WHERE sql IS NOT NULL AND name <> 'owner' AND name NOT LIKE 'sqlite_%' ORDER BY rowid
            """)
        var found: [(isTable: Bool, name: String, sql: String)] = []
        while try select.next() { found.append((select.integer(0) == 1, select.text(1), select.text(2))) }
        return found
    }

    /// How fast documents can be packed and sealed, one core, one block a document.
    package struct Sealing: Sendable {
        package var documents: Int
        package var bytes: Int
        package var packedBytes: Int
        package var packSeconds: Double
        package var sealSeconds: Double
    }

    /// - Parameter dictionary: what short blocks are compressed against.
    package static func sealing(of documents: [[UInt8]], dictionary: [UInt8]) -> Sealing {
        let prepared = LZ4Dictionary(dictionary)
        var begun = ContinuousClock.now
        let packed = documents.map { LZ4Block.compress($0, dictionary: prepared) }
        let packSeconds = seconds(since: begun)
        var tree = KeyTree(seed: SystemRandom.secret())
        begun = ContinuousClock.now
        var sealedBytes = 0
        for (leaf, block) in packed.enumerated() {
            let place = SealingPlace(recordHigh: UInt64(leaf), recordLow: 1, author: 1, slot: 1)
            guard let key = tree.leafKey(UInt64(leaf)),
                let sealed = try? Vault.Sealing.seal(block, key: key, leaf: UInt64(leaf), salt: 7, at: place)
            else { preconditionFailure("a fresh key tree has no leaf \(leaf)") }
            sealedBytes += sealed.count
        }
        let sealSeconds = seconds(since: begun)
        precondition(sealedBytes > packed.count, "sealing wrote \(sealedBytes) bytes for \(packed.count) blocks")
        return Sealing(
            documents: documents.count, bytes: documents.reduce(0) { $0 + $1.count },
            packedBytes: packed.reduce(0) { $0 + $1.count }, packSeconds: packSeconds, sealSeconds: sealSeconds)
    }

    private static func seconds(since begun: ContinuousClock.Instant) -> Double {
        (ContinuousClock.now - begun) / .seconds(1)
    }

    private static func stored<Value>(_ body: () throws(StorageError) -> Value) throws(NodeError) -> Value {
        do throws(StorageError) {
            return try body()
        } catch {
            throw NodeError(.inner, "\(error)", remedy: "Give a directory with space that this user may write.")
        }
    }

    private static func failed(_ what: String) -> NodeError {
        NodeError(
            .inner, "The machine could not \(what): \(String(cString: strerror(errno))).",
            remedy: "Give a directory with space that this user may write.")
    }
}
