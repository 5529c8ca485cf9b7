package import Law
package import Records
import Roles
package import Vault
import Wire

/// Makes good what the index lacks after a start: entries after the last one it covers are read, opened and indexed.
package struct TerritoryIndexing {
    private let store: TerritoryStore
    /// This territory's authors.
    private let own: Set<AuthorNumber>
    private let index: NodeIndex
    private let opener: any BlockOpening
    private let blind: BlindIndexKey
    private let catalogue: Catalogue

    /// Entries read at a time: bounds the memory of a start.
    private static let group = 2_000

    package init(
        store: TerritoryStore, index: NodeIndex, opener: any BlockOpening, blind: BlindIndexKey, catalogue: Catalogue
    ) {
        self.store = store
        own = Set(store.recovered.formers.map(\.author) + [store.seat.author])
        self.index = index
        self.opener = opener
        self.blind = blind
        self.catalogue = catalogue
    }

    /// The shard's index as it is to be opened at a start. One that knows entries the log does not hold belongs to
    /// another copy of the store: it is made anew. So is one of a node that has got logs back, and may open them now.
    package static func open(
        path: String, owner: FileOwner, for store: TerritoryStore
    ) throws(StorageError) -> NodeIndex {
        if store.recovered.wantsIndex { try NodeIndex.remove(path: path) }
        let index = try NodeIndex(path: path, owner: owner)
        guard index.indexedUpTo(store.seat.author) > store.recovered.last else { return index }
        try index.close()
        try NodeIndex.remove(path: path)
        return try NodeIndex(path: path, owner: owner)
    }

    package func complete() throws(StorageError) {
        let author = store.seat.author
        let last = store.recovered.last
        var next = index.indexedUpTo(author) + 1
        while next <= last {
            let entries = try store.readLog(from: next, maximumBytes: 4 << 20, maximumEntries: Self.group)
            guard !entries.isEmpty else {
                throw .damaged(file: "store.sqlite", what: "the log ends before entry \(next)")
            }
            var indexed: [AppendedEntry] = []
            var group: [RecordID: KnownDocument] = [:]
            for (offset, bytes) in entries.enumerated() {
                let at = LogAddress(author: author, index: next + UInt64(offset))
                let entry = try appended(bytes, at: at, after: group)
                if let own = entry.indexed { group[own.identity] = own.document }
                indexed.append(entry)
            }
            try index.insert(indexed)
            next += UInt64(entries.count)
        }
        try completeForeign()
    }

    /// What others wrote comes in the order of the downlink, and the history of a record that is handed over later than
    /// what its author wrote since: how far an author's entries are indexed does not say which of them are. So each is
    /// looked for.
    private func completeForeign() throws(StorageError) {
        var after: LogAddress?
        while true {
            let entries = try store.foreignEntries(after: after, limit: Self.group)
            guard let last = entries.last else { return }
            var identities: [RecordID] = []
            for (at, bytes) in entries {
                if case .document(let document) = try decode(bytes, at: at).body {
                    identities.append(document.identity)
                }
            }
            let known = try index.known(identities)
            for (at, bytes) in entries {
                guard case .document(let document) = try decode(bytes, at: at).body else { continue }
                guard at.index > index.indexedUpTo(at.author) || known[document.identity] == nil else { continue }
                try index.insert([try appended(bytes, at: at)])
            }
            after = last.at
        }
    }

    private func decode(_ bytes: [UInt8], at: LogAddress) throws(StorageError) -> Entry {
        do throws(WireError) {
            return try EntryCodec.decode(bytes)
        } catch {
            throw .damaged(file: "store.sqlite", what: "entry \(at.index) of author \(at.author.number): \(error)")
        }
    }

    /// - Parameter group: documents of entries before it that are not in the index yet.
    private func appended(
        _ bytes: [UInt8], at: LogAddress, after group: [RecordID: KnownDocument] = [:]
    ) throws(StorageError) -> AppendedEntry {
        let entry = try decode(bytes, at: at)
        guard case .document(let document) = entry.body else {
            return AppendedEntry(at: at, entry: entry, bytes: bytes, indexed: nil)
        }
        let salt = try store.entry(at)?.nonceSalt ?? 0
        let opened = opener.open(document, at: at, salt: salt)
        let content = opened.first { $0.slot == 0 }?.content
        let tokens = Self.tokens(of: document, opened.flatMap(\.writes), blind: blind, catalogue: catalogue)
        let identity = document.identity
        let opening = try store.opening(of: at)
        if document.act == .register || document.act == .zero, let known = try known(identity, group),
            isOwn(at) ? opening != at && isOwn(known.at) : opening != at || isOwn(known.at)
        {
            // It came here by another way, too: what was promised here stands, and this is one more entry of it.
            return AppendedEntry(
                at: at, entry: entry, bytes: bytes,
                indexed: AppendedEntry.Indexed(identity: identity, document: known, tokens: []))
        }
        let known = KnownDocument(
            at: at, content: content.map { blind.token("content", bytes: $0.bytes) } ?? Token(high: 0, low: 0),
            record: document.record, opening: opening, number: document.number, kind: document.kind)
        return AppendedEntry(
            at: at, entry: entry, bytes: bytes,
            indexed: AppendedEntry.Indexed(identity: identity, document: known, tokens: tokens))
    }

    /// Whether this territory wrote it.
    private func isOwn(_ at: LogAddress) -> Bool { own.contains(at.author) }

    private func known(
        _ identity: RecordID, _ group: [RecordID: KnownDocument]
    ) throws(StorageError) -> KnownDocument? {
        if let known = group[identity] { return known }
        return try index.known([identity])[identity]
    }

    /// What the shard finds a document by.
    package static func tokens(
        of document: DocumentEntry, _ opened: [Write], blind: BlindIndexKey, catalogue: Catalogue
    ) -> [Token] {
        let values = Values(
            (document.writes + opened).compactMap { write in
                write.value.map { FieldValue(field: write.field, value: $0) }
            })
        let kind = catalogue.edition(on: document.edition).kind(document.kind)
        return (kind?.searchTerms(of: values) ?? []).map { blind.token($0.domain, $0.text) }
    }
}

extension DocumentEntry {
    /// Of this very document, whichever record it speaks of.
    var identity: RecordID {
        let name = RecordName.id(sender: sender, document: document)
        return RecordID(high: name.high, low: name.low)
    }
}
