package import Records
package import Roles
import Synchronization
package import Uplink
import Vault

/// A territory's shard: the own log, what came down, and where each document stands. `store.sqlite`.
///
/// One owner calls `commit` (and `checkpoint` between turns); lookups may come from any thread and see whole turns.
package final class TerritoryStore: Sendable {
    package let seat: TerritorySeat
    /// What the role goes on from.
    package let recovered: TerritoryState

    let file: DatabaseFile
    /// The last index of the own log that this node has told of. A store whose log ends before was put back from an
    /// older copy, or has lost entries: the role does not go on with it.
    package let toldIndex: EntryIndex
    private let told: ToldMark
    private let kinds: Mutex<[String: Int64]>

    /// Opens or makes the shard and checks that the log is whole: not shorter than what this node has told, and its
    /// digests in agreement at the end.
    ///
    /// - Parameters:
    ///   - path: of `store.sqlite`; the mark of what was told lies beside it as `told`.
    ///   - formers: the logs of the seats before this one; empty at a territory's first.
    package init(path: String, seat: TerritorySeat, formers: [FormerLog] = []) throws(StorageError) {
        self.seat = seat
        let owner = FileOwner(cluster: seat.cluster, node: "territory \(seat.territory)")
        file = try DatabaseFile(path: path, schema: TerritorySchema.schema, owner: owner, promise: .durable)
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        told = try ToldMark(path: folder + "told")
        if !formers.isEmpty {
            let mark = formers.map { [told] in told.told(author: $0.author) }.max() ?? 0
            try file.turn { try TerritorySeating.settle($0, seat, formers, told: mark) }
        }
        let (state, kinds) = try file.read { connection in
            (try TerritoryRecovery.state(connection, seat: seat), try TerritoryRecovery.kinds(connection))
        }
        self.kinds = Mutex(kinds)
        toldIndex = told.told(author: seat.author.number)
        recovered = state
    }

    package func close() throws(StorageError) {
        try file.close()
    }

    /// Stores all that a turn decided, in one transaction, or nothing of it. One sync where the turn is durable.
    package func commit(_ turn: TerritoryTurn) throws(StorageError) {
        guard !turn.storesNothing else { return }
        let known = kinds.withLock { $0 }
        let learnt = try file.turn(synced: turn.isDurable) { connection in
            var writer = try TerritoryWriter(connection, seat: seat, kinds: known)
            for entry in turn.appended { try writer.append(entry) }
            for item in turn.taken { try writer.take(item) }
            for row in turn.moved { try writer.note(row) }
            for former in turn.formers { try writer.save(former) }
            if let state = turn.state {
                if let last = turn.appended.last { try writer.chain(last.at, state.digest) }
                try writer.save(state, author: seat.author)
            }
            return writer.kinds
        }
        if learnt.count != known.count { kinds.withLock { $0 = learnt } }
        if let last = turn.appended.last { told.tell(author: last.at.author.number, last: last.at.index) }
    }

    /// Whether the write-ahead log wants something though there is work (`DatabaseFile.rest`).
    package var wantsRest: Bool { file.wantsRest }

    /// Has a long log moved beside the turns.
    package func rest() throws(StorageError) { try file.rest() }

    /// Whether there is anything to be moved at all.
    package var mayRest: Bool { file.mayRest }

    /// Moves what it can from the write-ahead log into the file, in a pause.
    @discardableResult
    package func checkpoint() throws(StorageError) -> Int {
        try file.checkpoint()
    }

    /// Copies the shard as it stands while turns go on.
    package func copy(to path: String) throws(StorageError) {
        try file.copy(to: path)
    }

    func kindNumber(_ kind: String) -> Int64? {
        kinds.withLock { $0[kind] }
    }
}

/// Reads back what the last turn left, and compares it with the log.
enum TerritoryRecovery {
    static func kinds(_ connection: Connection) throws -> [String: Int64] {
        var kinds: [String: Int64] = [:]
        let select = try connection.statement("SELECT number, code FROM kinds")
        while try select.next() { kinds[select.text(1)] = select.integer(0) }
        return kinds
    }

    static func state(_ connection: Connection, seat: TerritorySeat) throws -> TerritoryState {
        let select = try connection.statement(
            """
            SELECT author, last, digest, stamp, counters, downlink, pass, frontier, frontier_digest, fence, cloned,
                unheard, wants_index
            FROM state WHERE id = 1
            """)
        guard try select.next() else { return Territory.genesis(of: seat) }
        defer { select.reset() }
        let author = AuthorNumber(UInt32(clamping: select.integer(0)))
        guard author == seat.author else {
            throw StorageError.foreign(
                file: connection.file, expected: "author \(seat.author.number)", found: "author \(author.number)")
        }
        guard let digest = Digest(select.bytes(2)), let frontierDigest = Digest(select.bytes(8)),
            let counters = CounterBytes.decode(select.bytes(4))
        else { throw StorageError.damaged(file: connection.file, what: "the row of the node's own state") }
        var state = TerritoryState(genesis: digest)
        state.last = EntryIndex(select.integer(1))
        state.stamp = Stamp(bits: UInt64(bitPattern: select.integer(3)))
        state.counters = counters
        state.downlink = DownlinkPosition(select.integer(5))
        state.pass = select.bytes(6)
        state.frontier = EntryIndex(select.integer(7))
        state.frontierDigest = frontierDigest
        state.fence = select.isNull(9) ? nil : select.text(9)
        state.isCloned = select.integer(10) != 0
        state.isUnheard = select.integer(11) != 0
        state.wantsIndex = select.integer(12) != 0
        state.formers = try TerritorySeating.formers(connection)
        state.aside = try TerritorySeating.aside(connection)
        try check(state, connection, seat: seat)
        return state
    }

    private static func check(_ state: TerritoryState, _ connection: Connection, seat: TerritorySeat) throws {
        let first = LogAddress(author: seat.author, index: 0).packed
        let end = try connection.statement("SELECT max(at) FROM entries WHERE at >= ? AND at < ?")
        end.bind(1, first)
        end.bind(2, first + 1 << 40)
        _ = try end.next()
        let held = end.optionalInteger(0).map { LogAddress(packed: $0).index } ?? 0
        end.reset()
        guard held >= state.last else { throw StorageError.shortLog(held: held, told: state.last) }
        guard held == state.last else {
            throw StorageError.damaged(
                file: connection.file, what: "the log ends at entry \(held), the state says \(state.last)")
        }
        guard state.last > 0 else { return }
        // From the turn before the last to the end: what the last turns wrote is read and hashed anew.
        let before = try LogRows.chain(connection, seat: seat, before: state.last)
        let digest = try LogRows.digest(connection, seat: seat, at: state.last, from: before)
        guard digest == state.digest else {
            throw StorageError.damaged(
                file: connection.file, what: "entries \(before.index + 1) to \(state.last) do not match their digest")
        }
    }
}

/// Serial counters as bytes: for each the kind's length (1), the kind, year (2) and last serial (4), little-endian.
enum CounterBytes {
    static func encode(_ counters: [SerialCounter]) -> [UInt8] {
        var bytes: [UInt8] = []
        for counter in counters {
            precondition(counter.kind.utf8.count < 256, "a card kind's code is short: \(counter.kind)")
            bytes.append(UInt8(counter.kind.utf8.count))
            bytes += Array(counter.kind.utf8)
            bytes += [UInt8(truncatingIfNeeded: counter.year), UInt8(counter.year >> 8)]
            for shift in stride(from: 0, to: 32, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: counter.last >> shift))
            }
        }
        return bytes
    }

    static func decode(_ bytes: [UInt8]) -> [SerialCounter]? {
        var counters: [SerialCounter] = []
        var rest = bytes[...]
        while let length = rest.popFirst() {
            guard rest.count >= Int(length) + 6 else { return nil }
            let kind = String(decoding: rest.prefix(Int(length)), as: UTF8.self)
            rest = rest.dropFirst(Int(length))
            let year = rest.prefix(2).reversed().reduce(UInt16(0)) { $0 << 8 | UInt16($1) }
            rest = rest.dropFirst(2)
            let last = rest.prefix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            rest = rest.dropFirst(4)
            counters.append(SerialCounter(kind: kind, year: year, last: last))
        }
        return counters
    }
}
