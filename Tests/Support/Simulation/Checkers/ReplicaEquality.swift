import Consensus

/// Replicas that applied the same index have the same state, byte for byte: their digests are equal.
struct ReplicaEquality {
    private var digests: [UInt64?] = []

    mutating func has(_ state: AppliedState, _ id: ReplicaID) throws(Violation) {
        let place = Int(state.index.number)
        while digests.count <= place { digests.append(nil) }
        if let digest = digests[place], digest != state.digest {
            throw Violation("replica equality", "\(id) has another state at \(state.index)")
        }
        digests[place] = state.digest
    }
}
