package import Law
package import Records

/// Findings as they stand in their rows: kept up as entries are applied, and read as they are.
extension CentreStore {
    package struct FindingQuery: Sendable {
        package var territory: String?
        package var body: String?
        package var code: String?
        package var kind: String?
        package var isOpen: Bool
        package var isReconciliation: Bool

        package init(
            territory: String? = nil, body: String? = nil, code: String? = nil, kind: String? = nil,
            isOpen: Bool = false, isReconciliation: Bool = false
        ) {
            self.territory = territory
            self.body = body
            self.code = code
            self.kind = kind
            self.isOpen = isOpen
            self.isReconciliation = isReconciliation
        }
    }

    package struct FindingLine: Hashable, Sendable {
        package var finding: Law.Finding
        /// The sender whose card it is, and the territory that opened its record.
        package var body: String
        package var territory: String
        package var kind: String
        /// The record's confirmed number.
        package var number: Serial
        package var raised: Day
        package var withdrawn: Day?
    }

    /// At most `limit` lines, by record in the order the centre came to know them.
    package func findings(_ query: FindingQuery, limit: Int) throws(StorageError) -> [FindingLine] {
        let reconciling = Set(
            catalogue.editions.flatMap { $0.nationalTests.filter(\.isOfAbsence).map { "\($0.code) \($0.path)" } })
        return try file.read { connection in
            let select = try connection.statement(
                """
                SELECT finding.code, finding.severity, finding.path, finding.other, finding.body, record.territory,
                    record.kind, record.year, record.serial, finding.raised, finding.withdrawn
                FROM finding JOIN record ON record.at = finding.record
                WHERE (?1 IS NULL OR finding.code = ?1) AND (?2 IS NULL OR record.territory = ?2)
                    AND (?3 IS NULL OR finding.body = ?3) AND (?4 IS NULL OR record.kind = ?4)
                    AND (?5 = 0 OR finding.withdrawn IS NULL)
                ORDER BY finding.record, finding.at, finding.code, finding.path, finding.other
                """)
            select.bind(1, query.code)
            select.bind(2, query.territory)
            select.bind(3, query.body)
            select.bind(4, query.kind)
            select.bind(5, query.isOpen ? 1 : 0)
            defer { select.reset() }
            var lines: [FindingLine] = []
            while lines.count < limit, try select.next() {
                let code = select.text(0)
                let path = select.text(2)
                if query.isReconciliation, !reconciling.contains("\(code) \(path)") { continue }
                lines.append(
                    FindingLine(
                        finding: Law.Finding(
                            code: code, severity: Severity(rawValue: UInt8(select.integer(1))) ?? .warning, path: path,
                            other: select.text(3)),
                        body: select.text(4), territory: select.text(5), kind: select.text(6),
                        number: Serial(year: UInt16(select.integer(7)), serial: UInt32(select.integer(8))),
                        raised: Day(Int32(select.integer(9))),
                        withdrawn: select.optionalInteger(10).map { Day(Int32($0)) }))
            }
            return lines
        }
    }
}
