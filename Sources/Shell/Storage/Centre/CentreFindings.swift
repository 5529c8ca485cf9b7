import Law
import Records
import Roles
import Vault
import Wire

/// A finding that stands: on which record, and on which of its entries it was told.
struct OpenFinding {
    var at: Int64
    var finding: Law.Finding
}

/// What a territory is to hear of a finding, by the entry it speaks of.
struct ToldFinding {
    var at: LogAddress
    var finding: Law.Finding
    var isWithdrawn: Bool
}

extension CentreApply {
    var today: Day { Day(milliseconds: leaderMilliseconds) }

    /// Findings that stand on a record.
    func openFindings(of anchor: Int64) throws -> [OpenFinding] {
        let select = try statements[.selectOpenFindings]
        select.bind(1, anchor)
        var open: [OpenFinding] = []
        while try select.next() {
            open.append(
                OpenFinding(
                    at: select.integer(0),
                    finding: Law.Finding(
                        code: select.text(1), severity: Severity(rawValue: UInt8(select.integer(2))) ?? .warning,
                        path: select.text(3), other: select.text(4))))
        }
        return open
    }

    /// Writes a finding down, and under what it waits to be judged again. Whoever calls tells the territory.
    func raise(_ finding: Law.Finding, of anchor: Int64, body: String, at: Int64, waits: [Token]) throws {
        let insert = try statements[.raiseFinding]
        insert.bind(1, anchor)
        insert.bind(2, at)
        insert.bind(3, finding.code)
        insert.bind(4, Int64(finding.severity.rawValue))
        insert.bind(5, finding.path)
        insert.bind(6, finding.other)
        insert.bind(7, Int64(today.number))
        insert.bind(8, body)
        try insert.run()
        for token in waits {
            let row = try statements[.insertAwaited]
            row.bind(1, Int64(bitPattern: token.high))
            row.bind(2, Int64(bitPattern: token.low))
            row.bind(3, anchor)
            row.bind(4, finding.code)
            row.bind(5, finding.path)
            try row.run()
        }
    }

    /// A finding that does not hold any more: its row stays, with the day.
    func withdraw(_ open: OpenFinding, of anchor: Int64, isTold: Bool) throws {
        let update = try statements[.withdrawFinding]
        update.bind(1, Int64(today.number))
        update.bind(2, anchor)
        update.bind(3, open.at)
        update.bind(4, open.finding.code)
        update.bind(5, open.finding.path)
        update.bind(6, open.finding.other)
        try update.run()
        try forgetWaits(of: anchor, code: open.finding.code, path: open.finding.path)
        if isTold {
            judging.told.append(
                ToldFinding(at: LogAddress(packed: open.at), finding: open.finding, isWithdrawn: true))
        }
    }

    func forgetWaits(of anchor: Int64, code: String, path: String) throws {
        let delete = try statements[.deleteAwaited]
        delete.bind(1, anchor)
        delete.bind(2, code)
        delete.bind(3, path)
        try delete.run()
    }

    // MARK: Telling

    /// What was found about entries of the batch goes with its receipts; the rest to whoever wrote the entry.
    func tell(into receipts: inout ReceiptWriter) throws {
        judging.told.removeAll { told in receipts.add(told) }
    }

    func tellOthers() throws {
        var byAuthor: [AuthorNumber: [ToldFinding]] = [:]
        for told in judging.told { byAuthor[told.at.author, default: []].append(told) }
        judging.told = []
        for (number, told) in byAuthor.sorted(by: { $0.key < $1.key }) {
            guard let author = authors[number], hasDownlink(author.territory) else { continue }
            for item in ReceiptWriter.findings(told, of: number) { try send(item.encoded(), to: author.territory) }
        }
    }
}
