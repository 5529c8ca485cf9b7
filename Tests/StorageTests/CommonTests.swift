import Dispatch
import Foundation
import Storage
import Synchronization
import Testing

@Suite struct CommonTests {
    static let schema = Schema(kind: "test", steps: ["CREATE TABLE rows(id INTEGER PRIMARY KEY, bytes BLOB)"])

    @Test func eachCommitIsSyncedOnceAndRelaxedOnesAreNot() throws {
        let scratch = try Scratch()
        let file = try open(scratch)
        try insert(1, file)
        let gauge = try file.turn { SyncGauge($0.handle) }
        for number in 2..<12 { try insert(number, file) }
        #expect(gauge.count == 10)
        try file.turn(synced: false) { try $0.execute("INSERT INTO rows(id) VALUES(100)") }
        #expect(gauge.count == 10)
        try insert(101, file)
        #expect(gauge.count == 11, "the level of syncing is back after a relaxed turn")
    }

    @Test func aFailedSyncIsFatalAndIndefinite() throws {
        let scratch = try Scratch()
        let file = try open(scratch)
        try insert(1, file)
        let gauge = try file.turn { SyncGauge($0.handle) }
        gauge.fail()
        do throws(StorageError) {
            try insert(2, file)
            Issue.record("the commit must fail")
        } catch {
            #expect(error == .failedSync(file: scratch.file("test.sqlite")))
            #expect(error.isFatal && error.isIndefinite)
        }
    }

    @Test func aFullDiskIsDefiniteAndWritingGoesOnWhenThereIsSpace() throws {
        let scratch = try Scratch()
        let file = try open(scratch)
        try file.turn { try $0.execute("INSERT INTO rows(id) VALUES(1)") }
        let pages = try file.read { connection in
            let select = try connection.statement("PRAGMA page_count")
            _ = try select.next()
            defer { select.reset() }
            return select.integer(0)
        }
        try file.turn { try $0.execute("PRAGMA max_page_count=\(pages + 2)") }
        do throws(StorageError) {
            try file.turn { try $0.execute("INSERT INTO rows(id, bytes) VALUES(2, zeroblob(100000))") }
            Issue.record("the turn must fail")
        } catch {
            #expect(error == .full(file: scratch.file("test.sqlite")))
            #expect(!error.isFatal && !error.isIndefinite)
        }
        #expect(try count(file) == 1)
        try file.turn { try $0.execute("PRAGMA max_page_count=1000000") }
        try insert(2, file)
        #expect(try count(file) == 2)
    }

    @Test func whatIsThrownInATurnUndoesIt() throws {
        struct Stop: Error {}
        let scratch = try Scratch()
        let file = try open(scratch)
        #expect(throws: StorageError.self) {
            try file.turn { connection in
                try connection.execute("INSERT INTO rows(id) VALUES(1)")
                throw Stop()
            }
        }
        #expect(try count(file) == 0)
        try insert(1, file)
    }

    @Test func aFileOfAnotherClusterIsRefused() throws {
        let scratch = try Scratch()
        try open(scratch).close()
        var other = Fixture.owner
        other.cluster[0] ^= 1
        let error = try #require(throws: StorageError.self) {
            try DatabaseFile(path: scratch.file("test.sqlite"), schema: Self.schema, owner: other, promise: .durable)
        }
        guard case .foreign = error else {
            Issue.record("the file is foreign, not \(error)")
            return
        }
    }

    @Test func aFileOfANewerVersionIsRefused() throws {
        let scratch = try Scratch()
        let file = try open(scratch)
        try file.turn { try $0.execute("PRAGMA user_version=9") }
        try file.close()
        let error = try #require(throws: StorageError.self) { try open(scratch) }
        #expect(error == .newer(file: scratch.file("test.sqlite"), known: 2, found: 9))
    }

    @Test func laterStepsAreTakenByAnOlderFile() throws {
        let scratch = try Scratch()
        let file = try open(scratch)
        try insert(1, file)
        try file.close()
        var longer = Self.schema
        longer.steps.append("ALTER TABLE rows ADD COLUMN more INTEGER NOT NULL DEFAULT 7")
        let again = try DatabaseFile(
            path: scratch.file("test.sqlite"), schema: longer, owner: Fixture.owner, promise: .durable)
        try again.read { connection in
            let select = try connection.statement("SELECT more FROM rows")
            #expect(try select.next())
            #expect(select.integer(0) == 7)
            select.reset()
        }
    }

    @Test func noiseInPlaceOfADatabaseIsDamage() throws {
        let scratch = try Scratch()
        try Data(repeating: 0x5A, count: 8_192).write(to: URL(fileURLWithPath: scratch.file("test.sqlite")))
        let error = try #require(throws: StorageError.self) { try open(scratch) }
        guard case .damaged = error else {
            Issue.record("noise is damage, not \(error)")
            return
        }
    }

    @Test func aDirectoryIsHeldOnceAtATime() throws {
        let scratch = try Scratch()
        var lock: DirectoryLock? = try DirectoryLock(directory: scratch.path)
        #expect(throws: StorageError.locked(file: scratch.path)) { try DirectoryLock(directory: scratch.path) }
        #expect(lock != nil)
        lock = nil
        _ = try DirectoryLock(directory: scratch.path)
    }

    @Test func aPassiveCheckpointEmptiesTheLogBetweenTurns() throws {
        let scratch = try Scratch()
        let file = try open(scratch)
        for number in 0..<50 { try insert(number, file) }
        #expect(try file.checkpoint() == 0)
    }

    /// Its length decides when it is moved: past the length it had before, too, and never twice as long.
    @Test func aLogThatBeganAnewGrowsPastTheLengthItHad() throws {
        let scratch = try Scratch()
        let file = try open(scratch)
        for number in 0..<50 { try insert(number, file) }
        let before = file.logGrowth
        #expect(before > 0)
        #expect(try file.checkpoint() == 0)
        #expect(file.logGrowth == 0)
        var length = 0
        for number in 50..<150 {
            try insert(number, file)
            #expect(file.logGrowth > length)
            length = file.logGrowth
        }
        #expect(length > before)
    }

    /// Turns go on meanwhile, and the log begins anew at its front: it does not grow with what is written.
    @Test func aLongLogIsMovedBesideTheTurnsAndBeginsAnew() throws {
        let scratch = try Scratch()
        let file = try open(scratch)
        #expect(!file.wantsRest)
        var number = 0
        var moved = 0
        let written = 12 * DatabaseFile.logLength / Self.large
        while number < written {
            try insert(number, file, bytes: Self.large)
            number += 1
            guard file.wantsRest else { continue }
            let wasLong = file.logGrowth >= DatabaseFile.logLength
            try file.rest()
            if !wasLong { moved += 1 }
        }
        #expect(moved >= 2, "movings that ended while turns went on: \(moved)")
        let size = try FileManager.default.attributesOfItem(atPath: file.path + "-wal")[.size] as? Int ?? 0
        #expect(size < 6 * DatabaseFile.logLength, "\(size) bytes of log after \(written * Self.large) written")
        try file.close()
        #expect(try count(try open(scratch)) == written)
    }

    private static let large = 256 << 10

    /// What is under way when the file is closed ends first.
    @Test func aFileIsClosedAfterItsLogIsMoved() throws {
        for _ in 0..<10 {
            let scratch = try Scratch()
            let file = try open(scratch)
            for number in 0..<(DatabaseFile.logLength / Self.large + 2) {
                try insert(number, file, bytes: Self.large)
            }
            try file.rest()
            try file.close()
            #expect(throws: StorageError.self) { try insert(1, file) }
        }
    }

    /// A read that waited for the pool while it closed was once handed a closed connection, and ended the process.
    @Test func readsThatMeetTheClosingAreRefused() throws {
        let scratch = try Scratch()
        let refused = Mutex(0)
        for round in 0..<25 {
            let file = try open(scratch)
            try insert(round, file)
            DispatchQueue.concurrentPerform(iterations: 6) { number in
                if number == 0 {
                    #expect(throws: Never.self) { try file.close() }
                    return
                }
                while (try? count(file)) != nil {}
                refused.withLock { $0 += 1 }
            }
            #expect(throws: StorageError.self) { try insert(1000, file) }
        }
        #expect(refused.withLock { $0 } == 125)
    }

    private func open(_ scratch: Scratch) throws(StorageError) -> DatabaseFile {
        try DatabaseFile(
            path: scratch.file("test.sqlite"), schema: Self.schema, owner: Fixture.owner, promise: .durable)
    }

    private func insert(_ id: Int, _ file: DatabaseFile, bytes: Int = 3) throws(StorageError) {
        try file.turn { connection in
            let insert = try connection.statement("INSERT INTO rows(id, bytes) VALUES(?, ?)")
            insert.bind(1, Int64(id))
            insert.bind(2, [UInt8](repeating: 7, count: bytes))
            try insert.run()
        }
    }

    private func count(_ file: DatabaseFile) throws -> Int64 {
        try file.read { connection in
            let select = try connection.statement("SELECT count(*) FROM rows")
            defer { select.reset() }
            _ = try select.next()
            return select.integer(0)
        }
    }
}
