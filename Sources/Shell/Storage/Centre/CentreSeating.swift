package import Records
package import Roles
package import Uplink

/// What became of seats in place of others: for the operator.
extension CentreStore {
    package struct Seating: Sendable {
        package var cause: ReseatCause
        /// 0 where all logs before were lost with their disk.
        package var former: AuthorNumber
        /// All authors of the territory before.
        package var formers: Set<AuthorNumber>
        package var movedCount: UInt64 = 0
        package var moved: [(from: LogAddress, to: LogAddress)] = []
        /// Records with a moved entry and a discrepancy nobody has resolved, by their confirmed numbers.
        package var discrepancies: [Serial] = []
        /// Entries that their nodes told of and that are not here, less those that were moved.
        package var missing: UInt64 = 0
    }

    /// Nil for a territory's first seat, and one that stands beside another by a token.
    package func seating(of seat: CentreSeat, limit: Int) throws(StorageError) -> Seating? {
        try file.read { connection in
            let select = try connection.statement("SELECT former, cause FROM reseat WHERE author = ?")
            select.bind(1, Int64(seat.author.number))
            guard try select.next(), let cause = ReseatCause(rawValue: UInt8(clamping: select.integer(1))) else {
                return nil
            }
            let former = AuthorNumber(UInt32(clamping: select.integer(0)))
            select.reset()
            let past = try CentreSeats(connection: connection).all().filter {
                $0.territory == seat.territory && $0.author < seat.author
            }
            var seating = Seating(cause: cause, former: former, formers: Set(past.map(\.author)))
            try fill(&seating, of: seat.author, limit: limit, connection)
            let gap = past.reduce(UInt64(0)) { $0 + ($1.told - min($1.told, $1.frontier)) }
            seating.missing = gap - min(gap, seating.movedCount)
            return seating
        }
    }

    /// The logs of a territory's seats before this one: they are over, so their frontiers stand.
    package func formers(of territory: String, before author: AuthorNumber) throws(StorageError) -> [FormerLog] {
        try seats().filter { $0.territory == territory && $0.author < author }.map { seat in
            FormerLog(
                author: seat.author.number, seat: seat.seat, last: seat.frontier, told: max(seat.told, seat.frontier))
        }
    }

    private func fill(
        _ seating: inout Seating, of author: AuthorNumber, limit: Int, _ connection: Connection
    ) throws {
        let (first, last) = (
            LogAddress(author: author, index: 0).packed, LogAddress(author: author, index: (1 << 40) - 1).packed
        )
        let count = try connection.statement("SELECT count(*) FROM origin WHERE at BETWEEN ? AND ?")
        count.bind(1, first)
        count.bind(2, last)
        _ = try count.next()
        seating.movedCount = UInt64(count.integer(0))
        count.reset()
        guard seating.movedCount > 0 else { return }
        let moved = try connection.statement(
            "SELECT author, idx, at FROM origin WHERE at BETWEEN ? AND ? ORDER BY at LIMIT ?")
        moved.bind(1, first)
        moved.bind(2, last)
        moved.bind(3, Int64(limit))
        while try moved.next() {
            let from = LogAddress(
                author: AuthorNumber(UInt32(moved.integer(0))), index: EntryIndex(moved.integer(1)))
            seating.moved.append((from, LogAddress(packed: moved.integer(2))))
        }
        // Discrepancies are few, whatever was moved: from them to the entries, and not the other way.
        let disputed = try connection.statement(
            """
            SELECT DISTINCT record.year, record.serial FROM discrepancy JOIN record ON record.at = discrepancy.record
            WHERE EXISTS(SELECT 1 FROM origin WHERE origin.at = record.at AND origin.at BETWEEN ?1 AND ?2)
                OR EXISTS(SELECT 1 FROM amendment JOIN origin ON origin.at = amendment.at
                    WHERE amendment.record = record.at AND origin.at BETWEEN ?1 AND ?2)
            ORDER BY 1, 2 LIMIT ?3
            """)
        disputed.bind(1, first)
        disputed.bind(2, last)
        disputed.bind(3, Int64(limit))
        while try disputed.next() {
            seating.discrepancies.append(
                Serial(year: UInt16(disputed.integer(0)), serial: UInt32(disputed.integer(1))))
        }
    }
}
