import Foundation
import TestSupport
import Testing
import Transport
import Uplink
import Wire

/// Rates of LZ4 and of a loopback connection. Printed where `ESEP_FIGURES` is set; judged by nobody here.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["ESEP_FIGURES"] != nil))
struct Figures {
    static func seconds(_ spent: Duration) -> Double {
        Double(spent.components.attoseconds) / 1e18 + Double(spent.components.seconds)
    }

    @Test func howFastBlocksAreCompressed() throws {
        var dice = Dice(seed: 4)
        let dictionary = LZ4Dictionary(dice.material(16_000))
        var plain = dice.material(300)
        plain.replaceSubrange(100..<140, with: (0..<40).map { _ in UInt8(truncatingIfNeeded: dice.next()) })
        let rounds = 200_000
        let clock = ContinuousClock()
        var packed: [UInt8] = []
        let packing = clock.measure {
            for _ in 0..<rounds { packed = LZ4Block.compress(plain, dictionary: dictionary) }
        }
        let expanding = try clock.measure {
            for _ in 0..<rounds {
                _ = try LZ4Block.expand(packed, rawLength: plain.count, limit: 1_000, dictionary: dictionary)
            }
        }
        for (what, spent) in [("compress", packing), ("expand", expanding)] {
            let each = Self.seconds(spent) / Double(rounds) * 1e6
            print("figure: \(what) a block of 300 bytes (\(packed.count)): \((each * 100).rounded() / 100) µs")
        }
    }

    @Test func howFastAConnectionIs() async throws {
        let cluster = try Cluster()
        for size in [200, 20_000, 2_000_000] {
            let (listener, centre, caller) = try await cluster.pair(as: cluster.territory())
            var dice = Dice(seed: 3)
            let message = Message.uplink(.question(number: 1, bytes: dice.material(size)))
            let count = max(100, min(50_000, 400_000_000 / size))
            let started = ContinuousClock.now
            let sending = Task {
                for _ in 0..<count { try await caller.send(message) }
            }
            var read = 0
            for try await _ in centre.messages {
                read += 1
                if read == count { break }
            }
            let spent = Self.seconds(ContinuousClock.now - started)
            print(
                "figure: \(size) bytes: \(Int(Double(read) / spent))/s, \(Int(Double(read * size) / spent / 1e6)) MB/s")
            try await sending.value
            await listener.close()
        }
    }
}
