import Foundation
import TestSupport
import Testing
import Vault
import Wire

/// The bytes of fixed values, kept as hexadecimal files: a format that changes by accident is seen here. With
/// `ESEP_GOLDEN=write` the files are written anew; the change is then to be understood before it is committed.
struct GoldenTests {
    static let cases: [(name: String, bytes: [UInt8])] =
        Samples.entries.map { ($0.name, EntryCodec.encode($0.entry)) }
        + [("block-plain", WritesCodec.encode(Samples.plain))]
        + Samples.proposals.map { ($0.name, $0.proposal.encoded()) }
        + Samples.downlink.map { ($0.name, $0.item.encoded()) }
        + BundleFrameTests.samples
        + zip(["reseat", "reseated", "former-asked", "former"], MessageTests.reseating)
        .map { ("message-" + $0, Message.uplink($1).encoded()) }
        + [("message-batch-slim", SlimBatchTests.sample.encoded())]
        + MessageTests.all.enumerated().map { ("message-\($0.offset + 1)", $0.element.encoded()) }

    @Test(arguments: cases.map(\.name)) func theBytesAreThoseOfTheGoldenFile(name: String) throws {
        let bytes = try #require(Self.cases.first { $0.name == name }?.bytes)
        let path = "Tests/WireTests/Golden/\(name).hex"
        if ProcessInfo.processInfo.environment["ESEP_GOLDEN"] == "write" {
            try Data((Self.lines(of: bytes) + "\n").utf8).write(to: Repository.root.appendingPathComponent(path))
        }
        #expect(try Repository.text(of: path) == Self.lines(of: bytes) + "\n")
    }

    /// 32 bytes a line.
    static func lines(of bytes: [UInt8]) -> String {
        stride(from: 0, to: bytes.count, by: 32)
            .map { Hex.encode(bytes[$0..<min($0 + 32, bytes.count)]) }
            .joined(separator: "\n")
    }
}

/// Rates of the codec. Printed where `ESEP_FIGURES` is set; judged by nobody here.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["ESEP_FIGURES"] != nil))
struct Figures {
    @Test func howFastEntriesAreWrittenAndRead() throws {
        var dice = Dice(seed: 1)
        let entries = (0..<200).map { _ in dice.entry() }
        let bytes = entries.map { EntryCodec.encode($0) }
        let average = bytes.map(\.count).reduce(0, +) / bytes.count
        let rounds = 500
        let clock = ContinuousClock()
        let encoding = clock.measure {
            for _ in 0..<rounds {
                for entry in entries { _ = EntryCodec.encode(entry) }
            }
        }
        let decoding = try clock.measure {
            for _ in 0..<rounds {
                for one in bytes { _ = try EntryCodec.decode(one) }
            }
        }
        for (what, spent) in [("encode", encoding), ("decode", decoding)] {
            let seconds = Double(spent.components.attoseconds) / 1e18 + Double(spent.components.seconds)
            print("figure: \(what): \(Int(Double(rounds * entries.count) / seconds))/s, entries of \(average) bytes")
        }
    }
}
