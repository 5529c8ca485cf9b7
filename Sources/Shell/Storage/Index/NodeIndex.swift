package import Records
package import Roles
import Synchronization
package import Vault

/// A node's own index: identity → document, blind token → number (design §5). Off the durable path, rebuilt from the
/// blocks at will, never in a backup.
///
/// New rows gather in memory; full lots are sorted and written as runs; runs are merged in slices of bounded time into
/// partitions of about half a million documents. So the cost of a document does not grow with their number, where
/// inserting it at random places of one large tree would. Every lookup is exact over memory and runs.
///
/// Safe from any thread: `insert` and lookups share a short lock over the rows in memory and the list of runs; blocks
/// are read outside it; `work` is for one background thread and holds the lock only to publish what it made.
package final class NodeIndex: Sendable {
    let file: DatabaseFile
    let state: Mutex<State>
    let worker: Mutex<Worker>

    struct State: Sendable {
        var lot = StagedLot()
        /// Full lots, oldest first.
        var waiting: [StagedLot] = []
        /// Complete runs of each table, oldest first.
        var runs: [[IndexRun]] = IndexTable.allCases.map { _ in [] }
        /// Card kinds by their number in the rows.
        var kinds: [String] = []
        var kindNumbers: [String: Int] = [:]
        /// What the stored runs cover.
        var covered: [AuthorNumber: EntryIndex] = [:]
    }

    struct Worker: Sendable {
        var job: IndexJob?
        var nextRun: Int64 = 1
        var slices = 0
    }

    /// Opens or makes the index. A file that is damaged, or of another version, is thrown away: the caller asks
    /// `indexedUpTo` and inserts what is missing.
    package init(path: String, owner: FileOwner) throws(StorageError) {
        var opened: DatabaseFile
        var contents: (state: State, worker: Worker)
        do throws(StorageError) {
            opened = try NodeIndex.open(path, owner: owner)
            contents = try IndexFile.load(opened)
        } catch {
            switch error {
            case .damaged, .newer:
                try SmallFile.remove([path, path + "-wal", path + "-shm"])
                opened = try NodeIndex.open(path, owner: owner)
                contents = try IndexFile.load(opened)
            default:
                throw error
            }
        }
        file = opened
        state = Mutex(contents.state)
        worker = Mutex(contents.worker)
    }

    package func close() throws(StorageError) {
        try file.close()
    }

    /// Copies the index to a new file, all of it: what is staged in memory is written as runs first.
    ///
    /// It knows no entry that the store did not hold at the end of the call; what comes meanwhile it may lack.
    package func copy(to path: String) throws(StorageError) {
        try SmallFile.remove([path, path + "-wal", path + "-shm", path + "-journal"])
        state.withLock { state in
            state.waiting.append(state.lot)
            state.lot = StagedLot()
        }
        while state.withLock({ !$0.waiting.isEmpty }) { try work() }
        try file.copy(to: path)
    }

    /// Throws an index away: before opening one that knows entries its store no longer holds.
    package static func remove(path: String) throws(StorageError) {
        try SmallFile.remove([path, path + "-wal", path + "-shm"])
    }

    private static func open(_ path: String, owner: FileOwner) throws(StorageError) -> DatabaseFile {
        try DatabaseFile(
            path: path, schema: IndexFile.schema, owner: owner, promise: .rebuildable, readers: 4,
            pageSize: IndexLimits.pageBytes)
    }

    // MARK: Inserting

    /// One document, and what leads to it.
    package struct Document: Sendable {
        package var identity: RecordID
        package var known: KnownDocument
        package var terms: [Term]

        package init(identity: RecordID, known: KnownDocument, terms: [Term]) {
            self.identity = identity
            self.known = known
            self.terms = terms
        }
    }

    /// A token and the number it leads to: a packed address or a subject.
    package struct Term: Hashable, Sendable {
        package var token: Token
        package var value: UInt64

        package init(token: Token, value: UInt64) {
            self.token = token
            self.value = value
        }
    }

    /// Takes in committed documents and terms, visible to every lookup from the return on. Again is harmless.
    ///
    /// - Parameter upTo: the last entries that are now indexed, those without documents included: a restart reads
    ///   again what comes after the last that reached the file.
    package func insert(_ documents: [Document], terms: [Term] = [], upTo: [LogAddress]) throws(StorageError) {
        let isBehind = state.withLock { state in
            for document in documents { state.insert(document) }
            for term in terms { state.lot[.terms].insert(term.token.high, term.token.low, term.value) }
            for address in upTo { state.lot.covered[address.author] = address.index }
            if state.lot.isFull {
                state.waiting.append(state.lot)
                state.lot = StagedLot()
            }
            return state.waiting.count > IndexLimits.waitingLots
        }
        // The background thread does not keep up: who inserts does a part of its work, so that memory stays bounded.
        if isBehind {
            do {
                while state.withLock({ $0.waiting.count > IndexLimits.waitingLots }) { try work() }
            } catch .full {
                // What was inserted is staged in memory: who inserts has committed and must not hear of a failure. The
                // background thread goes on when there is space; a node without space takes no documents meanwhile.
            }
        }
    }

    /// Takes in what a territory's turn appended; its terms lead to the opening of the record.
    package func insert(_ appended: [AppendedEntry]) throws(StorageError) {
        guard let last = appended.last else { return }
        let documents = appended.compactMap { entry in
            entry.indexed.map { indexed in
                let opening = UInt64(indexed.document.opening.packed)
                return Document(
                    identity: indexed.identity, known: indexed.document,
                    terms: indexed.tokens.map { Term(token: $0, value: opening) })
            }
        }
        try insert(documents, upTo: [last.at])
    }

    /// The last entry of an author that a restart need not read again.
    package func indexedUpTo(_ author: AuthorNumber) -> EntryIndex {
        state.withLock { $0.covered[author] ?? 0 }
    }

    // MARK: Looking up

    /// Which of these documents are known. One snapshot for all of them.
    package func known(_ identities: [RecordID]) throws(StorageError) -> [RecordID: KnownDocument] {
        var found: [RecordID: KnownDocument] = [:]
        found.reserveCapacity(identities.count)
        let rows = try lookUp(.documents, identities.map { IndexKey($0) }, limit: 1)
        var amending: [(RecordID, [UInt64])] = []
        let kinds = state.withLock { $0.kinds }
        for (identity, rows) in zip(identities, rows) {
            guard let row = rows.first else { continue }
            if DocumentRow.amends(row) {
                amending.append((identity, row))
            } else {
                found[identity] = DocumentRow.document(
                    row, kinds: kinds, record: identity, opening: LogAddress(packed: Int64(row[2])))
            }
        }
        guard !amending.isEmpty else { return found }
        let links = try lookUp(.amendments, amending.map { IndexKey($0.0) }, limit: 1)
        for ((identity, row), links) in zip(amending, links) {
            guard let link = links.first else {
                throw .damaged(file: file.path, what: "an amendment has lost its record")
            }
            found[identity] = DocumentRow.document(
                row, kinds: kinds, record: RecordID(high: link[2], low: link[3]),
                opening: LogAddress(packed: Int64(link[4])))
        }
        return found
    }

    /// What each token leads to, ascending and without repeats, at most `limit` numbers each.
    package func values(of tokens: [Token], limit: Int = 10_000) throws(StorageError) -> [[UInt64]] {
        let rows = try lookUp(.terms, tokens.map { IndexKey($0) }, limit: limit)
        return rows.map { rows in
            var values = rows.map { $0[2] }
            values.sort()
            var last: UInt64?
            values.removeAll { value in
                defer { last = value }
                return value == last
            }
            return values
        }
    }

    private func lookUp(_ table: IndexTable, _ keys: [IndexKey], limit: Int) throws(StorageError) -> [[[UInt64]]] {
        while true {
            let (staged, runs) = state.withLock { state in
                (state.staged(table, keys, limit: limit), state.runs[table.rawValue])
            }
            var rows = staged
            var wanted: [(key: Int, run: IndexRun)] = []
            for (position, key) in keys.enumerated() {
                for run in runs.reversed() where rows[position].count < limit && run.filter.mayHold(key) {
                    wanted.append((position, run))
                }
            }
            if wanted.isEmpty { return rows }
            let isWhole = try file.read { connection in
                for (position, run) in wanted where rows[position].count < limit {
                    let isThere = try run.visit(keys[position], connection) { row in
                        rows[position].append(row)
                        return rows[position].count < limit
                    }
                    guard isThere else { return false }
                }
                return true
            }
            if isWhole { return rows }
        }
    }
}
