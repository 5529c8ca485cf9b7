import Synchronization

/// What one seed came to.
package struct SeedReport: Sendable {
    package var seed: UInt64
    package var violation: Violation?
    package var virtualSeconds: Double
    /// Writes acknowledged, reads answered, faults met and the like, in the order of the rung's own list.
    package var counts: [Int]

    package init(seed: UInt64, violation: Violation?, virtualSeconds: Double, counts: [Int]) {
        self.seed = seed
        self.violation = violation
        self.virtualSeconds = virtualSeconds
        self.counts = counts
    }
}

/// Many seeds, on as many threads as asked for.
package struct Campaign: Sendable {
    package var base: UInt64
    package var seeds: UInt64
    package var jobs: Int
    /// Asked before each seed: false ends the campaign.
    package var goesOn: @Sendable () -> Bool = { true }
    /// Told of each failure at once, and of none twice.
    package var onFailure: @Sendable (SeedReport) -> Void = { _ in }

    package struct Total: Sendable {
        package var seeds = 0
        package var failures: [SeedReport] = []
        package var virtualSeconds = 0.0
        package var counts: [Int] = []

        mutating func add(_ report: SeedReport) {
            seeds += 1
            virtualSeconds += report.virtualSeconds
            while counts.count < report.counts.count { counts.append(0) }
            for (place, count) in report.counts.enumerated() { counts[place] += count }
            if report.violation != nil { failures.append(report) }
        }
    }

    package init(base: UInt64, seeds: UInt64, jobs: Int) {
        self.base = base
        self.seeds = seeds
        self.jobs = jobs
    }

    package func run(_ body: @escaping @Sendable (UInt64) -> SeedReport) async -> Total {
        let tally = Tally()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<jobs {
                group.addTask { await self.runSome(tally, body) }
            }
        }
        return tally.total.withLock { $0 }
    }

    private func runSome(_ tally: Tally, _ body: @Sendable (UInt64) -> SeedReport) async {
        while goesOn() {
            // Whoever shares the threads must not wait for the whole campaign.
            await Task.yield()
            let place = tally.next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard place < seeds else { return }
            let report = body(base &+ place)
            tally.total.withLock { $0.add(report) }
            if report.violation != nil { onFailure(report) }
        }
    }

    private final class Tally: Sendable {
        let next = Atomic<UInt64>(0)
        let total = Mutex(Total())
    }
}

extension ConsensusWorld {
    /// What `SeedReport.counts` counts in this rung.
    package static var counted: [String] { ["writes", "reads", "faults", "steps", "runs that lost their quorum"] }

    package static func report(_ seed: UInt64, _ reduction: Reduction = .none) -> SeedReport {
        let world = ConsensusWorld(seed: seed, reduction: reduction)
        let violation = world.run()
        return SeedReport(
            seed: seed, violation: violation, virtualSeconds: world.virtualSeconds,
            counts: [
                world.acknowledgedWrites, world.answeredReads, world.faultsMet, world.trace.steps,
                world.hasLostQuorum ? 1 : 0,
            ])
    }

    /// The smallest run in which the same checker still finds something; nil where the seed passes.
    package static func shrink(_ seed: UInt64) -> Reduction? {
        let drawn = ConsensusWorld(seed: seed)
        var shrinker = Shrinker { reduction in
            let world = ConsensusWorld(seed: seed, reduction: reduction)
            return world.run().map { ($0.checker, world.now) }
        }
        return shrinker.shrink(faults: drawn.faults.map { ($0.number, $0.time) }, duration: drawn.mix.duration)
    }
}
