import Accounts
import Law
import Records
import Roles
import Vault

extension CentreStore {
    /// Gives the index what the archive holds and it does not: after an end between a commit and the index's own
    /// file, or for an index begun anew. Openings come first, for amendments are found through them.
    func completeIndex() throws(StorageError) {
        let missing = try file.read { connection in
            try CentreAuthor.all(connection).values.sorted { $0.number < $1.number }
                .map { ($0.number, first: index.indexedUpTo($0.number) + 1, last: $0.last) }
                .filter { $0.first <= $0.last }
        }
        for openings in [true, false] {
            for (author, first, last) in missing {
                var next = first
                while next <= last {
                    let end = min(last, next + Self.rebuildSlice - 1)
                    try reindex(author, next...end, openings: openings)
                    next = end + 1
                }
            }
        }
        let upTo = missing.map { LogAddress(author: $0.0, index: $0.last) }
        if !upTo.isEmpty { try index.insert([], upTo: upTo) }
    }

    private static let rebuildSlice: EntryIndex = 2000

    private func reindex(
        _ author: AuthorNumber, _ range: ClosedRange<EntryIndex>, openings: Bool
    ) throws(StorageError) {
        let (documents, terms) = try file.read { connection in
            var documents: [NodeIndex.Document] = []
            var terms: [NodeIndex.Term] = []
            let work = IndexReading(store: self, connection: connection)
            for position in range {
                let at = LogAddress(author: author, index: position)
                guard case .document(let entry) = try work.reading.entry(at).body else { continue }
                let opens = entry.act == .register || entry.act == .zero
                if opens != openings { continue }
                let found = try opens ? work.opening(entry, at: at) : work.amendment(entry, at: at)
                documents += found.documents
                terms += found.terms
            }
            return (documents, terms)
        }
        try index.insert(documents, terms: terms, upTo: [])
    }
}

/// What one entry gives the index, read back from the store.
private struct IndexReading {
    let store: CentreStore
    let connection: Connection
    var reading: CentreReading { CentreReading(store: store, connection: connection) }

    func opening(
        _ entry: DocumentEntry, at: LogAddress
    ) throws -> (documents: [NodeIndex.Document], terms: [NodeIndex.Term]) {
        // A twin's opening hangs on the record that came first, which an amendment row tells.
        let anchor = try anchor(of: entry, at: at)
        let content = try content(of: entry, at: at)
        let known = KnownDocument(
            at: LogAddress(packed: anchor), content: content, record: entry.record,
            opening: LogAddress(packed: anchor), number: entry.number, kind: entry.kind)
        let documents = anchor == at.packed ? [NodeIndex.Document(identity: entry.record, known: known, terms: [])] : []
        return (documents, try terms(of: anchor, by: at.packed))
    }

    func amendment(
        _ entry: DocumentEntry, at: LogAddress
    ) throws -> (documents: [NodeIndex.Document], terms: [NodeIndex.Term]) {
        let anchor = try anchor(of: entry, at: at)
        let known = KnownDocument(
            at: at, content: try content(of: entry, at: at), record: entry.record,
            opening: LogAddress(packed: anchor), number: entry.number, kind: entry.kind)
        let identity = RecordID(sender: entry.sender, document: entry.document)
        var documents = [NodeIndex.Document(identity: identity, known: known, terms: [])]
        if anchor == at.packed {
            documents.append(NodeIndex.Document(identity: entry.record, known: known, terms: []))
        }
        return (documents, try terms(of: anchor, by: at.packed))
    }

    private func anchor(of entry: DocumentEntry, at: LogAddress) throws -> Int64 {
        let select = try connection.statement(
            "SELECT record FROM provisional WHERE author = ? AND kind = ? AND year = ? AND serial = ?")
        select.bind(1, Int64(at.author.number))
        select.bind(2, entry.kind)
        select.bind(3, Int64(entry.number.year))
        select.bind(4, Int64(entry.number.serial))
        defer { select.reset() }
        guard try select.next() else {
            throw StorageError.damaged(
                file: connection.file, what: "entry \(at.index) of author \(at.author.number) has no record")
        }
        return select.integer(0)
    }

    private func content(of entry: DocumentEntry, at: LogAddress) throws -> Token {
        let opened = store.opening.open(entry, at: at, salt: try reading.salt(of: at))
        let content = opened.first { $0.slot == 0 }?.content
        return content.map { store.blind.token("content", bytes: $0.bytes) } ?? Token(high: 0, low: 0)
    }

    /// What the index learned when this entry of the record came: of the record as it then stood, of the subjects it
    /// then spoke of. A store that was written before amendments had places tells of the record as it stands.
    private func terms(of anchor: Int64, by at: Int64) throws -> [NodeIndex.Term] {
        guard var record = try reading.record(anchor) else { return [] }
        let places = try places(of: anchor)
        let own = places[at] ?? .max
        record.documents.removeAll { places[$0.at.packed] ?? 0 > own }
        guard let described = store.preparer(salts: AuthorSalts()).describe(record.documents, accounted: record.day)
        else { return [] }
        var terms = described.keys.map { NodeIndex.Term(token: $0, value: UInt64(anchor)) }
        let subjects = try subjects(of: anchor, after: own)
        for party in described.parties {
            guard let subject = subjects[party.slot] else { continue }
            terms += party.search.map { NodeIndex.Term(token: $0, value: subject) }
        }
        return terms
    }

    /// How many entries of the record were heard before each of its own.
    private func places(of anchor: Int64) throws -> [Int64: Int64] {
        let select = try connection.statement("SELECT at, place FROM amendment WHERE record = ? AND place > 0")
        select.bind(1, anchor)
        var places = [anchor: Int64(0)]
        while try select.next() { places[select.integer(0)] = select.integer(1) }
        return places
    }

    private func subjects(of anchor: Int64, after place: Int64) throws -> [UInt16: UInt64] {
        var subjects: [UInt16: UInt64] = [:]
        let now = try connection.statement("SELECT slot, subject FROM party WHERE record = ?")
        now.bind(1, anchor)
        while try now.next() { subjects[UInt16(now.integer(0))] = UInt64(now.integer(1)) }
        // The latest first, so that the one who stood there next after the place is the last to be written.
        let before = try connection.statement(
            "SELECT slot, subject FROM former WHERE record = ? AND place > ? ORDER BY place DESC")
        before.bind(1, anchor)
        before.bind(2, place)
        while try before.next() { subjects[UInt16(before.integer(0))] = UInt64(before.integer(1)) }
        return subjects
    }
}
