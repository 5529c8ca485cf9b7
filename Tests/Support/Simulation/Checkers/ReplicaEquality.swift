import Consensus

/// Replicas that applied the same index have the same state, byte for byte: their digests are equal.
struct ReplicaEquality {
    private var digests: [LogIndex: UInt64] = [:]

    mutating func has(_ state: AppliedState, _ id: ReplicaID) throws(Violation) {
        if let digest = digests[state.index], digest != state.digest {
            throw Violation("replica equality", "\(id) has another state at \(state.index)")
        }
        digests[state.index] = state.digest
    }
}
