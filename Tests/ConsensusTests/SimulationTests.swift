import Consensus
import Foundation
import PlantedConsensus
import PlantedSimulation
import Simulation
import TestSupport
import Testing

/// Seeds of the consensus rung. `SIMULATION_SEEDS=N` runs so many, half of them always the same and half drawn anew;
/// a failure names its seed, and `ops/simulate --seed S --seeds 1` tells what happens in it.
struct SimulationTests {
    @Test func noSeedBreaksAPromise() async {
        let count = Self.number("SIMULATION_SEEDS", or: 40)
        let drawn = Self.number("SIMULATION_BASE", or: UInt64.random(in: 1_000_000...1_000_000_000))
        for (base, seeds) in [(1, count - count / 2), (drawn, count / 2)] as [(UInt64, UInt64)] {
            let total = await Simulation.Campaign(base: base, seeds: seeds, jobs: 2).run {
                Simulation.ConsensusWorld.report($0)
            }
            for failure in total.failures {
                Issue.record("seed \(failure.seed): \(failure.violation.map { "\($0)" } ?? "")")
            }
            #expect(total.counts[0] > Int(seeds) && total.counts[1] > Int(seeds), "the seeds must do some work")
            #expect(total.counts[4] * 50 <= total.seeds, "too many runs end without a verdict: \(total.counts[4])")
            print("consensus: \(total.seeds) seeds from \(base), \(Int(total.virtualSeconds)) virtual seconds")
        }
    }

    @Test func seedsThatOnceFailedStillPass() throws {
        for (seed, reason) in try SeedTable.rows("consensus.txt") {
            if let violation = Simulation.ConsensusWorld(seed: try #require(UInt64(seed))).run() {
                Issue.record("seed \(seed) (\(reason)): \(violation)")
            }
        }
    }

    /// The digests were written by another process, whose sets and dictionaries had another order.
    @Test func aSeedGivesTheSameTraceInEveryProcess() throws {
        var lines = ["# Seed and digest of its trace. Written anew by SEEDS_REWRITE=1."]
        for seed in 1...12 as ClosedRange<UInt64> {
            let world = Simulation.ConsensusWorld(seed: seed)
            #expect(world.run() == nil, "seed \(seed)")
            lines.append("\(seed) \(world.trace.digest)")
        }
        #expect(try SeedTable.holds(lines, in: "traces.txt"))
    }

    /// Each bug with the first seed that finds it; a harness that finds none proves nothing by its silence.
    @Test func everyPlantedBugIsCaughtByItsSeed() throws {
        let seeds = Dictionary(uniqueKeysWithValues: try SeedTable.rows("planted.txt"))
        let replica: [(String, (UInt64) -> Bool)] = PlantedBug.allCases.map { bug in
            (bug.rawValue, { PlantedSimulation.ConsensusWorld(seed: $0, planted: bug).run() != nil })
        }
        let shell: [(String, (UInt64) -> Bool)] = PlantedSimulation.PlantedShellBug.allCases.map { bug in
            (bug.rawValue, { PlantedSimulation.ConsensusWorld(seed: $0, shellBug: bug).run() != nil })
        }
        #expect(replica.count + shell.count >= 20)
        for (name, isCaught) in replica + shell {
            let seed = try #require(seeds[name].flatMap { UInt64($0) }, "no seed for \(name)")
            #expect(isCaught(seed), "\(name) is not caught by seed \(seed)")
        }
    }

    /// What is planted must not be in what is built for use.
    @Test func theModuleInUseHasNoPlantedBug() {
        #expect(!Simulation.ConsensusWorld.canPlant)
        #expect(PlantedSimulation.ConsensusWorld.canPlant)
    }

    /// A failure is made small: here a failing seed of a planted bug loses most of what happened in it.
    @Test func aFailureIsMadeSmall() throws {
        let seeds = Dictionary(uniqueKeysWithValues: try SeedTable.rows("planted.txt"))
        let seed = try #require(seeds["failedSyncRetried"].flatMap { UInt64($0) })
        let world = PlantedSimulation.ConsensusWorld(seed: seed, shellBug: .failedSyncRetried)
        var shrinker = PlantedSimulation.Shrinker { reduction in
            let world = PlantedSimulation.ConsensusWorld(seed: seed, reduction: reduction, shellBug: .failedSyncRetried)
            return world.run().map { ($0.checker, world.now) }
        }
        let shrunk = shrinker.shrink(
            faults: world.faults.map { ($0.number, $0.time) }, duration: world.mix.duration)
        let small = try #require(shrunk)
        let kept = try #require(small.kept)
        #expect(kept.count <= 4 && kept.count < world.faults.count)
        #expect(
            PlantedSimulation.ConsensusWorld(seed: seed, reduction: small, shellBug: .failedSyncRetried).run() != nil)
    }

    private static func number(_ name: String, or usual: UInt64) -> UInt64 {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) } ?? usual
    }
}
