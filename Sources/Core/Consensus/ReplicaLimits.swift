/// Times in ticks and sizes in bytes. The shell decides how long a tick is (50 ms: elections within about a second).
package struct ReplicaLimits: Hashable, Sendable {
    /// The least silence after which a follower stands; the shell draws between this and twice this, less one. Also how
    /// long a follower protects the leader it hears (thesis §4.2.3) and within which a leader must hear a quorum
    /// (§6.2).
    package var electionTicks = 10
    /// A leader's heartbeats. Much less than `electionTicks`.
    package var heartbeatTicks = 1
    /// The cost of entries in one append message; a single entry above it travels alone.
    package var messageCost = 1 << 20
    /// Append messages on the way to one follower.
    package var messagesInFlight = 64
    /// The cost of entries on the way to one follower.
    package var costInFlight = 8 << 20
    /// The cost of the leader's own uncommitted entries; a proposal past it is refused as `busy`, unless there are
    /// none.
    package var uncommittedCost = 32 << 20
    /// The cost of stored and applied entries kept in memory for followers.
    package var cacheCost = 8 << 20
    /// One payload. A batch of the uplink is at most 4 MiB; the rest is room for its envelope.
    package var payloadBytes = 5 << 20
    /// A term further ahead than this is refused: no history of elections leads to it.
    package var termJump: UInt64 = 1 << 20

    package init() {}

    /// What the fields must keep among each other.
    package func check() {
        precondition(
            heartbeatTicks >= 1 && electionTicks >= 3 * heartbeatTicks, "elections need three heartbeats' room")
        precondition(messageCost > 0 && costInFlight >= messageCost, "one message must fit into what may be in flight")
        precondition(messagesInFlight >= 1 && uncommittedCost > 0 && payloadBytes > 0, "a limit of nothing stops all")
    }
}
