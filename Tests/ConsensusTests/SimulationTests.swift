import Consensus
import Foundation
import Simulation
import Testing

/// Seeds of the consensus rung. `SIMULATION_SEEDS=N` and `SIMULATION_BASE=S` run others, and more; a failure names
/// its seed.
struct SimulationTests {
    @Test func noSeedBreaksAPromise() {
        let base = Self.number("SIMULATION_BASE", or: 1)
        let count = Self.number("SIMULATION_SEEDS", or: 40)
        var virtual = 0.0
        var writes = 0
        var reads = 0
        let start = ContinuousClock.now
        for seed in base..<base + count {
            let world = ConsensusWorld(seed: seed)
            if let violation = world.run() {
                Issue.record("seed \(seed): \(violation)")
            }
            virtual += world.virtualSeconds
            writes += world.acknowledgedWrites
            reads += world.answeredReads
        }
        #expect(writes > Int(count) && reads > Int(count), "the seeds must do some work: \(writes), \(reads)")
        let seconds = Double((ContinuousClock.now - start).components.seconds) + 1
        print("\(count) seeds, \(Double(count) / seconds) a second, \(Int(virtual)) virtual seconds, \(writes) writes")
    }

    @Test func seedsThatOnceFailedStillPass() throws {
        for (seed, reason) in try Self.table("consensus.txt") {
            if let violation = ConsensusWorld(seed: try #require(UInt64(seed))).run() {
                Issue.record("seed \(seed) (\(reason)): \(violation)")
            }
        }
    }

    /// The digests were written by another process, whose sets and dictionaries had another order.
    @Test func aSeedGivesTheSameTraceInEveryProcess() throws {
        var lines = ["# Seed and digest of its trace. Written anew by CONSENSUS_REWRITE=1."]
        for seed in 1...6 as ClosedRange<UInt64> {
            let world = ConsensusWorld(seed: seed)
            #expect(world.run() == nil, "seed \(seed)")
            lines.append("\(seed) \(world.trace.digest)")
        }
        try Self.compare(lines, with: "traces.txt")
    }

    /// Each bug with the first seed that finds it; a harness that finds none proves nothing by its silence.
    @Test(.enabled(if: ConsensusWorld.canPlant))
    func everyPlantedBugIsCaughtByItsSeed() throws {
        if Self.rewrites {
            let found = PlantedBug.allCases.map { "\($0.rawValue) \(Self.firstSeed(that: $0))" }
            try Self.compare(["# Planted bug and the first seed that finds it."] + found, with: "planted.txt")
            return
        }
        let seeds = Dictionary(uniqueKeysWithValues: try Self.table("planted.txt"))
        for bug in PlantedBug.allCases {
            let seed = try #require(seeds[bug.rawValue].flatMap(UInt64.init), "no seed for \(bug.rawValue)")
            #expect(ConsensusWorld(seed: seed, planted: bug).run() != nil, "\(bug.rawValue) is not caught by \(seed)")
        }
    }

    // MARK: - Seeds on file

    private static var rewrites: Bool { ProcessInfo.processInfo.environment["CONSENSUS_REWRITE"] == "1" }

    private static func firstSeed(that finds: PlantedBug) -> String {
        let seed = (1...2000 as ClosedRange<UInt64>).first { ConsensusWorld(seed: $0, planted: finds).run() != nil }
        return seed.map(String.init) ?? "none"
    }

    private static func number(_ name: String, or usual: UInt64) -> UInt64 {
        ProcessInfo.processInfo.environment[name].flatMap(UInt64.init) ?? usual
    }

    private static func url(_ name: String) -> URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Seeds/\(name)")
    }

    /// The first word of each line, and the rest.
    private static func table(_ name: String) throws -> [(String, String)] {
        let text = try String(contentsOf: url(name), encoding: .utf8)
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            let words = line.split(separator: " ", maxSplits: 1)
            return (String(words[0]), words.count > 1 ? String(words[1]) : "")
        }
    }

    private static func compare(_ lines: [String], with name: String) throws {
        let text = lines.joined(separator: "\n") + "\n"
        if rewrites {
            try text.write(to: url(name), atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: url(name), encoding: .utf8) == text, "\(name) differs")
    }
}
