import Consensus
import Foundation
import Law
import Records
import Roles
import Simulation
import Storage
import Uplink
import Wire

/// What only the whole of the stores shows, when the system has come to rest.
extension SystemWorld {
    func checkAtRest() throws {
        let members = members
        for host in members {
            guard let store = host.store else { continue }
            let archive = try store.verifyArchive()
            guard archive.holds else { throw Violation("I3", "centre-\(host.id): \(archive.differences[0])") }
            try alike.compare(host)
        }
        guard let host = members.first, let store = host.store else { return }
        let accounts = try store.verifyAccounts()
        guard accounts.holds else { throw Violation("accounts", accounts.differences[0]) }
        var plain = try PlainRecords(written, archive, oracle)
        for (at, entry) in try centreEntries(store) {
            if case .document(let document) = entry.body { try plain.add(at, document) }
        }
        try recordsHold(plain.records, store)
        try confirmedNumbersAreGapless(plain.records, store)
        let closed = try closed()
        for territory in active {
            try shardHolds(plain, store, territory) {
                archive.holders(of: $0, closed: closed).contains(territory.name)
            }
        }
        try answersHold(plain, store)
    }

    private func centreEntries(_ store: CentreStore) throws -> [(LogAddress, Entry)] {
        try store.entries(of: .centre, from: 1, maximumBytes: .max).enumerated().map { offset, bytes in
            (LogAddress(author: .centre, index: EntryIndex(offset + 1)), try EntryCodec.decode(bytes))
        }
    }

    /// I2 and I6 at the centre: every record, with every value that nobody replaced knowingly and none else.
    private func recordsHold(_ plain: [RecordID: PlainRecord], _ store: CentreStore) throws {
        var disputed: [Int64: Set<FieldNumber>] = [:]
        for (id, model) in plain.sorted(by: { $0.key < $1.key }) {
            guard let record = try store.record(of: id) else {
                throw Violation("I2", "the centre lacks record \(id)")
            }
            let entries = record.documents.map { ReadEntry($0) }
            guard entries.allSatisfy({ $0.opened.count == $0.document.blocks.count }) else {
                throw Violation("keys", "the centre cannot open a block of record \(id)")
            }
            guard let view = entries.merged else { throw Violation("I2", "nothing opens record \(id)") }
            if let difference = model.difference(from: view) {
                throw Violation("I6", "\(record.kind) \(id) at the centre: \(difference)")
            }
            let kind = entries.first(where: \.opens).flatMap { Papers.kind($0.document) }
            let fields = model.standing.filter { field, values in
                values.count > 1 && field != RecordField.cancelled && !(kind?.field(field)?.accumulates ?? false)
            }
            if !fields.isEmpty { disputed[record.anchor] = Set(fields.keys) }
        }
        guard try store.counts().records == UInt64(plain.count) else {
            throw Violation("I4", "the centre has \(try store.counts().records) records of \(plain.count)")
        }
        let listed = try store.discrepancies(limit: .max)
        guard listed.count == disputed.count else {
            throw Violation("I6", "\(listed.count) records are listed as disputed, and \(disputed.count) are")
        }
        for one in listed where Set(one.fields) != disputed[one.record.anchor] {
            throw Violation("I6", "record \(one.record.anchor) is listed with other discrepancies than it has")
        }
    }

    private func confirmedNumbersAreGapless(_ plain: [RecordID: PlainRecord], _ store: CentreStore) throws {
        var given: [UInt16: [UInt32: Int64]] = [:]
        for id in plain.keys.sorted() {
            guard let record = try store.record(of: id) else { continue }
            for document in record.documents {
                let isRepeat = document.confirmed == record.confirmed
                let (year, serial) = (document.confirmed.year, document.confirmed.serial)
                if let other = given[year]?[serial], !isRepeat || other != record.anchor {
                    throw Violation("numbers", "confirmed number \(year)/\(serial) is given twice")
                }
                given[year, default: [:]][serial] = record.anchor
            }
        }
        for (year, serials) in given.sorted(by: { $0.key < $1.key })
        where serials.keys.max() != UInt32(serials.count) {
            throw Violation(
                "numbers", "\(serials.count) confirmed numbers of \(year) end at \(serials.keys.max() ?? 0)")
        }
    }

    /// I2, I6 and I7 at a territory: receipts of all that its seats wrote, everything on the records it holds, and
    /// nothing else.
    private func shardHolds(
        _ plain: PlainRecords, _ store: CentreStore, _ territory: TerritoryHost, holds: (RecordID) -> Bool
    ) throws {
        guard let shard = territory.store else { return }
        try shardIsWhole(shard, territory)
        let authors = [territory.seat.author.number] + territory.identity.formers.map(\.author)
        for line in authors.flatMap({ archive.logs[$0] ?? [] }) {
            let entry = line.appended
            guard let stored = try shard.entry(entry.at), stored.bytes == entry.bytes else {
                throw Violation(
                    "I2", "\(territory.label) lacks entry \(entry.at.index) of its author \(entry.at.author.number)")
            }
            guard case .document(let document) = entry.entry.body else { continue }
            let record = try store.record(of: document.record)
            let given = record?.documents.first { $0.at == entry.at }?.confirmed
            guard let told = stored.confirmed, told == given else {
                throw Violation(
                    "receipts",
                    "\(territory.label) was told \(stored.confirmed.map { "\($0)" } ?? "nothing") of entry "
                        + "\(entry.at.index) of author \(entry.at.author.number), whose number is "
                        + "\(given.map { "\($0)" } ?? "none")")
            }
        }
        for (id, model) in plain.records.sorted(by: { $0.key < $1.key })
        where holds(id) {
            guard let shown = try territory.read(id), let view = shown.entries.merged else {
                let record = try store.record(of: id)
                let document = record?.documents.first?.entry.document ?? "nothing"
                let holders = try record.map { try store.holders(of: $0.anchor).territories } ?? []
                throw Violation("I2", "\(territory.label) cannot read \(document), which \(holders) hold")
            }
            guard shown.entries.allSatisfy({ $0.opened.count == $0.document.blocks.count }) else {
                throw Violation("keys", "\(territory.label) cannot open a block of record \(id)")
            }
            if let difference = model.difference(from: view) {
                throw Violation("holders", "record \(id) at \(territory.label), \(shown.opening): \(difference)")
            }
        }
        for (at, _) in try shard.foreignEntries(after: nil, limit: .max) where !authors.contains(at.author.number) {
            guard let bytes = try shard.entry(at)?.bytes, let entry = ReadEntry(at, bytes: bytes),
                holds(entry.document.record)
            else { throw Violation("I7", "\(territory.label) has entry \(at) of a record it does not hold") }
        }
    }

    /// No account on a territory's disk: no table of them, no name of one.
    private func shardIsWhole(_ shard: TerritoryStore, _ territory: TerritoryHost) throws {
        guard try shard.verifyLog() == territory.last else {
            throw Violation("I2", "\(territory.label) cannot read its log to its end")
        }
        let marker = Data("account".utf8)
        for name in try territory.disk.names() where !name.hasSuffix("-shm") {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: territory.disk.file(name)))
            guard bytes.range(of: marker) == nil else {
                throw Violation("I7", "\(territory.label) has an account in \(name)")
            }
        }
    }

    private func answersHold(_ plain: PlainRecords, _ store: CentreStore) throws {
        for (identity, told) in oracle.promises {
            // Where the log could not go on, it stands as it was moved: a new number leads to the same document.
            guard let at = plain.stands(told.digest) else {
                guard told.mayBeLost else {
                    throw Violation(
                        "I2", "nobody holds what was acknowledged at \(told.at) as \(told.number)")
                }
                continue
            }
            guard let line = archive.logs[at.author.number]?[Int(at.index) - 1],
                case .document(let entry) = line.appended.entry.body, SimulatedKeys.identity(entry) == identity,
                at != told.at || entry.number == told.number
            else { throw Violation("I2", "what was acknowledged at \(told.at) as \(told.number) is another now") }
        }
        var numbers = NumbersOnce()
        var standing: [RecordID: LogAddress] = [:]
        for (at, entry) in try centreEntries(store) {
            try numbers.wrote(at, entry, "centre")
            if case .document(let document) = entry.body { standing[SimulatedKeys.identity(document)] = at }
        }
        for (identity, told) in oracle.centre.sorted(by: { $0.key < $1.key }) where standing[identity] != told.at {
            throw Violation("I2", "the centre does not hold what it acknowledged at \(told.at.index)")
        }
        for identity in oracle.refused.sorted() where standing[identity] != nil {
            throw Violation("I2", "the centre holds what it refused")
        }
    }
}
