import Simulation
import SystemSimulation

/// One seed of a rung, whole or reduced.
struct Story: Sendable {
    var rung: Options.Rung
    var seed: UInt64
    var reduction: Reduction

    var arguments: [String] { ["--rung", rung.rawValue, "--seed", "\(seed)", "--seeds", "1"] + reduction.arguments }

    static func counted(_ rung: Options.Rung) -> [String] {
        switch rung {
        case .consensus: ConsensusWorld.counted
        case .system: SystemWorld.counted
        }
    }

    func report() -> SeedReport {
        switch rung {
        case .consensus: ConsensusWorld.report(seed, reduction)
        case .system: SystemWorld.report(seed, reduction)
        }
    }

    func shrunk() -> Story? {
        let reduction =
            switch rung {
            case .consensus: ConsensusWorld.shrink(seed)
            case .system: SystemWorld.shrink(seed)
            }
        return reduction.map { Story(rung: rung, seed: seed, reduction: $0) }
    }

    /// Prints what happens. True where all promises are kept.
    func tell(indent: String = "", linesMax: Int = .max) -> Bool {
        var lines: [String] = []
        let violation: Violation?
        switch rung {
        case .consensus:
            let world = ConsensusWorld(seed: seed, reduction: reduction)
            world.tell = { lines.append($0) }
            violation = world.run()
        case .system:
            let world = SystemWorld(seed: seed, reduction: reduction)
            world.tell = { lines.append($0) }
            violation = world.run()
        }
        if lines.count > linesMax { Simulate.say("\(indent)… \(lines.count - linesMax) lines before") }
        for line in lines.suffix(linesMax) { Simulate.say(indent + line) }
        if violation == nil { Simulate.say("\(indent)all promises are kept") }
        return violation == nil
    }
}
