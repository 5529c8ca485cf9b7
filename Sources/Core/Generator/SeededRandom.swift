/// A small deterministic generator of numbers (SplitMix64, Steele, Lea and Flood 2014): the same seed gives the same
/// numbers in every process and on every machine. It is no source of secrets.
package struct SeededRandom: Sendable {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    /// A generator for one thing of a numbered family: neighbours in number share nothing in their output.
    package init(seed: UInt64, stream: UInt64) {
        state = Self.mixed(seed ^ Self.mixed(stream &+ 0x9E37_79B9_7F4A_7C15))
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mixed(state)
    }

    /// A number in `0 ..< bound`, by the high half of the product; the bias is below `bound / 2^64`.
    package mutating func below(_ bound: Int) -> Int {
        precondition(bound > 0, "a bound above zero is needed, not \(bound)")
        return Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// True `share` times in a thousand.
    package mutating func happens(_ share: Int) -> Bool {
        below(1000) < share
    }

    /// The finaliser of SplitMix64: a bijection that spreads every bit of its argument over all 64.
    package static func mixed(_ value: UInt64) -> UInt64 {
        var bits = value
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}

/// Draws an index in proportion to fixed weights.
package struct WeightedChoice: Sendable {
    /// Running sums of the weights; the last is their total.
    private let sums: [Int]

    /// - Parameter weights: none negative, at least one above zero.
    package init(_ weights: [Int]) {
        var total = 0
        sums = weights.map { weight in
            precondition(weight >= 0, "a weight may not be negative: \(weight)")
            total += weight
            return total
        }
        precondition(total > 0, "weights need a sum above zero")
    }

    package func index(_ random: inout SeededRandom) -> Int {
        let drawn = random.below(sums[sums.count - 1])
        var low = 0
        var high = sums.count - 1
        while low < high {
            let middle = (low + high) / 2
            if sums[middle] > drawn { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
