/// What a store tells at a start. No payload is read: terms come as runs, memberships as the few entries that hold one.
package struct StoredState: Hashable, Sendable {
    package var hardState: HardState
    /// The end of what was compacted or installed, and who belonged to the group there. `Mark.zero` at first.
    package var base: SnapshotHead
    /// The last entry's index; equal to the base's if there are none.
    package var last: LogIndex
    /// Where each term of the entries after the base begins, in order.
    package var terms: [Mark]
    /// The entries after the base that hold a membership, in order.
    package var memberships: [MembershipAt]
    /// The store's applied index: these entries are known to be committed.
    package var applied: LogIndex

    package struct MembershipAt: Hashable, Sendable {
        package var index: LogIndex
        package var membership: Membership

        package init(index: LogIndex, membership: Membership) {
            self.index = index
            self.membership = membership
        }
    }

    package init(
        hardState: HardState, base: SnapshotHead, last: LogIndex, terms: [Mark], memberships: [MembershipAt],
        applied: LogIndex
    ) {
        self.hardState = hardState
        self.base = base
        self.last = last
        self.terms = terms
        self.memberships = memberships
        self.applied = applied
    }

    /// A new group of these voters: only for the very first node, or for nodes that all start with the same list.
    package static func founding(voters: [ReplicaID]) -> StoredState {
        StoredState(
            hardState: .zero, base: SnapshotHead(mark: .zero, membership: Membership(voters: voters)), last: 0,
            terms: [], memberships: [], applied: 0)
    }

    /// A node that waits to be added to a group. It neither votes nor stands until a leader has sent it the membership;
    /// a node that lost its disk comes back as this, under a new number.
    package static let joining = StoredState(
        hardState: .zero, base: SnapshotHead(mark: .zero, membership: .empty), last: 0, terms: [], memberships: [],
        applied: 0)
}

extension StoredState {
    /// What a store must keep among its rows; a log that lost its end, or rows of another history, are seen here.
    func check() throws(Replica.Damage) {
        guard base.mark.index <= applied, applied <= last else {
            throw .inconsistent("applied \(applied) is not between base \(base.mark) and last \(last)")
        }
        guard hardState.last <= last else {
            throw .logShorterThanTold(last: last, told: hardState.last)
        }
        var previous = base.mark
        for start in terms {
            guard start.index > previous.index, start.term >= previous.term, start.index <= last else {
                throw .inconsistent("term \(start.term) begins at \(start.index) after \(previous)")
            }
            previous = start
        }
        guard previous.term <= hardState.term else {
            throw .inconsistent("an entry of term \(previous.term) under term \(hardState.term)")
        }
        var place = base.mark.index
        for change in memberships {
            guard change.index > place, change.index <= last else {
                throw .inconsistent("a membership at \(change.index) after \(place)")
            }
            place = change.index
        }
    }
}
