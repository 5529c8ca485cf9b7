package import Consensus

/// Which faults a seed meets, and how often: every seed draws its own. A fixed mix misses bugs that need one kind
/// often and another never.
package struct FaultMix: Sendable {
    package enum Kind: Int, CaseIterable, Sendable {
        case crash
        case crashAndRestartAtOnce
        case pause
        case partition
        case heal
        case slowDisk
        case compact
        case transfer
        case change
        case campaign
        case lineDown
    }

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
    package var faultInterval: Int
    package var weights: [Int]
    /// How often a fault is aimed at a leader.
    package var leaderPerMille: Int
    package var proposeInterval: Int
    package var readInterval: Int
    package var limits: ReplicaLimits

    package init(_ chance: inout SplitMix) {
        voters = chance.pick([1, 3, 3, 3, 5, 5])
        duration = chance.next(in: 10_000_000...40_000_000)
        tick = 50_000
        delay = 200...chance.spread(from: 1_000, to: 400_000)
        sync = 100...chance.spread(from: 1_000, to: 150_000)
        turn = 0...chance.spread(from: 1, to: 20_000)
        lossPerMille = chance.next(below: 2) == 0 ? 0 : chance.spread(from: 5, to: 300)
        duplicatePerMille = chance.next(below: 2) == 0 ? 0 : chance.spread(from: 5, to: 200)
        faultInterval = chance.spread(from: 60_000, to: 4_000_000)
        weights = FaultMix.Kind.allCases.map { _ in chance.next(below: 3) == 0 ? 0 : chance.spread(from: 1, to: 16) }
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
    }

    func draw(_ chance: inout SplitMix) -> Kind? {
        let sum = weights.reduce(0, +)
        guard sum > 0 else { return nil }
        var place = chance.next(below: sum)
        for kind in Kind.allCases {
            place -= weights[kind.rawValue]
            if place < 0 { return kind }
        }
        return nil
    }
}
