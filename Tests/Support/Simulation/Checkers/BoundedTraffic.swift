/// Messages do not breed: no group says more than this within a virtual second, whatever the lines do to its messages.
struct BoundedTraffic {
    /// Far above what a group of twelve says at its busiest with the smallest messages drawn.
    static var messagesPerSecond: Int { 40_000 }

    private var second: UInt64 = 0
    private var count = 0

    mutating func sends(at now: UInt64) throws(Violation) {
        if now / 1_000_000 != second {
            second = now / 1_000_000
            count = 0
        }
        count += 1
        guard count <= Self.messagesPerSecond else {
            throw Violation("bounded traffic", "more than \(Self.messagesPerSecond) messages within a virtual second")
        }
    }
}
