import Foundation
import PlantedConsensus
import PlantedSimulation
import PlantedSystemSimulation
import Simulation

/// The table of planted bugs: how many seeds it takes to find each, from several bases. A harness that finds none
/// proves nothing by its silence.
struct Planted {
    private let options: Options

    struct Bug: Sendable {
        var name: String
        var fails: @Sendable (UInt64) -> Bool
    }

    init(_ options: Options) {
        self.options = options
    }

    static func all(_ rung: Options.Rung) -> [Bug] {
        if rung == .system {
            return PlantedSystemSimulation.PlantedSystemBug.all.map { bug in
                // A seed that fails without it proves nothing of it.
                Bug(name: bug.name) {
                    PlantedSystemSimulation.SystemWorld(seed: $0, planted: bug).run() != nil
                        && PlantedSystemSimulation.SystemWorld(seed: $0).run() == nil
                }
            }
        }
        return PlantedBug.allCases.map { bug in
            Bug(name: bug.rawValue) { PlantedSimulation.ConsensusWorld(seed: $0, planted: bug).run() != nil }
        }
            + PlantedSimulation.PlantedShellBug.allCases.map { bug in
                Bug(name: bug.rawValue) { PlantedSimulation.ConsensusWorld(seed: $0, shellBug: bug).run() != nil }
            }
    }

    /// Prints the table; its last line says whether every bug was found from every base.
    func run() async -> Bool {
        let first = options.seed ?? Simulate.drawnSeed()
        let bases = (0..<options.bases).map { first &+ UInt64($0) &* 1_000_000 }
        let limit = options.seeds ?? (options.rung == .system ? 500 : 20_000)
        Simulate.say(
            "seeds needed, from the bases \(bases.map(String.init).joined(separator: ", ")), at most \(limit) each")
        var missed = 0
        for bug in Self.all(options.rung) where options.bug ?? bug.name == bug.name {
            var found: [String] = []
            for base in bases {
                let needed = await Self.firstSeed(
                    of: bug, base: base, limit: limit, jobs: options.jobs ?? Simulate.cores)
                if needed == nil { missed += 1 }
                found.append(needed.map { "\($0 - base + 1)" } ?? "none")
            }
            let name = bug.name.padding(toLength: 34, withPad: " ", startingAt: 0)
            Simulate.say(name + found.map { $0.padding(toLength: 10, withPad: " ", startingAt: 0) }.joined())
        }
        Simulate.say(missed == 0 ? "every bug is found from every base" : "\(missed) not found")
        return missed == 0
    }

    /// The lowest seed that finds the bug, whichever job ran it.
    static func firstSeed(of bug: Bug, base: UInt64, limit: UInt64, jobs: Int) async -> UInt64? {
        var start = base
        var width = UInt64(jobs)
        while start < base &+ limit {
            let count = min(width, base &+ limit - start)
            let total = await Simulation.Campaign(base: start, seeds: count, jobs: jobs).run { seed in
                SeedReport(
                    seed: seed, violation: bug.fails(seed) ? Violation(bug.name, "found") : nil, virtualSeconds: 0,
                    counts: [])
            }
            if let seed = total.failures.map(\.seed).min() { return seed }
            start += count
            width = min(width * 2, 1_024)
        }
        return nil
    }
}
