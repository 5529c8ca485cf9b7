import Law
import Records
import Storage
import Synchronization
import Transport
import Vault
import Wire

/// Opens blocks with the keys this node holds: decrypt, expand against the card kind's dictionary, decode.
///
/// One for each thread that opens many: the paths of its key trees are kept, and guarded.
final class BlockOpener: BlockOpening {
    private let dictionaries: BlockDictionaries
    private let trees: Mutex<[UInt32: KeyTree]>
    /// Only blocks of this author are opened: the node was restored, and has not heard since whose data were destroyed.
    private let only: UInt32?

    init(dictionaries: BlockDictionaries, trees: [(author: UInt32, tree: KeyTree)], only: UInt32? = nil) {
        self.only = only
        self.dictionaries = dictionaries
        self.trees = Mutex(Dictionary(trees.map { ($0.author, $0.tree) }, uniquingKeysWith: { first, _ in first }))
    }

    func learn(_ catalogue: Catalogue) {
        dictionaries.learn(catalogue)
    }

    /// Takes in the tree of a node that was seated while this one runs.
    func learn(author: UInt32, tree: KeyTree) {
        trees.withLock { $0[author] = tree }
    }

    /// Takes in keys that were granted while this node runs.
    func grant(author: UInt32, leaf: UInt64, key: Secret) {
        trees.withLock { trees in
            if trees[author] == nil { trees[author] = KeyTree(nodes: []) }
            trees[author]?.grant(leaf, key)
        }
    }

    func leafKey(author: AuthorNumber, leaf: UInt64) -> Secret? {
        trees.withLock { $0[author.number]?.leafKey(leaf) }
    }

    func open(_ entry: DocumentEntry, at address: LogAddress, salt: UInt64) -> [OpenedBlock] {
        let dictionary = dictionaries.dictionary(kind: entry.kind, edition: entry.edition)
        let bound = entry.bound
        return entry.blocks.compactMap { block in
            guard
                let plain = open(
                    block, author: address.author, record: bound, salt: salt, dictionary: dictionary)
            else { return nil }
            return OpenedBlock(slot: block.slot, writes: plain.writes, content: plain.content)
        }
    }

    /// Every block of an entry as it was sealed, with signature and digest: what is sealed anew elsewhere. A block
    /// whose key was destroyed is left out.
    func plains(of entry: Entry, at address: LogAddress, salt: UInt64) -> [(slot: UInt16, plain: BlockPlain)] {
        let blocks: [SealedBlock]
        let bound: RecordID
        var dictionary = dictionaries.none
        switch entry.body {
        case .document(let document):
            blocks = document.blocks
            bound = document.bound
            dictionary = dictionaries.dictionary(kind: document.kind, edition: document.edition)
        case .access(let access):
            blocks = access.block.map { [$0] } ?? []
            bound = .none
        case .control: return []
        }
        return blocks.compactMap { block in
            open(block, author: address.author, record: bound, salt: salt, dictionary: dictionary)
                .map { (block.slot, $0) }
        }
    }

    func open(_ entry: AccessEntry, at address: LogAddress, salt: UInt64) -> [Write]? {
        guard let block = entry.block else { return nil }
        return open(block, author: address.author, record: .none, salt: salt, dictionary: dictionaries.none)?.writes
    }

    private func open(
        _ block: SealedBlock, author: AuthorNumber, record: RecordID, salt: UInt64, dictionary: LZ4Dictionary
    ) -> BlockPlain? {
        if let only, only != author.number { return nil }
        guard let key = leafKey(author: author, leaf: block.leaf) else { return nil }
        let place = SealingPlace(
            recordHigh: record.high, recordLow: record.low, author: author.number, slot: block.slot)
        guard
            let packed = try? Sealing.open(block.sealed, key: key, leaf: block.leaf, salt: salt, at: place),
            let raw = try? LZ4Block.expand(
                packed, rawLength: Int(block.rawLength), limit: Limits.blockBytes, dictionary: dictionary)
        else { return nil }
        return try? WritesCodec.decode(raw)
    }
}

extension DocumentEntry {
    /// A block is bound to the document it came in, which is the record itself unless the document amends one.
    var bound: RecordID {
        switch act {
        case .register, .zero: record
        case .correct, .cancel: Drafter.identity(sender: sender, document: document)
        }
    }
}

extension RecordID {
    /// What blocks of no record are bound to: those of access entries.
    static let none = RecordID(high: 0, low: 0)
}
