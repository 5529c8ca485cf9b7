import Consensus

/// One process and its disk, changed where it lies. `run` counts its starts, so that what an earlier run had set
/// going is known and dropped.
final class SimulatedNode {
    var replica: Replica?
    var store: SimulatedStore
    var run = 0
    /// Events that wait for the next turn.
    var inbox: [Replica.Event] = []
    var hasTurn = false
    var isSyncing = false
    var pausedUntil: UInt64 = 0
    /// A slow disk multiplies its syncs by this.
    var slowness = 1
    /// Writes taken as leader and not yet known to be committed: what the client is told when the index is applied.
    var taken: [Taken] = []
    /// Reads that wait for the state to reach an index.
    var reads: [(context: UInt64, index: LogIndex)] = []
    /// The states that lie ready for followers, with the head each was promised under.
    var copies: [ReplicaID: (head: SnapshotHead, state: AppliedState)] = [:]

    struct Taken {
        var context: UInt64
        var mark: Mark
    }

    init(_ image: SimulatedStore.Image) {
        store = SimulatedStore(image)
    }
}

/// A message on the line; a snapshot's with its data.
struct Envelope {
    var message: RaftMessage
    var state: AppliedState?
}
