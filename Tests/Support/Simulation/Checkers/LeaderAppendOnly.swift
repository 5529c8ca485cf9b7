import Consensus

/// A leader never removes or replaces entries of its log (thesis figure 3.2).
struct LeaderAppendOnly {
    func writes(_ write: LogWrite, by id: ReplicaID, leadingIn term: Term?) throws(Violation) {
        guard let term, write.truncateFrom != nil || write.install != nil else { return }
        throw Violation("leader append-only", "\(id) removes entries while it leads term \(term)")
    }
}
