package import Consensus
package import Law
package import Records
package import Roles
package import Uplink
package import Vault
import Wire

/// Questions to the centre's store. Each is answered from one snapshot: the last committed turn.
extension CentreStore {
    /// A record with everything that was ever said of it, opened as far as keys are held.
    package struct StoredRecord: Sendable {
        /// The address of the first entry the centre had of it: its key.
        package var anchor: Int64
        package var kind: String
        /// The territory that opened it.
        package var territory: String
        package var confirmed: Serial
        package var accounted: Day
        package var documents: [CentreDocument]
        package var findings: [(at: LogAddress, finding: Law.Finding)]
        /// Everyone who wrote one of its entries.
        package var authors: [AuthorNumber: AuthorLine]
    }

    package struct AuthorLine: Hashable, Sendable {
        /// `centre` for the centre's own.
        package var territory: String
        package var name: String
        package var seat: UInt32
    }

    /// The index of the Raft log that answers rest on.
    package func applied() throws(StorageError) -> LogIndex {
        try file.read { try Self.applied($0) }
    }

    static func applied(_ connection: Connection) throws -> LogIndex {
        let select = try connection.statement("SELECT applied FROM raft_state WHERE id = 1")
        defer { select.reset() }
        return try select.next() ? LogIndex(UInt64(select.integer(0))) : 0
    }

    /// All territories' seats, ascending by author: frontiers, and how far downlinks have come.
    package func seats() throws(StorageError) -> [CentreSeat] {
        try file.read { try CentreSeats(connection: $0).all() }
    }

    package func seat(of author: AuthorNumber) throws(StorageError) -> CentreSeat? {
        try file.read { try CentreSeats(connection: $0).seat(of: author) }
    }

    // MARK: Records

    /// By confirmed number (`2026/00000123`) or provisional number; nil where no record has it.
    package func record(_ number: String) throws(StorageError) -> StoredRecord? {
        try file.read { connection in
            try anchor(of: number, connection).flatMap { try stored($0, connection) }
        }
    }

    package func record(at anchor: Int64) throws(StorageError) -> StoredRecord? {
        try file.read { try stored(anchor, $0) }
    }

    /// By the identity of any of its documents.
    package func record(of identity: RecordID) throws(StorageError) -> StoredRecord? {
        guard let known = try index.known([identity])[identity] else { return nil }
        return try record(at: known.opening.packed)
    }

    private func anchor(of text: String, _ connection: Connection) throws -> Int64? {
        if let confirmed = ConfirmedNumber(text) {
            let select = try connection.statement("SELECT record FROM confirmed WHERE number = ?")
            select.bind(1, confirmed.number.packed)
            defer { select.reset() }
            return try select.next() ? select.integer(0) : nil
        }
        guard let number = ProvisionalNumber(text) else { return nil }
        let select = try connection.statement(
            """
            SELECT provisional.record FROM author JOIN provisional ON provisional.author = author.number
            WHERE author.territory = ? AND author.seat = ? AND provisional.kind = ? AND provisional.year = ?
                AND provisional.serial = ?
            """)
        select.bind(1, number.territory)
        select.bind(2, Int64(number.seat))
        select.bind(3, number.kind)
        select.bind(4, Int64(number.number.year))
        select.bind(5, Int64(number.number.serial))
        defer { select.reset() }
        return try select.next() ? select.integer(0) : nil
    }

    func stored(_ anchor: Int64, _ connection: Connection) throws -> StoredRecord? {
        guard let record = try CentreReading(store: self, connection: connection).record(anchor) else { return nil }
        var findings: [(at: LogAddress, finding: Law.Finding)] = []
        let rows = try connection.statement(
            """
            SELECT at, code, severity, path, other FROM finding WHERE record = ? AND withdrawn IS NULL
            ORDER BY at, code, path, other
            """)
        rows.bind(1, anchor)
        while try rows.next() {
            let finding = Law.Finding(
                code: rows.text(1), severity: Severity(rawValue: UInt8(rows.integer(2))) ?? .warning,
                path: rows.text(3), other: rows.text(4))
            findings.append((LogAddress(packed: rows.integer(0)), finding))
        }
        var authors: [AuthorNumber: AuthorLine] = [:]
        for author in Set(record.documents.map(\.at.author)) {
            authors[author] = try Self.line(of: author, connection)
        }
        return StoredRecord(
            anchor: anchor, kind: record.kind, territory: record.territory, confirmed: record.number,
            accounted: record.day, documents: record.documents, findings: findings, authors: authors)
    }

    static func line(of author: AuthorNumber, _ connection: Connection) throws -> AuthorLine? {
        let select = try connection.statement("SELECT territory, name, seat FROM author WHERE number = ?")
        select.bind(1, Int64(author.number))
        defer { select.reset() }
        guard try select.next() else { return nil }
        return AuthorLine(territory: select.text(0), name: select.text(1), seat: UInt32(select.integer(2)))
    }

    package func author(_ author: AuthorNumber) throws(StorageError) -> AuthorLine? {
        try file.read { try Self.line(of: author, $0) }
    }

    /// Records with values nobody has resolved, oldest first, and in which fields.
    package func discrepancies(
        territory: String? = nil, kind: String? = nil, limit: Int
    ) throws(StorageError) -> [(record: StoredRecord, fields: [FieldNumber])] {
        try file.read { connection in
            let select = try connection.statement(
                """
                SELECT record, field FROM discrepancy
                WHERE (?1 IS NULL OR territory = ?1) AND (?2 IS NULL OR kind = ?2) ORDER BY record, field
                """)
            select.bind(1, territory)
            select.bind(2, kind)
            var found: [(anchor: Int64, fields: [FieldNumber])] = []
            while try select.next() {
                let anchor = select.integer(0)
                if found.last?.anchor != anchor {
                    if found.count == limit { break }
                    found.append((anchor, []))
                }
                found[found.count - 1].fields.append(FieldNumber(select.integer(1)))
            }
            select.reset()
            return try found.compactMap { anchor, fields in try stored(anchor, connection).map { ($0, fields) } }
        }
    }

    package func counts() throws(StorageError) -> (records: UInt64, entries: UInt64) {
        try file.read { connection in
            let select = try connection.statement(
                "SELECT (SELECT COUNT(*) FROM record), (SELECT SUM(last) FROM author)")
            defer { select.reset() }
            return try select.next() ? (UInt64(select.integer(0)), UInt64(select.integer(1))) : (0, 0)
        }
    }

    // MARK: Logs and downlinks

    /// The chain's digest after an entry of an author; nil where the centre does not hold it.
    package func digest(of author: AuthorNumber, at index: EntryIndex) throws(StorageError) -> Digest? {
        try file.read { try Self.digest(of: author, at: index, cluster: cluster, $0) }
    }

    static func digest(
        of author: AuthorNumber, at index: EntryIndex, cluster: [UInt8], _ connection: Connection
    ) throws -> Digest? {
        let select = try connection.statement(
            "SELECT at, digest FROM chain WHERE at BETWEEN ? AND ? ORDER BY at DESC LIMIT 1")
        select.bind(1, LogAddress(author: author, index: 0).packed)
        select.bind(2, LogAddress(author: author, index: index).packed)
        var chain = LogChain.genesis(cluster: cluster, author: author.number)
        if try select.next(), let digest = Digest(select.bytes(1)) {
            chain = LogChain(index: LogAddress(packed: select.integer(0)).index, digest: digest)
        }
        select.reset()
        // One digest is kept a batch; those between follow from the entries.
        let entries = try connection.statement("SELECT bytes FROM archive WHERE at BETWEEN ? AND ? ORDER BY at")
        entries.bind(1, LogAddress(author: author, index: chain.index + 1).packed)
        entries.bind(2, LogAddress(author: author, index: max(index, chain.index)).packed)
        while chain.index < index, try entries.next() { chain.extend(entries.bytes(0)) }
        entries.reset()
        return chain.index == index ? chain.digest : nil
    }

    /// An author's entries as they came, from `first` on, while they fit (at least one).
    package func entries(
        of author: AuthorNumber, from first: EntryIndex, maximumBytes: Int
    ) throws(StorageError) -> [[UInt8]] {
        try file.read { connection in
            let select = try connection.statement("SELECT bytes FROM archive WHERE at BETWEEN ? AND ? ORDER BY at")
            select.bind(1, LogAddress(author: author, index: first).packed)
            select.bind(2, LogAddress(author: author, index: (1 << 40) - 1).packed)
            var entries: [[UInt8]] = []
            var bytes = 0
            while try select.next() {
                bytes += select.byteCount(0)
                if bytes > maximumBytes, !entries.isEmpty { break }
                entries.append(select.bytes(0))
            }
            select.reset()
            return entries
        }
    }

    /// The entries of a former log that a territory's node asks for: from after the one it named, or from the beginning
    /// where its digest is not the one held here.
    package func former(_ ask: FormerAsk) throws(StorageError) -> Batch {
        let author = AuthorNumber(ask.author)
        let isKnown = try digest(of: author, at: ask.after) == ask.digest
        var chain =
            isKnown
            ? LogChain(index: ask.after, digest: ask.digest) : .genesis(cluster: cluster, author: ask.author)
        let bytes = min(max(Int(ask.maximumBytes), UplinkLimits.leastBatchBytes), UplinkLimits.batchBytes)
        let entries = try entries(of: author, from: chain.index + 1, maximumBytes: bytes)
            .prefix(UplinkLimits.batchEntries)
        let first = chain.index + 1
        for entry in entries { chain.extend(entry) }
        return Batch(author: ask.author, first: first, entries: Array(entries), digest: chain.digest)
    }

    /// A territory's downlink items from `first` on, encoded, while they fit (at least one). The keys of an entry's
    /// blocks are put in here and stand in no row.
    package func downlink(
        of territory: String, from first: DownlinkPosition, maximumBytes: Int
    ) throws(StorageError) -> [[UInt8]] {
        try file.read { connection in
            let reading = CentreReading(store: self, connection: connection)
            let select = try connection.statement(
                "SELECT at, bytes FROM downlink WHERE territory = ? AND position >= ? ORDER BY position")
            select.bind(1, territory)
            select.bind(2, Int64(first))
            var items: [[UInt8]] = []
            var bytes = 0
            while try select.next() {
                let at = select.optionalInteger(0).map { LogAddress(packed: $0) }
                let item = try at.map { try foreign($0, reading).encoded() } ?? select.bytes(1)
                bytes += item.count
                if bytes > maximumBytes, !items.isEmpty { break }
                items.append(item)
            }
            select.reset()
            return items
        }
    }

    private func foreign(_ at: LogAddress, _ reading: CentreReading) throws -> DownlinkItem {
        let entry = try reading.entry(at)
        var granted: [ForeignEntry.GrantedLeaf] = []
        if case .document(let document) = entry.body {
            for block in document.blocks where block.slot == 0 || !has(.keysNotGranted) {
                guard let key = opening.leafKey(author: at.author, leaf: block.leaf) else { continue }
                granted.append(.init(leaf: block.leaf, key: key))
            }
        }
        return .entry(
            ForeignEntry(
                at: at, bytes: try reading.bytes(at) ?? [], nonceSalt: try reading.salt(of: at), granted: granted))
    }
}
