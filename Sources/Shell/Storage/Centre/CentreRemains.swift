package import Consensus
package import Records
import Roles
package import Vault
import Wire

/// A stopped centre's store as it lies there: what is left of a group that has lost its quorum.
///
/// Nothing is applied, derived or filled in here: only the Raft log, the authors and the archive's digests are read, so
/// that a store can be looked at that could not be started.
package struct CentreRemains {
    /// Who wrote a log, and how far this store has it.
    package struct Author: Hashable, Sendable {
        package var number: AuthorNumber
        package var role: String
        package var territory: String
        package var name: String
        package var frontier: EntryIndex
        package var digest: Digest
        /// With what stands in the Raft log and is not applied.
        package var logged: EntryIndex
    }

    /// One entry of the Raft log, without its bytes.
    package struct Line: Hashable, Sendable {
        package enum Content: Hashable, Sendable {
            case nothing
            case membership(Membership)
            case batch(author: AuthorNumber, first: EntryIndex, last: EntryIndex)
            /// The centre's own entries, each in a few words.
            case own([String])
            /// It is not what was written, or no program known here writes such a thing.
            case unreadable
        }

        package var index: LogIndex
        package var term: Term
        package var content: Content
    }

    private let file: DatabaseFile
    private let cluster: [UInt8]

    package init(path: String, owner: FileOwner) throws(StorageError) {
        guard SmallFile.exists(path) else { throw .damaged(file: path, what: "there is no store") }
        cluster = owner.cluster
        file = try DatabaseFile(
            path: path, schema: CentreSchema.schema, owner: owner, promise: .durable, pageSize: CentreSchema.pageBytes)
    }

    package func close() throws(StorageError) { try file.close() }

    /// Copies the store as it stands, before anything of it is changed.
    package func copy(to path: String) throws(StorageError) {
        try SmallFile.remove([path, path + "-wal", path + "-shm", path + "-journal"])
        try file.copy(to: path)
        try SmallFile.sync(path)
        try SmallFile.syncFolder(of: path)
    }

    /// What the consensus would go on from.
    package func stored() throws(StorageError) -> StoredState {
        try file.read { try RaftLogTable(connection: $0).load() }
    }

    /// How often the centre was recovered, with what stands in the Raft log and is not applied.
    package func generation() throws(StorageError) -> UInt32 {
        try file.read { connection in
            let log = RaftLogTable(connection: connection)
            let stored = try log.load()
            var generation = try CentreStore.generation(connection)
            var next = stored.applied.next
            while next <= stored.last {
                let entries = try log.entries(from: next, through: stored.last, costLimit: 4 << 20)
                guard let last = entries.last else { break }
                for case .proposal(let payload) in entries.map(\.payload) {
                    for bytes in Proposal.ownEntries(in: payload) ?? [] {
                        guard case .control(.recovered(let recovery))? = (try? EntryCodec.decode(bytes))?.body else {
                            continue
                        }
                        generation = max(generation, recovery.generation)
                    }
                }
                next = last.index.next
            }
            return generation
        }
    }

    /// The greatest stamp that is applied, and the latest time of a leader.
    package func clock() throws(StorageError) -> (stamp: Stamp, leaderMilliseconds: UInt64) {
        try file.read { connection in
            let select = try connection.statement("SELECT stamp, leader FROM raft_state WHERE id = 1")
            defer { select.reset() }
            guard try select.next() else { return (Stamp(bits: 0), 0) }
            return (Stamp(bits: UInt64(bitPattern: select.integer(0))), UInt64(bitPattern: select.integer(1)))
        }
    }

    /// All authors, ascending.
    package func authors() throws(StorageError) -> [Author] {
        try file.read { connection in
            var authors: [Author] = []
            let rows = try connection.statement(
                "SELECT number, role, territory, name, last, digest FROM author ORDER BY number")
            while try rows.next() {
                let number = AuthorNumber(UInt32(rows.integer(0)))
                guard let digest = Digest(rows.bytes(5)) else {
                    throw StorageError.damaged(file: connection.file, what: "the digest of author \(number.number)")
                }
                authors.append(
                    Author(
                        number: number, role: rows.text(1), territory: rows.text(2), name: rows.text(3),
                        frontier: EntryIndex(rows.integer(4)), digest: digest, logged: EntryIndex(rows.integer(4))))
            }
            let applied = try CentreStore.applied(connection)
            for line in try Self.lines(connection, after: applied, limit: .max) {
                switch line.content {
                case .batch(let author, let first, let last):
                    guard let place = authors.firstIndex(where: { $0.number == author }),
                        authors[place].logged + 1 == first
                    else { continue }
                    authors[place].logged = last
                case .own(let words):
                    if let place = authors.firstIndex(where: { $0.number == .centre }) {
                        authors[place].logged += EntryIndex(words.count)
                    }
                case .nothing, .membership, .unreadable: continue
                }
            }
            return authors
        }
    }

    /// The Raft log after an index, so many of its last entries; ascending.
    package func lines(after index: LogIndex, limit: Int) throws(StorageError) -> [Line] {
        try file.read { try Self.lines($0, after: index, limit: limit) }
    }

    /// The chain's digest after an entry; nil where this store does not hold it.
    package func digest(of author: AuthorNumber, at index: EntryIndex) throws(StorageError) -> Digest? {
        try file.read { try CentreStore.digest(of: author, at: index, cluster: cluster, $0) }
    }

    /// Writes the entries of a recovery after the log's end; durable when it returns.
    package func append(_ entries: [RaftEntry], hardState: HardState) throws(StorageError) {
        try file.turn { connection in
            try RaftLogTable(connection: connection).perform(
                LogWrite(
                    token: 1, install: nil, truncateFrom: nil, entries: entries, hardState: hardState, compact: nil))
            // Passes were drawn by whoever led last: whatever the next hello shows is let in.
            try connection.execute("UPDATE author SET pass = X'00', previous_pass = X'', pass_used = 1")
        }
        try file.checkpoint()
    }

    private static func lines(_ connection: Connection, after index: LogIndex, limit: Int) throws -> [Line] {
        let select = try connection.statement(
            """
            SELECT \(RaftLogRow.columns) FROM (
                SELECT \(RaftLogRow.columns) FROM raft_log WHERE idx > ? ORDER BY idx DESC LIMIT ?) ORDER BY idx
            """)
        select.bind(1, Int64(index.number))
        select.bind(2, Int64(limit))
        var lines: [Line] = []
        while try select.next() {
            let row = RaftLogRow(select)
            lines.append(Line(index: row.index, term: row.term, content: Line.Content(row.entry)))
        }
        return lines
    }
}

extension CentreRemains.Line.Content {
    fileprivate init(_ entry: RaftEntry?) {
        switch entry?.payload {
        case nil: self = .unreadable
        case .nothing: self = .nothing
        case .membership(let membership): self = .membership(membership)
        case .proposal(let bytes):
            switch (try? Proposal(decoding: bytes))?.payload {
            case nil: self = .unreadable
            // Nothing is lost with it: it is asked for and told again.
            case .told: self = .nothing
            case .own(let entries): self = .own(entries.map(Self.words))
            case .batch(let batch):
                self = .batch(
                    author: batch.author, first: batch.first, last: batch.first + EntryIndex(batch.entries.count) - 1)
            }
        }
    }

    /// What an entry of the centre is, without what it says of anybody.
    private static func words(_ bytes: [UInt8]) -> String {
        guard let entry = try? EntryCodec.decode(bytes) else { return "an entry that cannot be read" }
        switch entry.body {
        case .document(let document):
            return "\(document.act) \(document.kind) \(document.number.year)/\(document.number.serial) of the centre"
        case .access(let access): return "journal: \(access.action) by \(access.officer)"
        case .control(.started): return "the start of a leader"
        case .control(.tokenIssued(_, _, let territory, _, let officer)):
            return "a token for \(territory) by \(officer)"
        case .control(.seated(_, let name, _, let territory, _, _)): return "the seating of \(name) at \(territory)"
        case .control(.reseated(_, let name, let territory, let former, _, _, _)):
            return "the seating of \(name) at \(territory) in place of author \(former.number)"
        case .control(.member(let action, let number, let name, _, _)):
            return "member \(action): \(name), number \(number)"
        case .control(.decision(let decision)):
            return "decision \(decision.act.number) by \(decision.act.officer): \(decision.matter.action)"
        case .control(.territory(let act)): return "\(act.verb.action) \(act.territory) by \(act.act.officer)"
        case .control(.transferred(let transfer)): return "a record to \(transfer.to) by \(transfer.act.officer)"
        case .control(.bundleEpoch(let epoch)): return "epoch \(epoch.number) of bundles by \(epoch.officer)"
        case .control(.recovered(let recovery)): return "recovery \(recovery.generation) of the centre"
        }
    }
}
