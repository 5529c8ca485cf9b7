package import Records
import Roles
package import Uplink
import Wire

/// What the centre told of own entries. Rows never overlap: what is told later stands in place of what was told before.
extension TerritoryWriter {
    /// A centre recovered with loss tells again, in other stretches: what a stretch covers is cut out of older rows.
    func insert(first: LogAddress, year: UInt16, serials: [UInt32]) throws {
        let end = first.packed + Int64(serials.count)
        let older = try connection.statement(
            "SELECT first, year, serials FROM receipts WHERE first > ? AND first < ? ORDER BY first")
        // No row is longer than this, so none that begins before can reach in.
        older.bind(1, first.packed - Int64(ReceiptRows.longest))
        older.bind(2, end)
        var cut: [(first: Int64, year: UInt16, serials: [UInt32])] = []
        while try older.next() {
            let row = (older.integer(0), UInt16(clamping: older.integer(1)), SerialBytes.decode(older.bytes(2)))
            if row.0 + Int64(row.2.count) > first.packed { cut.append(row) }
        }
        for row in cut {
            let delete = try connection.statement("DELETE FROM receipts WHERE first = ?")
            delete.bind(1, row.first)
            try delete.run()
            let before = Int(clamping: first.packed - row.first)
            if before > 0 { try write(row.first, row.year, Array(row.serials.prefix(before))) }
            let after = Int(clamping: end - row.first)
            if after < row.serials.count { try write(end, row.year, Array(row.serials.dropFirst(max(0, after)))) }
        }
        try write(first.packed, year, serials)
    }

    private func write(_ first: Int64, _ year: UInt16, _ serials: [UInt32]) throws {
        let insert = try connection.statement(
            "INSERT INTO receipts(first, year, lowest, serials) VALUES(?, ?, ?, ?)")
        insert.bind(1, first)
        insert.bind(2, Int64(year))
        insert.bind(3, serials.filter { $0 != 0 }.min().map { Int64(year) << 32 | Int64($0) })
        insert.bind(4, SerialBytes.encode(serials))
        try insert.run()
    }

    /// What the centre's own log held after an entry, and came down from it, is gone.
    func giveUp(after last: LogAddress) throws {
        let end = LogAddress(author: last.author, index: (1 << 40) - 1).packed
        for (table, column) in ReceiptRows.ofCentre {
            let delete = try connection.statement("DELETE FROM \(table) WHERE \(column) > ? AND \(column) <= ?")
            delete.bind(1, last.packed)
            delete.bind(2, end)
            try delete.run()
        }
    }
}

enum ReceiptRows {
    /// Entries of one row, at the most: more than the centre ever tells in one item.
    static let longest = 1 << 14
    /// What hangs on an entry of the centre's.
    static let ofCentre = [
        ("entries", "at"), ("amendments", "at"), ("unlinked", "at"), ("salts", "at"), ("decisions", "at"),
    ]
}

extension TerritoryStore {
    /// What was told of own entries after this one, as it is told back, in so many messages as it takes. It has no gap:
    /// what lies behind one was not told in order, and is left out.
    package func told(after index: EntryIndex) throws(StorageError) -> [Uplink.Told] {
        try file.read { connection in
            let begin = LogAddress(author: seat.author, index: 0).packed
            let select = try connection.statement(
                "SELECT first, year, serials FROM receipts WHERE first > ? AND first < ? ORDER BY first")
            select.bind(1, LogAddress(author: seat.author, index: index).packed - Int64(ReceiptRows.longest))
            select.bind(2, begin + 1 << 40)
            var all: [Uplink.Told] = []
            var through = index
            var items: [[UInt8]] = []
            var bytes = 0
            while try select.next() {
                guard select.integer(0) > begin else { continue }
                let first = LogAddress(packed: select.integer(0)).index
                let serials = SerialBytes.decode(select.bytes(2))
                let last = first + EntryIndex(serials.count) - 1
                guard last > through else { continue }
                guard first <= through + 1 else { break }
                let item = DownlinkItem.receipts(
                    Receipts(
                        author: seat.author, first: through + 1, year: UInt16(clamping: select.integer(1)),
                        confirmed: Array(serials.dropFirst(Int(through + 1 - first))), findings: [])
                ).encoded()
                items.append(item)
                bytes += item.count
                through = last
                if bytes >= UplinkLimits.toldBytes {
                    all.append(Uplink.Told(author: seat.author.number, through: through, items: items, isLast: false))
                    (items, bytes) = ([], 0)
                }
            }
            select.reset()
            all.append(Uplink.Told(author: seat.author.number, through: through, items: items, isLast: true))
            return all
        }
    }
}
