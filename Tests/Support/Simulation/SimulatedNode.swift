import Consensus

/// One process and its disk, changed where it lies. `run` counts its starts, so that what an earlier run had set
/// going is known and dropped.
final class SimulatedNode {
    let id: ReplicaID
    var store: SimulatedStore
    var run = 0
    /// Gone for good: its disk is lost or damaged. An operator removes it and seats another.
    var isDead = false
    /// Its disk was lost, damaged or put back.
    var hasLostData = false

    /// As of the last step; kept beside the replica so that looking costs no copy of it.
    var standing = Replica.Standing(role: .follower, term: 0, leader: nil)
    var glance = Glance()
    var membership = Membership.empty

    /// Events that wait for the next turn.
    var inbox: [Replica.Event] = []
    var hasTurn = false
    var isSyncing = false
    var pausedUntil: UInt64 = 0
    /// A slow disk multiplies its syncs by this.
    var slowness = 1
    /// A slow process adds up to this to the time before a turn, microseconds.
    var sluggishness = 0
    /// Microseconds between two ticks of its own clock.
    var tick: Int
    var fullUntil: UInt64 = 0
    /// The process ends after so many effects of its next turn.
    var endsAfterEffects: Int?
    /// The next write, or the next sync, fails.
    var failsWrite = false
    var failsSync = false

    /// Writes taken as leader and not yet known to be committed: what the client is told when the index is applied.
    var taken: [Taken] = []
    /// Reads that wait for the state to reach an index.
    var reads: [(context: UInt64, index: LogIndex)] = []
    /// The states that lie ready for followers, with the head each was promised under.
    var copies: [ReplicaID: (head: SnapshotHead, state: AppliedState)] = [:]
    /// What it has told any leader that it holds.
    var promised: LogIndex = 0

    struct Taken {
        var context: UInt64
        var mark: Mark
    }

    init(_ id: ReplicaID, _ image: SimulatedStore.Image, tick: Int) {
        self.id = id
        self.tick = tick
        store = SimulatedStore(image)
        membership = image.base.membership
    }

    private(set) var isUp = false
    /// There only while the node is up.
    var replica: Replica {
        get { held.unsafelyUnwrapped }
        _modify { yield &held! }
    }
    private var held: Replica?

    func start(_ replica: Replica) {
        held = replica
        isUp = true
    }

    /// The process is gone, with all it had in memory.
    func end() {
        isUp = false
        held = nil
        standing = Replica.Standing(role: .follower, term: standing.term, leader: nil)
        inbox = []
        hasTurn = false
        isSyncing = false
        pausedUntil = 0
        endsAfterEffects = nil
        failsWrite = false
        failsSync = false
        taken = []
        reads = []
        copies = [:]
    }
}

/// What the checkers look at after every step.
struct Glance {
    var commit: LogIndex = 0
    var termAtCommit: Term?
    var stable: LogIndex = 0
    var termAtStable: Term?
    var base: LogIndex = 0
    var brokenInvariant: String?
}

extension Replica {
    /// Mutating only so that the replica is looked at where it lies: a getter would be given a copy, and count up and
    /// down each of its arrays.
    mutating func glance() -> Glance {
        let (commit, stable) = (commitIndex, stableIndex)
        return Glance(
            commit: commit, termAtCommit: term(at: commit), stable: stable, termAtStable: term(at: stable),
            base: baseMark.index, brokenInvariant: brokenInvariant())
    }
}

/// A message on the line; a snapshot's with its data.
struct Envelope {
    var message: RaftMessage
    var sent: UInt64
    var state: AppliedState?
}
