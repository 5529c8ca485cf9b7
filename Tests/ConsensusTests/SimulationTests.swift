import Consensus
import Foundation
import Simulation
import Testing

/// Seeds of the consensus rung. `SIMULATION_SEEDS=N` and `SIMULATION_BASE=S` run others, and more.
struct SimulationTests {
    private static func number(_ name: String, or usual: UInt64) -> UInt64 {
        ProcessInfo.processInfo.environment[name].flatMap(UInt64.init) ?? usual
    }

    @Test func noSeedBreaksAPromise() {
        let base = Self.number("SIMULATION_BASE", or: 1)
        let count = Self.number("SIMULATION_SEEDS", or: 60)
        var seconds = 0.0
        var writes = 0
        var reads = 0
        for seed in base..<base + count {
            let world = ConsensusWorld(seed: seed)
            if let violation = world.run() {
                Issue.record("seed \(seed): \(violation)")
            }
            seconds += world.virtualSeconds
            writes += world.acknowledgedWrites
            reads += world.answeredReads
        }
        #expect(writes > Int(count) && reads > Int(count), "the seeds must do some work: \(writes), \(reads)")
        print("\(count) seeds, \(Int(seconds)) virtual seconds, \(writes) writes, \(reads) reads")
    }
}
