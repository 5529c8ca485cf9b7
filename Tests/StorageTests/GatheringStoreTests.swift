import Consensus
import Law
import Records
import Roles
import Storage
import Testing
import Uplink
import Vault
import Wire

/// Numbers that a lost centre told, given back by the one that goes on without it.
@Suite struct GatheringStoreTests {
    /// A centre that confirmed two documents; then five more, told, in a part of its log that is lost.
    private final class Loss {
        let lost: CentreFixture
        let almaty: TestTerritory
        let shymkent: TestTerritory
        let after: CentreFixture
        /// What either territory sent last: nobody but itself has it now.
        let almatysBatch: Proposal.Payload
        let shymkentsBatch: Proposal.Payload

        init() throws {
            lost = try CentreFixture()
            almaty = try lost.seat("KZ-75")
            shymkent = try lost.seat("KZ-79")
            for (territory, name) in [(almaty, "a0"), (shymkent, "s0")] {
                Self.register(territory, name)
                try lost.send(territory)
            }
            let kept = lost.history
            for name in ["s1", "s2", "s3"] { Self.register(shymkent, name) }
            shymkentsBatch = shymkent.batch()
            try lost.apply([shymkentsBatch])
            for name in ["a1", "a2"] { Self.register(almaty, name) }
            almatysBatch = almaty.batch()
            try lost.apply([almatysBatch])
            after = try CentreFixture()
            try after.replay(kept, inGroupsOf: 3, reopening: false)
            let recovery = Recovery(
                generation: 1, number: 68, name: "centre-3", address: "h:1", kept: 9, officer: "operator")
            try after.own(.control(.recovered(recovery)))
        }

        static func register(_ territory: TestTerritory, _ name: String) {
            territory.register(
                "WN-1", name,
                [("wanted_ground", .text("INQ")), ("started", .day(Day(20_515))), ("case_no", .text(name))]
                    + person(iin: nil, "Әбенова", "Әсел"))
        }

        /// Confirmed serials by the entries they were told for.
        static func numbers(_ fixture: CentreFixture) throws -> [LogAddress: UInt32] {
            var numbers: [LogAddress: UInt32] = [:]
            for territory in ["KZ-75", "KZ-79"] {
                for receipts in try receipts(fixture, territory) {
                    for (offset, serial) in receipts.confirmed.enumerated() where serial > 0 {
                        numbers[LogAddress(author: receipts.author, index: receipts.first + UInt64(offset))] = serial
                    }
                }
            }
            return numbers
        }

        static func receipts(_ fixture: CentreFixture, _ territory: String) throws -> [Receipts] {
            try fixture.store.downlink(of: territory, from: 1, maximumBytes: 1 << 20).compactMap { bytes in
                guard case .receipts(let receipts) = try DownlinkItem(decoding: bytes) else { return nil }
                return receipts
            }
        }

        func told(_ territory: TestTerritory) throws -> Proposal.Payload {
            let items = try Self.receipts(lost, territory.territory).map { DownlinkItem.receipts($0).encoded() }
            return .told(
                Told(author: territory.author.number, through: territory.last.index, items: items, isLast: true))
        }

        var awaited: [String] { get throws { try after.store.seats().filter(\.isAwaited).map(\.territory) } }
    }

    @Test func toldNumbersComeBackWhicheverTerritoryIsFirst() throws {
        let loss = try Loss()
        #expect(try loss.awaited == ["KZ-75", "KZ-79"])
        try loss.after.apply([try loss.told(loss.almaty), try loss.told(loss.shymkent)])
        try loss.after.apply([loss.almatysBatch])
        #expect(try loss.awaited == ["KZ-79"])
        try loss.after.apply([loss.shymkentsBatch])
        #expect(try loss.awaited == [])
        #expect(try Loss.numbers(loss.after) == (try Loss.numbers(loss.lost)))
        Loss.register(loss.almaty, "new")
        try loss.after.send(loss.almaty)
        #expect(try Loss.numbers(loss.after)[loss.almaty.last] == 8, "the next after all that were told")
    }

    @Test func numbersThatNobodyWasToldAreGivenAnewSoThatNoneIsMissing() throws {
        let loss = try Loss()
        let nothing = Told(author: loss.shymkent.author.number, through: 2, items: [], isLast: true)
        try loss.after.apply([try loss.told(loss.almaty), .told(nothing)])
        try loss.after.apply([loss.almatysBatch, loss.shymkentsBatch])
        Loss.register(loss.shymkent, "new")
        try loss.after.send(loss.shymkent)
        let numbers = try Loss.numbers(loss.after)
        #expect(Set(numbers.values) == Set(1...8))
        let before = try Loss.numbers(loss.lost)
        for (at, serial) in before where at.author == loss.almaty.author { #expect(numbers[at] == serial) }
    }

    @Test func whoIsNotWaitedForGetsOtherNumbersWhereItsOwnWereGivenAndIsToldSo() throws {
        let loss = try Loss()
        let word = ControlEntry.member(
            action: MemberAction.goesOn, number: 68, name: "centre-3", address: "", officer: "operator")
        try loss.after.own(.control(word))
        #expect(try loss.awaited == [])
        try loss.after.apply([try loss.told(loss.almaty), loss.almatysBatch])
        Loss.register(loss.almaty, "new")
        try loss.after.send(loss.almaty)
        #expect(try Loss.numbers(loss.after)[loss.almaty.last] == 3, "nobody had claimed it")
        try loss.after.apply([try loss.told(loss.shymkent), loss.shymkentsBatch])
        let numbers = try Loss.numbers(loss.after)
        #expect(Set(numbers.values).count == numbers.count, "none stands twice: \(numbers)")
        let notices = try loss.after.store.downlink(of: "KZ-79", from: 1, maximumBytes: 1 << 20).compactMap { bytes in
            if case .notice(let notice) = try DownlinkItem(decoding: bytes) { notice } else { nil as Notice? }
        }
        #expect(notices.map(\.code) == ["renumbered"], "\(notices)")
    }

    @Test func whatIsToldAgainStandsInPlaceOfWhatWasToldBefore() throws {
        let scratch = try Scratch()
        var bench = try StoreBench(scratch)
        _ = try bench.submit((0..<6).map { Fixture.draft($0) })
        func tell(_ first: EntryIndex, _ serials: [UInt32]) throws {
            var turn = TerritoryTurn()
            turn.taken = [
                .receipts(
                    first: LogAddress(author: Fixture.seat.author, index: first), year: 2026, serials: serials,
                    findings: [])
            ]
            try bench.store.commit(turn)
        }
        func known(_ index: EntryIndex) throws -> UInt32? {
            try bench.store.entry(LogAddress(author: Fixture.seat.author, index: index))?.confirmed?.serial
        }
        try tell(1, [11, 12, 13, 14])
        try tell(2, [22, 23])
        #expect(try (1...5).map { try known($0) } == [11, 22, 23, 14, nil])
        try tell(2, [32, 33, 34, 35])
        #expect(try (1...6).map { try known($0) } == [11, 32, 33, 34, 35, nil])
        let told = try bench.store.told(after: 2)
        #expect(told.count == 1 && told[0].isLast && told[0].through == 5)
        let items = try told[0].items.map { try DownlinkItem(decoding: $0) }
        guard case .receipts(let receipts)? = items.first else {
            Issue.record("\(items)")
            return
        }
        #expect(receipts.first == 3 && receipts.confirmed == [33, 34, 35])
        #expect(try bench.store.told(after: 5)[0].items.isEmpty)
    }
}
