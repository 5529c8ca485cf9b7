/// The one source of chance of a simulation: the same seed gives the same numbers in every process (Steele, Lea and
/// Flood, *Fast splittable pseudorandom number generators*).
package struct SplitMix: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) {
        // Neighbouring seeds must not walk the same row of states one step apart.
        state = SplitMix.mixed(seed &* 0x9e37_79b9_7f4a_7c15 &+ 0xd1b5_4a32_d192_ed03)
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        return SplitMix.mixed(state)
    }

    private static func mixed(_ state: UInt64) -> UInt64 {
        var mixed = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }

    /// Evenly from 0 up to, not including, `bound`.
    package mutating func next(below bound: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    package mutating func next(in range: ClosedRange<Int>) -> Int {
        range.lowerBound + next(below: range.count)
    }

    /// True with a chance of `perMille` in a thousand.
    package mutating func chance(perMille: Int) -> Bool { next(below: 1000) < perMille }

    package mutating func pick<Element>(_ elements: [Element]) -> Element { elements[next(below: elements.count)] }

    /// A number of which every doubling is as likely as any other.
    package mutating func magnitude(from low: Int, to high: Int) -> Int {
        var doublings = 0
        while low << (doublings + 1) <= high { doublings += 1 }
        let floor = low << next(below: doublings + 1)
        return next(in: floor...min(high, 2 * floor))
    }

    /// Mostly small, seldom large: each doubling is half as likely as the one before.
    package mutating func spread(from low: Int, to high: Int) -> Int {
        var top = low
        while top < high, next(below: 2) == 0 {
            top = min(high, top * 2 + 1)
        }
        return next(in: low...max(low, top))
    }
}
