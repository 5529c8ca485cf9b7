import Consensus

/// What clients saw, in real time. The log orders all writes, so linearizability is this: whatever began after
/// another ended stands after it. An operation without an answer may have happened or not.
///
/// Requests are numbered from 1 and a write's payload is its number, so what is known of each lies in an array.
struct ClientOracle {
    private enum State {
        /// With the highest index any client had seen when it began.
        case openWrite(floor: LogIndex)
        case openRead(floor: LogIndex)
        case refused
        case acknowledged(LogIndex)
        case other
    }

    private var states: [State] = []
    /// Where each write is committed; zero: nowhere.
    private var places: [LogIndex] = []
    private var seen: LogIndex = 0
    private(set) var writes = 0
    private(set) var reads = 0

    private mutating func begins(_ context: UInt64, _ state: State) {
        while states.count <= Int(context) {
            states.append(.other)
            places.append(0)
        }
        states[Int(context)] = state
    }

    private func state(_ context: UInt64) -> State { context < states.count ? states[Int(context)] : .other }

    mutating func beginsWrite(_ context: UInt64) {
        begins(context, .openWrite(floor: seen))
    }

    mutating func beginsRead(_ context: UInt64) {
        begins(context, .openRead(floor: seen))
    }

    /// A definite no: the write must never appear.
    mutating func isRefused(_ context: UInt64) throws(Violation) {
        guard case .openWrite = state(context) else { return }
        states[Int(context)] = .refused
        guard places[Int(context)] == 0 else {
            throw Violation("client oracle", "refused write \(context) stands at \(places[Int(context)])")
        }
    }

    /// An entry is committed that was not known to be.
    mutating func commits(_ entry: RaftEntry) throws(Violation) {
        guard case .proposal = entry.payload else { return }
        let context = entry.payload.fingerprint
        guard context < places.count else {
            throw Violation("client oracle", "nobody asked for what stands at \(entry.index)")
        }
        guard places[Int(context)] == 0 else {
            throw Violation(
                "client oracle", "write \(context) stands at \(places[Int(context)]) and \(entry.index)")
        }
        if case .refused = states[Int(context)] {
            throw Violation("client oracle", "refused write \(context) stands at \(entry.index)")
        }
        places[Int(context)] = entry.index
    }

    /// What is acknowledged is committed at that place. That it stays there is the history's to hold.
    mutating func writeIsAcknowledged(_ context: UInt64, at index: LogIndex) throws(Violation) {
        guard case .openWrite(let floor) = state(context) else { return }
        guard places[Int(context)] == index else {
            throw Violation("client oracle", "acknowledged write \(context) is not at \(index)")
        }
        guard index > floor else {
            throw Violation("linearizability", "a write stands at \(index), though \(floor) was seen before it")
        }
        states[Int(context)] = .acknowledged(index)
        seen = max(seen, index)
        writes += 1
    }

    mutating func readIsAnswered(_ context: UInt64, from index: LogIndex) throws(Violation) {
        guard case .openRead(let floor) = state(context) else { return }
        guard index >= floor else {
            throw Violation("linearizability", "a read sees \(index), though \(floor) was seen before it")
        }
        states[Int(context)] = .other
        seen = max(seen, index)
        reads += 1
    }
}
