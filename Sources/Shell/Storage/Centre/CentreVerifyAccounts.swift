import Accounts
import Law
import Records
import Roles
import Vault
import Wire

extension CentreStore {
    /// How far a check has come, in rows read of rows to read.
    package struct Progress: Hashable, Sendable {
        package var done: UInt64
        package var total: UInt64
    }

    /// Derives every account anew from the archive and compares with the rows kept, in one snapshot of the store.
    ///
    /// Taken as given: whom each record's parties were linked to when it came, and the officials' acts. All else
    /// follows anew from the bytes of the entries. Neither comparison holds more than one scope in memory: what every
    /// record says is summed up as digests, which asks for no order, and what follows from the events is compared
    /// scope by scope.
    ///
    /// - Parameter goesOn: told every few thousand rows; false ends the check with `isCut`. A snapshot keeps the
    ///   write-ahead log from being emptied, so whoever serves meanwhile bounds its age here.
    package func verifyAccounts(
        goesOn: @escaping (Progress) -> Bool = { _ in true }
    ) throws(StorageError) -> Verification {
        try file.read { connection in
            let check = try AccountsCheck(store: self, connection: connection, goesOn: goesOn)
            do {
                try check.run()
            } catch is AccountsCheck.Cut {
                check.verification.isCut = true
            }
            return check.verification
        }
    }
}

/// One check over one snapshot.
private final class AccountsCheck {
    struct Cut: Error {}

    let store: CentreStore
    let connection: Connection
    let goesOn: (CentreStore.Progress) -> Bool
    let bonds: SubjectBonds
    let preparer: CentrePreparer
    let salts: AuthorSalts
    var verification = CentreStore.Verification(compared: 0, differences: [])
    private var progress = CentreStore.Progress(done: 0, total: 0)
    /// Kinds some rule of some edition speaks of, and whether one asks for a value that lies sealed.
    private let kinds: [String: Bool]

    private static let progressStep: UInt64 = 4096

    init(
        store: CentreStore, connection: Connection, goesOn: @escaping (CentreStore.Progress) -> Bool
    ) throws {
        self.store = store
        self.connection = connection
        self.goesOn = goesOn
        bonds = try SubjectBonds(readingFrom: connection)
        preparer = store.preparer(salts: AuthorSalts())
        salts = try AuthorSalts.all(connection)
        kinds = store.rules.kinds
    }

    func run() throws {
        progress.total = UInt64(try count("record") + count("account_event"))
        var derived = EventSum()
        try eachRecord { record in
            for event in try self.events(of: record) { derived.add(event, record: record.anchor) }
        }
        let stored = try compareEntries()
        if derived != stored { try nameFirstEvent() }
    }

    private func count(_ table: String) throws -> Int64 {
        let select = try connection.statement("SELECT COUNT(*) FROM \(table)")
        defer { select.reset() }
        return try select.next() ? select.integer(0) : 0
    }

    private func step() throws {
        progress.done += 1
        if progress.done % Self.progressStep == 0, !goesOn(progress) { throw Cut() }
    }

    // MARK: What the records say

    private struct Line {
        var anchor: Int64
        var kind: String
        var number: Serial
        var day: Day
        var parties: [(slot: UInt16, subject: SubjectNumber)] = []
        /// The entry that came first, and where the later ones stand.
        var first: [UInt8]
        var isSuspect: Bool
        var amendments: [Int64] = []
    }

    /// Records, their parties and their amendments in the order they stand, read side by side: a record costs no search
    /// of its own.
    private func eachRecord(_ body: (Line) throws -> Void) throws {
        let records = try connection.statement(
            """
            SELECT record.at, kind, year, serial, day, archive.bytes, suspect.at IS NOT NULL
            FROM record CROSS JOIN archive ON archive.at = record.at LEFT JOIN suspect ON suspect.at = record.at
            ORDER BY record.at
            """)
        let parties = try connection.statement("SELECT record, slot, subject FROM party ORDER BY record, slot")
        let amendments = try connection.statement("SELECT record, at FROM amendment ORDER BY record, at")
        defer {
            records.reset()
            parties.reset()
            amendments.reset()
        }
        var isParty = try parties.next()
        var isAmended = try amendments.next()
        while try records.next() {
            try step()
            let anchor = records.integer(0)
            while isParty, parties.integer(0) < anchor { isParty = try parties.next() }
            while isAmended, amendments.integer(0) < anchor { isAmended = try amendments.next() }
            let kind = records.text(1)
            guard kinds[kind] != nil else { continue }
            var line = Line(
                anchor: anchor, kind: kind,
                number: Serial(year: UInt16(records.integer(2)), serial: UInt32(records.integer(3))),
                day: Day(Int32(records.integer(4))), first: records.bytes(5), isSuspect: records.integer(6) != 0)
            while isParty, parties.integer(0) == anchor {
                line.parties.append((UInt16(parties.integer(1)), SubjectNumber(UInt64(parties.integer(2)))))
                isParty = try parties.next()
            }
            while isAmended, amendments.integer(0) == anchor {
                line.amendments.append(amendments.integer(1))
                isAmended = try amendments.next()
            }
            try body(line)
        }
    }

    private func events(of line: Line) throws -> [AccountEvent] {
        guard let record = preparer.merge(try documents(of: line), accounted: line.day), record.isOpened,
            record.isCounted
        else { return [] }
        let claims = store.rules.claims(
            of: AccountRecord(
                kind: line.kind, reference: record.name, accounted: line.day, values: record.values,
                slots: line.parties.map(\.slot)))
        return try accountEvents(
            of: claims, basis: line.number, stamp: record.latest, isCancelled: record.isCancelled,
            subject: { slot in line.parties.first { $0.slot == slot }.map { bonds.root(of: $0.subject) } },
            partiesOf: { bonds.roots(of: try subjects(named: $0)) })
    }

    /// The record's entries; their blocks stay shut unless a rule asks for what lies in them.
    private func documents(of line: Line) throws -> [CentreDocument] {
        var documents: [CentreDocument] = []
        if let first = try document(line, at: line.anchor, line.first, isSuspect: line.isSuspect) {
            documents.append(first)
        }
        guard !line.amendments.isEmpty else { return documents }
        let reading = CentreReading(store: store, connection: connection)
        let suspect = try connection.statement("SELECT 1 FROM suspect WHERE at = ?")
        for packed in line.amendments {
            suspect.bind(1, packed)
            let isSuspect = try suspect.next()
            suspect.reset()
            guard let bytes = try reading.bytes(LogAddress(packed: packed)),
                let one = try document(line, at: packed, bytes, isSuspect: isSuspect)
            else { continue }
            documents.append(one)
        }
        return documents
    }

    /// Nil where the entry is no document.
    private func document(
        _ line: Line, at packed: Int64, _ bytes: [UInt8], isSuspect: Bool
    ) throws -> CentreDocument? {
        let at = LogAddress(packed: packed)
        let entry: Entry
        do {
            entry = try EntryCodec.decode(bytes)
        } catch {
            throw StorageError.damaged(
                file: connection.file, what: "entry \(at.index) of author \(at.author.number): \(error)")
        }
        guard case .document(let document) = entry.body else { return nil }
        let opened = kinds[line.kind] == true ? store.opening.open(document, at: at, salt: salts.salt(of: at)) : []
        return CentreDocument(
            at: at, stamp: entry.stamp, isSuspect: isSuspect, entry: document, opened: opened, confirmed: line.number)
    }

    private func subjects(named name: String) throws -> [SubjectNumber] {
        guard let slash = name.lastIndex(of: "/") else { return [] }
        let identity = RecordID(sender: String(name[..<slash]), document: String(name[name.index(after: slash)...]))
        guard let known = try store.index.known([identity])[identity] else { return [] }
        let select = try connection.statement("SELECT subject FROM party WHERE record = ? ORDER BY slot")
        select.bind(1, known.opening.packed)
        var subjects: [SubjectNumber] = []
        while try select.next() { subjects.append(SubjectNumber(UInt64(select.integer(0)))) }
        return subjects
    }

    // MARK: What follows from the events

    /// Walks the events kept, scope by scope, beside the entries kept. Returns the events' sum.
    private func compareEntries() throws -> EventSum {
        let rows = try connection.statement(
            """
            SELECT part, effect, state, subject, day, until, year, serial, stamp, cancelled, record, type, scope
            FROM account_event ORDER BY type, scope, record, part
            """)
        let entries = try connection.statement(
            CentreStore.accountColumns + " ORDER BY type, scope, subject")
        defer {
            rows.reset()
            entries.reset()
        }
        let reading = AccountRows(connection)
        var sum = EventSum()
        var scope: AccountScope?
        var events: [AccountEvent] = []
        var entry = try CentreStore.nextAccount(entries)
        func close() throws {
            guard let scope else { return }
            while let before = entry, before.scope < scope {
                name(kept: before, derived: nil)
                entry = try CentreStore.nextAccount(entries)
            }
            let type = events.map(\.day).min().flatMap { store.rules.type(scope.type, on: $0) }
            for derived in type.map({ accountEntries(of: events, type: $0) }) ?? [] {
                verification.compared += 1
                let derived = CentreStore.StoredAccount(derived)
                let kept = entry?.scope == scope ? entry : nil
                if kept != derived { name(kept: kept, derived: derived) }
                if kept != nil { entry = try CentreStore.nextAccount(entries) }
            }
            events.removeAll(keepingCapacity: true)
        }
        while try rows.next() {
            try step()
            let own = AccountScope(type: rows.text(11), key: rows.text(12))
            if own != scope {
                try close()
                scope = own
            }
            let event = try reading.event(rows, in: own)
            sum.add(event, record: rows.integer(10))
            events.append(event)
        }
        try close()
        while let left = entry {
            name(kept: left, derived: nil)
            entry = try CentreStore.nextAccount(entries)
        }
        return sum
    }

    private func name(kept: CentreStore.StoredAccount?, derived: CentreStore.StoredAccount?) {
        let number = (derived ?? kept)?.number.text ?? ""
        func words(_ account: CentreStore.StoredAccount?) -> String {
            guard let account else { return "no such entry" }
            let ended = account.ended.map { ", ended \($0.text)" } ?? ""
            return "\(account.state) from \(account.opened.text)\(ended)" + (account.isConflict ? ", in conflict" : "")
        }
        verification.differs("entry \(number): the table says \(words(kept)); derived anew, \(words(derived))")
    }

    // MARK: Naming a difference

    /// The first record whose events are not those kept; where all records agree, the first event no record says.
    private func nameFirstEvent() throws {
        struct Found: Error {}
        let select = try connection.statement(
            """
            SELECT part, effect, state, subject, day, until, year, serial, stamp, cancelled FROM account_event
            WHERE type = ? AND scope = ? AND record = ? ORDER BY part
            """)
        let reading = AccountRows(connection)
        do {
            try eachRecord { line in
                let events = try self.events(of: line)
                for scope in Set(events.map(\.scope)).sorted() {
                    select.bind(1, scope.type)
                    select.bind(2, scope.key)
                    select.bind(3, line.anchor)
                    var kept: [AccountEvent] = []
                    while try select.next() { kept.append(try reading.event(select, in: scope)) }
                    let own = events.filter { $0.scope == scope }
                    guard kept != own else { continue }
                    verification.differs(
                        "document \(line.number.year)/\(line.number.serial): what it says to account \(scope.type) is "
                            + "not what the table has")
                    throw Found()
                }
            }
        } catch is Found {
            return
        }
        verification.differs("the table has events of documents that say nothing to that account")
    }
}

/// Digests of events, added up: the same events give the same sum in any order, and no others.
private struct EventSum: Equatable {
    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    private var count: UInt64 = 0

    mutating func add(_ event: AccountEvent, record: Int64) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(160)
        func number(_ value: some FixedWidthInteger) {
            withUnsafeBytes(of: UInt64(truncatingIfNeeded: value).littleEndian) { bytes.append(contentsOf: $0) }
        }
        func text(_ text: String) {
            number(text.utf8.count)
            bytes.append(contentsOf: text.utf8)
        }
        text(event.scope.type)
        text(event.scope.key)
        number(record)
        number(event.part)
        number(event.effect.rawValue)
        text(event.state)
        switch event.concerns {
        case .subject(let subject): number(subject.number)
        case .nobody: number(0)
        case .everyone: number(-1)
        }
        number(event.day.number)
        number(event.until.map { Int64($0.number) } ?? .min)
        number(event.basis.year)
        number(event.basis.serial)
        number(event.stamp.bits)
        number(event.isCancelled ? 1 : 0)
        Digest.of(bytes).withBytes { digest in
            words.0 &+= digest.loadUnaligned(fromByteOffset: 0, as: UInt64.self)
            words.1 &+= digest.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
            words.2 &+= digest.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
            words.3 &+= digest.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
        }
        count += 1
    }

    static func == (left: EventSum, right: EventSum) -> Bool {
        left.words == right.words && left.count == right.count
    }
}
