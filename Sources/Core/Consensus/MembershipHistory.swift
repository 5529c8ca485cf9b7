/// The memberships along the log. The newest is in force as soon as it is in the log, and when its entry is truncated
/// the one before it is in force again (thesis §4.1; pitfall R2).
struct MembershipHistory: Hashable, Sendable {
    /// The first stands at or before the log's base. Indices rise.
    private var places: [StoredState.MembershipAt]

    init(base: SnapshotHead, later: [StoredState.MembershipAt]) {
        places = [StoredState.MembershipAt(index: base.mark.index, membership: base.membership)] + later
    }

    var newest: StoredState.MembershipAt { places[places.count - 1] }

    func membership(at index: LogIndex) -> Membership {
        (places.last { $0.index <= index } ?? places[0]).membership
    }

    mutating func append(_ membership: Membership, at index: LogIndex) {
        precondition(index > newest.index, "memberships stand in the order of the log")
        places.append(StoredState.MembershipAt(index: index, membership: membership))
    }

    mutating func truncate(from index: LogIndex) {
        let base = places[0].index
        places.removeAll { $0.index >= index && $0.index > base }
    }

    mutating func compact(through index: LogIndex) {
        let kept = places.lastIndex { $0.index <= index } ?? 0
        places.removeFirst(kept)
    }

    mutating func reset(to head: SnapshotHead) {
        self = MembershipHistory(base: head, later: [])
    }
}
