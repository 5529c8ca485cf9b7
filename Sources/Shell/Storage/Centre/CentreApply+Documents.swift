import Accounts
import Law
import Records
import Roles
import Synchronization
import Vault

/// How a record stands in its row.
enum RecordStanding: Int64 {
    case accounted = 0
    case cancelled = 1
    /// Only corrections have come: whoever opened it has not been heard yet.
    case awaited = 2

    init(_ record: DescribedRecord?) {
        self = record.map { $0.isCancelled ? .cancelled : $0.isOpened ? .accounted : .awaited } ?? .awaited
    }
}

extension CentreApply {
    /// One document: it opens its record, or joins the one that is there.
    func take(
        _ document: PreparedDocument, of entry: PreparedEntry, author: CentreAuthor
    ) throws -> DocumentReceipt {
        let before = try known(document.entry.record)
        let receipt: DocumentReceipt
        let anchor: Int64
        if let before {
            anchor = before.opening.packed
            receipt = try amend(anchor, with: document, of: entry, author: author, known: before)
        } else {
            anchor = entry.at.packed
            receipt = try open(document, of: entry, author: author)
        }
        let number = try statements[.insertProvisional]
        number.bind(1, Int64(author.number.number))
        number.bind(2, document.entry.kind)
        number.bind(3, Int64(document.entry.number.year))
        number.bind(4, Int64(document.entry.number.serial))
        number.bind(5, anchor)
        try number.run()
        return receipt
    }

    // MARK: The first entry of a record

    private func open(
        _ document: PreparedDocument, of entry: PreparedEntry, author: CentreAuthor
    ) throws -> DocumentReceipt {
        let serial = try confirm(entry.at, anchor: entry.at.packed)
        let accepted = entry.isSuspect ? leaderMilliseconds : entry.stamp.milliseconds
        let opens = document.entry.act == .register || document.entry.act == .zero
        let insert = try statements[.insertRecord]
        insert.bind(1, entry.at.packed)
        insert.bind(2, Int64(bitPattern: document.entry.record.high))
        insert.bind(3, Int64(bitPattern: document.entry.record.low))
        insert.bind(4, document.entry.kind)
        insert.bind(5, author.territory)
        insert.bind(6, Int64(serial.year))
        insert.bind(7, Int64(serial.serial))
        insert.bind(8, Int64(Day(milliseconds: accepted).number))
        insert.bind(9, RecordStanding(document.alone).rawValue)
        try insert.run()
        let known = KnownDocument(
            at: entry.at, content: opens ? document.content : Token(high: 0, low: 0), record: document.entry.record,
            opening: entry.at, number: document.entry.number, kind: document.entry.kind)
        learn(document.entry.record, known)
        if document.identity != document.entry.record { learn(document.identity, known) }
        if opens { handed.add(document, accepted: Day(milliseconds: accepted)) }
        var findings: [Law.Finding] = []
        if !opens {
            findings.append(
                try keep(
                    Law.Finding(code: "V011", severity: .warning, path: "supersedes"), of: document,
                    anchor: entry.at.packed, at: entry.at))
        }
        if let record = document.alone {
            findings += try settle(
                record, anchor: entry.at.packed, at: entry.at, number: serial, territory: author.territory)
        }
        return DocumentReceipt(confirmed: serial, findings: findings)
    }

    // MARK: Every other entry of it

    private func amend(
        _ anchor: Int64, with document: PreparedDocument, of entry: PreparedEntry, author: CentreAuthor,
        known before: KnownDocument
    ) throws -> DocumentReceipt {
        let reading = CentreReading(store: store, connection: connection)
        guard let record = try reading.record(anchor) else {
            throw StorageError.damaged(file: connection.file, what: "record \(anchor) is in the index alone")
        }
        let opens = document.entry.act == .register || document.entry.act == .zero
        let isFirstOpening = opens && !record.documents.contains { $0.entry.act == .register || $0.entry.act == .zero }
        var findings: [Law.Finding] = []
        let serial: Serial
        if opens && !isFirstOpening {
            // The same document through two territories is one record and has one number.
            serial = record.number
            if before.content != document.content {
                findings.append(
                    try keep(
                        Law.Finding(code: "V004", severity: .error, path: "doc_id"), of: document, anchor: anchor,
                        at: entry.at))
            }
        } else {
            serial = try confirm(entry.at, anchor: anchor)
        }
        let insert = try statements[.insertAmendment]
        insert.bind(1, anchor)
        insert.bind(2, entry.at.packed)
        insert.bind(3, Int64(serial.year))
        insert.bind(4, Int64(serial.serial))
        insert.bind(5, Int64(record.documents.count))
        try insert.run()
        let own = KnownDocument(
            at: opens ? before.opening : entry.at, content: document.content, record: document.entry.record,
            opening: before.opening, number: document.entry.number, kind: document.entry.kind)
        if isFirstOpening || !opens { learn(document.identity, own) }
        if isFirstOpening {
            let accepted = entry.isSuspect ? leaderMilliseconds : entry.stamp.milliseconds
            handed.add(document, accepted: Day(milliseconds: accepted))
        }
        let added = CentreDocument(
            at: entry.at, stamp: entry.stamp, isSuspect: entry.isSuspect, entry: document.entry,
            opened: document.opened, confirmed: serial)
        try hand(added, opens: opens, author: author, to: record)
        let after = record.documents + [added]
        var place = (day: record.day, territory: record.territory)
        if opens, Self.counts(added, before: record.documents) {
            let accepted = entry.isSuspect ? leaderMilliseconds : entry.stamp.milliseconds
            place = (Day(milliseconds: accepted), author.territory)
        }
        let standing = preparer.describe(after, accounted: place.day)
        let update = try statements[.updateRecord]
        update.bind(1, RecordStanding(standing).rawValue)
        update.bind(2, Int64(place.day.number))
        update.bind(3, place.territory)
        update.bind(4, anchor)
        try update.run()
        if let standing {
            let previous = preparer.describe(record.documents, accounted: record.day)
            findings += try settle(
                standing, anchor: anchor, at: entry.at, number: record.number, territory: place.territory,
                previous: previous, place: record.documents.count)
        }
        return DocumentReceipt(confirmed: serial, findings: findings)
    }

    /// Whether a record counts from this opening, by its day and its territory: it is the earliest by stamp, whichever
    /// entry came first. A clock that was wrong yields to one that was right.
    private static func counts(_ opening: CentreDocument, before documents: [CentreDocument]) -> Bool {
        func rank(_ one: CentreDocument) -> (Int, Stamp, LogAddress) { (one.isSuspect ? 1 : 0, one.stamp, one.at) }
        return documents.allSatisfy { other in
            guard other.entry.act == .register || other.entry.act == .zero else { return true }
            return rank(opening) < rank(other)
        }
    }

    // MARK: What follows from a record as it now stands

    /// Subjects, facts, discrepancies, accounts, search terms, and what the national rules say.
    ///
    /// - Parameter place: how many entries of the record were heard before this one.
    private func settle(
        _ record: DescribedRecord, anchor: Int64, at: LogAddress, number: Serial, territory: String,
        previous: DescribedRecord? = nil, place: Int = 0
    ) throws -> [Law.Finding] {
        var findings: [Law.Finding] = []
        let held = previous == nil ? [:] : try slots(of: anchor)
        let subjects = try link(record, anchor: anchor, held: held, place: place, findings: &findings)
        try writeFacts(of: record, anchor: anchor, territory: territory, subjects: subjects, isNew: previous == nil)
        try writeDiscrepancies(of: record, anchor: anchor, territory: territory, previous: previous)
        for key in record.keys { learn(key, leadsTo: UInt64(anchor)) }
        try account(
            record, anchor: anchor, number: number, subjects: subjects, said: previous?.claims.map(\.scope) ?? [])
        if record.isOpened { try askAwaiting(record, anchor: anchor) }
        for finding in findings { try raise(finding, of: anchor, body: record.sender, at: at.packed, waits: []) }
        return try findings
            + judge(
                record, anchor: anchor, at: at, number: number, subjects: subjects, previous: previous)
    }

    private func writeFacts(
        of record: DescribedRecord, anchor: Int64, territory: String, subjects: [UInt16: SubjectNumber], isNew: Bool
    ) throws {
        guard let table = law.tables[record.kind.code] else { return }
        let statement = try statements.facts(table)
        guard record.isCounted && record.isOpened && !record.isCancelled else {
            if isNew { return }
            statement.deletion.bind(1, anchor)
            return try statement.deletion.run()
        }
        let row = statement.insertion
        row.bind(1, anchor)
        row.bind(2, Int64(record.accounted.number))
        row.bind(3, territory)
        row.bind(4, record.sender)
        row.bind(5, record.name)
        row.bind(6, record.isLate ? 1 : 0)
        var parameter: Int32 = 7
        for slot in table.slots {
            row.bind(parameter, subjects[slot].map { Int64($0.number) })
            parameter += 1
        }
        // The table has the columns of all editions; those of the record's own stand in the catalogue's order.
        let own = record.kind.factColumns
        for (position, column) in table.columns.enumerated() {
            let isInPlace = position < own.count && own[position].name == column.name
            let place = isInPlace ? position : own.firstIndex { $0.name == column.name }
            switch place.map({ record.facts[$0] }) ?? .absent {
            case .absent: row.bindNull(parameter)
            case .integer(let integer): row.bind(parameter, integer)
            case .text(let text): row.bind(parameter, text)
            }
            parameter += 1
        }
        try row.run()
    }

    private func writeDiscrepancies(
        of record: DescribedRecord, anchor: Int64, territory: String, previous: DescribedRecord?
    ) throws {
        if let previous, !previous.discrepancies.isEmpty {
            let delete = try statements[.deleteDiscrepancies]
            delete.bind(1, anchor)
            try delete.run()
        }
        for field in record.discrepancies {
            let insert = try statements[.insertDiscrepancy]
            insert.bind(1, anchor)
            insert.bind(2, Int64(field))
            insert.bind(3, record.kind.code)
            insert.bind(4, territory)
            try insert.run()
        }
    }

    private func keep(
        _ finding: Law.Finding, of document: PreparedDocument, anchor: Int64, at: LogAddress
    ) throws -> Law.Finding {
        try raise(finding, of: anchor, body: document.entry.sender, at: at.packed, waits: [])
        return finding
    }

    /// The number that was told for this entry before it was lost, else the next of the leader's year, gapless.
    private func confirm(_ at: LogAddress, anchor: Int64) throws -> Serial {
        let serial = try toldNumber(of: at) ?? nextNumber()
        let insert = try statements[.insertConfirmed]
        insert.bind(1, serial.packed)
        insert.bind(2, anchor)
        try insert.run()
        return serial
    }

    private func nextNumber() throws -> Serial {
        let year = UInt16(Day(milliseconds: leaderMilliseconds).civil.year)
        while true {
            let serial = Serial(year: year, serial: UInt32(try counters.next(CentreCounters.confirmed(year))))
            if try !isGiven(serial) { return serial }
        }
    }
}

extension Serial {
    /// `year << 32 | serial`: sorts as numbers do.
    var packed: Int64 { Int64(year) << 32 | Int64(serial) }
}
