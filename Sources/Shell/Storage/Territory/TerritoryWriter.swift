import Records
import Roles
import Vault
import Wire

/// Writes the rows of one turn: every statement is taken once and run for all of them.
struct TerritoryWriter {
    let connection: Connection
    private let seat: TerritorySeat
    private(set) var kinds: [String: Int64]
    /// Amendments wait for their record's opening.
    private var hasUnlinked: Bool
    private let insertEntry: Statement
    private let insertNumber: Statement

    init(_ connection: Connection, seat: TerritorySeat, kinds: [String: Int64]) throws {
        self.connection = connection
        self.seat = seat
        self.kinds = kinds
        let unlinked = try connection.statement("SELECT 1 FROM unlinked LIMIT 1")
        hasUnlinked = try unlinked.next()
        unlinked.reset()
        insertEntry = try connection.statement("INSERT INTO entries(at, bytes) VALUES(?, ?)")
        insertNumber = try connection.statement("INSERT INTO numbers(number, at) VALUES(?, ?)")
    }

    mutating func append(_ appended: AppendedEntry) throws {
        try append(appended, seat: seat.seat)
    }

    /// An entry of a log of this territory, as written under its seat of that number.
    private mutating func append(_ appended: AppendedEntry, seat: UInt32) throws {
        try insert(appended)
        if let origin = appended.entry.origin { try note(origin, at: appended.at) }
        switch appended.entry.body {
        case .document(let document):
            let kind = try number(ofKind: document.kind)
            guard let number = ProvisionalKey.packed(seat: seat, kind: kind, number: document.number) else {
                throw StorageError.failed(
                    file: connection.file, code: 0, message: "the number \(document.number) cannot be stored")
            }
            insertNumber.bind(1, number)
            insertNumber.bind(2, appended.at.packed)
            try insertNumber.run()
        case .access:
            try note(appended.at)
        case .control(let control):
            try note(appended.at)
            if case .started(let salt, _) = control { try insert(salt: salt, from: appended.at) }
        }
    }

    mutating func take(_ item: TakenItem) throws {
        switch item {
        case .receipts(let first, let year, let serials, let findings):
            if !serials.isEmpty { try insert(first: first, year: year, serials: serials) }
            for finding in findings { try finding.isWithdrawn ? delete(finding) : insert(finding) }
        case .entry(var appended, let salt, _):
            // A record that comes back to a holder it was taken from brings its history again.
            guard try !holds(appended.at) else { break }
            if has(.amendmentNotLinked) { appended.indexed = nil }
            try insert(appended)
            try insert(salt: salt, from: appended.at)
        case .held(let held): try insert(held)
        case .decision(let at, let bytes, _):
            // A downlink that begins anew brings them again. Until it is proved, it has no effect.
            let insert = try connection.statement(
                "INSERT OR IGNORE INTO decisions(at, bytes, refused) VALUES(?, ?, 'not proved yet')")
            insert.bind(1, at.packed)
            insert.bind(2, bytes)
            try insert.run()
        case .bundleEpoch:
            // It is a key, and lies in the keyring.
            break
        case .givenUp(let last): try giveUp(after: last)
        case .former(let appended, let seat): try append(appended, seat: seat)
        case .setAside(let common, let last):
            try setAside(after: common, last: last, cluster: seat.cluster, territory: seat.territory)
        case .notice(let code, let text):
            let insert = try connection.statement("INSERT INTO notices(code, text) VALUES(?, ?)")
            insert.bind(1, code)
            insert.bind(2, text)
            try insert.run()
        }
    }

    func chain(_ at: LogAddress, _ digest: Digest) throws {
        let insert = try connection.statement("INSERT INTO chain(at, digest) VALUES(?, ?)")
        insert.bind(1, at.packed)
        insert.bind(2, digest.bytes)
        try insert.run()
    }

    func save(_ state: TerritoryState, author: AuthorNumber) throws {
        let save = try connection.statement(
            """
            INSERT OR REPLACE INTO state(
                id, author, last, digest, stamp, counters, downlink, pass, frontier, frontier_digest, fence, cloned,
                unheard, wants_index)
            VALUES(1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        save.bind(1, Int64(author.number))
        save.bind(2, Int64(state.last))
        save.bind(3, state.digest.bytes)
        save.bind(4, Int64(bitPattern: state.stamp.bits))
        save.bind(5, CounterBytes.encode(state.counters))
        save.bind(6, Int64(state.downlink))
        save.bind(7, state.pass)
        save.bind(8, Int64(state.frontier))
        save.bind(9, state.frontierDigest.bytes)
        save.bind(10, state.fence)
        save.bind(11, state.isCloned ? 1 : 0)
        save.bind(12, state.isUnheard ? 1 : 0)
        save.bind(13, state.wantsIndex ? 1 : 0)
        try save.run()
    }

    /// The entry, and its link to its record where it amends one, or the links of those that came before it.
    private mutating func insert(_ appended: AppendedEntry) throws {
        insertEntry.bind(1, appended.at.packed)
        insertEntry.bind(2, appended.bytes)
        try insertEntry.run()
        guard case .document(let entry) = appended.entry.body else { return }
        guard let document = appended.indexed?.document else { return try keepUnlinked(entry, appended.at) }
        guard document.opening != appended.at else { return try linkWaiting(to: entry.record, appended.at) }
        let amend = try connection.statement("INSERT INTO amendments(record, at, act) VALUES(?, ?, ?)")
        amend.bind(1, document.opening.packed)
        amend.bind(2, appended.at.packed)
        amend.bind(3, Int64(entry.act.rawValue))
        try amend.run()
    }

    private mutating func keepUnlinked(_ entry: DocumentEntry, _ at: LogAddress) throws {
        guard entry.act == .correct || entry.act == .cancel, !has(.unlinkedForgotten) else { return }
        let insert = try connection.statement("INSERT INTO unlinked(high, low, at, act) VALUES(?, ?, ?, ?)")
        insert.bind(1, Int64(bitPattern: entry.record.high))
        insert.bind(2, Int64(bitPattern: entry.record.low))
        insert.bind(3, at.packed)
        insert.bind(4, Int64(entry.act.rawValue))
        try insert.run()
        hasUnlinked = true
    }

    private func linkWaiting(to record: RecordID, _ opening: LogAddress) throws {
        guard hasUnlinked else { return }
        let link = try connection.statement(
            "INSERT INTO amendments(record, at, act) SELECT ?, at, act FROM unlinked WHERE high = ? AND low = ?")
        link.bind(1, opening.packed)
        link.bind(2, Int64(bitPattern: record.high))
        link.bind(3, Int64(bitPattern: record.low))
        try link.run()
        let delete = try connection.statement("DELETE FROM unlinked WHERE high = ? AND low = ?")
        delete.bind(1, Int64(bitPattern: record.high))
        delete.bind(2, Int64(bitPattern: record.low))
        try delete.run()
    }

    private func insert(_ finding: TakenFinding) throws {
        let insert = try connection.statement(
            "INSERT OR REPLACE INTO findings(at, code, field, severity) VALUES(?, ?, ?, ?)")
        insert.bind(1, finding.at.packed)
        insert.bind(2, finding.code)
        insert.bind(3, finding.field)
        insert.bind(4, Int64(finding.severity.rawValue))
        try insert.run()
    }

    private func delete(_ finding: TakenFinding) throws {
        let delete = try connection.statement("DELETE FROM findings WHERE at = ? AND code = ? AND field = ?")
        delete.bind(1, finding.at.packed)
        delete.bind(2, finding.code)
        delete.bind(3, finding.field)
        try delete.run()
    }

    private func insert(salt: UInt64, from at: LogAddress) throws {
        let insert = try connection.statement("INSERT INTO salts(at, salt) VALUES(?, ?)")
        insert.bind(1, at.packed)
        insert.bind(2, Int64(bitPattern: salt))
        try insert.run()
    }

    private func holds(_ at: LogAddress) throws -> Bool {
        let select = try connection.statement("SELECT 1 FROM entries WHERE at = ?")
        select.bind(1, at.packed)
        defer { select.reset() }
        return try select.next()
    }

    private func insert(_ held: HeldRecord) throws {
        let insert = try connection.statement(
            "INSERT OR REPLACE INTO held(at, territory, seat, provisional, confirmed) VALUES(?, ?, ?, ?, ?)")
        insert.bind(1, held.opening.packed)
        insert.bind(2, held.territory)
        insert.bind(3, Int64(held.seat))
        insert.bind(
            4,
            ProvisionalNumber(
                territory: held.territory, kind: held.kind, number: held.provisional, seat: held.seat
            ).text)
        insert.bind(5, Int64(held.confirmed.year) << 32 | Int64(held.confirmed.serial))
        try insert.run()
    }

    private func note(_ at: LogAddress) throws {
        let insert = try connection.statement("INSERT INTO journal(at) VALUES(?)")
        insert.bind(1, at.packed)
        try insert.run()
    }

    private mutating func number(ofKind kind: String) throws -> Int64 {
        if let number = kinds[kind] { return number }
        let number = Int64(kinds.count) + 1
        let insert = try connection.statement("INSERT INTO kinds(number, code) VALUES(?, ?)")
        insert.bind(1, number)
        insert.bind(2, kind)
        try insert.run()
        kinds[kind] = number
        return number
    }
}

/// Serials as they lie in a receipt's row: four little-endian bytes each.
enum SerialBytes {
    static func encode(_ serials: [UInt32]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(serials.count * 4)
        for serial in serials {
            withUnsafeBytes(of: serial.littleEndian) { bytes.append(contentsOf: $0) }
        }
        return bytes
    }

    static func decode(_ bytes: [UInt8]) -> [UInt32] {
        (0..<bytes.count / 4).map { serial(bytes, at: $0) }
    }

    static func serial(_ bytes: [UInt8], at place: Int) -> UInt32 {
        bytes.withUnsafeBytes { UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: place * 4, as: UInt32.self)) }
    }
}
