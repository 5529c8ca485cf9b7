import Law
import Records
import Roles
import Simulation
import Storage
import Uplink
import Vault
import Wire

/// A territory's node: the real role over the real shard, run turn by turn as `TerritoryNode` runs it.
final class TerritoryHost {
    /// Of this machine, and of its territory.
    let number: Int
    let place: Int
    let keys: SimulatedKeys
    var disk: DiskImage
    private(set) var store: TerritoryStore?
    private(set) var index: NodeIndex?
    private(set) var opener: TerritoryOpener?
    private var moving: Moving?
    var role: Territory?
    var run = 0
    private(set) var sealer: Sealer
    var inbox: [TerritoryInput] = []
    var deferred: [TerritoryInput] = []
    var hasTurn = false
    var pausedUntil: UInt64 = 0
    var fullUntil: UInt64 = 0
    var skew: Int64 = 0
    var endsAt: Stage?
    var dials = 0
    private var synced = 0
    private var turnsSinceCheckpoint = 0
    private let leaves = Leaves(after: 0)

    var shard: Shard
    /// The file that says who the node is; where it differs from the shard, the next start begins anew.
    var identity: NodeIdentityFile
    /// Which file lies beside the store, as a machine tells files apart.
    var placeFile: FilePlace?
    /// How often this machine made that file anew.
    private var places: UInt64 = 0
    /// Seeds that were drawn for the seats to come: kept in the keyring.
    var seeds: [SeedName: Secret] = [:]
    /// Its files lie where they were written, as far as it can tell.
    private(set) var isInPlace = true
    /// Under a planted bug: what came down and waits for the next turn.
    private var later: [TakenItem] = []
    var handedIn = 0
    /// A copy of the whole directory, made while it ran.
    var backup: Backup?
    /// It was put back or copied: the centre may refuse it.
    var isSuspect = false
    /// How often its line still breaks as soon as it stands, and whether the power goes with the last time.
    var flaps = 0
    var losesPowerAfterFlaps = false
    /// Its machine is copied as a whole when the centre refuses its log.
    var isImagedWhenRefused = false
    /// Its machine was put back as a whole: it cannot know by itself.
    var isExcused = false
    /// The machine is gone, or its directory was taken over by another.
    var isRetired = false

    static let file = "store.sqlite"
    private static let indexFile = "index.sqlite"

    /// Another machine with a copy of the directory, or a new one with an empty one.
    init(number: Int, place: Int, identity: NodeIdentityFile, keys: SimulatedKeys, copyOf original: Backup?) throws {
        self.number = number
        self.place = place
        self.keys = keys
        self.identity = identity
        sealer = Sealer(author: identity.seat.author, salt: 0, leaves: leaves)
        if let original {
            shard = original.shard
            seeds = original.seeds
            placeFile = original.placeFile
            disk = try original.disk.copy(as: identity.seat.territory)
        } else {
            shard = Shard(identity.seat)
            let owner = FileOwner(cluster: CentreHost.cluster, node: "territory \(identity.seat.territory)")
            disk = try Templates.disk(identity.seat.territory, as: identity.seat.territory) { disk in
                try NodeIndex(path: disk.file(Self.indexFile), owner: owner).close()
                try TerritoryStore(path: disk.file(Self.file), seat: identity.seat).close()
            }
        }
    }

    private var owner: FileOwner { FileOwner(cluster: CentreHost.cluster, node: "territory \(name)") }

    var isUp: Bool { role != nil }
    var seat: TerritorySeat { shard.seat }
    var last: EntryIndex { shard.last }
    var name: String { identity.seat.territory }
    /// Of this machine, in what is told.
    var label: String { "\(name)#\(number)" }

    func start(completesIndex: Bool) throws {
        if identity.seat != shard.seat { shard.begin(as: identity.seat) }
        let store = try TerritoryStore(path: disk.file(Self.file), seat: identity.seat, formers: identity.formers)
        let state = store.recovered
        guard state.last == last, state.digest == shard.digest else {
            throw Violation("I2", "\(label) committed \(last) entries and starts with \(state.last)")
        }
        guard state.downlink == shard.downlink else {
            throw Violation("downlink", "\(label) stored \(shard.downlink) items and starts at \(state.downlink)")
        }
        run += 1
        let salt = UInt64(number) << 48 | UInt64(seat.author.number) << 32 | UInt64(run)
        sealer = Sealer(author: seat.author, salt: salt, leaves: leaves)
        let index = try TerritoryIndexing.open(path: disk.file(Self.indexFile), owner: owner, for: store)
        let opener = TerritoryOpener(
            keys, own: Set([seat.author.number] + identity.formers.map(\.author)),
            only: state.isUnheard ? seat.author : nil, granted: shard.granted)
        if completesIndex {
            try TerritoryIndexing(
                store: store, index: index, opener: opener, blind: SimulatedKeys.blind, catalogue: Papers.catalogue
            ).complete()
        }
        isInPlace = try renewPlace(store)
        moving = Moving(store: store, blind: SimulatedKeys.blind, catalogue: { Papers.catalogue }) { entry, at, salt in
            guard case .document(let document) = entry.body else { return [] }
            return opener.plains(of: document, at: at, salt: salt)
        } seal: { [keys, sealer] plain, slot, document in
            let record = document.map { SimulatedKeys.identity($0) } ?? RecordID(high: 0, low: 0)
            return keys.seal(
                plain, slot: slot, leaf: sealer.leaves.draw(), author: sealer.author, salt: sealer.salt, record: record)
        }
        (self.store, self.index, self.opener) = (store, index, opener)
        synced = disk.committedLogBytes(Self.file) ?? 0
        role = Territory(
            seat: seat, state: state, told: store.toldIndex, footing: isInPlace ? .unproved : .copied)
    }

    /// As `PlaceMark` does with a file's inode: compares, and where the files lie where they were written, makes the
    /// mark anew.
    private func renewPlace(_ store: TerritoryStore) throws -> Bool {
        if let kept = try store.place(), kept != placeFile { return false }
        try makePlace(store)
        return true
    }

    private func makePlace(_ store: TerritoryStore) throws {
        places += 1
        let next = FilePlace(inode: UInt64(number) << 32 | places, born: 0, written: 0)
        try store.keep(next)
        placeFile = next
    }

    /// As `TerritoryReseating.reseat` does: who the node is, then the mark.
    func begin(as identity: NodeIdentityFile, planted: PlantedNodeBug?) throws {
        self.identity = identity
        guard let store else { return }
        if planted == .placeForgottenAtSeat { try store.keep(nil) } else { try makePlace(store) }
        synced = disk.committedLogBytes(Self.file) ?? 0
    }

    func end(losesPower: Bool, torn: Int, losesIndex: Bool) throws {
        guard isUp else { return }
        let next = try disk.afterEnd(as: name, cut: losesPower ? [Self.file: synced] : nil, torn: torn)
        if losesIndex { try NodeIndex.remove(path: next.file(Self.indexFile)) }
        try close()
        disk.remove()
        disk = next
    }

    func close() throws {
        role = nil
        (inbox, deferred, later) = ([], [], [])
        (hasTurn, endsAt, pausedUntil) = (false, nil, 0)
        try index?.close()
        try store?.close()
        (store, index, opener, moving) = (nil, nil, nil, nil)
    }

    func removeDisk() {
        disk.remove()
        backup?.disk.remove()
    }

    // MARK: A turn's parts

    func rows(for inputs: [TerritoryInput]) throws -> TerritoryRows {
        guard let role, let index, let store else { return TerritoryRows() }
        let local = try role.formerReads(for: inputs).map { try store.entries(from: $0.first, count: $0.count) }
        let documents = try index.known(role.reads(for: inputs))
        return TerritoryRows(
            documents: documents, local: local ?? [],
            setAside: role.mayKnowSetAside ? try store.setAside(among: documents) : [])
    }

    /// - Returns: what was written to the own log.
    func commit(_ decided: TerritoryTurn, planted: PlantedNodeBug?) throws -> [WrittenLogs.Line] {
        guard let store, let index, !decided.storesNothing else { return [] }
        var turn = decided
        if planted == .receiptsStoredLater { (turn.taken, later) = (later, decided.taken) }
        var came: [AppendedEntry] = []
        var back: [AppendedEntry] = []
        for item in decided.taken {
            switch item {
            case .entry(let entry, _, let keys):
                came.append(entry)
                for key in keys {
                    let leaf = Shard.GrantedLeaf(author: key.author, leaf: key.leaf)
                    shard.granted[leaf] = key.key
                    opener?.grant(leaf, key.key)
                }
            case .former(let entry, _): back.append(entry)
            default: break
            }
        }
        let before = disk.committedLogBytes(Self.file) ?? 0
        try store.commit(turn)
        let after = disk.committedLogBytes(Self.file) ?? 0
        if turn.isDurable { synced = after } else if after < before { synced = 0 }
        try index.insert(turn.appended)
        try index.insert(came)
        try index.insert(back)
        let lines = try turn.appended.map { try shard.append($0) }
        shard.took(decided.taken)
        turnsSinceCheckpoint += 1
        return lines
    }

    /// Far sooner than a node does, whose logs grow to 8 MiB first: what a checkpoint can do wrong is to be seen.
    func rest() throws {
        guard turnsSinceCheckpoint >= 16 else { return }
        turnsSinceCheckpoint = 0
        try store?.checkpoint()
        synced = disk.committedLogBytes(Self.file) ?? 0
    }

    /// The next entries that were set aside, sealed for the places after the log as it is stored.
    func moveAside() throws {
        guard let role, let moved = try moving?.next(after: role.state.last) else { return }
        deferred.insert(moved, at: 0)
    }

    // MARK: What it knows

    /// Where the record was opened that is shown here, and all entries it has of it, opened with the keys it holds; nil
    /// where it is not shown.
    func read(_ record: RecordID) throws -> (opening: LogAddress, entries: [ReadEntry])? {
        guard let store, let index, let opener, let opening = try index.known([record])[record]?.opening else {
            return nil
        }
        guard !store.recovered.isUnheard || opening.author == seat.author else { return nil }
        let entries = try store.record(opening: opening).compactMap { row -> ReadEntry? in
            guard let read = ReadEntry(row.at, bytes: row.bytes) else { return nil }
            var entry = read
            entry.opened = opener.open(read.document, at: row.at, salt: row.nonceSalt ?? 0)
            return entry
        }
        return (opening, entries)
    }
}

/// A copy of a whole directory, as it was at some moment.
struct Backup {
    let disk: DiskImage
    let shard: Shard
    let identity: NodeIdentityFile
    let seeds: [SeedName: Secret]
    let placeFile: FilePlace?
    /// How many answers the oracle had heard by then.
    let answers: UInt64
}

/// Under which name the seed of a next seat is kept.
struct SeedName: Hashable {
    /// The author it follows.
    var author: UInt32
    /// Where copied files lie; nil: where they were written.
    var place: FilePlace?
}
