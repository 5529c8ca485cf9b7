import Foundation
import Records
import Roles
import Storage
import Testing
import Uplink
import Vault
import Wire

@Suite struct TerritoryStoreTests {
    @Test func whatATurnStoredIsFoundByNumberAndGoesOnAfterAReopening() throws {
        let scratch = try Scratch()
        var bench = try StoreBench(scratch)
        _ = try bench.run([.started(nonceSalt: 99, software: "1")])
        _ = try bench.submit((0..<9).map { Fixture.draft($0) })
        let number = ProvisionalNumber(
            territory: "KZ-75", kind: "CR-1", number: Serial(year: 2026, serial: 3), seat: 1)
        let at = try #require(try bench.store.address(of: number))
        #expect(at == LogAddress(author: AuthorNumber(4), index: 8))
        let stored = try #require(try bench.store.entry(at))
        #expect(stored.nonceSalt == 99)
        #expect(stored.confirmed == nil)
        guard case .document(let document) = try EntryCodec.decode(stored.bytes).body else {
            Issue.record("a document is stored")
            return
        }
        #expect(document.document == "doc-6")
        let state = bench.role.state
        try bench.store.close()
        let again = try StoreBench(scratch)
        #expect(again.store.recovered == state)
        #expect(try again.store.verifyLog() == 10)
    }

    @Test func amendmentsAreFoundWithTheirRecordFromEitherEnd() throws {
        let scratch = try Scratch()
        var bench = try StoreBench(scratch)
        _ = try bench.submit([
            Fixture.draft(0), Fixture.draft(1), Fixture.draft(3, act: .correct, of: 0),
            Fixture.draft(6, act: .cancel, of: 3),
        ])
        let opening = LogAddress(author: AuthorNumber(4), index: 1)
        let amending = LogAddress(author: AuthorNumber(4), index: 4)
        #expect(try bench.store.opening(of: amending) == opening)
        #expect(try bench.store.opening(of: opening) == opening)
        #expect(try bench.store.record(opening: opening).map(\.at.index) == [1, 3, 4])
        #expect(try bench.store.amendedRecords(after: nil, limit: 10) == [opening])
    }

    @Test func receiptsAndFindingsAreShownWithTheirEntriesAndFoundByConfirmedNumber() throws {
        let scratch = try Scratch()
        var bench = try StoreBench(scratch)
        _ = try bench.submit((0..<5).map { Fixture.draft($0) })
        var turn = TerritoryTurn()
        let first = LogAddress(author: AuthorNumber(4), index: 2)
        let finding = TakenFinding(at: first, code: "V109", field: "person", severity: .warning)
        turn.taken = [.receipts(first: first, year: 2026, serials: [70, 0, 75], findings: [finding])]
        turn.state = bench.role.state
        turn.isDurable = true
        try bench.store.commit(turn)
        let shown = try bench.store.entry(first)
        #expect(shown?.confirmed == Serial(year: 2026, serial: 70))
        #expect(shown?.findings == [finding])
        #expect(try bench.store.entry(LogAddress(author: AuthorNumber(4), index: 3))?.confirmed == nil)
        #expect(try bench.store.entry(LogAddress(author: AuthorNumber(4), index: 5))?.confirmed == nil)
        let last = LogAddress(author: AuthorNumber(4), index: 4)
        #expect(try bench.store.address(of: ConfirmedNumber(Serial(year: 2026, serial: 75))) == last)
        #expect(try bench.store.address(of: ConfirmedNumber(Serial(year: 2026, serial: 71))) == nil)
        #expect(try bench.store.address(of: ConfirmedNumber(Serial(year: 2027, serial: 75))) == nil)
        #expect(try bench.store.receiptedEntries() == 3)
    }

    @Test func rangesOfTheLogKeepToTheirLimitsAndDigestsAreDerivedBetweenTurns() throws {
        let scratch = try Scratch()
        var bench = try StoreBench(scratch)
        for turn in 0..<4 { _ = try bench.submit((0..<10).map { Fixture.draft(turn * 10 + $0) }) }
        let all = try bench.store.readLog(from: 1, maximumBytes: 1 << 20)
        #expect(all.count == 40)
        #expect(try bench.store.readLog(from: 39, maximumBytes: 1 << 20) == Array(all[38...]))
        #expect(try bench.store.readLog(from: 1, maximumBytes: 1) == [all[0]])
        #expect(try bench.store.readLog(from: 1, maximumBytes: 1 << 20, maximumEntries: 7).count == 7)
        #expect(try bench.store.readLog(from: 41, maximumBytes: 1 << 20).isEmpty)
        var chain = LogChain.genesis(cluster: Fixture.seat.cluster, author: 4)
        for index in 0...40 {
            #expect(
                try bench.store.digest(at: UInt64(index))
                    == Frontier(author: 4, index: UInt64(index), digest: chain.digest))
            if index < 40 { chain.extend(all[index]) }
        }
        #expect(try bench.store.digest(at: 41) == nil)
    }

    @Test func aStorePutBackFromAnOlderCopyIsShorterThanWhatWasToldAndTakesNothingUnderItsAuthor() throws {
        let scratch = try Scratch()
        var bench = try StoreBench(scratch)
        _ = try bench.submit([Fixture.draft(0)])
        try bench.store.copy(to: scratch.file("copy.sqlite"))
        _ = try bench.submit([Fixture.draft(1)])
        try bench.store.close()
        for name in ["store.sqlite", "store.sqlite-wal", "store.sqlite-shm"] {
            try? FileManager.default.removeItem(atPath: scratch.file(name))
        }
        try FileManager.default.moveItem(atPath: scratch.file("copy.sqlite"), toPath: scratch.file("store.sqlite"))
        var again = try StoreBench(scratch)
        #expect(again.store.toldIndex == 2)
        let outcomes = try again.submit([Fixture.draft(2)])
        guard case .unavailable(.fenced)? = outcomes.first else {
            Issue.record("nothing is given a number that stands on paper: \(outcomes)")
            return
        }
        #expect(again.role.state.last == 1)
    }

    @Test func aChangedByteAtTheEndOfTheLogIsFound() throws {
        let scratch = try Scratch()
        var bench = try StoreBench(scratch)
        for turn in 0..<3 { _ = try bench.submit([Fixture.draft(turn * 2), Fixture.draft(turn * 2 + 1)]) }
        try bench.store.close()
        try change(scratch, "UPDATE entries SET bytes = zeroblob(length(bytes)) WHERE at & 0xFFFF = 6")
        let error = try #require(throws: StorageError.self) { try StoreBench(scratch) }
        #expect(error.isFatal)
        guard case .damaged = error else {
            Issue.record("a changed byte is damage, not \(error)")
            return
        }
    }

    @Test func aChangedByteFurtherBackIsFoundByVerifying() throws {
        let scratch = try Scratch()
        var bench = try StoreBench(scratch)
        for turn in 0..<5 { _ = try bench.submit([Fixture.draft(turn * 2), Fixture.draft(turn * 2 + 1)]) }
        try bench.store.close()
        try change(scratch, "UPDATE entries SET bytes = zeroblob(length(bytes)) WHERE at & 0xFFFF = 3")
        let again = try StoreBench(scratch)
        #expect(throws: StorageError.self) { try again.store.verifyLog() }
    }

    @Test func aLogThatEndsBeforeItsStateIsRefused() throws {
        let scratch = try Scratch()
        var bench = try StoreBench(scratch)
        _ = try bench.submit([Fixture.draft(0), Fixture.draft(1)])
        try bench.store.close()
        try change(scratch, "DELETE FROM entries WHERE at & 0xFFFF = 2")
        #expect(throws: StorageError.shortLog(held: 1, told: 2)) { try StoreBench(scratch) }
    }

    @Test func aTurnThatFailsLeavesNothingAndIsRunAgain() throws {
        let scratch = try Scratch()
        var bench = try StoreBench(scratch)
        _ = try bench.submit([Fixture.draft(0)])
        let outside = try sideDoor(scratch)
        // A row in the way of the second entry makes the whole turn fail.
        try outside.turn { try $0.execute("INSERT INTO entries(at, bytes) VALUES(\(4 << 40 + 3), x'00')") }
        #expect(throws: StorageError.self) { try bench.submit([Fixture.draft(1), Fixture.draft(2)]) }
        try outside.turn { try $0.execute("DELETE FROM entries WHERE at = \(4 << 40 + 3)") }
        #expect(try bench.store.readLog(from: 1, maximumBytes: 1 << 20).count == 1)
        #expect(try bench.submit([Fixture.draft(1), Fixture.draft(2)]).count == 2)
        #expect(try bench.store.verifyLog() == 3)
    }

    @Test func theJournalListsAccessAndControlEntriesAlone() throws {
        let scratch = try Scratch()
        var bench = try StoreBench(scratch)
        let access = AccessEntry(officer: "o", action: "record.show", subjects: [], position: 0, block: nil)
        _ = try bench.run([
            .started(nonceSalt: 1, software: "1"), .submit(Ticket(1), [Fixture.draft(0)]), .access(Ticket(2), access),
        ])
        #expect(try bench.store.journal(after: nil, limit: 9).map(\.index) == [1, 3])
    }

    @Test func theStoreHasNoTableForAccounts() throws {
        let scratch = try Scratch()
        _ = try StoreBench(scratch)
        let names = try sideDoor(scratch).read { connection in
            let select = try connection.statement("SELECT name FROM sqlite_schema WHERE name LIKE '%account%'")
            var names: [String] = []
            while try select.next() { names.append(select.text(0)) }
            return names
        }
        #expect(names.isEmpty)
    }

    private func change(_ scratch: Scratch, _ text: String) throws {
        let file = try sideDoor(scratch)
        try file.turn { try $0.execute(text) }
        try file.close()
    }

    /// The store's file by another door, as damage would come.
    private func sideDoor(_ scratch: Scratch) throws -> DatabaseFile {
        let steps = [String](repeating: "SELECT 1", count: 7)
        return try DatabaseFile(
            path: scratch.file("store.sqlite"), schema: Schema(kind: "territory", steps: steps), owner: Fixture.owner,
            promise: .durable)
    }
}
