package import Consensus
package import Vault

/// What all voters must hold alike at one applied index: every row that applying wrote.
extension CentreStore {
    /// SHA-256 over the rows of every table, in the order of their keys, without what is a node's own: the Raft log and
    /// its hard state, the passes it drew, how far a line said it had taken its downlink.
    ///
    /// - Returns: the applied index the digest is of, and the digest of each table by name.
    package func stateDigests() throws(StorageError) -> (applied: LogIndex, tables: [(name: String, digest: Digest)]) {
        try file.read { connection in
            var tables: [(name: String, digest: Digest)] = []
            let names = try connection.statement(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
            var list: [String] = []
            while try names.next() { list.append(names.text(0)) }
            for name in list where name != "raft_log" && name != "raft_state" {
                tables.append((name, try digest(of: name, connection)))
            }
            return (try Self.applied(connection), tables)
        }
    }

    private static let ownColumns: [String: Set<String>] = [
        "author": ["pass", "previous_pass", "pass_used", "told"], "downlink_end": ["taken"],
    ]

    private func digest(of table: String, _ connection: Connection) throws -> Digest {
        var columns: [String] = []
        let info = try connection.statement("SELECT name FROM pragma_table_info('\(table)')")
        while try info.next() { columns.append(info.text(0)) }
        let wanted = columns.filter { !(Self.ownColumns[table]?.contains($0) ?? false) }.map { "\"\($0)\"" }
        // `quote` tells a text from a number and null from both.
        let row = wanted.map { "quote(\($0))" }.joined(separator: " || ',' || ")
        let select = try connection.statement(
            "SELECT \(row) FROM \"\(table)\" ORDER BY \(wanted.joined(separator: ", "))")
        var digest = Digest.of(Array(table.utf8))
        while try select.next() { digest = Digest.of(digest.bytes + Array(select.text(0).utf8)) }
        return digest
    }
}
