/// One member of a Raft group as a value: `step(events) -> [effect]`.
package struct Replica: Sendable {
    package let id: ReplicaID
    package let limits: ReplicaLimits

    /// Throws if what the store handed in does not fit together: the node must not run on it.
    package init(id: ReplicaID, limits: ReplicaLimits, stored: StoredState) throws(Damage) {
        limits.check()
        self.id = id
        self.limits = limits
    }

    /// Takes all events of a turn, in order, and returns what to do.
    package mutating func step(_ events: [Event]) -> [Effect] {
        []
    }
}
