import Accounts
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

        package var holds: Bool { differences.isEmpty }

        mutating func differs(_ sentence: String) {
            if differences.count < 100 { differences.append(sentence) }
        }
    }

    /// Derives every account anew from the archive and compares with the rows kept.
    package func verifyAccounts() throws(StorageError) -> Verification {
        try file.read { connection in
            var verification = Verification(compared: 0, differences: [])
            var events: [AccountScope: [AccountEvent]] = [:]
            for anchor in try anchors(connection) {
                for event in try derivedEvents(of: anchor, connection) {
                    events[event.scope, default: []].append(event)
                }
            }
            let rows = try Self.accounts(connection.statement(Self.accountColumns))
            let stored = Dictionary(grouping: rows, by: \.scope)
            for scope in Set(events.keys).union(stored.keys).sorted() {
                let said = events[scope] ?? []
                let type = said.map(\.day).min().flatMap { rules.type(scope.type, on: $0) }
                let derived = type.map { accountEntries(of: said, type: $0) } ?? []
                verification.compared += derived.count
                let kept = (stored[scope] ?? []).sorted { ($0.subject?.number ?? 0) < ($1.subject?.number ?? 0) }
                if derived.map(StoredAccount.init) != kept {
                    verification.differs("account \(scope.type), \(scope.key): derived anew it is another")
                }
            }
            return verification
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

    private func anchors(_ connection: Connection) throws -> [Int64] {
        let select = try connection.statement("SELECT at FROM record ORDER BY at")
        var anchors: [Int64] = []
        while try select.next() { anchors.append(select.integer(0)) }
        return anchors
    }

    private func derivedEvents(of anchor: Int64, _ connection: Connection) throws -> [AccountEvent] {
        guard let record = try CentreReading(store: self, connection: connection).record(anchor),
            let described = describe(record), described.isOpened
        else { return [] }
        let parties = try connection.statement("SELECT slot, subject FROM party WHERE record = ? ORDER BY slot")
        func subjects(_ anchor: Int64) throws -> [(slot: UInt16, subject: SubjectNumber)] {
            parties.bind(1, anchor)
            var found: [(slot: UInt16, subject: SubjectNumber)] = []
            while try parties.next() {
                found.append((UInt16(parties.integer(0)), SubjectNumber(UInt64(parties.integer(1)))))
            }
            return found
        }
        let own = try subjects(anchor)
        return try accountEvents(
            of: described.claims, basis: record.number, stamp: described.latest, isCancelled: described.isCancelled,
            subject: { slot in own.first { $0.slot == slot }?.subject },
            partiesOf: { name in
                guard let slash = name.lastIndex(of: "/") else { return [] }
                let identity = RecordID(
                    sender: String(name[..<slash]), document: String(name[name.index(after: slash)...]))
                guard let known = try index.known([identity])[identity] else { return [] }
                return try subjects(known.opening.packed).map(\.subject)
            })
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
    init(_ entry: AccountEntry) {
        self.init(
            scope: entry.scope, subject: entry.subject, number: entry.number, state: entry.state,
            isEnded: entry.isEnded, opened: entry.opened, ended: entry.ended, until: entry.until,
            isConflict: entry.isConflict)
    }
}
