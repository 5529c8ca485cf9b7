import Records
import Roles
import Uplink
import Vault

/// The rows of authors and of their territories' downlinks.
struct CentreSeats {
    let connection: Connection

    private static let select = """
        SELECT author.number, author.name, author.territory, author.seat, author.last, author.digest,
            author.pass, author.previous_pass, author.pass_used,
            IFNULL(downlink_end.last, 0), IFNULL(downlink_end.taken, 0), author.successor, author.told,
            IFNULL(author.closed, ''), gathering.generation, gathering.downlink, gathering.own, gathering.told,
            gathering.waived, IFNULL(line_cap.rate, 0), IFNULL(line_cap.open_from, 0), IFNULL(line_cap.open_to, 0)
        FROM author LEFT JOIN downlink_end ON downlink_end.territory = author.territory
            LEFT JOIN line_cap ON line_cap.territory = author.territory
            LEFT JOIN gathering ON gathering.author = author.number
        WHERE author.role = 'territory'
        """

    /// All territories' seats, ascending by author.
    func all() throws -> [CentreSeat] {
        let rows = try connection.statement(Self.select + " ORDER BY author.number")
        var seats: [CentreSeat] = []
        while try rows.next() { seats.append(try seat(rows)) }
        return seats
    }

    func seat(of author: AuthorNumber) throws -> CentreSeat? {
        let rows = try connection.statement(Self.select + " AND author.number = ?")
        rows.bind(1, Int64(author.number))
        guard try rows.next() else { return nil }
        defer { rows.reset() }
        return try seat(rows)
    }

    private func seat(_ row: Statement) throws -> CentreSeat {
        guard let digest = Digest(row.bytes(5)) else {
            throw StorageError.damaged(file: connection.file, what: "the digest of author \(row.integer(0))")
        }
        var seat = CentreSeat(
            author: AuthorNumber(UInt32(row.integer(0))), name: row.text(1), territory: row.text(2),
            seat: UInt32(row.integer(3)), frontier: EntryIndex(row.integer(4)), digest: digest, pass: row.bytes(6),
            previousPass: row.bytes(7), passUsed: row.integer(8) != 0, downlinkLast: UInt64(row.integer(9)),
            downlinkTaken: UInt64(row.integer(10)), closed: row.text(13))
        seat.successor = row.optionalInteger(11).map { AuthorNumber(UInt32($0)) }
        seat.told = EntryIndex(row.integer(12))
        seat.cap = LineCap(
            bytesPerSecond: UInt32(clamping: row.integer(19)), from: UInt16(clamping: row.integer(20)),
            to: UInt16(clamping: row.integer(21)))
        if let generation = row.optionalInteger(14) {
            seat.gathering = Awaiting(
                generation: UInt32(clamping: generation), downlink: DownlinkPosition(row.integer(15)),
                own: EntryIndex(row.integer(16)), told: row.optionalInteger(17).map { EntryIndex($0) },
                isWaived: row.integer(18) != 0)
        }
        return seat
    }

    /// Saves what the role decides of a seat: its passes, and how far its downlink was taken.
    func save(_ seat: CentreSeat) throws {
        let passes = try connection.statement(
            "UPDATE author SET pass = ?, previous_pass = ?, pass_used = ?, told = MAX(told, ?) WHERE number = ?")
        passes.bind(1, seat.pass)
        passes.bind(2, seat.previousPass)
        passes.bind(3, seat.passUsed ? 1 : 0)
        passes.bind(4, Int64(seat.told))
        passes.bind(5, Int64(seat.author.number))
        try passes.run()
        let taken = try connection.statement(
            "UPDATE downlink_end SET taken = MAX(taken, ?) WHERE territory = ?")
        taken.bind(1, Int64(seat.downlinkTaken))
        taken.bind(2, seat.territory)
        try taken.run()
    }
}

/// Named counters that never give a number twice: confirmed numbers, subjects, the centre's own series.
struct CentreCounters {
    let connection: Connection
    private var values: [String: Int64] = [:]
    private var changed: Set<String> = []

    init(connection: Connection) {
        self.connection = connection
    }

    static func confirmed(_ year: UInt16) -> String { "confirmed/\(year)" }
    /// The greatest number of that year that was told and lost.
    static func told(_ year: UInt16) -> String { "told/\(year)" }
    static let subject = "subject"
    /// The first leaf number of the centre's own blocks that no committed entry has.
    static let leaf = "leaf"
    static func own(_ kind: String, _ year: UInt16) -> String { "own/\(kind)/\(year)" }

    mutating func next(_ name: String) throws -> Int64 {
        let next = try value(name) + 1
        set(name, next)
        return next
    }

    mutating func value(_ name: String) throws -> Int64 {
        if let held = values[name] { return held }
        let select = try connection.statement("SELECT value FROM counter WHERE name = ?")
        select.bind(1, name)
        let value = try select.next() ? select.integer(0) : 0
        select.reset()
        values[name] = value
        return value
    }

    mutating func set(_ name: String, _ value: Int64) {
        values[name] = value
        changed.insert(name)
    }

    mutating func save() throws {
        let insert = try connection.statement("INSERT OR REPLACE INTO counter(name, value) VALUES(?, ?)")
        for name in changed.sorted() {
            insert.bind(1, name)
            insert.bind(2, values[name] ?? 0)
            try insert.run()
        }
        changed.removeAll()
    }

    /// The centre's own provisional series.
    func ownSeries() throws -> [SerialCounter] {
        let select = try connection.statement(
            "SELECT name, value FROM counter WHERE name >= 'own/' AND name < 'own0' ORDER BY name")
        var series: [SerialCounter] = []
        while try select.next() {
            let parts = select.text(0).split(separator: "/")
            guard parts.count == 3, let year = UInt16(parts[2]) else { continue }
            series.append(SerialCounter(kind: String(parts[1]), year: year, last: UInt32(select.integer(1))))
        }
        return series
    }
}
