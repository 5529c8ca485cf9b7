package import Consensus
import Records

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
