package import Law
package import Records
package import Roles
package import Vault
package import Wire

/// Makes entries that were set aside ready for the log they are moved into: opened with the keys of the log they stood
/// in, their references rewritten, sealed anew under the author who takes them. A bounded number at a time.
package final class Moving: Sendable {
    /// Every block of an entry as it was sealed; of its author, at its address, under this salt.
    package typealias Opening = @Sendable (Entry, LogAddress, UInt64) -> [(slot: UInt16, plain: BlockPlain)]
    /// Seals a block anew, for an entry of this node's own log; nil: it belongs to no document.
    package typealias Sealing = @Sendable (BlockPlain, UInt16, DocumentEntry?) throws(StorageError) -> SealedBlock

    private let store: TerritoryStore
    private let blind: BlindIndexKey
    private let catalogue: @Sendable () -> Catalogue
    private let open: Opening
    private let seal: Sealing

    /// Entries of one turn: some ten milliseconds of opening and sealing.
    private static let entriesPerTurn = 256

    package init(
        store: TerritoryStore, blind: BlindIndexKey, catalogue: @escaping @Sendable () -> Catalogue,
        open: @escaping Opening, seal: @escaping Sealing
    ) {
        self.store = store
        self.blind = blind
        self.catalogue = catalogue
        self.open = open
        self.seal = seal
    }

    /// The next entries for the places after `last`; nil where nothing waits.
    package func next(after last: EntryIndex) throws(StorageError) -> TerritoryInput? {
        let waiting = try store.aside(limit: Self.entriesPerTurn)
        guard !waiting.isEmpty else { return nil }
        var group: [Origin: LogAddress] = [:]
        var index = last
        var moved: [MovedEntry] = []
        for row in waiting {
            let entry: Entry
            do throws(WireError) {
                entry = try EntryCodec.decode(row.bytes)
            } catch {
                throw .damaged(file: "store.sqlite", what: "entry \(row.at.index) that was set aside: \(error)")
            }
            let root = RootEntry(entry, at: row.at, digest: row.digest, bytes: row.bytes)
            if let stands = try place(of: root, group) {
                moved.append(MovedEntry(row: row.row, origin: root.origin, entry: entry, stands: stands))
                continue
            }
            moved.append(try move(entry, row, root, Rebase(places: places(namedIn: entry, row, group))))
            if case .control = entry.body { continue }
            index += 1
            group[root.origin] = LogAddress(author: store.seat.author, index: index)
        }
        return .moved(first: last + 1, moved)
    }

    /// Where entries stand now that this one names in the log it stood in.
    private func places(
        namedIn entry: Entry, _ row: AsideEntry, _ group: [Origin: LogAddress]
    ) throws(StorageError) -> [LogAddress: LogAddress] {
        let plains = open(entry, row.at, row.salt).map(\.plain)
        let named = Set((entry.clear + plains.flatMap(\.writes)).flatMap(\.replaces).map(\.at))
        var places: [LogAddress: LogAddress] = [:]
        for place in named.sorted() where place.author == row.at.author {
            guard let root = try store.aside(named: place, by: row) else { continue }
            places[place] = try self.place(of: root, group)
        }
        return places
    }

    private func place(of root: RootEntry, _ group: [Origin: LogAddress]) throws(StorageError) -> LogAddress? {
        if let place = group[root.origin] { return place }
        return try store.standing(of: root)
    }

    private func move(
        _ entry: Entry, _ row: AsideEntry, _ root: RootEntry, _ rebase: Rebase
    ) throws(StorageError) -> MovedEntry {
        let plains = open(entry, row.at, row.salt)
        var document: DocumentEntry?
        if case .document(let held) = entry.body { document = held }
        let bound = document
        var blocks: [SealedBlock] = []
        for (slot, plain) in plains {
            var plain = plain
            plain.writes = rebase.moved(plain.writes)
            blocks.append(try seal(plain, slot, bound))
        }
        var entry = entry
        switch entry.body {
        case .control: break
        case .access(var access):
            access.block = blocks.first
            entry.body = .access(access)
        case .document(var moved):
            moved.writes = rebase.moved(moved.writes)
            moved.blocks = blocks
            document = moved
            entry.body = .document(moved)
        }
        let content = plains.first { $0.slot == 0 }?.plain.content
        let opened = plains.flatMap(\.plain.writes)
        return MovedEntry(
            row: row.row, origin: root.origin, entry: entry,
            identity: document?.identity,
            content: content.map { blind.token("content", bytes: $0.bytes) } ?? Token(high: 0, low: 0),
            tokens: document.map {
                TerritoryIndexing.tokens(of: $0, opened, blind: blind, catalogue: catalogue())
            } ?? [], keepsNumber: false)
    }
}

extension Entry {
    /// What it writes outside its blocks.
    fileprivate var clear: [Write] {
        if case .document(let document) = body { document.writes } else { [] }
    }
}
