import Records
import Roles
import Vault

extension NodeIndex.State {
    mutating func insert(_ document: NodeIndex.Document) {
        let known = document.known
        let amends = known.opening != known.at
        let (high, low) = (document.identity.high, document.identity.low)
        let facts = DocumentRow.facts(known.number, kind: number(ofKind: known.kind), amends: amends)
        lot[.documents].insert(high, low, UInt64(known.at.packed), known.content.high, known.content.low, facts)
        if amends {
            lot[.amendments].insert(
                high, low, known.record.high, known.record.low, UInt64(known.opening.packed))
        }
        for term in document.terms { lot[.terms].insert(term.token.high, term.token.low, term.value) }
    }

    /// The rows of each key that are still in memory, newest first.
    func staged(_ table: IndexTable, _ keys: [IndexKey], limit: Int) -> [[[UInt64]]] {
        keys.map { key in
            var rows: [[UInt64]] = []
            for lot in [lot] + waiting.reversed() where rows.count < limit {
                lot[table].visit(key) { row in
                    rows.append(Array(row))
                    return rows.count < limit
                }
            }
            return rows
        }
    }

    /// The oldest runs that are due to become one: a table, their level, and the runs.
    func mergeable() -> (table: IndexTable, level: Int, runs: [IndexRun])? {
        for table in IndexTable.allCases {
            for (level, fanIn) in IndexLimits.fanIn.enumerated() {
                let due = runs[table.rawValue].filter { $0.level == level }.prefix(fanIn)
                if due.count == fanIn { return (table, level, Array(due)) }
            }
        }
        return nil
    }

    private mutating func number(ofKind kind: String) -> Int {
        if let number = kindNumbers[kind] { return number }
        let number = kinds.count
        precondition(number < 1 << 15, "more than 32,768 card kinds")
        kinds.append(kind)
        kindNumbers[kind] = number
        return number
    }
}

/// The words of a row of `documents`: identity (2), packed address, content token (2), then
/// year (16 bits) ‖ serial (32) ‖ card kind's number (15) ‖ whether it corrects or cancels (1).
enum DocumentRow {
    static func facts(_ number: Serial, kind: Int, amends: Bool) -> UInt64 {
        UInt64(number.year) << 48 | UInt64(number.serial) << 16 | UInt64(kind) << 1 | (amends ? 1 : 0)
    }

    static func amends(_ row: [UInt64]) -> Bool {
        row[5] & 1 == 1
    }

    static func document(
        _ row: [UInt64], kinds: [String], record: RecordID, opening: LogAddress
    ) -> KnownDocument {
        KnownDocument(
            at: LogAddress(packed: Int64(row[2])), content: Token(high: row[3], low: row[4]), record: record,
            opening: opening,
            number: Serial(year: UInt16(row[5] >> 48), serial: UInt32(truncatingIfNeeded: row[5] >> 16)),
            kind: kinds[Int(row[5] >> 1 & 0x7FFF)])
    }
}
