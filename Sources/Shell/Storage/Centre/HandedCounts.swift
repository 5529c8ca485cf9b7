import Law
import Records
package import Reports

/// What each sender handed in for each month: new documents by the day they were accepted, zero reports by the period
/// they speak of (V015). Gathered over a turn and written once for it.
struct HandedCounts {
    private struct Key: Hashable {
        var month: Int
        var sender: String
        var kind: String
    }

    private var documents: [Key: Int64] = [:]
    private var zeros: [Key: Int64] = [:]

    mutating func add(_ document: PreparedDocument, accepted: Day) {
        let entry = document.entry
        if entry.act == .register {
            let key = Key(month: Self.month(of: accepted), sender: entry.sender, kind: entry.kind)
            documents[key, default: 0] += 1
        } else if entry.act == .zero, let record = document.alone, let period = Self.period(of: record) {
            for month in Self.months(of: period) {
                zeros[Key(month: month, sender: entry.sender, kind: entry.kind), default: 0] += 1
            }
        }
    }

    private static func period(of record: DescribedRecord) -> ReportPeriod? {
        guard let field = record.kind.field(path: "period") else { return nil }
        return record.values.text(field.number).flatMap { ReportPeriod($0) }
    }

    func save(_ connection: Connection) throws {
        let keys = Set(documents.keys).union(zeros.keys)
        guard !keys.isEmpty else { return }
        let upsert = try connection.statement(
            """
            INSERT INTO handed(month, sender, kind, documents, zeros) VALUES(?, ?, ?, ?, ?)
            ON CONFLICT(month, sender, kind) DO UPDATE SET
                documents = documents + excluded.documents, zeros = zeros + excluded.zeros
            """)
        // Each key is written once, so their order reaches nothing.
        for key in keys {
            upsert.bind(1, Int64(key.month))
            upsert.bind(2, key.sender)
            upsert.bind(3, key.kind)
            upsert.bind(4, documents[key] ?? 0)
            upsert.bind(5, zeros[key] ?? 0)
            try upsert.run()
        }
    }

    /// Months counted from year 0.
    static func month(of day: Day) -> Int {
        let civil = day.civil
        return Int(civil.year) * 12 + Int(civil.month) - 1
    }

    static func months(of period: ReportPeriod) -> ClosedRange<Int> {
        month(of: period.firstDay)...month(of: period.lastDay)
    }
}

extension CentreStore {
    /// A card kind that a sender owed in a month of the period, and of which nothing came.
    package struct MissingCard: Hashable, Sendable {
        package var sender: String
        package var name: String
        package var kind: String
        package var month: ReportPeriod
    }

    /// V015: no documents and no zero report for an expected subject and period. By month, sender, kind.
    package func missing(in period: ReportPeriod) throws(StorageError) -> [MissingCard] {
        try file.read { connection in
            let senders = try Self.senders(connection)
            return try Self.duties(in: HandedCounts.months(of: period), of: senders, connection).filter { !$0.isMet }
                .map { duty in
                    MissingCard(
                        sender: duty.sender, name: senders.sender(duty.sender)?.name ?? "", kind: duty.kind,
                        month: ReportPeriod(holding: duty.month, length: .month))
                }
        }
    }

    /// Answers the plans of duties (DI.02). A month that is not over by the leader's clock owes nothing yet.
    func answerDuties(_ plans: [CountPlan], _ connection: Connection, _ answers: inout [[CountRow]]) throws {
        let days = plans.filter { $0.kind == CountPlan.duties }.compactMap(\.accounted)
        guard let first = days.map(\.lowerBound).min(), let last = days.map(\.upperBound).max() else { return }
        let state = try connection.statement("SELECT leader FROM raft_state WHERE id = 1")
        let leader = try state.next() ? UInt64(bitPattern: state.integer(0)) : 0
        state.reset()
        let senders = try Self.senders(connection)
        guard let began = senders.list.flatMap({ $0.duties.map(\.from) }).min() else { return }
        let from = HandedCounts.month(of: max(first, began))
        let to = min(HandedCounts.month(of: last), HandedCounts.month(of: Day(milliseconds: leader)) - 1)
        guard from <= to else { return }
        let rows = try Self.duties(in: from...to, of: senders, connection)
        for (place, plan) in plans.enumerated() where plan.kind == CountPlan.duties {
            answers[place] = DutyRow.answer(plan, from: rows)
        }
    }

    /// Who owed what in these months, and whether it came. By month, sender, kind.
    private static func duties(
        in months: ClosedRange<Int>, of senders: SenderRegister, _ connection: Connection
    ) throws -> [DutyRow] {
        let select = try connection.statement("SELECT month, sender, kind FROM handed WHERE month BETWEEN ? AND ?")
        select.bind(1, Int64(months.lowerBound))
        select.bind(2, Int64(months.upperBound))
        var handed: [Int64: Set<[String]>] = [:]
        while try select.next() { handed[select.integer(0), default: []].insert([select.text(1), select.text(2)]) }
        var duties: [DutyRow] = []
        for number in months {
            guard let month = ReportPeriod(year: number / 12, length: .month, ordinal: number % 12 + 1) else {
                continue
            }
            for sender in senders.list {
                guard let duty = senders.duty(of: sender.code, monthEnding: month.lastDay) else { continue }
                for kind in duty.kinds.sorted() {
                    let isMet = handed[Int64(number)]?.contains([sender.code, kind]) == true
                    duties.append(
                        DutyRow(
                            territory: duty.territory, sender: sender.code, kind: kind, month: month.firstDay,
                            isMet: isMet))
                }
            }
        }
        return duties
    }

    /// As the decisions of this snapshot make them.
    private static func senders(_ connection: Connection) throws -> SenderRegister {
        var senders = SenderRegister()
        for taken in try decisions(connection) { senders.apply(taken.decision) }
        return senders
    }
}
