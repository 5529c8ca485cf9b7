import Consensus
import Foundation
import GRDB
import Law
import Records
import Roles
import Storage
import Uplink
import Vault
import Wire

/// "Seals" by turning every bit over: opens without keys, and yet leaves no value in clear in the file.
struct MirrorOpening: BlockOpening {
    static func seal(_ writes: [Write], slot: UInt16, leaf: UInt64, content: Digest?) -> SealedBlock {
        let plain = WritesCodec.encode(BlockPlain(writes: writes, content: content))
        return SealedBlock(leaf: leaf, slot: slot, rawLength: UInt32(plain.count), sealed: plain.map { ~$0 })
    }

    func learn(_ catalogue: Catalogue) {}

    func open(_ entry: DocumentEntry, at address: LogAddress, salt: UInt64) -> [OpenedBlock] {
        entry.blocks.compactMap { block in
            guard let plain = try? WritesCodec.decode(block.sealed.map { ~$0 }) else { return nil }
            return OpenedBlock(slot: block.slot, writes: plain.writes, content: plain.content)
        }
    }

    func open(_ entry: AccessEntry, at address: LogAddress, salt: UInt64) -> [Write]? {
        entry.block.flatMap { try? WritesCodec.decode($0.sealed.map { ~$0 }).writes }
    }

    func leafKey(author: AuthorNumber, leaf: UInt64) -> Secret? {
        Secret(Array(repeating: UInt8(truncatingIfNeeded: leaf), count: 32))
    }
}

/// A centre's store in a folder of its own, with territories that write to it.
final class CentreFixture {
    static let cluster = [UInt8](repeating: 7, count: 16)
    /// 2026-03-03, about noon in UTC+5.
    static let noon: UInt64 = 1_772_521_200_000

    let folder: URL
    let catalogue: Catalogue
    private(set) var store: CentreStore
    private(set) var index: NodeIndex
    private var preparer: CentrePreparer
    private var next: UInt64 = 1
    private var ownStamp = Stamp(milliseconds: CentreFixture.noon)
    var leaderMilliseconds = CentreFixture.noon + 60_000

    /// Every proposal that was applied, as the log holds it.
    private(set) var history: [[UInt8]] = []
    private let blindByte: UInt8
    var storePath: String { folder.appendingPathComponent("store.sqlite").path }
    var indexPath: String { folder.appendingPathComponent("index.sqlite").path }

    /// - Parameter blind: the key of this node's index.
    init(blind: UInt8 = 3) throws {
        blindByte = blind
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("esep-centre-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        catalogue = try Catalogue.embedded()
        (store, index) = try Self.open(folder, catalogue, blind)
        preparer = try store.preparer()
    }

    deinit {
        try? store.close()
        try? index.close()
        try? FileManager.default.removeItem(at: folder)
    }

    static let owner = FileOwner(cluster: cluster, node: "centre")

    private static func open(
        _ folder: URL, _ catalogue: Catalogue, _ byte: UInt8
    ) throws -> (CentreStore, NodeIndex) {
        let index = try NodeIndex(path: folder.appendingPathComponent("index.sqlite").path, owner: owner)
        let blind = BlindIndexKey(Secret(Array(repeating: byte, count: 32))!)
        let store = try CentreStore(
            path: folder.appendingPathComponent("store.sqlite").path, owner: owner,
            founding: .founding(voters: [1]), centre: "centre-1", catalogue: catalogue,
            authorities: [TestAuthority.key.publicKey], blind: blind, opening: MirrorOpening(), index: index)
        return (store, index)
    }

    /// Closes and opens again; `withoutIndex` throws the index away first.
    func reopen(withoutIndex: Bool = false, meanwhile: () throws -> Void = {}) throws {
        try store.close()
        try index.close()
        try meanwhile()
        if withoutIndex { try NodeIndex.remove(path: indexPath) }
        (store, index) = try Self.open(folder, catalogue, blindByte)
        preparer = try store.preparer()
    }

    /// Applies another's log from its beginning, so many entries a turn.
    func replay(_ log: [[UInt8]], inGroupsOf size: Int, reopening: Bool) throws {
        for start in stride(from: 0, to: log.count, by: size) {
            let group = log[start..<min(start + size, log.count)]
            let applications = group.map { payload in
                defer { next += 1 }
                return CentreStore.Application.proposal(
                    Mark(index: LogIndex(next), term: 1), preparer.prepare(payload: payload))
            }
            _ = try store.commit(persist: [], seats: [], apply: applications, synced: false)
            if reopening { try reopen() }
        }
    }

    /// Writes past the store into its file.
    func damage(_ sql: String) throws {
        let queue = try DatabaseQueue(path: folder.appendingPathComponent("store.sqlite").path)
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
    }

    /// Rows of a question, each as one text: what no API tells.
    func rows(_ sql: String) throws -> [[String]] {
        let queue = try DatabaseQueue(path: folder.appendingPathComponent("store.sqlite").path)
        defer { try? queue.close() }
        return try queue.read { database in
            try Row.fetchAll(database, sql: sql).map { row in
                row.databaseValues.map { $0.isNull ? "" : "\($0.storage.value ?? "")" }
            }
        }
    }

    @discardableResult
    func apply(
        _ payloads: [Proposal.Payload], isWaitedFor: () -> Bool = { false }
    ) throws -> CentreApplied {
        let applications = payloads.map { payload in
            defer { next += 1 }
            let proposal = Proposal(leaderMilliseconds: leaderMilliseconds, payload: payload)
            history.append(proposal.encoded())
            return CentreStore.Application.proposal(
                Mark(index: LogIndex(next), term: 1), preparer.prepare(payload: proposal.encoded()))
        }
        return try store.commit(
            persist: [], seats: [], apply: applications, synced: false, isWaitedFor: isWaitedFor)
    }

    @discardableResult
    func own(_ body: Entry.Body) throws -> OwnOutcome {
        ownStamp = ownStamp.next(now: leaderMilliseconds)
        let bytes = EntryCodec.encode(Entry(stamp: ownStamp, seen: 0, body: body))
        guard case .own(let outcomes) = try apply([.own([bytes])]).entries[0].result else {
            preconditionFailure("an own proposal gave no own outcome")
        }
        return outcomes[0]
    }

    /// Seats a territory with a token of its own.
    func seat(_ territory: String) throws -> TestTerritory {
        let hash = Array("token of \(territory) \(next)".utf8)
        try own(
            .control(
                .tokenIssued(
                    hash: hash, role: "territory", territory: territory, expires: leaderMilliseconds + 3_600_000,
                    officer: "operator")))
        let seated = try own(
            .control(
                .seated(
                    tokenHash: hash, name: territory.lowercased() + "-1", role: "territory", territory: territory,
                    author: AuthorNumber(0), seat: 0)))
        guard case .seated(_, let author, let seat) = seated else {
            preconditionFailure("the territory was not seated: \(seated)")
        }
        return TestTerritory(territory: territory, author: author, seat: seat, catalogue: catalogue)
    }

    /// Everything a territory has written and not sent, as one batch.
    @discardableResult
    func send(_ territory: TestTerritory) throws -> CentreApplied.Result {
        try apply([territory.batch()]).entries[0].result
    }
}

/// A territory's log, written by hand.
final class TestTerritory {
    let territory: String
    let author: AuthorNumber
    let seat: UInt32
    private let catalogue: Catalogue
    private var chain: LogChain
    private var sent: LogChain
    private var waiting: [[UInt8]] = []
    private var serials: [String: UInt32] = [:]
    private var leaf: UInt64 = 0
    var stamp = Stamp(milliseconds: CentreFixture.noon)
    /// Of what is written from now on: where it was moved from.
    var origin: Origin?

    init(territory: String, author: AuthorNumber, seat: UInt32, catalogue: Catalogue) {
        self.territory = territory
        self.author = author
        self.seat = seat
        self.catalogue = catalogue
        chain = .genesis(cluster: CentreFixture.cluster, author: author.number)
        sent = chain
        append(.control(.started(nonceSalt: UInt64(author.number) * 1000, software: "test")))
    }

    func append(_ body: Entry.Body) {
        stamp = Stamp(bits: stamp.bits + 1)
        let bytes = EntryCodec.encode(Entry(stamp: stamp, seen: 0, body: body, origin: origin))
        chain.extend(bytes)
        waiting.append(bytes)
    }

    /// Writes a new document; nil values of `fields` are left out. Returns its provisional number.
    @discardableResult
    func register(
        _ kindCode: String, _ document: String, sender: String = "MVD", act: DocumentAct = .register,
        _ fields: [(String, Value)]
    ) -> String {
        let kind = kind(kindCode)
        var writes: [Write] = []
        for (path, value) in fields {
            guard let field = kind.field(path: path) else { preconditionFailure("\(kindCode) has no field \(path)") }
            writes.append(Write(field: field.number, place: UInt16(writes.count), value: value))
        }
        writes.sort { ($0.field, $0.place) < ($1.field, $1.place) }
        return write(act, kind, record: RecordName.id(sender: sender, document: document), sender, document, writes)
    }

    /// Writes a document that the checker has taken; its values' places are their order. Returns its address.
    @discardableResult
    func register(_ kind: CardKind, _ document: String, sender: String, _ values: [FieldValue]) -> LogAddress {
        let writes = values.enumerated().map { Write(field: $1.field, place: UInt16($0), value: $1.value) }
        write(.register, kind, record: RecordName.id(sender: sender, document: document), sender, document, writes)
        return last
    }

    /// Corrects or cancels a record by writes made from what its author was shown.
    @discardableResult
    func amend(
        _ act: DocumentAct, _ kindCode: String, record: (String, String), _ document: String, _ writes: [Write]
    ) -> String {
        write(
            act, kind(kindCode), record: RecordName.id(sender: record.0, document: record.1), record.0, document, writes
        )
    }

    @discardableResult
    private func write(
        _ act: DocumentAct, _ kind: CardKind, record: (high: UInt64, low: UInt64), _ sender: String,
        _ document: String, _ writes: [Write]
    ) -> String {
        let serial = serials[kind.code, default: 0] + 1
        serials[kind.code] = serial
        let number = Serial(year: 2026, serial: serial)
        let (clear, blocks) = split(writes, of: kind, document)
        append(
            .document(
                DocumentEntry(
                    act: act, record: RecordID(high: record.high, low: record.low), kind: kind.code,
                    edition: catalogue.newest.from, number: number, sender: sender, document: document, writes: clear,
                    blocks: blocks)))
        return ProvisionalNumber(territory: territory, kind: kind.code, number: number, seat: seat).text
    }

    private func split(
        _ writes: [Write], of kind: CardKind, _ document: String
    ) -> (clear: [Write], blocks: [SealedBlock]) {
        var clear: [Write] = []
        var slots: [UInt16: [Write]] = [0: []]
        var elements: UInt16 = 0
        for write in writes {
            switch kind.field(write.field)?.placement {
            case .text? where write.value != nil: slots[0, default: []].append(write)
            case .person(let slot)? where write.value != nil: slots[slot, default: []].append(write)
            case .eachPerson(let first)? where write.value != nil:
                slots[first + elements, default: []].append(write)
                elements += 1
            default: clear.append(write)
            }
        }
        let content = Digest(Array(repeating: UInt8(truncatingIfNeeded: writes.hashOfContent), count: 32))
        let blocks = slots.sorted { $0.key < $1.key }.map { slot, writes in
            leaf += 1
            return MirrorOpening.seal(writes, slot: slot, leaf: leaf, content: slot == 0 ? content : nil)
        }
        return (clear, blocks)
    }

    func kind(_ code: String) -> CardKind {
        guard let kind = catalogue.newest.kind(code) else { preconditionFailure("no card kind \(code)") }
        return kind
    }

    /// What waits, as a batch; the next one continues it.
    func batch() -> Proposal.Payload {
        defer {
            sent = chain
            waiting = []
        }
        return .batch(
            Proposal.Batch(
                author: author, first: sent.index + 1, previous: sent.digest, entries: waiting, digest: chain.digest))
    }

    var last: LogAddress { LogAddress(author: author, index: chain.index) }
}

extension [Write] {
    /// The same content gives the same number; different content almost surely another.
    fileprivate var hashOfContent: UInt8 {
        reduce(into: UInt8(1)) { sum, write in
            let bytes = write.value?.canonicalBytes ?? []
            for byte in bytes { sum = sum &* 31 &+ byte }
        }
    }
}

/// Fields of a person, as every card with one has them.
func person(iin: String? = nil, _ surname: String, _ name: String, birth: String? = "1985-07-07") -> [(String, Value)] {
    var fields: [(String, Value)] = [
        ("person.surname", .text(surname)), ("person.name", .text(name)),
    ]
    if let iin { fields.append(("person.iin", .text(iin))) }
    if let birth, let day = Day(text: birth) { fields.append(("person.birth_date", .day(day))) }
    return fields
}
