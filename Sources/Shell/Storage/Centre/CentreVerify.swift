package import Accounts
import Law
import Records
import Roles
import Vault

/// Reads the store through and compares what was derived with what follows from the archive.
extension CentreStore {
    /// What a check compared, and what it found wrong.
    package struct Verification: Sendable {
        package var compared: Int
        /// At most a hundred sentences.
        package var differences: [String]
        /// Whoever asked for it has ended it before its end.
        package var isCut = false

        package var holds: Bool { differences.isEmpty && !isCut }

        mutating func differs(_ sentence: String) {
            if differences.count < 100 { differences.append(sentence) }
        }
    }

    /// Walks every author's chain and names the first entry that does not fit.
    package func verifyArchive() throws(StorageError) -> Verification {
        try file.read { connection in
            var verification = Verification(compared: 0, differences: [])
            for author in try CentreAuthor.all(connection).values.sorted(by: { $0.number < $1.number }) {
                var chain = LogChain.genesis(cluster: cluster, author: author.number.number)
                let kept = try digests(of: author.number, connection)
                let rows = try connection.statement(
                    "SELECT at, bytes FROM archive WHERE at BETWEEN ? AND ? ORDER BY at")
                rows.bind(1, LogAddress(author: author.number, index: 0).packed)
                rows.bind(2, LogAddress(author: author.number, index: (1 << 40) - 1).packed)
                while try rows.next() {
                    let at = LogAddress(packed: rows.integer(0))
                    chain.extend(rows.bytes(1))
                    verification.compared += 1
                    if at.index != chain.index {
                        verification.differs("author \(author.number.number): entry \(chain.index) is missing")
                        break
                    }
                    if let digest = kept[at.index], digest != chain.digest {
                        verification.differs(
                            "author \(author.number.number): an entry up to \(at.index) is not what was sent")
                        break
                    }
                }
                rows.reset()
                if chain.index != author.last || chain.digest != author.digest {
                    verification.differs(
                        "author \(author.number.number): the archive does not end where the frontier stands")
                }
            }
            return verification
        }
    }

    private func digests(of author: AuthorNumber, _ connection: Connection) throws -> [EntryIndex: Digest] {
        let select = try connection.statement("SELECT at, digest FROM chain WHERE at BETWEEN ? AND ?")
        select.bind(1, LogAddress(author: author, index: 0).packed)
        select.bind(2, LogAddress(author: author, index: (1 << 40) - 1).packed)
        var digests: [EntryIndex: Digest] = [:]
        while try select.next() { digests[LogAddress(packed: select.integer(0)).index] = Digest(select.bytes(1)) }
        return digests
    }
}

extension CentreStore.StoredAccount {
    package init(_ entry: AccountEntry) {
        self.init(
            scope: entry.scope, subject: entry.subject, number: entry.number, state: entry.state,
            isEnded: entry.isEnded, opened: entry.opened, ended: entry.ended, until: entry.until,
            isConflict: entry.isConflict)
    }
}
