import Foundation
import Records
import Roles
import Storage
import Testing
import Vault

@Suite struct IndexTests {
    @Test func lookupsAreExactThroughMemoryRunsAndMerges() throws {
        let scratch = try Scratch()
        let index = try open(scratch)
        let count = 16_384 * 9 + 5
        var next = 0
        while next < count {
            let end = min(next + 1_000, count)
            try index.insert((next..<end).map(document), upTo: [address(end)])
            if next % 20_000 == 0 { while try index.work() {} }
            next = end
        }
        try check(index, upTo: count)
        while try index.work() {}
        try check(index, upTo: count)
        try index.close()
        let again = try open(scratch)
        let covered = again.indexedUpTo(AuthorNumber(4))
        #expect(covered > 0 && covered < UInt64(count))
        // What memory held is inserted again from the log; some of it twice.
        let from = Int(covered) - 500
        try again.insert((from..<count).map(document), upTo: [address(count)])
        try check(again, upTo: count)
    }

    @Test func aTokenLeadsToAllItsNumbersOverManyBlocks() throws {
        let scratch = try Scratch()
        let index = try open(scratch)
        let shared = Fixture.token(-7)
        for lot in 0..<12 {
            let terms = (0..<30_000).map { place in
                NodeIndex.Term(
                    token: place % 10 == 0 ? shared : Fixture.token(lot * 30_000 + place),
                    value: UInt64(lot * 30_000 + place))
            }
            try index.insert([], terms: terms, upTo: [address(lot + 1)])
            while try index.work() {}
        }
        let values = try index.values(of: [shared, Fixture.token(3), Fixture.token(-8)], limit: 100_000)
        #expect(values[0] == (0..<36_000).map { UInt64($0 * 10) })
        #expect(values[1] == [3])
        #expect(values[2].isEmpty)
        #expect(try index.values(of: [shared], limit: 5)[0].count == 5)
    }

    @Test func aCorrectionIsKnownWithItsRecord() throws {
        let scratch = try Scratch()
        let index = try open(scratch)
        var correction = document(5)
        correction.known.record = Fixture.identity(1)
        correction.known.opening = address(2)
        try index.insert([document(1), correction], upTo: [address(6)])
        let known = try index.known([Fixture.identity(5), Fixture.identity(1), Fixture.identity(9)])
        #expect(known[Fixture.identity(5)] == correction.known)
        #expect(known[Fixture.identity(1)] == document(1).known)
        #expect(known.count == 2)
    }

    @Test func anIndexThatIsNoiseIsMadeAnew() throws {
        let scratch = try Scratch()
        try Data(repeating: 0x33, count: 20_000).write(to: URL(fileURLWithPath: scratch.file("index.sqlite")))
        let index = try open(scratch)
        #expect(index.indexedUpTo(AuthorNumber(4)) == 0)
        try index.insert([document(1)], upTo: [address(2)])
        #expect(try index.known([Fixture.identity(1)]).count == 1)
    }

    @Test func lookupsGoOnFromOtherThreadsWhileRunsAreMerged() async throws {
        let scratch = try Scratch()
        let index = try open(scratch)
        let count = 16_384 * 8
        for start in stride(from: 0, to: count, by: 4_096) {
            try index.insert((start..<start + 4_096).map(document), upTo: [address(start + 4_096)])
            if start % 65_536 == 0 { while try index.work() {} }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { while try index.work() {} }
            for reader in 0..<2 {
                group.addTask {
                    for number in stride(from: reader, to: count, by: 997) {
                        let known = try index.known([Fixture.identity(number)])
                        #expect(known[Fixture.identity(number)]?.at.index == UInt64(number + 1))
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func open(_ scratch: Scratch) throws -> NodeIndex {
        try NodeIndex(path: scratch.file("index.sqlite"), owner: Fixture.owner)
    }

    private func address(_ index: Int) -> LogAddress {
        LogAddress(author: AuthorNumber(4), index: UInt64(index))
    }

    private func document(_ number: Int) -> NodeIndex.Document {
        let at = address(number + 1)
        let known = KnownDocument(
            at: at, content: Fixture.token(-number - 1), record: Fixture.identity(number), opening: at,
            number: Serial(year: 2026, serial: UInt32(number + 1)), kind: number % 2 == 0 ? "CR-1" : "AD-1")
        return NodeIndex.Document(
            identity: Fixture.identity(number), known: known,
            terms: [NodeIndex.Term(token: Fixture.token(number), value: UInt64(number))])
    }

    private func check(_ index: NodeIndex, upTo count: Int) throws {
        let probe = Array(stride(from: 0, to: count, by: 613)) + [count - 1]
        let known = try index.known(probe.map(Fixture.identity))
        for number in probe { #expect(known[Fixture.identity(number)] == document(number).known) }
        let absent = (count..<count + 2_000).map(Fixture.identity)
        #expect(try index.known(absent).isEmpty)
        let values = try index.values(of: probe.map(Fixture.token))
        #expect(values == probe.map { [UInt64($0)] })
    }
}
