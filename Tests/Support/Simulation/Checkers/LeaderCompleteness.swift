import Consensus

/// Whoever leads holds every entry committed in an earlier term (thesis figure 3.2). With log matching, holding the
/// last of them is holding all.
struct LeaderCompleteness {
    func leads(_ replica: Replica, in term: Term, history: CommittedHistory) throws(Violation) {
        guard let mark = history.lastKnown(before: term) else { return }
        guard replica.baseMark.index >= mark.index || replica.holds(mark) else {
            throw Violation("leader completeness", "\(replica.id) leads term \(term) without committed \(mark)")
        }
    }
}
