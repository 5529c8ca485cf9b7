import Foundation

/// Seeded chance for the moment of a fault (SplitMix64): the same seed draws the same faults.
package struct Dice: RandomNumberGenerator {
    package let seed: UInt64
    private var state: UInt64

    package init(seed: UInt64) {
        self.seed = seed
        state = seed
    }

    /// The seed in the environment, or one drawn now; printed, so that a failure can be run again.
    package static func announced(_ test: String, variable: String = "ESEP_SEED") -> Dice {
        let given = ProcessInfo.processInfo.environment[variable].flatMap(UInt64.init)
        let dice = Dice(seed: given ?? UInt64.random(in: 1...999_999))
        print("\(test): seed \(dice.seed); run it again with \(variable)=\(dice.seed)")
        return dice
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    package mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }
}
