package import Consensus

/// Which faults a seed meets, and how often: every seed draws its own. A fixed mix misses bugs that need one kind
/// often and another never.
package struct FaultMix: Sendable {
    package var voters: Int
    /// Virtual microseconds of the phase under faults.
    package var duration: Int
    /// Microseconds.
    package var tick: Int
    package var delay: ClosedRange<Int>
    package var sync: ClosedRange<Int>
    /// How long a node gathers events before its turn.
    package var turn: ClosedRange<Int>
    package var lossPerMille: Int
    package var duplicatePerMille: Int
    /// How much clocks differ for the whole run.
    package var skewPerMille: Int
    package var faultInterval: Int
    package var weights: [Int]
    /// How often a fault is aimed at a leader.
    package var leaderPerMille: Int
    package var proposeInterval: Int
    package var readInterval: Int
    package var limits: ReplicaLimits

    package init(_ chance: inout SplitMix, _ reduction: Reduction = .none) {
        voters = chance.pick([1, 3, 3, 3, 3, 5, 5])
        duration = chance.next(in: 10_000_000...40_000_000)
        tick = 50_000
        delay = 200...chance.spread(from: 1_000, to: 400_000)
        sync = 100...chance.spread(from: 1_000, to: 150_000)
        turn = 0...chance.spread(from: 1, to: 20_000)
        lossPerMille = chance.next(below: 2) == 0 ? 0 : chance.spread(from: 5, to: 300)
        duplicatePerMille = chance.next(below: 2) == 0 ? 0 : chance.spread(from: 5, to: 200)
        skewPerMille = chance.next(below: 3) == 0 ? chance.spread(from: 1, to: 400) : 0
        faultInterval = chance.magnitude(from: 60_000, to: 6_000_000)
        weights = FaultMix.drawWeights(&chance)
        leaderPerMille = chance.pick([0, 300, 500, 800])
        proposeInterval = chance.spread(from: 20_000, to: 500_000)
        readInterval = chance.spread(from: 30_000, to: 1_000_000)
        limits = ReplicaLimits()
        limits.electionTicks = chance.pick([6, 10, 10])
        limits.heartbeatTicks = chance.pick([1, 2, 2])
        limits.messagesInFlight = chance.pick([1, 2, 64])
        limits.messageCost = chance.pick([1, 100, 1 << 20])
        limits.cacheCost = chance.pick([0, 200, 1 << 20])
        limits.uncommittedCost = chance.pick([500, 1 << 20])
        apply(reduction)
    }

    /// A seed meets few kinds often, or many now and then.
    private static func drawWeights(_ chance: inout SplitMix) -> [Int] {
        let share = chance.pick([2, 4, 8])
        return Fault.Kind.allCases.map { kind in
            let isDrawn = chance.next(below: 8) < share
            let weight = chance.spread(from: 1, to: 16)
            // Each of these costs the group a member for good: few are enough.
            return !isDrawn ? 0 : kind == .diskLost || kind == .bitFlip ? min(weight, 2) : weight
        }
    }

    private mutating func apply(_ reduction: Reduction) {
        for noise in reduction.without {
            switch noise {
            case .loss: lossPerMille = 0
            case .duplicates: duplicatePerMille = 0
            case .reads: readInterval = .max / 4
            case .slowSyncs: sync = 100...100
            case .slowTurns: turn = 0...0
            case .clocks: skewPerMille = 0
            }
        }
        if let until = reduction.until { duration = min(duration, until) }
    }

    /// All faults of the run, in the order of their time.
    func drawFaults(_ chance: inout SplitMix) -> [Fault] {
        var faults: [Fault] = []
        let sum = weights.reduce(0, +)
        guard sum > 0 else { return [] }
        var time = 0
        while true {
            time += chance.next(in: faultInterval / 2...faultInterval * 3 / 2)
            let dice = SplitMix(seed: chance.next())
            var place = chance.next(below: sum)
            guard time < duration else { return faults }
            for (kind, weight) in zip(Fault.Kind.allCases, weights) {
                place -= weight
                guard place < 0 else { continue }
                faults.append(Fault(number: faults.count, time: UInt64(time), kind: kind, dice: dice))
                break
            }
        }
    }
}
