/// Makes a failure small: the fewest faults, the least noise and the shortest time under which the same checker still
/// finds something.
package struct Shrinker {
    /// Runs with a reduction: the checker that found something, and when.
    package typealias Run = (Reduction) -> (checker: String, time: UInt64)?

    private let run: Run
    private let runsMax: Int
    private(set) var runs = 0
    private var checker = ""

    package init(runsMax: Int = 600, run: @escaping Run) {
        self.run = run
        self.runsMax = runsMax
    }

    /// Nil where the run does not fail at all. `faults` are all that the seed draws: their numbers and times.
    package mutating func shrink(faults: [(number: Int, time: UInt64)], duration: Int) -> Reduction? {
        guard let first = run(.none) else { return nil }
        checker = first.checker
        var best = Reduction.none
        let met = faults.filter { $0.time <= first.time }.map(\.number)
        if let shorter = fails(Reduction(kept: met, until: min(duration, Int(first.time) + 1))) {
            best = shorter
        } else if let fewer = fails(Reduction(kept: met)) {
            best = fewer
        } else {
            best.kept = faults.map(\.number)
        }
        dropFaults(&best)
        for noise in Reduction.Noise.allCases {
            var quieter = best
            quieter.without.append(noise)
            best = fails(quieter) ?? best
        }
        dropFaults(&best)
        return best
    }

    /// The reduction, if it still fails in the same way.
    private mutating func fails(_ reduction: Reduction) -> Reduction? {
        guard runs < runsMax else { return nil }
        runs += 1
        return run(reduction)?.checker == checker ? reduction : nil
    }

    /// Leaves out halves, then quarters, down to single faults, as long as that helps (Zeller and Hildebrandt's ddmin).
    private mutating func dropFaults(_ best: inout Reduction) {
        guard var kept = best.kept, !kept.isEmpty else { return }
        var size = (kept.count + 1) / 2
        while size >= 1, runs < runsMax {
            var start = 0
            var helped = false
            while start < kept.count {
                var fewer = kept
                fewer.removeSubrange(start..<min(start + size, kept.count))
                var tried = best
                tried.kept = fewer
                if let smaller = fails(tried) {
                    best = smaller
                    kept = fewer
                    helped = true
                } else {
                    start += size
                }
            }
            if size == 1, !helped { return }
            size = size == 1 ? (helped ? 1 : 0) : (size + 1) / 2
        }
    }
}
