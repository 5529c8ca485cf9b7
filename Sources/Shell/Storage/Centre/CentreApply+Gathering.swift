import Consensus
import Law
import Records
import Roles
import Uplink
import Vault
import Wire

/// A centre that was recovered with loss gives numbers back that it had told (design §7, "centre behind").
///
/// A told number is kept for its entry until that comes again, and given to no other. What was never told has no claim:
/// its numbers are given anew, lowest first, so that a year's numbers have no gap once all has come again.
extension CentreApply {
    /// From the recovery on every territory's node is waited for: each may have been told what is lost.
    func beginGathering(_ recovery: Recovery, at: LogAddress) throws {
        let begin = try connection.statement(
            """
            INSERT OR REPLACE INTO gathering(author, generation, downlink, own)
            SELECT author.number, ?, IFNULL(downlink_end.last, 0), ? FROM author
                LEFT JOIN downlink_end ON downlink_end.territory = author.territory
            WHERE author.role = 'territory' AND author.successor IS NULL AND author.closed IS NULL
            """)
        begin.bind(1, Int64(recovery.generation))
        begin.bind(2, Int64(at.index) - 1)
        try begin.run()
        for (_, author) in authors { changed(author.number) }
    }

    /// An operator's word that nobody is waited for any more. Whoever comes later is asked all the same.
    func waiveGathering() throws {
        try connection.execute("UPDATE gathering SET waived = 1")
        for (_, author) in authors { changed(author.number) }
    }

    func take(_ told: Told) throws {
        let number = AuthorNumber(told.author)
        guard let author = authors[number] else { return }
        let waiting = try connection.statement("SELECT 1 FROM gathering WHERE author = ? AND told IS NULL")
        waiting.bind(1, Int64(told.author))
        defer { waiting.reset() }
        guard try waiting.next() else { return }
        for bytes in told.items {
            guard case .receipts(let receipts)? = try? DownlinkItem(decoding: bytes), receipts.author == number else {
                continue
            }
            try keep(receipts, after: author.last)
        }
        changed(number)
        anyTold = nil
        guard told.isLast else { return }
        let heard = try connection.statement("UPDATE gathering SET told = ? WHERE author = ?")
        heard.bind(1, Int64(told.through))
        heard.bind(2, Int64(told.author))
        try heard.run()
    }

    private func keep(_ receipts: Receipts, after last: EntryIndex) throws {
        let insert = try connection.statement("INSERT OR IGNORE INTO told(at, number) VALUES(?, ?)")
        for (offset, serial) in receipts.confirmed.enumerated() where serial != 0 {
            let index = receipts.first + EntryIndex(offset)
            guard index > last else { continue }
            insert.bind(1, LogAddress(author: receipts.author, index: index).packed)
            insert.bind(2, Serial(year: receipts.year, serial: serial).packed)
            try insert.run()
            let top = CentreCounters.told(receipts.year)
            if Int64(serial) > (try counters.value(top)) { counters.set(top, Int64(serial)) }
        }
    }

    /// The number that was told for this entry; nil where none was, or it was given to another meanwhile because an
    /// operator would not wait: its territory hears so.
    func toldNumber(of at: LogAddress) throws -> Serial? {
        guard try isToldAny() else { return nil }
        let select = try connection.statement("SELECT number FROM told WHERE at = ?")
        select.bind(1, at.packed)
        defer { select.reset() }
        guard try select.next() else { return nil }
        let number = Serial(packed: select.integer(0))
        let delete = try connection.statement("DELETE FROM told WHERE at = ?")
        delete.bind(1, at.packed)
        try delete.run()
        guard try isConfirmed(number) else { return number }
        if let territory = authors[at.author]?.territory, hasDownlink(territory) {
            let text = "entry \(at.index) was told number \(ConfirmedNumber(number).text), which another has now"
            try send(DownlinkItem.notice(Notice(code: "renumbered", text: text)).encoded(), to: territory)
        }
        return nil
    }

    /// Whether a number below the greatest that was told is one of them, or given again.
    func isGiven(_ number: Serial) throws -> Bool {
        guard Int64(number.serial) <= (try counters.value(CentreCounters.told(number.year))) else { return false }
        if try isConfirmed(number) { return true }
        let select = try connection.statement("SELECT 1 FROM told WHERE number = ?")
        select.bind(1, number.packed)
        defer { select.reset() }
        return try select.next()
    }

    private func isConfirmed(_ number: Serial) throws -> Bool {
        let select = try connection.statement("SELECT 1 FROM confirmed WHERE number = ?")
        select.bind(1, number.packed)
        defer { select.reset() }
        return try select.next()
    }

    /// Asked once a turn: most centres never lost anything.
    private func isToldAny() throws -> Bool {
        if let anyTold { return anyTold }
        let select = try connection.statement("SELECT EXISTS(SELECT 1 FROM told)")
        _ = try select.next()
        defer { select.reset() }
        let isAny = select.integer(0) != 0
        anyTold = isAny
        return isAny
    }
}

extension Serial {
    init(packed: Int64) {
        self.init(year: UInt16(clamping: packed >> 32), serial: UInt32(truncatingIfNeeded: packed))
    }
}
