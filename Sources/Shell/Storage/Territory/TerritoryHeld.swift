package import Records

/// Records that others opened and that were handed to this territory.
extension TerritoryStore {
    package struct Held: Hashable, Sendable {
        package var opening: LogAddress
        package var territory: String
        package var seat: UInt32
        package var provisional: String
        package var confirmed: Serial
    }

    package func held(provisional number: ProvisionalNumber) throws(StorageError) -> LogAddress? {
        try held("provisional = ?") { $0.bind(1, number.text) }.first?.opening
    }

    package func held(confirmed number: ConfirmedNumber) throws(StorageError) -> LogAddress? {
        let packed = Int64(number.number.year) << 32 | Int64(number.number.serial)
        return try held("confirmed = ?") { $0.bind(1, packed) }.first?.opening
    }

    package func held(opening: LogAddress) throws(StorageError) -> Held? {
        try held("at = ?") { $0.bind(1, opening.packed) }.first
    }

    /// Those that a territory opened, by address.
    package func held(from territory: String, after: Int64, limit: Int) throws(StorageError) -> [Held] {
        try held("territory = ? AND at > ? ORDER BY at LIMIT ?") { select in
            select.bind(1, territory)
            select.bind(2, after)
            select.bind(3, Int64(limit))
        }
    }

    private func held(_ condition: String, _ bind: (Statement) -> Void) throws(StorageError) -> [Held] {
        try file.read { connection in
            let select = try connection.statement(
                "SELECT at, territory, seat, provisional, confirmed FROM held WHERE " + condition)
            bind(select)
            var found: [Held] = []
            while try select.next() {
                let confirmed = select.integer(4)
                found.append(
                    Held(
                        opening: LogAddress(packed: select.integer(0)), territory: select.text(1),
                        seat: UInt32(clamping: select.integer(2)), provisional: select.text(3),
                        confirmed: Serial(
                            year: UInt16(clamping: confirmed >> 32), serial: UInt32(truncatingIfNeeded: confirmed))))
            }
            return found
        }
    }
}
