import Consensus

/// At most one leader a term (thesis figure 3.2).
struct ElectionSafety {
    private var leaders: [Term: ReplicaID] = [:]

    mutating func leads(_ id: ReplicaID, in term: Term) throws(Violation) {
        if let other = leaders[term], other != id {
            throw Violation("election safety", "\(other) and \(id) both lead term \(term)")
        }
        leaders[term] = id
    }
}
