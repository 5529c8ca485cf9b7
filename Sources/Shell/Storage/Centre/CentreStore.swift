import Accounts
package import Consensus
package import Law
package import Records
package import Roles
import Synchronization
package import Vault

/// The centre's durable state: Raft log, archive, records, subjects, accounts, facts, downlinks, journal.
///
/// `commit` is one turn: log writes and applied entries in one transaction with the applied index. Everything that
/// applying decides is decided by pure functions of `Records`, `Accounts` and `Law`, so every voter comes to the same
/// rows. Reads see the last committed turn and wait for nobody. The index is filled after the commit and made good from
/// the archive at the next opening, should the process end between the two.
package final class CentreStore: Sendable {
    let file: DatabaseFile
    package let index: NodeIndex
    package let cluster: [UInt8]
    let owner: FileOwner
    private let holder: CentreLawHolder
    let blind: BlindIndexKey
    let opening: any BlockOpening
    let recent = Mutex(RecentRecords())
    let bonds: Mutex<SubjectBonds>
    /// Nil while a turn has it, and after one that was undone: it is then read anew.
    let likeness = Mutex<LikenessTable?>(nil)
    /// Damaged entries of the Raft log that were found at the opening and cut away: they are applied here.
    package let mended: [LogIndex]
    private let indexTrouble = Mutex<StorageError?>(nil)

    /// - Parameters:
    ///   - founding: the group of a new centre; where the file holds one already, it stays.
    ///   - centre: the name of the centre's node, the first author's.
    ///   - catalogue: the program's own editions.
    ///   - authorities: who may sign decisions of the nation.
    package init(
        path: String, owner: FileOwner, founding: StoredState, centre: String, catalogue: Catalogue,
        authorities: [SenderKey] = [], blind: BlindIndexKey, opening: any BlockOpening, index: NodeIndex
    ) throws(StorageError) {
        file = try DatabaseFile(
            path: path, schema: CentreSchema.schema, owner: owner, promise: .durable, pageSize: CentreSchema.pageBytes)
        self.index = index
        cluster = owner.cluster
        self.owner = owner
        self.blind = blind
        self.opening = opening
        let base = NationLaw(catalogue: catalogue, cluster: owner.cluster, authorities: authorities)
        bonds = Mutex(SubjectBonds())
        let genesis = LogChain.genesis(cluster: owner.cluster, author: AuthorNumber.centre.number)
        var mended: [LogIndex] = []
        let law = try file.turn { connection in
            let law = CentreLaw(try Self.law(base, connection))
            // The writing connection meets accounts and links at random places; readers mostly walk.
            try connection.execute("PRAGMA cache_size=-32000")
            let log = RaftLogTable(connection: connection)
            try log.found(founding)
            mended = try log.mend()
            for (_, table) in law.tables.sorted(by: { $0.key < $1.key }) { try table.make(in: connection) }
            let insert = try connection.statement(
                """
                INSERT OR IGNORE INTO author(number, role, territory, name, seat, last, digest)
                VALUES(?, 'centre', 'centre', ?, 1, 0, ?)
                """)
            insert.bind(1, Int64(AuthorNumber.centre.number))
            insert.bind(2, centre)
            insert.bind(3, genesis.digest.bytes)
            try insert.run()
            return law
        }
        self.mended = mended
        holder = CentreLawHolder(law)
        opening.learn(law.catalogue)
        let held = try file.read { try SubjectBonds(readingFrom: $0) }
        bonds.withLock { $0 = held }
        let table = try file.read { try likenessTable($0, rules: law.catalogue.newest.likeness) }
        likeness.withLock { $0 = table }
        try completeIndex()
    }

    /// In force after the last committed turn.
    package var lawInForce: LawInForce { holder.inForce }
    package var catalogue: Catalogue { lawInForce.catalogue }
    var law: CentreLaw { holder.current }
    var tables: [String: FactTable] { law.tables }
    var rules: AccountRules { law.rules }
    /// Account types that rules of nation scope ask about.
    var watchedTypes: Set<String> { law.watchedTypes }

    package func close() throws(StorageError) {
        try file.close()
    }

    /// Whether the write-ahead log wants something though there is work (`DatabaseFile.rest`).
    package var wantsRest: Bool { file.wantsRest }
    package var mustRest: Bool { file.mustRest }

    /// Has a long log moved beside the turns. Throws what the index could not do since the last rest, too.
    package func rest() throws(StorageError) {
        try tellTrouble()
        try file.rest()
    }

    /// Whether there is anything to be moved at all.
    package var mayRest: Bool { file.mayRest }

    /// Moves the write-ahead log into the file as far as readers allow, in a pause.
    package func checkpoint() throws(StorageError) {
        try tellTrouble()
        try file.checkpoint()
    }

    private func tellTrouble() throws(StorageError) {
        let trouble = indexTrouble.withLock { held in
            defer { held = nil }
            return held
        }
        if let trouble { throw trouble }
    }

    /// A preparer that knows the salts of all starts so far.
    package func preparer() throws(StorageError) -> CentrePreparer {
        let salts = try file.read { try AuthorSalts.all($0) }
        return CentrePreparer(law: law, holder: holder, blind: blind, opening: opening, salts: salts)
    }

    /// A preparer that knows these salts; none for one that only merges records read back.
    func preparer(salts: AuthorSalts) -> CentrePreparer {
        CentrePreparer(law: law, blind: blind, opening: opening, salts: salts)
    }

    // MARK: What the role needs

    /// What `Roles.Centre` is started with.
    ///
    /// - Parameter opening: what this process says first when it comes to lead.
    package func load(
        replica: ReplicaID, limits: ReplicaLimits, opening: ControlEntry
    ) throws(StorageError) -> CentreStart {
        try file.read { connection in
            let stamp = try connection.statement("SELECT stamp FROM raft_state WHERE id = 1")
            _ = try stamp.next()
            defer { stamp.reset() }
            return CentreStart(
                cluster: cluster, replica: replica, limits: limits,
                stored: try RaftLogTable(connection: connection).load(),
                seats: try CentreSeats(connection: connection).all(),
                counters: try CentreCounters(connection: connection).ownSeries(),
                stamp: Stamp(bits: UInt64(bitPattern: stamp.integer(0))), opening: opening,
                nextDue: try Judging.nextDue(connection))
        }
    }

    /// Rows of the Raft log, for a follower who is behind or for entries that memory no longer holds.
    package func raftEntries(
        from first: LogIndex, through last: LogIndex, costLimit: Int = .max
    ) throws(StorageError) -> [RaftEntry] {
        try file.read { connection in
            try RaftLogTable(connection: connection).entries(from: first, through: last, costLimit: costLimit)
        }
    }

    /// What is to be applied of one entry of the Raft log.
    package enum Application: Sendable {
        /// A no-op or a membership.
        case nothing(Mark)
        case proposal(Mark, PreparedBatch)

        /// Entries of a territory's log.
        package var isBatch: Bool {
            guard case .proposal(_, let batch) = self, case .batch = batch.content else { return false }
            return true
        }

        package var mark: Mark {
            switch self {
            case .nothing(let mark), .proposal(let mark, _): mark
            }
        }
    }

    /// One turn. Throws `.full` with nothing stored, and anything fatal as it is.
    ///
    /// - Parameters:
    ///   - synced: false for a turn that only applies: the Raft log redoes it.
    ///   - isWaitedFor: asked between two entries: where somebody waits for the turn's end, it ends with the entries it
    ///     has applied, at least one. `CentreApplied.entries` says which.
    package func commit(
        persist: [LogWrite], seats: [CentreSeat], apply: [Application], synced: Bool,
        isWaitedFor: () -> Bool = { false }
    ) throws(StorageError) -> CentreApplied {
        let (applied, indexing, law) = try transact(
            persist: persist, seats: seats, apply: apply, synced: synced, isWaitedFor: isWaitedFor)
        if let law { holder.replace(with: law) }
        do {
            try index.insert(indexing.documents, terms: indexing.terms, upTo: indexing.upToAddresses)
        } catch {
            // The turn is stored, and the rows are in the index's memory: what failed is moving them to its file, which
            // is tried again. To throw here would tell the caller that the turn was undone.
            indexTrouble.withLock { $0 = error }
        }
        return applied
    }

    private func transact(
        persist: [LogWrite], seats: [CentreSeat], apply: [Application], synced: Bool, isWaitedFor: () -> Bool
    ) throws(StorageError) -> (CentreApplied, CentreIndexing, CentreLaw?) {
        do {
            let (applied, indexing, bonds, table, law) = try file.turn(synced: synced) { connection in
                let log = RaftLogTable(connection: connection)
                for write in persist { try log.perform(write) }
                if !seats.isEmpty {
                    let rows = CentreSeats(connection: connection)
                    for seat in seats { try rows.save(seat) }
                }
                let work = try CentreApply(store: self, connection: connection)
                return (
                    try work.perform(apply, isWaitedFor), work.indexing, work.bonds, work.likeness.table,
                    work.changedLaw
                )
            }
            self.bonds.withLock { $0 = bonds }
            if let table { likeness.withLock { $0 = table } }
            return (applied, indexing, law)
        } catch {
            // What was kept in mind of a turn that was undone would outlive it.
            recent.withLock { $0.forget() }
            throw error
        }
    }
}
