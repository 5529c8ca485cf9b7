import Accounts
import Law
import Records
import Roles

extension CentreApply {
    /// What a record says to the accounts replaces what it said before; every scope it speaks of is derived anew.
    ///
    /// - Parameters:
    ///   - subjects: whom it speaks of, by slot; their accounts go by the group an official has put them in.
    ///   - said: the scopes it spoke of before.
    func account(
        _ record: DescribedRecord, anchor: Int64, number: Serial, subjects: [UInt16: SubjectNumber],
        said: [AccountScope]
    ) throws {
        let (scopes, concerned, events) = try say(
            record, anchor: anchor, number: number, subjects: subjects, said: said)
        for scope in scopes.sorted() {
            try derive(scope, saidFirst: said.isEmpty ? events.count { $0.scope == scope } : 0)
        }
        try hearAccounts(types: Set(scopes.map(\.type)), of: concerned)
    }

    /// Writes a record's events in place of those it had, and tells the scopes that are to be derived and whom they may
    /// concern.
    func say(
        _ record: DescribedRecord, anchor: Int64, number: Serial, subjects: [UInt16: SubjectNumber],
        said: [AccountScope]
    ) throws -> (scopes: Set<AccountScope>, subjects: Set<SubjectNumber>, events: [AccountEvent]) {
        if record.claims.isEmpty && said.isEmpty { return ([], [], []) }
        let events = try events(of: record, number: number, subjects: subjects)
        let said = Set(said)
        for scope in said {
            let delete = try statements[.deleteEvents]
            delete.bind(1, scope.type)
            delete.bind(2, scope.key)
            delete.bind(3, anchor)
            try delete.run()
        }
        for event in events { try AccountRows(connection).insert(event, record: anchor, try statements[.insertEvent]) }
        var concerned = Set(subjects.values)
        for case .subject(let subject) in events.map(\.concerns) { concerned.insert(subject) }
        return (said.union(events.map(\.scope)), Set(concerned.flatMap(bonds.members)), events)
    }

    private func events(
        of record: DescribedRecord, number: Serial, subjects: [UInt16: SubjectNumber]
    ) throws -> [AccountEvent] {
        guard record.isOpened, !record.claims.isEmpty else { return [] }
        return try accountEvents(
            of: record.claims, basis: number, stamp: record.latest, isCancelled: record.isCancelled,
            subject: { subjects[$0].map(bonds.root) },
            partiesOf: { name in bonds.roots(of: try subjectsOfRecord(named: name)) })
    }

    /// Cards that speak of this record's persons may have come before it: now they can be heard.
    func askAwaiting(_ record: DescribedRecord, anchor: Int64) throws {
        for token in record.awaiting {
            for value in try values(of: token).prefix(CentreLimits.awaitingRecords) where Int64(value) != anchor {
                let other = Int64(value)
                let reading = CentreReading(store: store, connection: connection)
                guard let stored = try reading.record(other),
                    let described = preparer.describe(stored.documents, accounted: stored.day)
                else { continue }
                let subjects = try slots(of: other)
                try account(
                    described, anchor: other, number: stored.number, subjects: subjects,
                    said: described.claims.map(\.scope))
            }
        }
    }

    /// Subjects of the record of this name, ascending by slot; none where it has not come.
    func subjectsOfRecord(named name: String) throws -> [SubjectNumber] {
        guard let slash = name.lastIndex(of: "/") else { return [] }
        let identity = RecordID(sender: String(name[..<slash]), document: String(name[name.index(after: slash)...]))
        guard let known = try known(identity) else { return [] }
        return try parties(of: known.opening.packed).map(\.subject)
    }

    /// - Parameter saidFirst: how many events a record just said that had said nothing before: where the scope has no
    ///   others, it had no lines, and there are none to remove.
    func derive(_ scope: AccountScope, saidFirst: Int = 0) throws {
        if law.catalogue.newest.likeness.accounts.contains(scope.type) { likeness.touched.insert(scope) }
        let select = try statements[.selectEvents]
        let events = try AccountRows(connection).events(of: scope, select)
        if saidFirst == 0 || events.count != saidFirst {
            let delete = try statements[.deleteAccounts]
            delete.bind(1, scope.type)
            delete.bind(2, scope.key)
            try delete.run()
        }
        guard let first = events.map(\.day).min(), let type = law.rules.type(scope.type, on: first) else { return }
        for entry in accountEntries(of: events, type: type) {
            try AccountRows(connection).insert(entry, try statements[.insertAccount])
        }
    }
}

/// Account events and entries ↔ rows.
struct AccountRows {
    let connection: Connection

    init(_ connection: Connection) {
        self.connection = connection
    }

    /// In place of a subject's number: the entry has none; everyone in the scope.
    private static let nobody: Int64 = 0
    private static let everyone: Int64 = -1

    func insert(_ event: AccountEvent, record: Int64, _ row: Statement) throws {
        row.bind(1, event.scope.type)
        row.bind(2, event.scope.key)
        row.bind(3, record)
        row.bind(4, Int64(event.part))
        row.bind(5, Int64(event.effect.rawValue))
        row.bind(6, event.state)
        switch event.concerns {
        case .subject(let subject): row.bind(7, Int64(subject.number))
        case .nobody: row.bind(7, Self.nobody)
        case .everyone: row.bind(7, Self.everyone)
        }
        row.bind(8, Int64(event.day.number))
        row.bind(9, event.until.map { Int64($0.number) })
        row.bind(10, Int64(event.basis.year))
        row.bind(11, Int64(event.basis.serial))
        row.bind(12, Int64(bitPattern: event.stamp.bits))
        row.bind(13, event.isCancelled ? 1 : 0)
        try row.run()
    }

    func events(of scope: AccountScope, _ select: Statement) throws -> [AccountEvent] {
        select.bind(1, scope.type)
        select.bind(2, scope.key)
        var events: [AccountEvent] = []
        while try select.next() { events.append(try event(select, in: scope)) }
        return events
    }

    /// The event of the row a statement stands on; its columns begin as those of `selectEvents`.
    func event(_ row: Statement, in scope: AccountScope) throws -> AccountEvent {
        guard let effect = AccountEvent.Effect(rawValue: UInt8(truncatingIfNeeded: row.integer(1))) else {
            throw StorageError.damaged(file: connection.file, what: "an event of account \(scope.type)")
        }
        let concerns: AccountEvent.Concerns =
            switch row.integer(3) {
            case Self.nobody: .nobody
            case Self.everyone: .everyone
            case let number: .subject(SubjectNumber(UInt64(number)))
            }
        return AccountEvent(
            scope: scope, effect: effect, state: row.text(2), concerns: concerns,
            day: Day(Int32(row.integer(4))), until: row.optionalInteger(5).map { Day(Int32($0)) },
            basis: Serial(year: UInt16(row.integer(6)), serial: UInt32(row.integer(7))),
            part: UInt16(row.integer(0)), stamp: Stamp(bits: UInt64(bitPattern: row.integer(8))),
            isCancelled: row.integer(9) != 0)
    }

    func insert(_ entry: AccountEntry, _ row: Statement) throws {
        row.bind(1, entry.scope.type)
        row.bind(2, entry.scope.key)
        row.bind(3, entry.subject.map { Int64($0.number) } ?? Self.nobody)
        row.bind(4, Int64(entry.number.serial.year))
        row.bind(5, Int64(entry.number.serial.serial))
        row.bind(6, Int64(entry.number.part))
        row.bind(7, entry.state)
        row.bind(8, entry.isEnded ? 1 : 0)
        row.bind(9, Int64(entry.opened.number))
        row.bind(10, entry.ended.map { Int64($0.number) })
        row.bind(11, entry.until.map { Int64($0.number) })
        row.bind(12, entry.isConflict ? 1 : 0)
        try row.run()
    }
}
