package import Consensus
import Records
import Vault

/// The nodes of the centre by the numbers of their seats.
extension CentreStore {
    package struct StoredMember: Hashable, Sendable {
        package var replica: ReplicaID
        package var name: String
        /// HOST:PORT.
        package var address: String

        package init(replica: ReplicaID, name: String, address: String) {
            self.replica = replica
            self.name = name
            self.address = address
        }
    }

    /// Every node of the centre that ever said where it listens, ascending: also those that were removed.
    package func members() throws(StorageError) -> [StoredMember] {
        try file.read { connection in
            let rows = try connection.statement("SELECT number, name, address FROM member ORDER BY number")
            var members: [StoredMember] = []
            while try rows.next() {
                members.append(
                    StoredMember(
                        replica: ReplicaID(UInt64(rows.integer(0))), name: rows.text(1), address: rows.text(2)))
            }
            return members
        }
    }

    /// The name under which a node of the centre was seated; nil where no such node was.
    package func seatedName(of replica: ReplicaID) throws(StorageError) -> String? {
        try file.read { connection in
            let select = try connection.statement("SELECT name FROM author WHERE number = ? AND role = 'centre'")
            select.bind(1, Int64(clamping: replica.number))
            defer { select.reset() }
            return try select.next() ? select.text(0) : nil
        }
    }

    /// The first leaf number of the centre's own blocks that no applied entry has.
    package func nextOwnLeaf() throws(StorageError) -> UInt64 {
        try file.read { connection in
            var counters = CentreCounters(connection: connection)
            return UInt64(try counters.value(CentreCounters.leaf))
        }
    }
}

/// A centre that lost its quorum and went on from one node's store.
extension CentreStore {
    /// How often that happened, as far as this store has applied.
    package func generation() throws(StorageError) -> UInt32 {
        try file.read { try Self.generation($0) }
    }

    static func generation(_ connection: Connection) throws -> UInt32 {
        let select = try connection.statement("SELECT IFNULL(MAX(generation), 0) FROM recovery")
        defer { select.reset() }
        return try select.next() ? UInt32(clamping: select.integer(0)) : 0
    }
}

extension CentreApply {
    /// The node that goes on is seated under its new number, so that every number given later lies above it.
    func takeRecovery(_ recovery: Recovery, at: LogAddress) throws {
        let number = AuthorNumber(recovery.number)
        let genesis = LogChain.genesis(cluster: store.cluster, author: number.number)
        let seat = try connection.statement(
            """
            INSERT OR IGNORE INTO author(number, role, territory, name, seat, last, digest)
            VALUES(?, 'centre', 'centre', ?, (SELECT COUNT(*) + 1 FROM author WHERE territory = 'centre'), 0, ?)
            """)
        seat.bind(1, Int64(number.number))
        seat.bind(2, recovery.name)
        seat.bind(3, genesis.digest.bytes)
        try seat.run()
        seated(CentreAuthor(number: number, territory: "centre", last: 0, digest: genesis.digest, salt: nil))
        let member = try connection.statement("INSERT OR REPLACE INTO member(number, name, address) VALUES(?, ?, ?)")
        member.bind(1, Int64(number.number))
        member.bind(2, recovery.name)
        member.bind(3, recovery.address)
        try member.run()
        let row = try connection.statement("INSERT OR IGNORE INTO recovery(generation, number, at) VALUES(?, ?, ?)")
        row.bind(1, Int64(recovery.generation))
        row.bind(2, Int64(number.number))
        row.bind(3, at.packed)
        try row.run()
        try beginGathering(recovery, at: at)
    }
}
