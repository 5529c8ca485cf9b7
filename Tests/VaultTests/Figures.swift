import Foundation
import TestSupport
import Testing
import Vault

/// What a block costs. Printed where `ESEP_FIGURES` is set; judged by nobody here.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["ESEP_FIGURES"] != nil))
struct Figures {
    static func measure(_ what: String, _ count: Int, _ body: (Int) throws -> Void) rethrows {
        let clock = ContinuousClock()
        let spent = try clock.measure {
            for index in 0..<count { try body(index) }
        }
        let microseconds = Double(spent.components.attoseconds) / 1e12 + Double(spent.components.seconds) * 1e6
        print("figure: \(what): \((microseconds / Double(count) * 1000).rounded() / 1000) µs each")
    }

    @Test func whatABlockCosts() throws {
        var dice = Dice(seed: 1)
        let root = try dice.secret()
        var tree = KeyTree(seed: root)
        let count = 200_000
        Self.measure("leaf keys in order", count) { _ = tree.leafKey(UInt64($0)) }
        Self.measure("leaf keys at random", count / 20) { _ = tree.leafKey(UInt64($0 &* 0x9E37_79B9) & 0xFF_FFFF_FFFF) }
        let place = SealingPlace(recordHigh: 1, recordLow: 2, author: 3, slot: 4)
        let plain = dice.bytes(250)
        let first = tree.leafKey(1)
        let key = try #require(first)
        var sealed: [UInt8] = []
        try Self.measure("seal 250 bytes", count) {
            sealed = try Sealing.seal(plain, key: key, leaf: UInt64($0), salt: 1, at: place)
        }
        try Self.measure("open 250 bytes", count) { _ in
            _ = try Sealing.open(sealed, key: key, leaf: UInt64(count - 1), salt: 1, at: place)
        }
        let tokens = BlindIndexKey(root)
        Self.measure("token", count) { _ in _ = tokens.token("person.iin", "990101300123") }
        let entry = dice.bytes(600)
        var chain = LogChain.genesis(cluster: [], author: 1)
        Self.measure("chain over 600 bytes", count) { _ in chain.extend(entry) }
        Self.measure("record name", count) { _ in _ = RecordName.id(sender: "police-75", document: "2026-000123") }
        var holder = KeyTree(seed: root)
        Self.measure("puncture", 1_000) { _ = holder.puncture(UInt64($0 * 7919)) }
    }
}
