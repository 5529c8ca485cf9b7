package import Consensus
package import Records

/// Where a count stood: all of it follows from the log up to `index`, so that the same position tells the same on every
/// voter and at any time.
package struct CountPosition: Hashable, Sendable {
    package struct Frontier: Hashable, Sendable {
        package var territory: String
        /// The territory's newest author, and how many of its entries the centre holds.
        package var author: AuthorNumber
        package var last: UInt64
        /// Unix milliseconds at which the last of them was accepted; nil where there is none.
        package var acceptedMilliseconds: UInt64?
    }

    package var index: LogIndex
    /// Unix milliseconds: the leader's time in the last proposal applied; nil before the first.
    package var milliseconds: UInt64?
    /// Ascending by territory.
    package var frontiers: [Frontier]
}

extension CentreStore {
    /// The position of a snapshot.
    func position(_ connection: Connection) throws -> CountPosition {
        let state = try connection.statement("SELECT leader FROM raft_state WHERE id = 1")
        let leader = try state.next() ? UInt64(bitPattern: state.integer(0)) : 0
        state.reset()
        let rows = try connection.statement(
            """
            SELECT territory, number, last, MAX(seat) FROM author WHERE role = 'territory'
            GROUP BY territory ORDER BY territory
            """)
        var frontiers: [CountPosition.Frontier] = []
        while try rows.next() {
            frontiers.append(
                CountPosition.Frontier(
                    territory: rows.text(0), author: AuthorNumber(UInt32(rows.integer(1))),
                    last: EntryIndex(rows.integer(2))))
        }
        let reading = CentreReading(store: self, connection: connection)
        return CountPosition(
            index: try Self.applied(connection), milliseconds: leader == 0 ? nil : leader,
            frontiers: try frontiers.map { frontier in
                guard frontier.last > 0 else { return frontier }
                var frontier = frontier
                let newest = try reading.entry(LogAddress(author: frontier.author, index: frontier.last))
                frontier.acceptedMilliseconds = newest.stamp.milliseconds
                return frontier
            })
    }
}
