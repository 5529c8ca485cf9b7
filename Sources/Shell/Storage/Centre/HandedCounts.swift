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
        let senders = lawInForce.current.senders
        let months = HandedCounts.months(of: period)
        let handed = try file.read { connection in
            let select = try connection.statement("SELECT month, sender, kind FROM handed WHERE month BETWEEN ? AND ?")
            select.bind(1, Int64(months.lowerBound))
            select.bind(2, Int64(months.upperBound))
            var handed: [Int64: Set<[String]>] = [:]
            while try select.next() { handed[select.integer(0), default: []].insert([select.text(1), select.text(2)]) }
            return handed
        }
        var missing: [MissingCard] = []
        for number in months {
            guard let month = ReportPeriod(year: number / 12, length: .month, ordinal: number % 12 + 1) else {
                continue
            }
            for sender in senders.list {
                for kind in senders.owed(by: sender.code, monthEnding: month.lastDay).sorted()
                where handed[Int64(number)]?.contains([sender.code, kind]) != true {
                    missing.append(MissingCard(sender: sender.code, name: sender.name, kind: kind, month: month))
                }
            }
        }
        return missing
    }
}
