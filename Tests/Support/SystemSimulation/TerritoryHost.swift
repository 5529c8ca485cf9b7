import Law
import Records
import Roles
import Simulation
import Storage
import Uplink
import Vault

/// A territory's node: the real role over the real shard, run turn by turn as `TerritoryNode` runs it.
final class TerritoryHost {
    let place: Int
    let seat: TerritorySeat
    let keys: SimulatedKeys
    private(set) var disk: DiskImage
    private(set) var store: TerritoryStore?
    private(set) var index: NodeIndex?
    var role: Territory?
    var run = 0
    var sealer: Sealer
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

    /// What it wrote, as its commits said: the digest after each entry, and the entries themselves.
    private(set) var chain: [Digest]
    private(set) var appended: [AppendedEntry] = []
    /// What others wrote and it took, by place.
    private(set) var foreign: [LogAddress: AppendedEntry] = [:]
    /// What came down and is stored: the downlink's items, one after another.
    private(set) var taken: [TakenItem] = []
    /// Its keyring's granted keys: durable before the entries that they open.
    private var granted: [GrantedLeaf: Secret] = [:]
    /// Under a planted bug: what came down and waits for the next turn.
    private var later: [TakenItem] = []
    var handedIn = 0
    /// Records it may correct: documents that opened one here.
    var openings: [LogAddress] = []

    struct GrantedLeaf: Hashable {
        var author: AuthorNumber
        var leaf: UInt64
    }

    static let file = "store.sqlite"
    private static let indexFile = "index.sqlite"

    init(place: Int, seat: TerritorySeat, keys: SimulatedKeys) throws {
        self.place = place
        self.seat = seat
        self.keys = keys
        sealer = Sealer(author: seat.author, salt: 0, leaf: 0)
        chain = [Territory.genesis(of: seat).digest]
        let owner = Self.owner(seat)
        disk = try Templates.disk(seat.territory, as: seat.territory) { disk in
            try NodeIndex(path: disk.file(Self.indexFile), owner: owner).close()
            try TerritoryStore(path: disk.file(Self.file), seat: seat).close()
        }
    }

    private static func owner(_ seat: TerritorySeat) -> FileOwner {
        FileOwner(cluster: seat.cluster, node: "territory \(seat.territory)")
    }

    var isUp: Bool { role != nil }
    var last: EntryIndex { EntryIndex(appended.count) }
    var name: String { seat.territory }

    func start(completesIndex: Bool) throws {
        let index = try NodeIndex(path: disk.file(Self.indexFile), owner: Self.owner(seat))
        let store = try TerritoryStore(path: disk.file(Self.file), seat: seat)
        (self.store, self.index) = (store, index)
        run += 1
        // Numbers of a run that ended may have been given out: the next begins beyond them.
        sealer = Sealer(
            author: seat.author, salt: UInt64(seat.author.number) << 32 | UInt64(run),
            leaf: (sealer.leaf >> 20 + 1) << 20)
        synced = disk.committedLogBytes(Self.file) ?? 0
        let state = store.recovered
        guard state.last == last, state.digest == chain[chain.count - 1] else {
            throw Violation("I2", "\(name) committed \(last) entries and starts with \(state.last)")
        }
        guard state.downlink == DownlinkPosition(taken.count) else {
            throw Violation("downlink", "\(name) stored \(taken.count) items and starts at \(state.downlink)")
        }
        if completesIndex { try completeIndex(store, index) }
        role = Territory(seat: seat, state: state)
    }

    /// What the index lacks is inserted again from the log, as `TerritoryIndexing` does.
    private func completeIndex(_ store: TerritoryStore, _ index: NodeIndex) throws {
        let covered = index.indexedUpTo(seat.author)
        try index.insert(appended.filter { $0.at.index > covered })
        let rows = try store.foreignEntries(after: nil, limit: .max)
        guard rows.map(\.at) == foreign.keys.sorted() else {
            throw Violation("downlink", "\(name) lost entries of others that it had stored")
        }
        for row in rows where row.at.index > index.indexedUpTo(row.at.author) {
            if let entry = foreign[row.at] { try index.insert([entry]) }
        }
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
        (store, index) = (nil, nil)
    }

    func removeDisk() { disk.remove() }

    // MARK: A turn's parts

    func rows(for inputs: [TerritoryInput]) throws -> TerritoryRows {
        guard let role, let index else { return TerritoryRows() }
        return TerritoryRows(documents: try index.known(role.reads(for: inputs)))
    }

    func commit(_ decided: TerritoryTurn, planted: PlantedNodeBug?) throws {
        guard let store, let index, !decided.storesNothing else { return }
        var turn = decided
        if planted == .receiptsStoredLater { (turn.taken, later) = (later, decided.taken) }
        for case .entry(let entry, _, let keys) in decided.taken {
            guard case .document(let document) = entry.entry.body, holds(document.record) else {
                throw Violation("I7", "\(name) is sent entry \(entry.at.index) on a record that it does not hold")
            }
            for key in keys { granted[GrantedLeaf(author: key.author, leaf: key.leaf)] = key.key }
        }
        let before = disk.committedLogBytes(Self.file) ?? 0
        try store.commit(turn)
        let after = disk.committedLogBytes(Self.file) ?? 0
        if turn.isDurable { synced = after } else if after < before { synced = 0 }
        let came = decided.taken.compactMap { item in
            if case .entry(let entry, _, _) = item { entry } else { nil }
        }
        try index.insert(turn.appended)
        try index.insert(came)
        for entry in turn.appended {
            chain.append(LogChain.digest(after: chain[chain.count - 1], entry.bytes))
            appended.append(entry)
            if case .document(let document) = entry.entry.body, document.act == .register { openings.append(entry.at) }
        }
        for entry in came { foreign[entry.at] = entry }
        taken += decided.taken
        turnsSinceCheckpoint += 1
    }

    /// Far sooner than a node does, whose logs grow to 32 MiB first: what a checkpoint can do wrong is to be seen.
    func rest() throws {
        guard turnsSinceCheckpoint >= 16 else { return }
        turnsSinceCheckpoint = 0
        try store?.checkpoint()
        synced = disk.committedLogBytes(Self.file) ?? 0
    }

    // MARK: What it knows

    private var held: Set<RecordID> = []

    /// Whether it opened the record.
    func holds(_ record: RecordID) -> Bool {
        if held.contains(record) { return true }
        held = Set(
            openings.compactMap { at in
                guard case .document(let entry) = appended[Int(at.index) - 1].entry.body else { return nil }
                return entry.record
            })
        return held.contains(record)
    }

    func digest(at index: EntryIndex) -> Digest { chain[Int(index)] }

    /// All entries it has of a record, opened with the keys it holds: its own tree, and what it was granted.
    func read(opening: LogAddress) throws -> [ReadEntry] {
        guard let store else { return [] }
        return try store.record(opening: opening).compactMap { row in
            guard let read = ReadEntry(row.at, bytes: row.bytes) else { return nil }
            var entry = read
            entry.opened = keys.open(read.document, at: row.at, salt: row.nonceSalt ?? 0) { leaf in
                row.at.author == self.seat.author
                    ? self.keys.leafKey(author: row.at.author, leaf: leaf)
                    : self.granted[GrantedLeaf(author: row.at.author, leaf: leaf)]
            }
            return entry
        }
    }
}
