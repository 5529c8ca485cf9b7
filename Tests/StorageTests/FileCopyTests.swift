import Foundation
import GRDB
import Storage
import Synchronization
import Testing

/// Copying a file that is being written.
struct FileCopyTests {
    private static let schema = Schema(
        kind: "pairs", steps: ["CREATE TABLE pair(number INTEGER PRIMARY KEY, twin INTEGER, filling BLOB)"])

    /// 24 MB, so that a copy takes many steps.
    private func filled(_ scratch: Scratch) throws -> DatabaseFile {
        let file = try DatabaseFile(
            path: scratch.file("pairs.sqlite"), schema: Self.schema, owner: Fixture.owner, promise: .rebuildable)
        try file.turn { connection in
            let insert = try connection.statement("INSERT INTO pair(number, twin, filling) VALUES(?, 0, ?)")
            for number in 0..<3_000 {
                insert.bind(1, Int64(number))
                insert.bind(2, [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 8_000))
                try insert.run()
            }
        }
        try file.checkpoint()
        return file
    }

    private struct Undone: Error {}

    @Test(.timeLimit(.minutes(2))) func turnsGoOnWhileACopyIsMadeAndNobodyHoldsTheWriteAheadLog() throws {
        let scratch = try Scratch()
        let file = try filled(scratch)
        let copy = scratch.file("copy.sqlite")
        // A thread of its own: tasks share a few threads with every other test.
        let ended = Mutex<Result<Void, any Error>?>(nil)
        Thread.detachNewThread {
            let result = Result { try file.copy(to: copy) }
            ended.withLock { $0 = result }
        }
        var turns: Int64 = 0
        var left = 0
        while ended.withLock({ $0 == nil }) {
            turns += 1
            // Far apart, so that some of a turn's pages are copied already and others are not.
            try file.turn { connection in
                let update = try connection.statement("UPDATE pair SET twin = ? WHERE number IN (7, 1500, 2999)")
                update.bind(1, turns)
                try update.run()
            }
            // What is undone must not be in the copy, whatever was copied of it meanwhile.
            if turns == 2 || turns == 5 {
                #expect(throws: StorageError.self) {
                    try file.turn { connection in
                        try connection.execute("UPDATE pair SET twin = -1")
                        throw Undone()
                    }
                }
            }
            left += try file.checkpoint()
        }
        try ended.withLock { try $0?.get() }
        #expect(turns > 3, "the copy was made between two turns")
        // A reader that held its place would leave pages of every turn in the log.
        #expect(left == 0)
        try file.close()
        let queue = try DatabaseQueue(path: copy)
        let (check, twins, count) = try queue.read { database in
            (
                try String.fetchOne(database, sql: "PRAGMA integrity_check"),
                try Int64.fetchAll(database, sql: "SELECT DISTINCT twin FROM pair WHERE number IN (7, 1500, 2999)"),
                try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM pair")
            )
        }
        // One moment's, whole: never half of a turn.
        #expect(check == "ok" && twins.count == 1 && count == 3_000)
        #expect((twins.first ?? 0) > 0)
        try queue.close()
    }

    @Test func aCopyThatCannotBeWrittenSaysSoAndLeavesTheFileServing() throws {
        let scratch = try Scratch()
        let file = try filled(scratch)
        #expect(throws: StorageError.self) { try file.copy(to: scratch.file("no/such/folder.sqlite")) }
        try file.turn { try $0.execute("UPDATE pair SET twin = 1 WHERE number = 1") }
        try file.close()
    }
}
