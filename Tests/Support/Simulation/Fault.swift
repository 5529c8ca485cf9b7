/// One thing that goes wrong, or that an operator does. All of a seed's faults are drawn before its run, each with dice
/// of its own: whoever leaves some of them out leaves the others as they are, and so a failure can be made small.
package struct Fault: Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        // Process.
        case crash
        case crashAndRestartAtOnce
        case crashWithinTurn
        case pause
        case slowProcess
        // Disk.
        case slowDisk
        case writeError
        case failedSync
        case diskFull
        case bitFlip
        case diskLost
        case diskRolledBack
        // Clock.
        case clockRate
        case clockJump
        // Lines.
        case partition
        case heal
        case halfOpen
        case clog
        case lineDown
        case oldMessages
        // Operators.
        case compact
        case transfer
        case change
        case campaign
    }

    package var number: Int
    /// Virtual microseconds.
    package var time: UInt64
    package var kind: Kind
    package var dice: SplitMix
}

/// What is left out of a seed's run, to make a failure small. Nothing: the run as drawn.
package struct Reduction: Hashable, Sendable {
    /// Chance that goes on all the while, and not at one time.
    package enum Noise: String, CaseIterable, Sendable {
        case loss, duplicates, reads, slowSyncs, slowTurns, clocks
    }

    /// The numbers of the faults that stay; nil: all.
    package var kept: [Int]?
    package var without: [Noise]
    /// Where the phase under faults ends, in virtual microseconds; nil: as drawn.
    package var until: Int?

    package init(kept: [Int]? = nil, without: [Noise] = [], until: Int? = nil) {
        self.kept = kept
        self.without = without
        self.until = until
    }

    package static let none = Reduction()

    package func keeps(_ fault: Fault) -> Bool { kept?.contains(fault.number) ?? true }
}

extension Reduction {
    /// As `ops/simulate` takes it: `--keep 3,7 --without loss,reads --until 12000000`.
    package var arguments: [String] {
        var words: [String] = []
        if let kept { words += ["--keep", kept.isEmpty ? "none" : kept.map(String.init).joined(separator: ",")] }
        if !without.isEmpty { words += ["--without", without.map(\.rawValue).joined(separator: ",")] }
        if let until { words += ["--until", String(until)] }
        return words
    }

    /// Nil where a word is not known.
    package init?(keep: String?, without: String?, until: String?) {
        self.init()
        if let keep {
            let numbers = keep == "none" ? [] : keep.split(separator: ",").map { Int($0) }
            guard !numbers.contains(nil) else { return nil }
            kept = numbers.compactMap { $0 }
        }
        if let without {
            let noises = without.split(separator: ",").map { Noise(rawValue: String($0)) }
            guard !noises.contains(nil) else { return nil }
            self.without = noises.compactMap { $0 }
        }
        if let until {
            guard let time = Int(until) else { return nil }
            self.until = time
        }
    }
}
