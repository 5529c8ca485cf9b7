import Consensus
import Foundation
import Law
import Records
import Roles
import Simulation
import Storage
import Uplink
import Vault
import Wire

/// A copy of the leader's store for one follower.
struct StoreCopy {
    let disk: DiskImage
    let head: SnapshotHead
    /// It lies at the follower, whole.
    var hasArrived = false
}

/// A node of the centre: the real role over the real store, run turn by turn as `CentreNode` runs it.
final class CentreHost {
    let id: ReplicaID
    let keys: SimulatedKeys
    private let founding: StoredState
    private let mix: SystemMix
    private(set) var disk: DiskImage
    private(set) var store: CentreStore?
    private var preparer: CentrePreparer?
    /// Prepared when it was proposed, and not applied yet.
    private var prepared = PreparedBatches()
    var role: Centre?
    var run = 0
    var inbox: [CentreInput] = []
    var deferred: [CentreInput] = []
    /// Committed entries that are not applied yet: a turn takes a bounded part of them.
    private(set) var toApply: [Replica.Application] = []
    var hasTurn = false
    var pausedUntil: UInt64 = 0
    /// No space is left until then.
    var fullUntil: UInt64 = 0
    var isWaitingForSpace = false
    var skew: Int64 = 0
    /// The next turn ends the process here.
    var endsAt: Stage?
    /// A number that was retired: it never comes back.
    var isRetired = false
    /// Copies of this node's store that are on their way to followers: the log is held for them.
    var copies: [ReplicaID: StoreCopy] = [:]
    /// Pieces of logs that came in bundles, by author.
    var desks: [UInt32: SystemWorld.Desk] = [:]
    /// As of what the copy is that lies here whole.
    var staged: SnapshotHead?
    /// Bytes of the store's write-ahead log that are on the disk whatever happens.
    private var synced = 0
    private var turnsSinceCheckpoint = 0

    static let cluster = [UInt8](repeating: 7, count: 16)
    static let owner = FileOwner(cluster: cluster, node: "centre")
    static let file = "store.sqlite"
    private static let indexFile = "index.sqlite"

    init(_ id: ReplicaID, founding: StoredState, keys: SimulatedKeys, mix: SystemMix) throws {
        self.id = id
        self.keys = keys
        self.founding = founding
        self.mix = mix
        let voters = founding.base.membership.voters.count
        disk = try Templates.disk("centre-of-\(voters)", as: "centre-\(id)") { disk in
            let index = try NodeIndex(path: disk.file(Self.indexFile), owner: Self.owner)
            let store = try Self.open(disk, founding: founding, keys: keys, index: index)
            try store.close()
            try index.close()
        }
    }

    var isUp: Bool { role != nil }
    var staging: StagedStore { StagedStore(store: disk.file(Self.file), index: disk.file(Self.indexFile)) }
    var salt: UInt64 { id.number << 32 | UInt64(run) }

    private static func open(
        _ disk: DiskImage, founding: StoredState, keys: SimulatedKeys, index: NodeIndex
    ) throws -> CentreStore {
        try CentreStore(
            path: disk.file(file), owner: owner, founding: founding, centre: "centre-1",
            catalogue: Papers.catalogue, blind: SimulatedKeys.blind, opening: keys, index: index)
    }

    func start() throws {
        staged = nil
        if try staging.carryOutPlan() { try NodeIndex.remove(path: disk.file(Self.indexFile)) }
        let index = try NodeIndex(path: disk.file(Self.indexFile), owner: Self.owner)
        let store = try Self.open(disk, founding: founding, keys: keys, index: index)
        run += 1
        var limits = ReplicaLimits()
        limits.cacheCost = 64 << 10
        let start = try store.load(
            replica: id, limits: limits, opening: .started(nonceSalt: salt, software: "simulated"))
        role = try Centre(start)
        role?.cutLog(every: mix.logBytes)
        self.store = store
        preparer = try store.preparer()
        synced = disk.committedLogBytes(Self.file) ?? 0
    }

    /// What the disk holds is copied before the files are closed, for closing would complete them.
    func end(losesPower: Bool, torn: Int, losesIndex: Bool) throws {
        guard isUp else { return }
        let cut = losesPower ? [Self.file: synced] : nil
        let next = try disk.afterEnd(as: "centre-\(id)", cut: cut, torn: torn)
        try close()
        if losesIndex { try NodeIndex.remove(path: next.file(Self.indexFile)) }
        disk.remove()
        disk = next
    }

    /// In good order, with everything stored.
    func close() throws {
        guard let store else { return }
        role = nil
        (inbox, deferred, toApply, prepared) = ([], [], [], PreparedBatches())
        (hasTurn, endsAt, pausedUntil, isWaitingForSpace) = (false, nil, 0, false)
        for copy in copies.values { copy.disk.remove() }
        (copies, staged) = ([:], nil)
        try store.close()
        try store.index.close()
        self.store = nil
    }

    // MARK: A turn's parts

    func prepare(_ mark: Mark, _ payload: [UInt8]) {
        guard prepared.batch(mark, of: payload) == nil, let batch = preparer?.prepare(payload: payload) else { return }
        prepared.keep(batch, of: payload, at: mark)
    }

    func take(_ turn: CentreTurn) { toApply += turn.apply }

    /// As before a turn that could not be stored.
    func undo(_ before: (role: Centre?, toApply: [Replica.Application])) {
        role = before.role
        toApply = before.toApply
    }

    /// The next committed entries, so many as this turn takes; a part ends with a seating.
    func slice(upTo most: Int) throws -> [CentreStore.Application] {
        guard most > 0, let store, let next = toApply.first else { return [] }
        let limit = min(most, mix.applyBytes)
        let entries =
            next.entries.isEmpty
            ? try store.raftEntries(from: next.first, through: next.last, costLimit: limit) : next.entries
        var slice: [CentreStore.Application] = []
        var bytes = 0
        for entry in entries {
            bytes += entry.cost
            guard case .proposal(let payload) = entry.payload else {
                slice.append(.nothing(entry.mark))
                continue
            }
            prepare(entry.mark, payload)
            guard let batch = prepared.batch(entry.mark, of: payload) else { break }
            slice.append(.proposal(entry.mark, batch))
            if bytes > limit || batch.isSeating { break }
        }
        guard let last = slice.last?.mark.index else {
            throw Violation("storage", "centre-\(id): entries \(next.first) to \(next.last) are missing")
        }
        if last == next.last {
            toApply.removeFirst()
        } else {
            let rest = next.entries.isEmpty ? [] : Array(entries.dropFirst(slice.count))
            toApply[0] = Replica.Application(first: last.next, last: next.last, entries: rest)
        }
        return slice
    }

    func commit(_ turn: CentreTurn, _ apply: [CentreStore.Application]) throws -> CentreApplied? {
        guard let store, !turn.storesNothing || !apply.isEmpty else { return nil }
        let before = disk.committedLogBytes(Self.file) ?? 0
        let applied = try store.commit(
            persist: turn.persist, seats: turn.seats, apply: apply, synced: turn.isDurable)
        let after = disk.committedLogBytes(Self.file) ?? 0
        // A log that was wholly moved into the file begins anew.
        if turn.isDurable { synced = after } else if after < before { synced = 0 }
        turnsSinceCheckpoint += 1
        if let last = apply.last?.mark.index { _ = prepared.release(through: last) }
        return applied
    }

    /// Far sooner than a node does, whose logs grow to 8 MiB first: what a checkpoint can do wrong is to be seen.
    func rest() throws {
        guard turnsSinceCheckpoint >= 8 else { return }
        turnsSinceCheckpoint = 0
        try store?.checkpoint()
        synced = disk.committedLogBytes(Self.file) ?? 0
    }

    /// A copy of the leader's store has come whole.
    func stage(_ copy: DiskImage, _ head: SnapshotHead) throws {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: copy.file(Self.file)))
        try bytes.write(to: URL(fileURLWithPath: staging.path))
        staged = head
    }

    /// The log begins anew after a copy of the leader's store, which lies here whole.
    func install(_ write: LogWrite) throws {
        try staging.prepare(write, owner: Self.owner)
    }

    func removeDisk() { disk.remove() }

    /// Of no more use, or none at all.
    func drop(_ piece: BundleStaging.Piece, of author: UInt32) {
        desks[author]?.staging.remove(piece)
        desks[author]?.frames[piece.name] = nil
    }
}
