package import Records

/// Join tokens as the centre's log has made them: given out and spent through the log alone.
extension CentreStore {
    package struct StoredToken: Hashable, Sendable {
        package var role: String
        package var territory: String
        /// Milliseconds since 1970 (UTC).
        package var expiresMilliseconds: UInt64
        package var isUsed: Bool
    }

    /// The token with this hash; nil where none was given out.
    package func token(hash: [UInt8]) throws(StorageError) -> StoredToken? {
        try file.read { connection in
            let select = try connection.statement("SELECT role, territory, expires, used_by FROM token WHERE hash = ?")
            select.bind(1, hash)
            defer { select.reset() }
            guard try select.next() else { return nil }
            return StoredToken(
                role: select.text(0), territory: select.text(1),
                expiresMilliseconds: UInt64(bitPattern: select.integer(2)), isUsed: !select.isNull(3))
        }
    }

    /// The hash of the token that seated this author.
    package func tokenHash(usedBy author: AuthorNumber) throws(StorageError) -> [UInt8]? {
        try file.read { connection in
            let select = try connection.statement("SELECT hash FROM token WHERE used_by = ?")
            select.bind(1, Int64(author.number))
            defer { select.reset() }
            return try select.next() ? select.bytes(0) : nil
        }
    }
}
