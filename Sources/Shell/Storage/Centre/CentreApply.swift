import Accounts
import Consensus
import Law
import Records
import Roles
import Synchronization
import Uplink
import Vault
import Wire

/// Applies committed proposals within one transaction. Lives no longer than it.
///
/// What the index is to learn gathers here and is handed to it after the commit; lookups see both, so every decision
/// rests on all entries before it.
final class CentreApply {
    let store: CentreStore
    let connection: Connection
    var statements: CentreStatements
    var counters: CentreCounters
    var preparer: CentrePreparer
    /// In force at this place of the log; the store's own once the turn is committed.
    private(set) var law: CentreLaw
    private var isLawChanged = false
    /// The law to go by once this is committed; nil where it is as before.
    var changedLaw: CentreLaw? { isLawChanged ? law : nil }
    var authors: [AuthorNumber: CentreAuthor]
    var indexing = CentreIndexing()
    var downlinkEnds: [String: UInt64] = [:]
    /// Bodies that were closed.
    var retired: Set<String>
    var handed = HandedCounts()
    var numbered: [SubjectNumber: Bool] = [:]
    var judging = Judging()
    var bonds: SubjectBonds
    var likeness = Liking()
    /// The leader's clock of the proposal being applied.
    var leaderMilliseconds: UInt64 = 0
    var stamp: Stamp
    /// Whether numbers are kept for entries that were told and lost; nil: not asked in this turn.
    var anyTold: Bool?
    private var changedAuthors: Set<AuthorNumber> = []

    init(store: CentreStore, connection: Connection) throws {
        self.store = store
        self.connection = connection
        statements = CentreStatements(connection)
        counters = CentreCounters(connection: connection)
        authors = try CentreAuthor.all(connection)
        retired = Set(try CentreStore.bodies(connection).filter { $0.closedBy != nil }.map(\.code))
        bonds = store.bonds.withLock { $0 }
        // Territories' entries come prepared; here only the centre's own are.
        var salts = AuthorSalts()
        if let own = authors[.centre], let salt = own.salt {
            salts.learn(salt, at: LogAddress(author: .centre, index: 0))
        }
        law = store.law
        preparer = store.preparer(salts: salts)
        let state = try connection.statement("SELECT stamp FROM raft_state WHERE id = 1")
        _ = try state.next()
        stamp = Stamp(bits: UInt64(bitPattern: state.integer(0)))
        state.reset()
    }

    /// What follows in the log is judged by this.
    func move(to nation: NationLaw) {
        law.move(to: nation)
        isLawChanged = true
        preparer.adopt(law)
        store.opening.learn(nation.catalogue)
        // Another edition's rules may ask more of the records that are kept.
        store.recent.withLock { $0.forget() }
    }

    func perform(_ applications: [CentreStore.Application], _ isWaitedFor: () -> Bool) throws -> CentreApplied {
        var entries: [CentreApplied.One] = []
        for application in applications {
            if !entries.isEmpty, isWaitedFor() { break }
            switch application {
            case .nothing(let mark):
                entries.append(.init(mark: mark, result: .nothing))
            case .proposal(let mark, let batch):
                entries.append(.init(mark: mark, result: try apply(batch, at: mark.index)))
            }
        }
        if let last = entries.last { try finish(last.mark.index, isOne: entries.count == 1) }
        let rows = CentreSeats(connection: connection)
        var seats: [CentreSeat] = []
        for (number, author) in authors.sorted(by: { $0.key < $1.key })
        where changedAuthors.contains(number) || downlinkEnds[author.territory] != nil {
            if let seat = try rows.seat(of: number) { seats.append(seat) }
        }
        return CentreApplied(
            entries: entries, seats: seats, counters: try counters.ownSeries(), stamp: stamp,
            nextDue: try Judging.nextDue(connection))
    }

    private func apply(_ batch: PreparedBatch, at index: LogIndex) throws -> CentreApplied.Result {
        leaderMilliseconds = batch.leaderMilliseconds
        switch batch.content {
        case .own(let entries):
            return .own(try applyOwn(entries, at: index))
        case .told(let told):
            try take(told)
            return .nothing
        case .rejected(let author, let reason):
            let frontier = author.flatMap { authors[$0]?.frontier }
            return .rejected(
                frontier ?? Frontier(author: author?.number ?? 0, index: 0, digest: .zero), reason: reason)
        case .batch(let author, let first, let previous, let digest, let entries):
            guard let known = authors[author] else {
                return .rejected(
                    Frontier(author: author.number, index: 0, digest: .zero),
                    reason: "author \(author.number) was never seated")
            }
            guard known.successor == nil else {
                return .rejected(known.frontier, reason: "author \(author.number) is succeeded: its log is over")
            }
            if let closed = known.closed { return .rejected(known.frontier, reason: closed) }
            // Checked when it was received, and again here: only what continues the frontier is taken, once.
            guard first == known.last + 1, previous == known.digest else { return .repeated(known.frontier) }
            try applyBatch(try current(entries, preparedFor: batch.editions), of: known, digest: digest)
            return .advanced(authors[author]?.frontier ?? known.frontier)
        }
    }

    /// Entries that were prepared before an edition came in force are prepared again.
    private func current(_ entries: [PreparedEntry], preparedFor editions: Int) throws -> [PreparedEntry] {
        guard editions != law.editions else { return entries }
        var again = store.preparer(salts: try AuthorSalts.all(connection))
        again.adopt(law)
        return try entries.map { entry in
            try again.prepare(entry.bytes, at: entry.at, leaderMilliseconds: leaderMilliseconds)
        }
    }

    private func applyBatch(_ entries: [PreparedEntry], of author: CentreAuthor, digest: Digest) throws {
        var receipts = ReceiptWriter(author: author.number, first: author.last + 1)
        try prefetch(entries)
        for entry in entries {
            try archive(entry)
            if let origin = entry.origin, try isTaken(origin, at: entry.at) {
                try receipts.addRepeated(repeatOfMoved(entry, author: author))
                continue
            }
            switch entry.body {
            case .document(let document):
                let receipt = try take(document, of: entry, author: author)
                receipts.add(receipt)
            case .access(let access):
                try journal(access, at: entry)
                receipts.addNothing()
            case .control(let control):
                try take(control, at: entry.at)
                try journal(control, at: entry)
                receipts.addNothing()
            }
        }
        try judgeNoted()
        try tell(into: &receipts)
        try advance(author.number, by: entries.count, to: digest)
        for item in receipts.items { try send(item.encoded(), to: author.territory) }
        try tellOthers()
    }

    /// The centre's own entries get their places here.
    private func applyOwn(_ entries: [OwnEntry], at index: LogIndex) throws -> [OwnOutcome] {
        var outcomes: [OwnOutcome] = []
        for own in entries {
            guard let author = authors[.centre] else {
                throw StorageError.damaged(file: connection.file, what: "the centre's author row is missing")
            }
            let at = LogAddress(author: .centre, index: author.last + 1)
            let entry: PreparedEntry
            switch own.read {
            case .success(let read):
                entry = preparer.prepare(read, own.bytes, at: at, leaderMilliseconds: leaderMilliseconds)
            case .failure(let error):
                outcomes.append(.refused(code: "own", reason: "the centre's own entry cannot be read: \(error)"))
                continue
            }
            try archive(entry)
            try countLeaves(entry)
            outcomes.append(try applyOwn(entry, author: author, index: index))
            try advance(.centre, by: 1, to: LogChain.digest(after: author.digest, own.bytes))
        }
        try judgeNoted()
        try tellOthers()
        return outcomes
    }

    /// How far the centre's own leaf numbers were given: whoever comes to lead goes on after them.
    private func countLeaves(_ entry: PreparedEntry) throws {
        let blocks: [SealedBlock] =
            switch entry.body {
            case .document(let document): document.entry.blocks
            case .access(let access): access.block.map { [$0] } ?? []
            case .control: []
            }
        guard let greatest = blocks.map(\.leaf).max() else { return }
        let next = Int64(clamping: greatest) + 1
        if next > (try counters.value(CentreCounters.leaf)) { counters.set(CentreCounters.leaf, next) }
    }

    private func applyOwn(_ entry: PreparedEntry, author: CentreAuthor, index: LogIndex) throws -> OwnOutcome {
        switch entry.body {
        case .document(let document):
            try prefetch([entry])
            let receipt = try take(document, of: entry, author: author)
            let number = document.entry.number
            counters.set(CentreCounters.own(document.entry.kind, number.year), Int64(number.serial))
            return .document(at: entry.at, provisional: number, confirmed: receipt.confirmed)
        case .access(let access):
            try journal(access, at: entry)
            return try takeOwn(access, at: entry.at, index: index)
        case .control(let control):
            try journal(control, at: entry)
            return try takeOwn(control, at: entry.at, index: index)
        }
    }

    private func archive(_ entry: PreparedEntry) throws {
        let insert = try statements[.insertArchive]
        insert.bind(1, entry.at.packed)
        insert.bind(2, entry.bytes)
        try insert.run()
        if entry.isSuspect {
            let mark = try statements[.insertSuspect]
            mark.bind(1, entry.at.packed)
            try mark.run()
        }
        // The centre's own stamps never go back, though a leader's clock has: its next entry is stamped after this one.
        if !entry.isSuspect || entry.at.author == .centre { stamp = max(stamp, entry.stamp) }
    }

    private func advance(_ number: AuthorNumber, by count: Int, to digest: Digest) throws {
        guard var author = authors[number] else { return }
        author.last += EntryIndex(count)
        author.digest = digest
        authors[number] = author
        changedAuthors.insert(number)
        let at = LogAddress(author: number, index: author.last)
        indexing.upTo[number] = author.last
        let chain = try statements[.insertChain]
        chain.bind(1, at.packed)
        chain.bind(2, digest.bytes)
        try chain.run()
        let update = try statements[.updateAuthor]
        update.bind(1, Int64(author.last))
        update.bind(2, digest.bytes)
        update.bind(3, Int64(number.number))
        try update.run()
    }

    /// Something of it changed that its role is to know.
    func changed(_ author: AuthorNumber) {
        changedAuthors.insert(author)
    }

    func seated(_ author: CentreAuthor) {
        authors[author.number] = author
        changedAuthors.insert(author.number)
    }

    private func finish(_ applied: LogIndex, isOne: Bool) throws {
        if isOne || !has(.confirmedGivenTwice) { try counters.save() }
        try handed.save(connection)
        let update = try connection.statement(
            "UPDATE raft_state SET applied = ?, stamp = ?, leader = MAX(leader, ?) WHERE id = 1")
        update.bind(1, Int64((has(.appliedIndexApart) ? applied.previous : applied).number))
        update.bind(2, Int64(bitPattern: stamp.bits))
        update.bind(3, Int64(bitPattern: leaderMilliseconds))
        try update.run()
    }
}

/// An author as applying knows it.
struct CentreAuthor {
    var number: AuthorNumber
    var territory: String
    var last: EntryIndex
    var digest: Digest
    /// Of its last start.
    var salt: UInt64?
    /// Another seat goes on in its place.
    var successor: AuthorNumber?
    /// Why it is heard no more; nil while it is.
    var closed: String?

    var frontier: Frontier { Frontier(author: number.number, index: last, digest: digest) }

    static func all(_ connection: Connection) throws -> [AuthorNumber: CentreAuthor] {
        var authors: [AuthorNumber: CentreAuthor] = [:]
        let rows = try connection.statement(
            """
            SELECT number, territory, last, digest,
                (SELECT salt FROM salt WHERE at BETWEEN number << 40 AND number << 40 | 1099511627775
                    ORDER BY at DESC LIMIT 1),
                successor, closed
            FROM author
            """)
        while try rows.next() {
            guard let digest = Digest(rows.bytes(3)) else {
                throw StorageError.damaged(file: connection.file, what: "the digest of author \(rows.integer(0))")
            }
            let number = AuthorNumber(UInt32(rows.integer(0)))
            authors[number] = CentreAuthor(
                number: number, territory: rows.text(1), last: EntryIndex(rows.integer(2)), digest: digest,
                salt: rows.optionalInteger(4).map { UInt64(bitPattern: $0) },
                successor: rows.optionalInteger(5).map { AuthorNumber(UInt32($0)) },
                closed: rows.isNull(6) ? nil : rows.text(6))
        }
        return authors
    }
}

extension Digest {
    /// Stands where there is no digest to tell.
    fileprivate static let zero =
        Digest(Array(repeating: 0, count: 32)) ?? LogChain.genesis(cluster: [], author: 0).digest
}
