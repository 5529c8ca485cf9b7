/// How far a session has sent a territory's downlink, and how much of that is not acknowledged.
struct DownlinkWindow: Sendable {
    /// The last position there is.
    var last: UInt64 = 0
    private var sent: UInt64 = 0
    private var acknowledged: UInt64 = 0
    private var underWay: [(end: UInt64, bytes: Int, sentAt: UInt64)] = []
    private var batchBytes = UplinkLimits.firstBatchBytes
    private var underWayBytes = 0
    private var isReading = false
    private var meter = CapMeter()

    /// A territory that took more than the centre has (a centre recovered with loss) is sent nothing until it grows
    /// past.
    mutating func begin(taken position: UInt64) {
        sent = position
        acknowledged = position
    }

    mutating func capped(_ cap: LineCap) { meter.set(cap) }

    /// Time has passed: what the cap held back may go on.
    mutating func pass(now: UInt64, wallMilliseconds: UInt64) -> [UplinkReceiver.Action] {
        meter.pass(now: now, wallMilliseconds: wallMilliseconds)
        return next()
    }

    mutating func next() -> [UplinkReceiver.Action] {
        guard !isReading, sent < last,
            underWayBytes < min(UplinkLimits.downlinkWindowBytes, Self.batchesUnderWay * batchBytes),
            meter.mayGo
        else { return [] }
        isReading = true
        return [.readDownlink(first: sent + 1, maximumBytes: meter.batchBytes(batchBytes))]
    }

    mutating func read(first: UInt64, items: [[UInt8]], now: UInt64) -> [UplinkReceiver.Action] {
        guard isReading else { return [] }
        isReading = false
        guard first == sent + 1, !items.isEmpty else { return [] }
        let bytes = items.reduce(0) { $0 + $1.count }
        sent += UInt64(items.count)
        underWay.append((sent, bytes, now))
        underWayBytes += bytes
        meter.spend(bytes)
        let leaving = has(.downlinkOutOfOrder) ? items.reversed() : items
        return [.send(.downlink(Downlink(first: first, items: leaving)))] + next()
    }

    /// False where the position was never sent in this session.
    mutating func taken(_ position: UInt64, now: UInt64) -> Bool {
        guard position <= sent else { return false }
        acknowledged = max(acknowledged, position)
        while let first = underWay.first, first.end <= position {
            underWayBytes -= first.bytes
            adapt(to: now - min(now, first.sentAt))
            underWay.removeFirst()
        }
        return true
    }

    /// What waits before a slow line would only delay everything that comes after it.
    private static let batchesUnderWay = 4

    private mutating func adapt(to milliseconds: UInt64) {
        if milliseconds < UplinkLimits.quickMilliseconds {
            batchBytes = min(batchBytes * 2, UplinkLimits.downlinkBytes)
        } else if milliseconds > UplinkLimits.slowMilliseconds {
            batchBytes = max(batchBytes / 2, UplinkLimits.leastBatchBytes)
        }
    }
}
