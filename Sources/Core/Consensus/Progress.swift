/// What a leader knows of one other member, and how it sends to it.
package struct Progress: Hashable, Sendable {
    /// States and where they lead:
    /// `probe`: the common entry is not known; one message at a time, none while `waiting`. An acceptance →
    /// `replicate`. `replicate`: messages follow each other without waiting, within the window. A refusal or a lost
    /// line → `probe`. `snapshot`: the log no longer reaches back to it. `upTo` is nil until a copy is ready; its
    /// acknowledgement → `replicate`, its failure → `probe`.
    package enum Mode: Hashable, Sendable {
        case probe(waiting: Bool)
        case replicate
        case snapshot(upTo: LogIndex?)
    }

    package let id: ReplicaID
    /// It holds the leader's log up to here, durably, by its own word.
    package private(set) var match: LogIndex
    /// The next entry to send.
    package private(set) var next: LogIndex
    package private(set) var mode: Mode
    /// Heard from since the last check of the quorum (thesis §6.2).
    package var active = false
    /// The latest round of reads it has answered.
    private(set) var round: UInt64 = 0
    /// Rows are being fetched for it from here on.
    var loading: LogIndex?
    /// Send it a message even if there is no entry to send: the last ones may be lost.
    var poke = false
    /// Heartbeats answered since anything was sent or acknowledged.
    private var silentHeartbeats = 0
    private var window = FlightWindow()
    /// How many messages may be on the way since a refusal; nil: as many as the limits say. What was on the way before
    /// it may be refused as well, message by message, where the line reorders: were the window whole again after each,
    /// one refusal would breed a windowful of messages, and those more refusals.
    private var burst: Int?

    init(id: ReplicaID, next: LogIndex) {
        self.id = id
        self.match = 0
        self.next = next
        self.mode = .probe(waiting: false)
    }

    /// Whether another message with entries may go now.
    func mayStream(_ limits: ReplicaLimits) -> Bool {
        mode == .replicate && loading == nil && window.hasRoom(limits, burst: burst)
    }

    /// Room for entries in the next message.
    func room(_ limits: ReplicaLimits) -> Int {
        min(limits.messageCost, max(1, limits.costInFlight - window.cost))
    }

    mutating func sentProbe() {
        mode = .probe(waiting: true)
        silentHeartbeats = 0
    }

    mutating func streamed(through last: LogIndex, cost: Int) {
        next = last.next
        window.add(last: last, cost: cost)
        silentHeartbeats = 0
    }

    mutating func accepted(_ index: LogIndex, logReaches: Bool) {
        silentHeartbeats = 0
        if index > match, let held = burst {
            burst = held < FlightWindow.burstMax ? held * 2 : nil
        }
        match = max(match, index)
        next = max(next, match.next)
        window.release(through: match)
        switch mode {
        case .probe: replicate()
        case .snapshot: if logReaches { replicate() }
        case .replicate: break
        }
    }

    /// Returns false if the refusal is an echo of something settled since. `agreement` is where both logs may agree.
    mutating func refused(at index: LogIndex, agreement: LogIndex) -> Bool {
        switch mode {
        case .replicate:
            // At the match itself: a follower that started anew asks for the proof that it still agrees.
            guard index >= match else { return false }
            probe()
            burst = 1
        case .probe:
            guard index == next.previous else { return false }
            next = max(min(index, agreement.next), match.next)
            mode = .probe(waiting: false)
        case .snapshot: return false
        }
        return true
    }

    /// Only where a bug is planted.
    mutating func forgetRefusal() {
        burst = nil
    }

    /// The answer to a heartbeat overtakes the disk's acknowledgement; only the second in silence means that
    /// something was lost. A probe is then sent again, a stream is followed by a message that asks for what is missing.
    mutating func heardHeartbeat(last: LogIndex) {
        silentHeartbeats += 1
        guard silentHeartbeats >= 2 else { return }
        silentHeartbeats = 0
        switch mode {
        case .probe: mode = .probe(waiting: false)
        case .replicate: poke = match < last
        case .snapshot: break
        }
    }

    mutating func answered(round: UInt64) {
        self.round = max(self.round, round)
    }

    /// Starts anew after the last entry that is known to be there.
    mutating func probe(waiting: Bool = false) {
        next = match.next
        mode = .probe(waiting: waiting)
        window = FlightWindow()
        loading = nil
    }

    mutating func needsSnapshot() {
        mode = .snapshot(upTo: nil)
        window = FlightWindow()
        loading = nil
    }

    mutating func sentSnapshot(upTo index: LogIndex) {
        mode = .snapshot(upTo: index)
    }

    private mutating func replicate() {
        next = match.next
        mode = .replicate
        window = FlightWindow()
        loading = nil
        poke = false
    }
}

/// The append messages on the way to one follower, oldest first.
struct FlightWindow: Hashable, Sendable {
    private struct Flight: Hashable, Sendable {
        var last: LogIndex
        var cost: Int
    }

    private var flights: [Flight] = []
    private(set) var cost = 0

    /// Beyond this a burst is no limit of its own.
    static let burstMax = 64

    func hasRoom(_ limits: ReplicaLimits, burst: Int?) -> Bool {
        flights.count < min(limits.messagesInFlight, burst ?? .max) && (flights.isEmpty || cost < limits.costInFlight)
    }

    mutating func add(last: LogIndex, cost: Int) {
        flights.append(Flight(last: last, cost: cost))
        self.cost += cost
    }

    mutating func release(through index: LogIndex) {
        let arrived = flights.prefix { $0.last <= index }
        cost -= arrived.reduce(0) { $0 + $1.cost }
        flights.removeFirst(arrived.count)
    }
}
