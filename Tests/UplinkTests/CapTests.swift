import TestSupport
import Testing
import Uplink
import Vault

/// How much of a line data takes, and when.
@Suite struct CapTests {
    private func frontier(_ index: UInt64, _ digest: Digest) -> Frontier {
        Frontier(author: 5, index: index, digest: digest)
    }

    /// A sender with a backlog of entries of a thousand bytes, welcomed under a cap; every batch is acknowledged at
    /// once.
    /// - Returns: bytes sent in each second.
    private func seconds(_ count: Int, cap: LineCap, begin: UInt64 = 1_772_521_200_000) -> [Int] {
        let genesis = LogChain.genesis(cluster: [1], author: 5)
        let entry = [UInt8](repeating: 7, count: 1_000)
        var chain = genesis
        for _ in 0..<20_000 { chain.extend(entry) }
        var sender = UplinkSender(
            held: frontier(chain.index, chain.digest), acknowledged: frontier(0, genesis.digest))
        var now: UInt64 = 1_000
        let hello = Hello(
            cluster: [1], version: 1, author: 5, last: chain.index, digest: chain.digest, pass: [], downlink: 0,
            wallMilliseconds: begin)
        _ = sender.connected(hello, now: now)
        sender.capped(cap, now: now, wallMilliseconds: begin)
        let welcome = Welcome(
            frontier: frontier(0, genesis.digest), pass: [UInt8](repeating: 1, count: UplinkLimits.passBytes),
            wallMilliseconds: begin, windowBytes: UplinkLimits.windowBytes, downlinkLast: 0)
        var actions = sender.received(.welcome(welcome), now: now)
        actions += sender.digestRead(frontier(0, genesis.digest))
        var sent: [Int] = []
        for second in 0..<count {
            var bytes = 0
            while !actions.isEmpty {
                let doing = actions
                actions = []
                for action in doing {
                    switch action {
                    case .readLog(let first, let maximum):
                        let entries = Array(repeating: entry, count: max(1, maximum / entry.count))
                        actions += sender.read(first: first, entries: entries, now: now)
                    case .send(.batch(let batch)):
                        bytes += batch.entries.count * entry.count
                        let end = frontier(batch.first + UInt64(batch.entries.count) - 1, batch.digest)
                        actions += sender.received(.frontier(end), now: now)
                    default: continue
                    }
                }
            }
            sent.append(bytes)
            now += 1_000
            // The centre lives all the while.
            actions = sender.received(.keepAlive(wallMilliseconds: 0, backlog: 0), now: now)
            actions += sender.tick(now: now, wallMilliseconds: begin + UInt64(second + 1) * 1_000)
        }
        return sent
    }

    @Test(arguments: [2_000, 16_000, 64_000] as [UInt32]) func dataFlowsAtTheRateOfTheCap(rate: UInt32) {
        let sent = seconds(60, cap: LineCap(bytesPerSecond: rate))
        let total = sent.reduce(0, +)
        // A batch of two seconds is overdrawn once, and one second's worth is there at the beginning.
        #expect(total >= 57 * Int(rate) && total <= 64 * Int(rate), "\(total) bytes in a minute at \(rate)/s: \(sent)")
        #expect(sent.allSatisfy { $0 <= 3 * Int(rate) }, "no second brings more than a batch: \(sent)")
    }

    @Test func withoutACapNothingIsHeldBack() {
        #expect(seconds(3, cap: .none).reduce(0, +) > 1_000_000)
    }

    @Test func dataFlowsBetweenTheHoursAlone() {
        // 2026-03-03 12:00 in UTC+5; data flows from 12:00 to 12:01.
        let cap = LineCap(bytesPerSecond: 16_000, from: 12 * 60, to: 12 * 60 + 1)
        let sent = seconds(90, cap: cap)
        #expect(sent[..<60].reduce(0, +) > 50 * 16_000)
        #expect(sent[61...].allSatisfy { $0 == 0 }, "\(sent)")
    }

    @Test func hoursMaySpanMidnight() {
        let night = LineCap(from: 20 * 60, to: 6 * 60)
        // 2026-03-03, by the hour of UTC+5.
        func at(_ hour: UInt64) -> UInt64 { 1_772_478_000_000 + hour * 3_600_000 }
        #expect([0, 5, 20, 23].allSatisfy { night.isOpen(wallMilliseconds: at($0)) })
        #expect([6, 12, 19].allSatisfy { !night.isOpen(wallMilliseconds: at($0)) })
        #expect(LineCap.none.isOpen(wallMilliseconds: at(3)))
    }

    @Test func capsThatMakeNoSenseAreNoCaps() {
        #expect(LineCap.none.isWellFormed && LineCap(bytesPerSecond: 1_024, from: 1, to: 2).isWellFormed)
        #expect(!LineCap(bytesPerSecond: 1).isWellFormed && !LineCap(from: 1_440, to: 0).isWellFormed)
    }
}
