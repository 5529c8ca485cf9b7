import Testing
import Uplink
import Vault

@Suite struct ShippingTests {
    @Test func everyEntryArrivesOnceAndTheFrontierIsTold() {
        var link = Link(entries: 500)
        link.connect()
        link.settle()
        #expect(link.isWhole)
        #expect(link.sender.acknowledged == link.held)
        #expect(link.sender.backlog == 0)
        #expect(link.shipped.values.allSatisfy { $0 == 1 })
    }

    @Test func entriesAppendedLaterFollowOnTheSameSession() {
        var link = Link(entries: 3)
        link.connect()
        link.settle()
        link.append(Link.entry(3))
        link.append(Link.entry(4))
        link.settle()
        #expect(link.isWhole)
        #expect(link.shipped.values.allSatisfy { $0 == 1 })
    }

    /// A centre of an older program says nothing of slim batches, and is sent none.
    @Test(arguments: [false, true]) func batchesAreSlimWhereTheCentreSaysThatItTakesThem(takesThem: Bool) throws {
        let entry: [UInt8] = [1, 2, 3]
        let genesis = LogChain.genesis(cluster: [1], author: 5)
        var chain = genesis
        chain.extend(entry)
        let begin = Frontier(author: 5, index: 0, digest: genesis.digest)
        let end = Frontier(author: 5, index: 1, digest: chain.digest)
        var sender = UplinkSender(held: end, acknowledged: begin)
        let hello = Hello(
            cluster: [1], version: UplinkLimits.version, author: 5, last: 1, digest: end.digest, pass: [], downlink: 0,
            wallMilliseconds: 0)
        _ = sender.connected(hello, now: 0)
        let welcome = Welcome(
            frontier: begin, pass: [1], wallMilliseconds: 0, windowBytes: UplinkLimits.windowBytes, downlinkLast: 0,
            takesSlimBatches: takesThem)
        _ = sender.received(.welcome(welcome), now: 0)
        _ = sender.digestRead(begin)
        let batch = Batch(author: 5, first: 1, entries: [entry], digest: end.digest, isSlim: takesThem)
        #expect(sender.read(first: 1, entries: [entry], now: 0).contains(.send(.batch(batch))))
    }

    @Test func theFrontierIsToldOnlyOfWhatIsApplied() {
        var link = Link(entries: 10)
        link.connect()
        while link.staged.isEmpty { _ = link.step() }
        #expect(link.toTerritory.isEmpty)
        #expect(link.sender.acknowledged.index == 0)
        link.settle()
        #expect(link.sender.acknowledged.index == 10)
    }

    /// The line breaks after each number of steps in turn; then it stands again.
    @Test(arguments: 0..<60) func aBreakAtAnyStepLosesNothingAndSendsNothingAcknowledgedAgain(steps: Int) {
        var link = Link(entries: 60, bytes: 8_000)
        link.downlinkItems = (0..<5).map { Link.entry($0) }
        link.connect()
        for _ in 0..<steps where !link.step() { break }
        link.cut()
        link.connect()
        link.settle()
        #expect(link.isWhole)
        #expect(link.sender.acknowledged == link.held)
        #expect(link.shippedAcknowledged == 0)
        #expect(link.takenItems == link.downlinkItems)
        #expect(link.fences.isEmpty)
    }

    @Test func aLineThatBreaksAgainAndAgainStillFinishes() {
        for seed in UInt64(0)..<50 {
            var chance = seed &* 0x9E37_79B9_7F4A_7C15 | 1
            var link = Link(entries: 200, bytes: 20_000)
            for _ in 0..<200 where link.sender.acknowledged != link.held {
                link.connect()
                chance = chance &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                for _ in 0..<(chance >> 33) % 40 where !link.step() { break }
                link.cut()
            }
            link.connect()
            link.settle()
            #expect(link.isWhole, "seed \(seed)")
            #expect(link.shippedAcknowledged == 0, "seed \(seed)")
        }
    }

    @Test func noMoreIsUnderWayThanTheWindowAllows() {
        var link = Link(entries: 200, bytes: 10_000)
        link.holdsProposals = true
        link.connect()
        link.settle()
        #expect(link.staged.count == UplinkLimits.batchesUnderWay)
        #expect(link.sender.acknowledged.index == 0)
        link.holdsProposals = false
        link.settle()
        #expect(link.isWhole)
    }

    @Test func batchesGrowOnAQuickLineAndShrinkOnASlowOne() {
        var quick = Link(entries: 1_500, bytes: 10_000)
        quick.connect()
        var largest = 0
        while quick.step() {
            largest = max(largest, quick.staged.map { $0.batch.entries.count * 10_000 }.max() ?? 0)
        }
        #expect(largest > UplinkLimits.firstBatchBytes * 8)
        #expect(largest <= UplinkLimits.batchBytes)

        var slow = Link(entries: 400, bytes: 1_000)
        slow.connect()
        var last = 0
        while slow.step() {
            if let batch = slow.staged.first?.batch, batch.first < 380 {
                last = batch.entries.count * 1_000
                slow.now += 5_000
            }
        }
        #expect(slow.isWhole)
        #expect(last <= UplinkLimits.leastBatchBytes)
    }

    @Test func aFrontierOfBatchesFromTheSessionBeforeIsTaken() {
        var link = Link(entries: 10)
        link.connect()
        while link.staged.isEmpty { _ = link.step() }
        let proposed = link.staged
        link.staged = []
        link.cut()
        link.connect()
        while link.toTerritory.isEmpty { _ = link.step() }
        // The new session is welcomed at 0; then the old proposal is applied after all.
        link.staged = proposed
        link.apply()
        link.settle()
        #expect(link.isWhole)
        #expect(link.sender.acknowledged == link.held)
    }

    @Test func aSilentCentreIsLeftAndASilentSenderSaysThatItLives() {
        var link = Link(entries: 1)
        link.connect()
        link.settle()
        let alive = link.sender.tick(now: link.now + UplinkLimits.keepAliveMilliseconds, wallMilliseconds: 77)
        #expect(alive == [.send(.keepAlive(wallMilliseconds: 77, backlog: 0))])
        let dead = link.sender.tick(now: link.now + UplinkLimits.deadMilliseconds, wallMilliseconds: 77)
        guard case .close? = dead.first else {
            Issue.record("a centre not heard for long is left, not \(dead)")
            return
        }
    }

    @Test func pausesBeforeDiallingGrowToAFewSecondsAndNoFurther() {
        var sender = UplinkSender(held: Link.end(of: []), acknowledged: Link.end(of: []))
        let pauses = (0..<12).map { _ in sender.disconnected() }
        #expect(pauses[0].upperBound == 200)
        #expect(pauses[1].upperBound == 400)
        #expect(pauses[11].upperBound == 5_000)
        #expect(pauses.allSatisfy { $0.lowerBound == $0.upperBound / 2 })
    }
}
