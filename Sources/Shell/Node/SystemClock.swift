import Foundation
import Roles

/// Both clocks of a node, read once a turn.
struct SystemClock: Sendable {
    private let started = ContinuousClock.now

    var moment: Moment {
        let steady = (ContinuousClock.now - started).components
        return Moment(
            wallMilliseconds: Self.wallMilliseconds,
            steadyMilliseconds: UInt64(steady.seconds) * 1000 + UInt64(steady.attoseconds / 1_000_000_000_000_000))
    }

    static var wallMilliseconds: UInt64 {
        UInt64(max(0, Date().timeIntervalSince1970 * 1000))
    }
}
