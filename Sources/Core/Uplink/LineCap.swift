/// How much of a line data may take, and when: set at the centre for a territory, told at both ends. Control messages
/// (hello, frontiers, keep-alives, questions) are never held back: they are small, and promises hang on them.
package struct LineCap: Hashable, Sendable {
    /// Bytes of entries or downlink items a second, each way, before compression; 0: no cap.
    package var bytesPerSecond: UInt32
    /// Minutes of the day (UTC+5) between which data flows; `to` before `from` spans midnight, equal: always.
    package var from: UInt16
    package var to: UInt16

    package init(bytesPerSecond: UInt32 = 0, from: UInt16 = 0, to: UInt16 = 0) {
        self.bytesPerSecond = bytesPerSecond
        self.from = from
        self.to = to
    }

    package static let none = LineCap()
    /// A cap below this would not carry a small batch within the time a session waits for a sign of life.
    package static let leastBytesPerSecond: UInt32 = 1_024
    package static let minutesOfDay: UInt16 = 24 * 60

    package var isWellFormed: Bool {
        (bytesPerSecond == 0 || bytesPerSecond >= Self.leastBytesPerSecond) && from < Self.minutesOfDay
            && to < Self.minutesOfDay
    }

    /// Whether data may flow at this time, milliseconds since 1970.
    package func isOpen(wallMilliseconds: UInt64) -> Bool {
        guard from != to else { return true }
        let minute = UInt16((wallMilliseconds / 60_000 + 5 * 60) % UInt64(Self.minutesOfDay))
        return from < to ? (from..<to).contains(minute) : minute >= from || minute < to
    }
}

/// A cap as one end of a session keeps it: a bucket that fills by the clock, and that a batch may overdraw once, so
/// that a batch larger than a second's share still goes, and the ones after it wait for what it took.
struct CapMeter: Sendable {
    private(set) var cap = LineCap.none
    private var credit: Int64 = 0
    private var filledAt: UInt64?
    private var isOpen = true

    mutating func set(_ cap: LineCap) {
        guard cap != self.cap else { return }
        self.cap = cap
        credit = Int64(cap.bytesPerSecond)
        filledAt = nil
        isOpen = true
    }

    /// Takes the time in. The bucket holds two seconds' worth at the most.
    mutating func pass(now: UInt64, wallMilliseconds: UInt64) {
        isOpen = cap.isOpen(wallMilliseconds: wallMilliseconds)
        defer { filledAt = now }
        guard cap.bytesPerSecond > 0, let before = filledAt, now > before else { return }
        let gained = Int64(
            clamping: (now - before).multipliedReportingOverflow(by: UInt64(cap.bytesPerSecond)).0 / 1000)
        credit = min(credit + gained, 2 * Int64(cap.bytesPerSecond))
    }

    /// Whether the next batch may go now.
    var mayGo: Bool { isOpen && (cap.bytesPerSecond == 0 || credit > 0) }

    /// About two seconds of what the cap allows: no batch need be larger.
    func batchBytes(_ wanted: Int) -> Int {
        cap.bytesPerSecond == 0 ? wanted : max(1, min(wanted, 2 * Int(cap.bytesPerSecond)))
    }

    mutating func spend(_ bytes: Int) {
        if cap.bytesPerSecond > 0 { credit -= Int64(bytes) }
    }
}
