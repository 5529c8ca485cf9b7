import Foundation
import Simulation

/// Many seeds: prints how fast they went, and for each failure how to see it again, as small as it can be made.
struct Soak {
    let options: Options
    let base: UInt64

    init(_ options: Options) {
        self.options = options
        base = options.seed ?? Simulate.drawnSeed()
    }

    /// True where all seeds passed.
    func run() async -> Bool {
        var campaign = Campaign(
            base: base, seeds: options.seeds ?? (options.minutes == nil ? 1_000 : .max),
            jobs: options.jobs ?? Simulate.cores)
        Simulate.say("rung \(options.rung.rawValue), seeds from \(base), \(campaign.jobs) jobs")
        let start = ContinuousClock.now
        if let minutes = options.minutes {
            campaign.goesOn = { ContinuousClock.now - start < .seconds(minutes * 60) }
        }
        let rung = options.rung
        campaign.onFailure = { report in Simulate.say("seed \(report.seed): \(report.violation.map { "\($0)" } ?? "")")
        }
        let total = await campaign.run { Story(rung: rung, seed: $0, reduction: .none).report() }
        let passed = ContinuousClock.now - start
        summarise(total, seconds: Double(passed.components.seconds) + Double(passed.components.attoseconds) / 1e18)
        for failure in total.failures.sorted(by: { $0.seed < $1.seed }).prefix(5) {
            explain(failure)
        }
        return total.failures.isEmpty
    }

    private func summarise(_ total: Campaign.Total, seconds: Double) {
        let processor = Simulate.processorSeconds
        let hours = total.virtualSeconds / 3600
        let rate = Simulate.shown(Double(total.seeds) / max(seconds, 0.001))
        let counts = zip(Story.counted(options.rung), total.counts).map { "\($1) \($0)" }.joined(separator: ", ")
        Simulate.say(
            """
            \(total.seeds) seeds in \(Simulate.shown(seconds)) s: \(rate) seeds/s, \
            \(Simulate.shown(hours)) virtual hours, \
            \(Simulate.shown(total.virtualSeconds / max(processor, 0.001))) times real time on one core \
            (\(Simulate.shown(processor)) s of processor time)
            \(counts)
            \(total.failures.count) failures
            """)
    }

    private func explain(_ failure: SeedReport) {
        let story = Story(rung: options.rung, seed: failure.seed, reduction: .none)
        Simulate.say("\nseed \(failure.seed): \(failure.violation.map { "\($0)" } ?? "")")
        Simulate.say("  again: ops/simulate \(story.arguments.joined(separator: " "))")
        if options.records { record(failure) }
        guard let small = story.shrunk() else { return }
        Simulate.say("  small: ops/simulate \(small.arguments.joined(separator: " "))")
        _ = small.tell(indent: "    ", linesMax: 80)
    }

    /// A seed that failed runs with the tests from then on.
    private func record(_ failure: SeedReport) {
        let file = URL(fileURLWithPath: "Tests/Seeds/\(options.rung.rawValue).txt")
        guard var text = try? String(contentsOf: file, encoding: .utf8) else { return }
        guard !text.contains("\n\(failure.seed) ") else { return }
        text += "\(failure.seed) \(failure.violation.map { "\($0)".prefix(160) } ?? "")\n"
        do {
            try text.write(to: file, atomically: true, encoding: .utf8)
            Simulate.say("  kept in Tests/Seeds/\(options.rung.rawValue).txt")
        } catch {
            Simulate.say("  could not be kept: \(error.localizedDescription)")
        }
    }
}
