package import Records
package import Roles
package import Uplink
import Vault
import Wire

/// An entry with what else the shard knows of it.
package struct StoredEntry: Hashable, Sendable {
    package var at: LogAddress
    package var bytes: [UInt8]
    /// What the nonces of its blocks hold; nil where it was written before any start (it has no blocks then).
    package var nonceSalt: UInt64?
    /// The confirmed number, once the centre has said it.
    package var confirmed: Serial?
    package var findings: [TakenFinding]
}

extension TerritoryStore {
    // MARK: The log

    /// Entries of the own log, for the uplink and for rebuilding an index; or of a former one.
    package func readLog(
        of author: AuthorNumber? = nil, from first: EntryIndex, maximumBytes: Int,
        maximumEntries: Int = UplinkLimits.batchEntries
    ) throws(StorageError) -> [[UInt8]] {
        try file.read { connection in
            try LogRows.read(
                connection, author: author ?? seat.author, from: first, maximumBytes: maximumBytes,
                maximumEntries: maximumEntries)
        }
    }

    /// Entries of a former log as they are stored here.
    package func entries(from first: LogAddress, count: Int) throws(StorageError) -> [[UInt8]] {
        try readLog(of: first.author, from: first.index, maximumBytes: .max, maximumEntries: count)
    }

    /// The chain's digest after an own entry; that of the beginning for 0. Nil past the end.
    package func digest(at index: EntryIndex) throws(StorageError) -> Frontier? {
        try file.read { connection in
            let before = try LogRows.chain(connection, seat: seat, before: index + 1)
            guard before.index < index else {
                return before.index == index
                    ? Frontier(author: seat.author.number, index: index, digest: before.digest) : nil
            }
            guard try holds(LogAddress(author: seat.author, index: index), connection) else { return nil }
            let digest = try LogRows.digest(connection, seat: seat, at: index, from: before)
            return Frontier(author: seat.author.number, index: index, digest: digest)
        }
    }

    /// Reads the whole own log and compares it with every stored digest. The number of entries read.
    package func verifyLog() throws(StorageError) -> EntryIndex {
        try file.read { connection in
            var chain = LogChain.genesis(cluster: seat.cluster, author: seat.author.number)
            let points = try connection.statement("SELECT at, digest FROM chain WHERE at >= ? AND at < ? ORDER BY at")
            points.bind(1, LogAddress(author: seat.author, index: 0).packed)
            points.bind(2, LogAddress(author: seat.author, index: 0).packed + 1 << 40)
            while try points.next() {
                let at = LogAddress(packed: points.integer(0))
                let digest = try LogRows.digest(connection, seat: seat, at: at.index, from: chain)
                guard digest == Digest(points.bytes(1)) else {
                    throw StorageError.damaged(
                        file: connection.file,
                        what: "entries \(chain.index + 1) to \(at.index) do not match their digest")
                }
                chain = LogChain(index: at.index, digest: digest)
            }
            return chain.index
        }
    }

    /// Entries others wrote, after an address: for rebuilding an index.
    package func foreignEntries(
        after address: LogAddress?, limit: Int
    ) throws(StorageError) -> [(at: LogAddress, bytes: [UInt8])] {
        try file.read { connection in
            let select = try connection.statement(
                "SELECT at, bytes FROM entries WHERE at > ? AND (at < ? OR at >= ?) ORDER BY at LIMIT ?")
            let own = LogAddress(author: seat.author, index: 0).packed
            select.bind(1, address?.packed ?? 0)
            select.bind(2, own)
            select.bind(3, own + 1 << 40)
            select.bind(4, Int64(limit))
            var rows: [(at: LogAddress, bytes: [UInt8])] = []
            while try select.next() { rows.append((LogAddress(packed: select.integer(0)), select.bytes(1))) }
            return rows
        }
    }

    // MARK: Records

    /// Where the document with this provisional number stands. Numbers of earlier seats are found too.
    package func address(of number: ProvisionalNumber) throws(StorageError) -> LogAddress? {
        guard number.territory == seat.territory, let kind = kindNumber(number.kind),
            let key = ProvisionalKey.packed(seat: number.seat, kind: kind, number: number.number)
        else { return nil }
        return try file.read { connection in
            let select = try connection.statement("SELECT at FROM numbers WHERE number = ?")
            select.bind(1, key)
            defer { select.reset() }
            return try select.next() ? LogAddress(packed: select.integer(0)) : nil
        }
    }

    /// The row of a number is the last that begins below it, but where a recovered centre filled numbers up that the
    /// lost one had passed over.
    private static let rowsLookedThrough: Int64 = 256

    /// Where the own document with this confirmed number stands.
    package func address(of number: ConfirmedNumber) throws(StorageError) -> LogAddress? {
        try file.read { connection in
            let select = try connection.statement(
                "SELECT first, year, serials FROM receipts WHERE lowest <= ? ORDER BY lowest DESC LIMIT ?")
            select.bind(1, Int64(number.number.year) << 32 | Int64(number.number.serial))
            select.bind(2, Self.rowsLookedThrough)
            defer { select.reset() }
            while try select.next(), select.integer(1) == Int64(number.number.year) {
                let serials = select.bytes(2)
                for place in 0..<serials.count / 4
                where SerialBytes.serial(serials, at: place) == number.number.serial {
                    return LogAddress(packed: select.integer(0) + Int64(place))
                }
            }
            return nil
        }
    }

    /// The opening of the record that an entry belongs to: itself, unless it amends one.
    package func opening(of address: LogAddress) throws(StorageError) -> LogAddress {
        try file.read { connection in
            let select = try connection.statement("SELECT record FROM amendments WHERE at = ?")
            select.bind(1, address.packed)
            defer { select.reset() }
            return try select.next() ? LogAddress(packed: select.integer(0)) : address
        }
    }

    /// All entries of a record, its opening first, the others by address. Empty where there is no such entry.
    package func record(opening: LogAddress) throws(StorageError) -> [StoredEntry] {
        try file.read { connection in
            var addresses = [opening]
            let select = try connection.statement("SELECT at FROM amendments WHERE record = ? ORDER BY at")
            select.bind(1, opening.packed)
            while try select.next() { addresses.append(LogAddress(packed: select.integer(0))) }
            return try addresses.compactMap { try stored($0, connection) }
        }
    }

    /// One entry with what else is known of it.
    package func entry(_ address: LogAddress) throws(StorageError) -> StoredEntry? {
        try file.read { connection in try stored(address, connection) }
    }

    /// Records that were corrected or cancelled, by anybody, by the address of their opening: where a discrepancy can
    /// be.
    package func amendedRecords(after address: LogAddress?, limit: Int) throws(StorageError) -> [LogAddress] {
        try addresses("SELECT DISTINCT record FROM amendments WHERE record > ? ORDER BY record LIMIT ?", address, limit)
    }

    /// Access and control entries of the own log, in order.
    package func journal(after address: LogAddress?, limit: Int) throws(StorageError) -> [LogAddress] {
        try addresses("SELECT at FROM journal WHERE at > ? ORDER BY at LIMIT ?", address, limit)
    }

    /// Sentences the centre sent down, newest first.
    package func notices(limit: Int) throws(StorageError) -> [(code: String, text: String)] {
        try file.read { connection in
            let select = try connection.statement("SELECT code, text FROM notices ORDER BY id DESC LIMIT ?")
            select.bind(1, Int64(limit))
            var notices: [(code: String, text: String)] = []
            while try select.next() { notices.append((select.text(0), select.text(1))) }
            return notices
        }
    }

    /// Own entries that the centre has told of, with or without a confirmed number.
    package func receiptedEntries() throws(StorageError) -> UInt64 {
        try file.read { connection in
            let select = try connection.statement("SELECT coalesce(sum(length(serials)), 0) / 4 FROM receipts")
            defer { select.reset() }
            return try select.next() ? UInt64(select.integer(0)) : 0
        }
    }

    // MARK: Rows

    private func addresses(
        _ text: String, _ after: LogAddress?, _ limit: Int
    ) throws(StorageError) -> [LogAddress] {
        try file.read { connection in
            let select = try connection.statement(text)
            select.bind(1, after?.packed ?? 0)
            select.bind(2, Int64(limit))
            var addresses: [LogAddress] = []
            while try select.next() { addresses.append(LogAddress(packed: select.integer(0))) }
            return addresses
        }
    }

    private func holds(_ address: LogAddress, _ connection: Connection) throws -> Bool {
        let select = try connection.statement("SELECT 1 FROM entries WHERE at = ?")
        select.bind(1, address.packed)
        defer { select.reset() }
        return try select.next()
    }

    /// Whether a cancellation of the record opened by this entry has come.
    package func isCancelled(opening: LogAddress) throws(StorageError) -> Bool {
        try file.read { connection in
            let select = try connection.statement("SELECT 1 FROM amendments WHERE record = ? AND act = ? LIMIT 1")
            select.bind(1, opening.packed)
            select.bind(2, Int64(DocumentAct.cancel.rawValue))
            defer { select.reset() }
            return try select.next()
        }
    }

    private func stored(_ address: LogAddress, _ connection: Connection) throws -> StoredEntry? {
        let select = try connection.statement("SELECT bytes FROM entries WHERE at = ?")
        select.bind(1, address.packed)
        guard try select.next() else { return nil }
        let bytes = select.bytes(0)
        select.reset()
        return StoredEntry(
            at: address, bytes: bytes, nonceSalt: try salt(of: address, connection),
            confirmed: try confirmed(address, connection), findings: try findings(address, connection))
    }

    private func salt(of address: LogAddress, _ connection: Connection) throws -> UInt64? {
        let select = try connection.statement("SELECT at, salt FROM salts WHERE at <= ? ORDER BY at DESC LIMIT 1")
        select.bind(1, address.packed)
        defer { select.reset() }
        guard try select.next(), LogAddress(packed: select.integer(0)).author == address.author else { return nil }
        return UInt64(bitPattern: select.integer(1))
    }

    func confirmed(_ address: LogAddress, _ connection: Connection) throws -> Serial? {
        let select = try connection.statement(
            "SELECT first, year, serials FROM receipts WHERE first <= ? ORDER BY first DESC LIMIT 1")
        select.bind(1, address.packed)
        defer { select.reset() }
        guard try select.next() else { return nil }
        let serials = select.bytes(2)
        let place = address.packed - select.integer(0)
        guard place < serials.count / 4 else { return nil }
        let serial = SerialBytes.serial(serials, at: Int(place))
        return serial == 0 ? nil : Serial(year: UInt16(clamping: select.integer(1)), serial: serial)
    }

    private func findings(_ address: LogAddress, _ connection: Connection) throws -> [TakenFinding] {
        let select = try connection.statement(
            "SELECT code, field, severity FROM findings WHERE at = ? ORDER BY code, field")
        select.bind(1, address.packed)
        var findings: [TakenFinding] = []
        while try select.next() {
            guard let severity = Finding.Severity(rawValue: UInt8(clamping: select.integer(2))) else { continue }
            findings.append(
                TakenFinding(at: address, code: select.text(0), field: select.text(1), severity: severity))
        }
        return findings
    }
}
