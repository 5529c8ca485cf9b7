import Vault

/// The territory's end of a link: decides which range of the log to ship and when.
///
/// 1. Hello tells the last entry that is durable here, with its digest and the pass.
/// 2. The welcome names the frontier. Both logs are compared there, which is the shorter end: where the digests differ
///    the logs have diverged, where the centre has more this end is behind; either ends shipping.
/// 3. Ranges are read one at a time and sent as batches, several under way at once within the centre's window. What is
///    sent begins where the frontier ends: nothing acknowledged is ever sent again.
/// 4. A frontier frees the window. Only it says that entries are safe.
///
/// All actions are promises: they leave only after the turn they came from is durable. So no batch leaves before the
/// pass of its session is stored, and no range is read before it is committed.
package struct UplinkSender: Sendable {
    package enum State: Hashable, Sendable {
        case disconnected
        case helloSent
        /// A new seat is asked for, since this log cannot go on.
        case reseating
        /// Welcomed; the digest at the centre's frontier is being looked up.
        case comparing(Frontier)
        case streaming
        case refused(Refusal)
    }

    package enum Action: Hashable, Sendable {
        case send(UplinkMessage)
        case readLog(first: UInt64, maximumBytes: Int)
        case readDigest(UInt64)
        /// Keep this pass for the next hello.
        case keepPass([UInt8])
        /// The centre has everything up to here.
        case acknowledged(Frontier)
        /// The centre's clock, and its last downlink position, at the welcome.
        case welcomed(wallMilliseconds: UInt64, downlinkLast: UInt64)
        /// This log is refused until an operator acts.
        case fenced(Refusal)
        case downlink(Downlink)
        case answered(number: UInt64, bytes: [UInt8])
        /// The node is seated anew: it goes on under this author.
        case reseated(Reseated)
        /// Entries of a former log that were asked for.
        case former(Batch)
        /// The centre has lost what it told after this.
        case recovered(Recovered)
        case close(reason: String)
    }

    package private(set) var state = State.disconnected
    /// What the centre has said it holds, over all sessions.
    package private(set) var acknowledged: Frontier
    /// The last entry that is durable here.
    package private(set) var held: Frontier
    /// The centre's clock as the last welcome or keep-alive told it; nil before the first.
    package private(set) var heardWall: UInt64?

    /// How far this session has sent: the batches go on after it.
    private var sent: Frontier
    private var underWay: [UnderWay] = []
    private var underWayBytes = 0
    private var windowBytes = 0
    private var isSlim = false
    private var batchBytes = UplinkLimits.firstBatchBytes
    private var isReading = false
    private var meter = CapMeter()
    /// A frontier past what this session has sent: batches of a session before it were still being applied.
    private var early: Frontier?
    /// What came down before both logs were compared: taken with the digest that is looked up.
    package private(set) var unread: [Downlink] = []
    private var lastHeard: UInt64 = 0
    private var lastSent: UInt64 = 0
    private var failures = 0
    private var helloWall: UInt64 = 0

    private struct UnderWay: Hashable, Sendable {
        var end: Frontier
        var bytes: Int
        var sentAt: UInt64
    }

    /// - Parameters:
    ///   - held: the last durable entry of the log.
    ///   - acknowledged: what the centre was last known to hold.
    package init(held: Frontier, acknowledged: Frontier) {
        self.held = held
        self.acknowledged = acknowledged
        sent = acknowledged
    }

    /// Entries that nobody has said are safe at the centre.
    package var backlog: UInt64 { held.index - min(acknowledged.index, held.index) }

    // MARK: Connection

    /// A connection stands: the hello goes out. `now` is a clock in milliseconds that never jumps.
    package mutating func connected(_ hello: Hello, now: UInt64) -> [Action] {
        forgetSession()
        state = .helloSent
        lastHeard = now
        lastSent = now
        helloWall = hello.wallMilliseconds
        return [.send(.hello(hello))]
    }

    /// A connection stands, and a new seat is asked for on it.
    package mutating func reseat(_ reseat: Reseat, now: UInt64) -> [Action] {
        forgetSession()
        state = .reseating
        lastHeard = now
        lastSent = now
        return [.send(.reseat(reseat))]
    }

    /// The connection is gone, or could not be made: the range of milliseconds to wait before dialling again.
    package mutating func disconnected() -> ClosedRange<UInt64> {
        forgetSession()
        if case .refused(let refusal) = state {
            // What can be asked about at once is: the next connection asks for a new seat.
            let isMended = refusal.code == .behind || refusal.code == .diverged
            return isMended
                ? UplinkLimits.dialPauses.lowerBound / 2...UplinkLimits.dialPauses.lowerBound
                : UplinkLimits.refusedPause
        }
        state = .disconnected
        let limits = UplinkLimits.dialPauses
        let pause = min(limits.upperBound, limits.lowerBound << UInt64(min(failures, 16)))
        failures += 1
        return pause / 2...pause
    }

    /// The log has grown and is durable up to here.
    package mutating func appended(to end: Frontier) -> [Action] {
        precondition(end.index >= held.index, "the log ended at \(held.index) and now at \(end.index)")
        held = end
        return next()
    }

    /// The centre has said how much of the line data may take.
    package mutating func capped(_ cap: LineCap, now: UInt64, wallMilliseconds: UInt64) {
        meter.set(cap)
        meter.pass(now: now, wallMilliseconds: wallMilliseconds)
    }

    /// A receipt brought this frontier, which this log has at that entry. While a session stands, its own word holds.
    /// - Returns: whether it tells anything new.
    package mutating func carried(_ frontier: Frontier) -> Bool {
        switch state {
        case .helloSent, .reseating, .comparing, .streaming: return false
        case .disconnected, .refused: break
        }
        guard frontier.author == held.author, frontier.index > acknowledged.index, frontier.index <= held.index else {
            return false
        }
        acknowledged = frontier
        sent = frontier
        return true
    }

    package mutating func tick(now: UInt64, wallMilliseconds: UInt64) -> [Action] {
        switch state {
        case .disconnected, .refused:
            return []
        case .helloSent, .reseating, .comparing, .streaming:
            if now >= lastHeard + UplinkLimits.deadMilliseconds {
                return [.close(reason: "the centre has not been heard for \(now - lastHeard) ms")]
            }
            meter.pass(now: now, wallMilliseconds: wallMilliseconds)
            guard case .streaming = state else { return [] }
            guard now >= lastSent + UplinkLimits.keepAliveMilliseconds else { return next() }
            lastSent = now
            return [.send(.keepAlive(wallMilliseconds: wallMilliseconds, backlog: backlog))] + next()
        }
    }

    /// Part of a message has come: it may be long and the line slow, but the centre lives.
    package mutating func stirred(now: UInt64) {
        lastHeard = now
    }

    // MARK: Messages

    package mutating func received(_ message: UplinkMessage, now: UInt64) -> [Action] {
        lastHeard = now
        switch (state, message) {
        case (.disconnected, _), (.refused, _):
            return []
        case (_, .refused(let refusal)):
            return refused(refusal, tellingCentre: false)
        case (.helloSent, .recovered(let recovered)) where recovered.author == held.author:
            return [.recovered(recovered)]
        case (.helloSent, .welcome(let welcome)):
            return welcomed(welcome)
        case (.reseating, .reseated(let answer)):
            forgetSession()
            state = .disconnected
            return [.reseated(answer), .close(reason: "this node is seated anew, as author \(answer.author)")]
        case (.reseating, .frontier), (.reseating, .downlink), (.reseating, .answer), (.reseating, .keepAlive),
            (.reseating, .former):
            // Sent before the centre had read the question.
            return []
        case (.streaming, .former(let batch)):
            return [.former(batch)]
        case (.streaming, .frontier(let frontier)):
            return moved(to: frontier, now: now)
        case (.comparing, .frontier):
            // The comparison is of the welcome's frontier; a later one is told again after the next batch.
            return []
        case (.streaming, .downlink(let downlink)):
            return [.downlink(downlink)]
        case (.comparing, .downlink(let downlink)):
            // It may speak of entries that this log holds otherwise: taken once both are known to be one.
            if has(.downlinkBeforeComparison) { return [.downlink(downlink)] }
            unread.append(downlink)
            let bytes = unread.lazy.flatMap(\.items).reduce(0) { $0 + $1.count }
            return bytes <= UplinkLimits.unreadBytes ? [] : [.close(reason: "the centre sent more than its window")]
        case (.streaming, .answer(let number, let bytes)), (.comparing, .answer(let number, let bytes)):
            return [.answered(number: number, bytes: bytes)]
        case (.streaming, .keepAlive(let wall, _)), (.comparing, .keepAlive(let wall, _)):
            heardWall = wall
            return []
        case (.helloSent, _), (.reseating, _), (.comparing, _), (.streaming, _):
            return [.close(reason: "the centre sent a message that may not stand here")]
        }
    }

    private mutating func welcomed(_ welcome: Welcome) -> [Action] {
        failures = 0
        heardWall = welcome.wallMilliseconds
        windowBytes = Int(welcome.windowBytes)
        isSlim = welcome.takesSlimBatches
        let greeting: [Action] = [
            .keepPass(welcome.pass),
            .welcomed(wallMilliseconds: welcome.wallMilliseconds, downlinkLast: welcome.downlinkLast),
        ]
        let frontier = welcome.frontier
        guard frontier.author == held.author else {
            return greeting + [.close(reason: "the welcome speaks of author \(frontier.author)")]
        }
        guard frontier.index <= held.index else {
            let reason = """
                the centre holds this log up to entry \(frontier.index), this node only up to \(held.index): \
                it was restored from an older copy
                """
            return greeting + refused(Refusal(code: .behind, reason: reason), tellingCentre: true)
        }
        state = .comparing(frontier)
        if frontier.index == held.index {
            return greeting + compared(with: held)
        }
        return greeting + [.readDigest(frontier.index)]
    }

    /// The digest at the frontier of the welcome, as this end's log has it.
    package mutating func digestRead(_ own: Frontier) -> [Action] {
        guard case .comparing(let frontier) = state, own.index == frontier.index else { return [] }
        return compared(with: own)
    }

    private mutating func compared(with own: Frontier) -> [Action] {
        guard case .comparing(let frontier) = state else { return [] }
        guard own.digest == frontier.digest else {
            let reason = "this node and the centre hold different logs up to entry \(frontier.index)"
            return refused(Refusal(code: .diverged, reason: reason), tellingCentre: true)
        }
        state = .streaming
        sent = frontier
        // The centre may have less than it once said: it was recovered with loss, and hears all from there again.
        acknowledged = frontier
        // Spoken once the pass is stored: by this the centre knows that the pass arrived.
        let word = UplinkMessage.keepAlive(wallMilliseconds: helloWall, backlog: backlog)
        defer { unread = [] }
        return [.acknowledged(frontier), .send(word)] + unread.map { .downlink($0) } + next()
    }

    private mutating func moved(to frontier: Frontier, now: UInt64) -> [Action] {
        guard frontier.author == held.author, frontier.index <= held.index else {
            return [.close(reason: "the centre names a frontier past this log's end: \(frontier.index)")]
        }
        guard frontier.index > acknowledged.index else { return [] }
        guard frontier.index <= sent.index else {
            early = frontier
            return []
        }
        while let first = underWay.first, first.end.index <= frontier.index {
            if first.end.index == frontier.index, first.end.digest != frontier.digest {
                let reason = "this node and the centre hold different logs up to entry \(frontier.index)"
                return refused(Refusal(code: .diverged, reason: reason), tellingCentre: true)
            }
            underWayBytes -= first.bytes
            adapt(to: now - min(now, first.sentAt))
            underWay.removeFirst()
        }
        acknowledged = frontier
        return [.acknowledged(frontier)] + next()
    }

    private mutating func adapt(to milliseconds: UInt64) {
        if milliseconds < UplinkLimits.quickMilliseconds {
            batchBytes = min(batchBytes * 2, UplinkLimits.batchBytes)
        } else if milliseconds > UplinkLimits.slowMilliseconds {
            batchBytes = max(batchBytes / 2, UplinkLimits.leastBatchBytes)
        }
    }

    private mutating func refused(_ refusal: Refusal, tellingCentre: Bool) -> [Action] {
        forgetSession()
        var actions: [Action] = tellingCentre ? [.send(.refused(refusal))] : []
        switch refusal.code {
        case .behind, .diverged, .cloned, .retired:
            state = .refused(refusal)
            actions.append(.fenced(refusal))
        case .wrongCluster, .wrongVersion, .unknownAuthor, .wrongName:
            state = .refused(refusal)
        case .badBatch, .notLeader, .overloaded, .badMessage:
            state = .disconnected
        }
        actions.append(.close(reason: refusal.reason))
        return actions
    }

    // MARK: Shipping

    /// What was read of the log, from the entry after the last one sent.
    package mutating func read(first: UInt64, entries: [[UInt8]], now: UInt64) -> [Action] {
        guard case .streaming = state, isReading else { return [] }
        isReading = false
        guard first == sent.index + 1, !entries.isEmpty else { return [] }
        var digest = sent.digest
        var bytes = 0
        for entry in entries {
            digest = LogChain.digest(after: digest, entry)
            bytes += entry.count
        }
        let end = Frontier(author: held.author, index: sent.index + UInt64(entries.count), digest: digest)
        sent = end
        underWay.append(UnderWay(end: end, bytes: bytes, sentAt: now))
        underWayBytes += bytes
        meter.spend(bytes)
        lastSent = now
        var actions: [Action] = [
            .send(
                .batch(Batch(author: held.author, first: first, entries: entries, digest: digest, isSlim: isSlim)))
        ]
        if let frontier = early, frontier.index <= sent.index {
            early = nil
            actions += moved(to: frontier, now: now)
        } else {
            actions += next()
        }
        return actions
    }

    /// Reads on where there is something to ship and room in the window for a batch worth sending.
    private mutating func next() -> [Action] {
        guard case .streaming = state, !isReading, sent.index < held.index, meter.mayGo else { return [] }
        guard underWay.count < UplinkLimits.batchesUnderWay else { return [] }
        let room = windowBytes - underWayBytes
        guard underWay.isEmpty || room >= min(batchBytes, windowBytes / 4) else { return [] }
        isReading = true
        return [.readLog(first: sent.index + 1, maximumBytes: max(1, min(meter.batchBytes(batchBytes), room)))]
    }

    private mutating func forgetSession() {
        underWay.removeAll()
        underWayBytes = 0
        isReading = false
        early = nil
        unread = []
        sent = acknowledged
    }
}
