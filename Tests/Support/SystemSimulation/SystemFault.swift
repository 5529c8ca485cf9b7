import Simulation

/// One thing that goes wrong in the system rung, or that an operator does. All of a seed's faults are drawn before its
/// run, each with dice of its own: whoever leaves some of them out leaves the others as they are.
package struct SystemFault: Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        // Process: killed, or ended at a drawn point of its next turn; with or without what was not synced.
        case killCentre, killTerritory, cutPowerCentre, cutPowerTerritory
        case endWithinTurnCentre, endWithinTurnTerritory
        case pauseCentre, pauseTerritory
        // Disk.
        case diskFullCentre, diskFullTerritory, indexLost
        // Clock.
        case clockJumpCentre, clockJumpTerritory
        // Lines: cut in silence, broken so that both ends see it, cut between voters.
        case cutLine, breakLine, cutPeer, isolateVoter, territoryAway, allAway
        // Operators.
        case transferLead, replaceVoter, addLearner
        // The log goes as a file, and a receipt comes back.
        case carryBundle
        // A territory's files: copied, put back from the copy, run twice at once, lost.
        case copyDirectory, putBackDirectory, putBackMachine, putBackStore, copiedTwice, diskLost
        // A body is closed, with a successor or without, or goes on with another node: drawn apart from the others.
        case retireBody, reseatBody
        // Also apart, at one territory in a row: a line that breaks whenever it stands, and a machine that is copied as
        // a whole when the centre has refused its log.
        case lineFlaps, imagedWhenRefused

        fileprivate static let apart: [Kind] = [.retireBody, .reseatBody, .lineFlaps, .imagedWhenRefused]
        fileprivate static let weighed = allCases.filter { !apart.contains($0) }
        fileprivate static let ofStorms: [Kind] = [
            .copyDirectory, .putBackDirectory, .putBackMachine, .putBackMachine, .putBackStore, .copiedTwice,
            .copiedTwice, .copiedTwice, .diskLost, .killTerritory, .killTerritory, .cutPowerTerritory, .cutLine,
            .carryBundle, .lineFlaps, .lineFlaps, .imagedWhenRefused, .imagedWhenRefused,
        ]
    }

    package var number: Int
    package var time: UInt64
    package var kind: Kind
    /// Of this territory's machines; nil: of any.
    var place: Int?
    var dice: SplitMix
}

/// What a seed of the system rung meets, and how often. Times in virtual microseconds.
package struct SystemMix: Sendable {
    package var voters: Int
    package var territories: Int
    package var duration: Int
    var centreTick: Int
    var turn: Int
    var delay: ClosedRange<Int>
    var lossPerMille: Int
    var duplicatePerMille: Int
    var workInterval: Int
    var operatorInterval: Int
    /// Documents a territory hands in at most.
    var documents: Int
    /// Of a hundred times that a clerk works: how often the document is one that came to another territory, too, and
    /// how often he corrects.
    var sharedPerCent: Int
    var correctionPerCent: Int
    /// Bytes of entries in one reading of the log: small batches make many proposals.
    var batchBytes: Int
    /// Bytes of applied proposals after which the Raft log is cut: small ones call for copies of the store.
    var logBytes: Int
    /// Bytes of proposals that one turn applies.
    var applyBytes: Int
    var preparesEarly: Bool
    /// Milliseconds by which clocks differ.
    var skew: Int
    /// Wall milliseconds in one virtual millisecond: where the horizon is long, a day goes by in a tenth of a second.
    var wallRate: Int
    var faultInterval: Int
    var weights: [Int]

    init(_ dice: inout SplitMix, _ reduction: Reduction) {
        voters = dice.pick([1, 1, 3, 3, 3, 5])
        territories = dice.spread(from: 2, to: 20)
        duration = dice.next(in: 8_000_000...25_000_000)
        centreTick = 100_000
        turn = dice.spread(from: 1_000, to: 20_000)
        delay = 200...dice.spread(from: 2_000, to: 300_000)
        lossPerMille = dice.pick([0, 0, 20, 100])
        duplicatePerMille = dice.pick([0, 0, 20, 200])
        workInterval = dice.magnitude(from: 200_000, to: 3_000_000)
        operatorInterval = dice.magnitude(from: 200_000, to: 6_000_000)
        documents = dice.next(in: 3...max(4, 60 / territories))
        sharedPerCent = dice.pick([0, 10, 40])
        correctionPerCent = dice.pick([0, 20, 60])
        batchBytes = dice.pick([500, 5_000, 4 << 20])
        logBytes = dice.pick([4_000, 40_000, 16 << 20])
        applyBytes = dice.pick([1, 4_000, 1 << 20])
        preparesEarly = dice.next(below: 2) == 0
        skew = dice.pick([0, 1_000, 200_000, 900_000])
        wallRate = dice.next(below: 6) == 0 ? dice.pick([864_000, 2_400_000]) : 1
        faultInterval = dice.magnitude(from: 200_000, to: 5_000_000)
        weights = SystemMix.drawWeights(&dice)
        if reduction.without.contains(.loss) { lossPerMille = 0 }
        if reduction.without.contains(.duplicates) { duplicatePerMille = 0 }
        if reduction.without.contains(.slowTurns) { turn = 1_000 }
        if reduction.without.contains(.clocks) { (skew, wallRate) = (0, 1) }
        if let until = reduction.until { duration = min(duration, until) }
    }

    /// A seed meets few kinds often, or many now and then.
    private static func drawWeights(_ dice: inout SplitMix) -> [Int] {
        let share = dice.pick([2, 4, 8])
        return SystemFault.Kind.weighed.map { kind in
            let isDrawn = dice.next(below: 8) < share
            let weight = dice.spread(from: 1, to: 8)
            // Each of these empties every line, or takes a number for good: few are enough.
            let isRare =
                kind == .allAway || kind == .replaceVoter || kind == .addLearner
                || kind == .copiedTwice || kind == .diskLost
            return !isDrawn ? 0 : isRare ? 1 : weight
        }
    }

    func drawFaults(_ dice: inout SplitMix) -> [SystemFault] {
        var faults: [SystemFault] = []
        let sum = weights.reduce(0, +)
        var time = 2_000_000
        while sum > 0 {
            time += dice.next(in: faultInterval / 2...faultInterval * 3 / 2)
            let own = SplitMix(seed: dice.next())
            var place = dice.next(below: sum)
            guard time < duration else { break }
            for (kind, weight) in zip(SystemFault.Kind.weighed, weights) {
                place -= weight
                guard place < 0 else { continue }
                faults.append(SystemFault(number: faults.count, time: UInt64(time), kind: kind, dice: own))
                break
            }
        }
        faults += drawBodyActs(&dice, after: faults.count)
        faults += drawStorm(&dice, after: faults.count)
        return faults + drawFlaps(&dice, after: faults.count)
    }

    /// In a third of the seeds, at machines that nothing else need have befallen.
    private func drawFlaps(_ dice: inout SplitMix, after count: Int) -> [SystemFault] {
        guard dice.next(below: 3) == 0 else { return [] }
        return (0..<dice.next(in: 1...4)).map { number in
            SystemFault(
                number: count + number, time: UInt64(dice.next(in: 2_500_000...duration)), kind: .lineFlaps,
                dice: SplitMix(seed: dice.next()))
        }
    }

    /// In a quarter of the seeds one territory's directory is copied, put back and lost in a row, with little between.
    private func drawStorm(_ dice: inout SplitMix, after count: Int) -> [SystemFault] {
        guard dice.next(below: 4) == 0 else { return [] }
        let place = dice.next(below: territories)
        let pause = dice.magnitude(from: 100_000, to: 2_000_000)
        var time = dice.next(in: 2_500_000...duration)
        return (0..<dice.next(in: 4...16)).compactMap { number in
            time += dice.next(in: pause / 2...pause * 3 / 2)
            let kind = dice.pick(SystemFault.Kind.ofStorms)
            let own = SplitMix(seed: dice.next())
            guard time < duration else { return nil }
            return SystemFault(number: count + number, time: UInt64(time), kind: kind, place: place, dice: own)
        }
    }

    /// In a quarter of the seeds, and few: what is closed has no more clerks.
    private func drawBodyActs(_ dice: inout SplitMix, after count: Int) -> [SystemFault] {
        guard dice.next(below: 4) == 0 else { return [] }
        let share = dice.pick([1, 2, 3])
        return (0..<dice.next(in: 1...4)).map { number in
            let kind = dice.next(below: 4) < share ? SystemFault.Kind.retireBody : .reseatBody
            return SystemFault(
                number: count + number, time: UInt64(dice.next(in: 2_500_000...duration)), kind: kind,
                dice: SplitMix(seed: dice.next()))
        }
    }
}

/// Where in a turn the process ends.
enum Stage: CaseIterable {
    case beforeDeeds, beforeCommit, beforePromises, amongPromises, afterPromises
}
