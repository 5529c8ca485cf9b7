import Foundation
import Records
import Roles
import Storage
import Testing

/// Figures, not promises: run in release with `ESEP_PACE=1`; `ESEP_PACE_DOCUMENTS` sets how many (a million otherwise).
@Suite(.enabled(if: ProcessInfo.processInfo.environment["ESEP_PACE"] != nil), .serialized)
struct TerritoryPaceTests {
    private static let documents =
        ProcessInfo.processInfo.environment["ESEP_PACE_DOCUMENTS"].flatMap { Int($0) } ?? 1_000_000

    @Test func committingTurnsOfAThousandDocumentsKeepsItsPace() throws {
        let scratch = try Scratch()
        let bench = try StoreBench(scratch)
        var role = bench.role
        let clock = ContinuousClock()
        var report: [String] = []
        var stepping = Duration.zero
        var committing = Duration.zero
        var begun = clock.now
        for turn in 0..<Self.documents / 1_000 {
            let drafts = (0..<1_000).map { Fixture.draft(turn * 1_000 + $0, sealedBytes: 620) }
            let start = clock.now
            let moment = Moment(wallMilliseconds: 1_772_348_400_000 + UInt64(turn), steadyMilliseconds: 1)
            let decided = role.step([.submit(Ticket(1), drafts)], rows: TerritoryRows(), at: moment)
            let half = clock.now
            try bench.store.commit(decided)
            if turn % 8 == 7 { try bench.store.checkpoint() }
            stepping += half - start
            committing += clock.now - half
            if turn % 100 == 99 {
                let lasting = stepping + committing
                report.append(
                    "\((turn + 1) * 1_000): \(pace(100_000, lasting))/s, step \(pace(100_000, stepping))/s, "
                        + "commit \(pace(100_000, committing))/s, all \(clock.now - begun)")
                (stepping, committing) = (.zero, .zero)
                begun = clock.now
            }
        }
        print(report.joined(separator: "\n"))
        #expect(try bench.store.verifyLog() == UInt64(Self.documents / 1_000 * 1_000))
    }

    @Test func indexingEightTermsADocumentKeepsItsPace() throws {
        let scratch = try Scratch()
        let index = try NodeIndex(path: scratch.file("index.sqlite"), owner: Fixture.owner)
        let clock = ContinuousClock()
        var report: [String] = []
        var inserting = Duration.zero
        var working = Duration.zero
        var looking = Duration.zero
        var slowest = Duration.zero
        for lot in 0..<Self.documents / 1_000 {
            let documents = (lot * 1_000..<lot * 1_000 + 1_000).map(document)
            let start = clock.now
            let known = try index.known(documents.map(\.identity))
            let second = clock.now
            try index.insert(documents, upTo: [LogAddress(author: AuthorNumber(4), index: UInt64(lot + 1) * 1_000)])
            let third = clock.now
            looking += second - start
            inserting += third - second
            #expect(known.isEmpty)
            var more = true
            while more {
                let before = clock.now
                more = try index.work()
                slowest = max(slowest, clock.now - before)
            }
            working += clock.now - third
            if lot % 100 == 99 {
                report.append(
                    "\((lot + 1) * 1_000): insert \(pace(100_000, inserting))/s, work \(pace(100_000, working))/s, "
                        + "absent \(pace(100_000, looking))/s, slowest slice \(slowest)")
                (inserting, working, looking, slowest) = (.zero, .zero, .zero, .zero)
            }
        }
        let tokens = stride(from: 0, to: Self.documents - 1, by: 101).map { Fixture.token($0 * 100) }
        let start = clock.now
        for token in tokens { #expect(try index.values(of: [token]).first?.count == 1) }
        report.append("one token looked up: \((clock.now - start) / tokens.count)")
        let bytes = try FileManager.default.attributesOfItem(atPath: scratch.file("index.sqlite"))[.size] ?? 0
        report.append("file: \(bytes) bytes")
        print(report.joined(separator: "\n"))
    }

    private func pace(_ count: Int, _ duration: Duration) -> Int {
        Int(Double(count) / (duration / .seconds(1)))
    }

    private func document(_ number: Int) -> NodeIndex.Document {
        let at = LogAddress(author: AuthorNumber(4), index: UInt64(number + 1))
        let known = KnownDocument(
            at: at, content: Fixture.token(-number - 1), record: Fixture.identity(number), opening: at,
            number: Serial(year: 2026, serial: UInt32(number + 1)), kind: "CR-1")
        return NodeIndex.Document(
            identity: Fixture.identity(number), known: known,
            terms: (0..<8).map { NodeIndex.Term(token: Fixture.token(number * 100 + $0), value: UInt64(number)) })
    }
}
