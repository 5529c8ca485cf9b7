import Law
import Records
import Roles
import Storage
import Synchronization
import Vault
import Wire

/// The key trees of all authors, as every voter holds them, and what intake does with them.
final class SimulatedKeys: BlockOpening {
    private let trees = Mutex<[UInt32: KeyTree]>([:])

    private static func seed(of author: UInt32) -> Secret {
        guard let seed = Secret((0..<32).map { UInt8(truncatingIfNeeded: author &* 7 &+ UInt32($0)) }) else {
            preconditionFailure("a seed has 32 bytes")
        }
        return seed
    }

    func leafKey(author: AuthorNumber, leaf: UInt64) -> Secret? {
        trees.withLock { trees in
            trees[author.number, default: KeyTree(seed: Self.seed(of: author.number))].leafKey(leaf)
        }
    }

    /// The key of every node's index.
    static let blind: BlindIndexKey = {
        guard let secret = Secret(Array(repeating: 3, count: 32)) else { preconditionFailure("a secret has 32 bytes") }
        return BlindIndexKey(secret)
    }()

    static func identity(_ entry: DocumentEntry) -> RecordID {
        let name = RecordName.id(sender: entry.sender, document: entry.document)
        return RecordID(high: name.high, low: name.low)
    }

    private static func place(_ author: AuthorNumber, _ record: RecordID, _ slot: UInt16) -> SealingPlace {
        SealingPlace(recordHigh: record.high, recordLow: record.low, author: author.number, slot: slot)
    }

    func seal(
        _ plain: BlockPlain, slot: UInt16, leaf: UInt64, author: AuthorNumber, salt: UInt64, record: RecordID
    ) -> SealedBlock {
        let raw = WritesCodec.encode(plain)
        guard let key = leafKey(author: author, leaf: leaf),
            let sealed = try? Sealing.seal(raw, key: key, leaf: leaf, salt: salt, at: Self.place(author, record, slot))
        else { preconditionFailure("author \(author.number) cannot seal block \(leaf)") }
        return SealedBlock(leaf: leaf, slot: slot, rawLength: UInt32(raw.count), sealed: sealed)
    }

    func open(_ entry: DocumentEntry, at address: LogAddress, salt: UInt64) -> [OpenedBlock] {
        plains(of: entry, at: address, salt: salt) { self.leafKey(author: address.author, leaf: $0) }.map {
            OpenedBlock(slot: $0.slot, writes: $0.plain.writes, content: $0.plain.content)
        }
    }

    /// What lies in its blocks, as far as there are keys.
    func plains(
        of entry: DocumentEntry, at address: LogAddress, salt: UInt64, key: (UInt64) -> Secret?
    ) -> [(slot: UInt16, plain: BlockPlain)] {
        let record = Self.identity(entry)
        return entry.blocks.compactMap { block in
            guard let key = key(block.leaf),
                let raw = try? Sealing.open(
                    block.sealed, key: key, leaf: block.leaf, salt: salt,
                    at: Self.place(address.author, record, block.slot)),
                let plain = try? WritesCodec.decode(raw)
            else { return nil }
            return (block.slot, plain)
        }
    }

    func open(_ entry: AccessEntry, at address: LogAddress, salt: UInt64) -> [Write]? { nil }

    func learn(_ catalogue: Catalogue) {}
}

/// Gives running numbers to blocks; one for all who seal under an author.
final class Leaves: Sendable {
    private let last: Mutex<UInt64>

    init(after last: UInt64) { self.last = Mutex(last) }

    func draw() -> UInt64 {
        last.withLock { last in
            last += 1
            return last
        }
    }
}

/// Who seals, under which salt.
struct Sealer: Sendable {
    let author: AuthorNumber
    let salt: UInt64
    let leaves: Leaves
}

extension SimulatedKeys {
    /// What intake makes of a checked document that opens a record.
    func draft(_ document: CheckedDocument, _ sealer: Sealer) -> Draft {
        let writes = document.values.enumerated().map { place, value in
            Write(field: value.field, place: UInt16(place), value: value.value)
        }
        return draft(
            act: .register, kind: document.kind, edition: document.edition.from, sender: document.sender,
            document: document.document, target: nil, writes: writes, content: Digest.of(document.canonical), sealer)
    }

    /// Splits by where the catalogue says that fields lie, and seals.
    ///
    /// - Parameter target: the document it supersedes, or at the centre the record; nil where it opens one.
    func draft(
        act: DocumentAct, kind: CardKind, edition: Day, sender: String, document: String, target: RecordID?,
        writes: [Write], content: Digest, _ sealer: Sealer
    ) -> Draft {
        let name = RecordName.id(sender: sender, document: document)
        let identity = RecordID(high: name.high, low: name.low)
        var clear: [Write] = []
        var slots: [UInt16: [Write]] = [0: []]
        var elements: [FieldNumber: UInt16] = [:]
        for write in writes {
            switch kind.field(write.field)?.placement {
            case .text: slots[0, default: []].append(write)
            case .person(let slot): slots[slot, default: []].append(write)
            case .eachPerson(let first):
                slots[first + elements[write.field, default: 0], default: []].append(write)
                elements[write.field, default: 0] += 1
            default: clear.append(write)
            }
        }
        let blocks = slots.sorted { $0.key < $1.key }.map { slot, writes in
            let plain = slot == 0 ? BlockPlain(writes: writes, content: content) : BlockPlain(writes: writes)
            return seal(
                plain, slot: slot, leaf: sealer.leaves.draw(), author: sealer.author, salt: sealer.salt,
                record: identity)
        }
        let token = Self.blind.token("content", bytes: content.bytes)
        return Draft(
            act: act, record: target ?? identity, identity: identity, content: token, kind: kind.code, edition: edition,
            sender: sender, document: document, writes: clear, blocks: blocks, tokens: [])
    }
}
