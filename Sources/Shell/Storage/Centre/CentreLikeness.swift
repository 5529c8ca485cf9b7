package import Accounts
package import Law
package import Records
import Roles
import Synchronization

/// What a turn does to likeness: the scopes it touched, and the table once it is needed.
struct Liking {
    var touched: Set<AccountScope> = []
    var table: LikenessTable?
}

extension CentreApply {
    /// Records whose entries were derived in this turn: those that are open are held against the open ones of the other
    /// kinds and proposed, those that are over leave the table and the list.
    func compareTouched() throws {
        guard !likeness.touched.isEmpty else { return }
        // A table made by an edition before the newest compares by rules that are over.
        let rules = law.catalogue.newest.likeness
        let held = likeness.table ?? store.likeness.withLock { $0.take() }
        var table =
            if let held, held.rules == rules { held } else { try store.likenessTable(connection, rules: rules) }
        let select = try connection.statement(
            """
            SELECT DISTINCT record, (SELECT COUNT(*) FROM account
                WHERE account.type = ?1 AND account.scope = ?2 AND is_ended = 0)
            FROM account_event WHERE type = ?1 AND scope = ?2 AND effect = ?3 ORDER BY record
            """)
        var open: [Int64: Bool] = [:]
        for scope in likeness.touched.sorted() {
            select.bind(1, scope.type)
            select.bind(2, scope.key)
            select.bind(3, Int64(AccountEvent.Effect.open.rawValue))
            while try select.next() { open[select.integer(0), default: false] = select.integer(1) > 0 }
        }
        likeness.touched.removeAll()
        for (anchor, isOpen) in open.sorted(by: { $0.key < $1.key }) {
            guard isOpen, let record = try describe(anchor) else {
                table.remove(anchor)
                try forget(anchor, except: [])
                continue
            }
            let traits = LikenessTraits(of: record.values, kind: record.kind.code, rules: table.rules)
            let alike = table.candidates(for: anchor, kind: record.kind.code, traits)
            try forget(anchor, except: Set(alike.map(\.record)))
            for one in alike { try propose(anchor, one) }
            table.insert(anchor, kind: record.kind.code, traits)
        }
        likeness.table = table
    }

    /// What was looked at keeps its verdict.
    private func propose(_ anchor: Int64, _ candidate: LikenessTable.Candidate) throws {
        let insert = try connection.statement(
            """
            INSERT INTO candidate(first, second, likeness, day) VALUES(?, ?, ?, ?)
            ON CONFLICT(first, second) DO UPDATE SET likeness = excluded.likeness RETURNING day, verdict
            """)
        insert.bind(1, min(anchor, candidate.record))
        insert.bind(2, max(anchor, candidate.record))
        insert.bind(3, Int64(candidate.likeness))
        insert.bind(4, Int64(today.number))
        defer { insert.reset() }
        guard try insert.next(), insert.isNull(1) else { return }
        let day = Day(Int32(insert.integer(0)))
        for record in [anchor, candidate.record] { try expectReview(of: record, proposed: day) }
    }

    /// Pairs nobody has looked at that are no pairs any more.
    private func forget(_ anchor: Int64, except alike: Set<Int64>) throws {
        let select = try connection.statement(
            "SELECT first, second FROM candidate WHERE (first = ?1 OR second = ?1) AND verdict IS NULL")
        select.bind(1, anchor)
        var gone: [(Int64, Int64)] = []
        while try select.next() {
            let (first, second) = (select.integer(0), select.integer(1))
            if !alike.contains(first == anchor ? second : first) { gone.append((first, second)) }
        }
        let delete = try connection.statement("DELETE FROM candidate WHERE first = ? AND second = ?")
        for (first, second) in gone {
            delete.bind(1, first)
            delete.bind(2, second)
            try delete.run()
            noteReview(of: [first, second])
        }
    }

    /// An official has looked at a proposed pair.
    func judge(
        _ first: Serial, _ second: Serial, _ verdict: SubjectAct.Verdict, at: LogAddress
    ) throws -> OwnOutcome? {
        let find = try connection.statement("SELECT record FROM confirmed WHERE number = ?")
        var anchors: [Int64] = []
        for number in [first, second] {
            find.bind(1, number.packed)
            if try find.next() { anchors.append(find.integer(0)) }
            find.reset()
        }
        let update = try connection.statement(
            "UPDATE candidate SET verdict = ?, decided = ? WHERE first = ? AND second = ? RETURNING 1")
        update.bind(1, verdict.rawValue)
        update.bind(2, at.packed)
        update.bind(3, anchors.min() ?? 0)
        update.bind(4, anchors.max() ?? 0)
        defer { update.reset() }
        guard anchors.count == 2, try update.next() else {
            return .refused(code: "no-candidate", reason: "these two records are not proposed as alike")
        }
        noteReview(of: anchors)
        return nil
    }
}

extension CentreStore {
    /// The open records of the kinds that are compared, from their entries: their marks lie sealed on disk and are open
    /// in memory alone.
    func likenessTable(_ connection: Connection, rules: LikenessRules) throws -> LikenessTable {
        var table = LikenessTable(rules: rules)
        let select = try connection.statement(
            """
            SELECT DISTINCT account_event.record FROM account JOIN account_event
                ON account_event.type = account.type AND account_event.scope = account.scope
                    AND account_event.effect = ?
            WHERE account.type = ? AND account.is_ended = 0
            """)
        var anchors: Set<Int64> = []
        for type in rules.accounts.sorted() {
            select.bind(1, Int64(AccountEvent.Effect.open.rawValue))
            select.bind(2, type)
            while try select.next() { anchors.insert(select.integer(0)) }
        }
        let reading = CentreReading(store: self, connection: connection)
        for anchor in anchors.sorted() {
            guard let record = try reading.record(anchor), let described = describe(record) else { continue }
            let traits = LikenessTraits(of: described.values, kind: described.kind.code, rules: rules)
            table.insert(anchor, kind: described.kind.code, traits)
        }
        return table
    }

    /// Two records that may speak of one person.
    package struct CandidatePair: Hashable, Sendable {
        package var kinds: [String]
        package var numbers: [Serial]
        /// Hundredths.
        package var likeness: Int
        package var day: Day
        package var verdict: SubjectAct.Verdict?
    }

    /// Pairs that were not rejected, the likest first; of one record, or of all.
    package func candidates(of number: Serial?, limit: Int) throws(StorageError) -> [CandidatePair] {
        try file.read { connection in
            let rows = try connection.statement(
                """
                SELECT one.kind, one.year, one.serial, other.kind, other.year, other.serial,
                    candidate.likeness, candidate.day, candidate.verdict
                FROM candidate JOIN record AS one ON one.at = candidate.first
                    JOIN record AS other ON other.at = candidate.second
                WHERE (candidate.verdict IS NULL OR candidate.verdict <> ?3)
                    AND (?1 IS NULL OR ?1 = one.year << 32 | one.serial OR ?1 = other.year << 32 | other.serial)
                ORDER BY candidate.likeness DESC, candidate.first, candidate.second LIMIT ?2
                """)
            rows.bind(1, number?.packed)
            rows.bind(2, Int64(limit))
            rows.bind(3, SubjectAct.Verdict.rejected.rawValue)
            var found: [CandidatePair] = []
            while try rows.next() {
                func serial(_ column: Int32) -> Serial {
                    Serial(year: UInt16(rows.integer(column)), serial: UInt32(rows.integer(column + 1)))
                }
                found.append(
                    CandidatePair(
                        kinds: [rows.text(0), rows.text(3)], numbers: [serial(1), serial(4)],
                        likeness: Int(rows.integer(6)), day: Day(Int32(rows.integer(7))),
                        verdict: rows.isNull(8) ? nil : SubjectAct.Verdict(rawValue: rows.text(8))))
            }
            return found
        }
    }
}
