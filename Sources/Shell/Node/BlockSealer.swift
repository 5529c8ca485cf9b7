import Law
import Records
import Storage
import Transport
import Vault
import Wire

/// Seals the personal writes of one author's documents: encode, compress against the card kind's dictionary, encrypt
/// under the leaf key of the block's own number (design §5). One for each task: it keeps a path of its key tree.
struct BlockSealer {
    let author: AuthorNumber
    private let leaves: LeafCounter
    private let salt: UInt64
    private let dictionaries: BlockDictionaries
    private var tree: KeyTree

    init(
        author: AuthorNumber, tree: KeyTree, salt: UInt64, leaves: LeafCounter, dictionaries: BlockDictionaries
    ) {
        self.author = author
        self.dictionaries = dictionaries
        self.tree = tree
        self.salt = salt
        self.leaves = leaves
    }

    /// Splits writes by where the catalogue says that their fields lie, and seals what does not stand in clear.
    ///
    /// - Parameter content: the digest of the document's canonical bytes; it lies in block 0, which every document has.
    mutating func seal(
        _ writes: [Write], of kind: CardKind, edition: Day, record: RecordID, content: Digest, signature: [UInt8]
    ) throws(StorageError) -> (clear: [Write], blocks: [SealedBlock]) {
        var clear: [Write] = []
        var bySlot: [(slot: UInt16, writes: [Write])] = [(0, [])]
        var elements: [FieldNumber: UInt16] = [:]
        for write in writes {
            let slot: UInt16
            switch Self.placement(of: write, in: kind) {
            case .clear:
                clear.append(write)
                continue
            case .text: slot = 0
            case .person(let own): slot = own
            case .eachPerson(let first):
                slot = first + elements[write.field, default: 0]
                elements[write.field, default: 0] += 1
            }
            if let held = bySlot.firstIndex(where: { $0.slot == slot }) {
                bySlot[held].writes.append(write)
            } else {
                bySlot.append((slot, [write]))
            }
        }
        bySlot.sort { $0.slot < $1.slot }
        let dictionary = dictionaries.dictionary(kind: kind.code, edition: edition)
        var blocks: [SealedBlock] = []
        for (slot, writes) in bySlot {
            let plain =
                slot == 0
                ? BlockPlain(writes: writes, content: content, signature: signature) : BlockPlain(writes: writes)
            blocks.append(try seal(plain, slot: slot, record: record, dictionary: dictionary))
        }
        return (clear, blocks)
    }

    /// A removal has no value and so nothing to hide: it stands in clear wherever its field lies.
    private static func placement(of write: Write, in kind: CardKind) -> Placement {
        guard write.value != nil, let field = kind.field(write.field) else { return .clear }
        return field.placement
    }

    /// Seals what belongs to no card: basis, purpose and search terms of an access entry.
    mutating func seal(_ writes: [Write]) throws(StorageError) -> SealedBlock {
        try seal(BlockPlain(writes: writes), slot: 0, record: .none, dictionary: dictionaries.none)
    }

    /// Seals anew what another log's block held, for an entry that is moved under this author.
    mutating func reseal(
        _ plain: BlockPlain, slot: UInt16, of document: DocumentEntry?
    ) throws(StorageError) -> SealedBlock {
        let dictionary =
            document.map { dictionaries.dictionary(kind: $0.kind, edition: $0.edition) } ?? dictionaries.none
        return try seal(plain, slot: slot, record: document?.bound ?? .none, dictionary: dictionary)
    }

    private mutating func seal(
        _ plain: BlockPlain, slot: UInt16, record: RecordID, dictionary: LZ4Dictionary
    ) throws(StorageError) -> SealedBlock {
        let leaf = try leaves.draw()
        guard let key = tree.leafKey(leaf) else {
            preconditionFailure("author \(author.number) cannot derive the key of its own new block \(leaf)")
        }
        let raw = WritesCodec.encode(plain)
        let place = SealingPlace(
            recordHigh: record.high, recordLow: record.low, author: author.number, slot: slot)
        do {
            let sealed = try Sealing.seal(
                LZ4Block.compress(raw, dictionary: dictionary), key: key, leaf: leaf, salt: salt, at: place)
            return SealedBlock(leaf: leaf, slot: slot, rawLength: UInt32(raw.count), sealed: sealed)
        } catch {
            preconditionFailure("sealing block \(leaf) of author \(author.number) failed: \(error)")
        }
    }
}
