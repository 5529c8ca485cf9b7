import Consensus

/// What clients saw, in real time. The log orders all writes, so linearizability is this: whatever began after
/// another ended stands after it. An operation without an answer may have happened or not.
struct ClientOracle {
    private struct Open {
        /// The highest index any client had seen when this began.
        var floor: LogIndex
        var payload: UInt64?
    }

    private var open: [UInt64: Open] = [:]
    private var refused: Set<UInt64> = []
    private var acknowledged: [(index: LogIndex, payload: UInt64)] = []
    private var seen: LogIndex = 0
    private(set) var writes = 0
    private(set) var reads = 0

    mutating func beginsWrite(_ context: UInt64) {
        open[context] = Open(floor: seen, payload: context)
    }

    mutating func beginsRead(_ context: UInt64) {
        open[context] = Open(floor: seen, payload: nil)
    }

    /// A definite no: the write must never appear.
    mutating func isRefused(_ context: UInt64) {
        if let payload = open.removeValue(forKey: context)?.payload {
            refused.insert(payload)
        }
    }

    mutating func writeIsAcknowledged(_ context: UInt64, at index: LogIndex) throws(Violation) {
        guard let operation = open.removeValue(forKey: context), let payload = operation.payload else { return }
        guard index > operation.floor else {
            throw Violation(
                "linearizability", "a write stands at \(index), though \(operation.floor) was seen before it")
        }
        acknowledged.append((index, payload))
        seen = max(seen, index)
        writes += 1
    }

    mutating func readIsAnswered(_ context: UInt64, from index: LogIndex) throws(Violation) {
        guard let operation = open.removeValue(forKey: context) else { return }
        guard index >= operation.floor else {
            throw Violation("linearizability", "a read sees \(index), though \(operation.floor) was seen before it")
        }
        seen = max(seen, index)
        reads += 1
    }

    /// At the end: all that was acknowledged is there, in its place and once; nothing that was refused is.
    func check(_ history: CommittedHistory) throws(Violation) {
        var places: [UInt64: LogIndex] = [:]
        for line in history.lines {
            guard case .proposal(let bytes) = line.entry.payload else { continue }
            let payload = bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            if refused.contains(payload) {
                throw Violation("client oracle", "refused write \(payload) stands at \(line.entry.index)")
            }
            if let other = places.updateValue(line.entry.index, forKey: payload) {
                throw Violation("client oracle", "write \(payload) stands at \(other) and \(line.entry.index)")
            }
        }
        for write in acknowledged where places[write.payload] != write.index {
            throw Violation("client oracle", "acknowledged write \(write.payload) is not at \(write.index)")
        }
    }
}
