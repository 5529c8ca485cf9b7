import Consensus
package import Records
import Roles
import Wire

/// Who holds which record, and what a new holder is sent: whatever is known of the record, and nothing else.
extension CentreApply {
    /// How many records of a closed body are handed over by one entry: a turn stays short.
    static let handedAtOnce = 200

    func holders(_ anchor: Int64, _ entries: [RecordEntry]) throws -> RecordHolders {
        var holders = try CentreStore.transferred(anchor, connection)
        for entry in entries where entry.opens {
            if let territory = authors[entry.at.author]?.territory { holders.add(territory, dot: entry.at) }
        }
        return holders
    }

    // MARK: One record

    func transfer(_ transfer: RecordTransfer, at: LogAddress, index: LogIndex) throws -> OwnOutcome {
        guard let known = try known(transfer.record) else {
            return .refused(code: "record-unknown", reason: "no such record is known at the centre")
        }
        let anchor = known.opening.packed
        if !transfer.to.isEmpty, let reason = try notAHolder(transfer.to) {
            return .refused(code: "holder", reason: reason)
        }
        let entries = try entries(of: anchor)
        let before = try holders(anchor, entries)
        for dot in transfer.releases { try release(dot, of: anchor) }
        if !transfer.to.isEmpty, !before.territories.contains(transfer.to) {
            try add(transfer.to, to: anchor, dot: at)
            try sendHistory(of: anchor, entries, to: transfer.to)
        }
        return .recorded(at: at, index: index)
    }

    /// Why a territory cannot hold records; nil where it can.
    func notAHolder(_ territory: String) throws -> String? {
        if retired.contains(territory) { return "\(territory) was closed" }
        let isSeated = authors.values.contains { $0.territory == territory && $0.number != .centre }
        let isAdded = try CentreStore.bodies(connection).contains { $0.code == territory }
        guard isSeated || isAdded else {
            return "no territory \(territory) is known: add it, or let a node of it join"
        }
        return hasDownlink(territory) ? nil : "the centre holds every record"
    }

    private func add(_ territory: String, to anchor: Int64, dot: LogAddress) throws {
        let insert = try connection.statement("INSERT OR IGNORE INTO holding(record, at, territory) VALUES(?, ?, ?)")
        insert.bind(1, anchor)
        insert.bind(2, dot.packed)
        insert.bind(3, territory)
        try insert.run()
    }

    private func release(_ dot: LogAddress, of anchor: Int64) throws {
        let insert = try connection.statement("INSERT OR IGNORE INTO released(record, at) VALUES(?, ?)")
        insert.bind(1, anchor)
        insert.bind(2, dot.packed)
        try insert.run()
    }

    /// The record's entries, openings first, with the keys of their blocks when they are sent; then its numbers.
    private func sendHistory(of anchor: Int64, _ entries: [RecordEntry], to territory: String) throws {
        for entry in entries.sorted(by: { ($0.opens ? 0 : 1, $0.stamp, $0.at) < ($1.opens ? 0 : 1, $1.stamp, $1.at) })
        where authors[entry.at.author]?.territory != territory {
            try send(entry: entry.at, to: territory)
        }
        let select = try connection.statement("SELECT year, serial FROM record WHERE at = ?")
        select.bind(1, anchor)
        defer { select.reset() }
        guard try select.next(), let opening = entries.first(where: \.opens) ?? entries.first,
            let line = try CentreStore.line(of: opening.at.author, connection)
        else { return }
        let held = HeldRecord(
            opening: opening.at, territory: line.territory, seat: line.seat, kind: opening.kind,
            provisional: opening.number,
            confirmed: Serial(year: UInt16(select.integer(0)), serial: UInt32(select.integer(1))))
        try send(DownlinkItem.held(held).encoded(), to: territory)
    }

    // MARK: All records of a closed body

    /// Hands the next records over, those after the ones that were. Which, follows from the rows alone.
    func handOver(_ act: TerritoryAct, at: LogAddress, index: LogIndex) throws -> OwnOutcome {
        let bodies = try CentreStore.bodies(connection)
        guard let body = bodies.first(where: { $0.code == act.territory }), let handed = body.handed
        else { return .refused(code: "handed", reason: "all records of \(act.territory) were handed over") }
        // One that was closed meanwhile holds nothing: whoever came after it does, if anybody.
        var successor = body.successor
        while !has(.handedToClosed), let next = bodies.first(where: { $0.code == successor && $0.closedBy != nil }) {
            successor = next.successor
        }
        let select = try connection.statement(
            "\(CentreStore.everHeld(after: "?2")) ORDER BY 1 LIMIT \(Self.handedAtOnce)")
        select.bind(1, act.territory)
        select.bind(2, handed)
        var anchors: [Int64] = []
        while try select.next() { anchors.append(select.integer(0)) }
        for anchor in anchors {
            let entries = try entries(of: anchor)
            let before = try holders(anchor, entries)
            guard before.territories.contains(act.territory) else { continue }
            for holder in before.holders where holder.territory == act.territory {
                try release(holder.dot, of: anchor)
            }
            guard !successor.isEmpty, !before.territories.contains(successor) else { continue }
            try add(successor, to: anchor, dot: at)
            try sendHistory(of: anchor, entries, to: successor)
        }
        let update = try connection.statement("UPDATE body SET handed = ? WHERE code = ?")
        if anchors.count == Self.handedAtOnce, let last = anchors.last {
            update.bind(1, last)
        } else {
            update.bindNull(1)
        }
        update.bind(2, act.territory)
        try update.run()
        return .recorded(at: at, index: index)
    }

    // MARK: Entries of a record, unopened

    struct RecordEntry {
        var at: LogAddress
        var stamp: Stamp
        var kind: String
        var number: Serial
        var opens: Bool
    }

    func entries(of anchor: Int64) throws -> [RecordEntry] {
        try CentreStore.entries(of: anchor, CentreReading(store: store, connection: connection))
    }
}

extension CentreStore {
    /// What transfers made of a record's holders: those who opened it are not among them.
    static func transferred(_ anchor: Int64, _ connection: Connection) throws -> RecordHolders {
        var holders = RecordHolders()
        let added = try connection.statement("SELECT at, territory FROM holding WHERE record = ?")
        added.bind(1, anchor)
        while try added.next() { holders.add(added.text(1), dot: LogAddress(packed: added.integer(0))) }
        let released = try connection.statement("SELECT at FROM released WHERE record = ?")
        released.bind(1, anchor)
        while try released.next() { holders.release(LogAddress(packed: released.integer(0))) }
        return holders
    }

    static func entries(of anchor: Int64, _ reading: CentreReading) throws -> [CentreApply.RecordEntry] {
        let select = try reading.connection.statement("SELECT at FROM amendment WHERE record = ? ORDER BY at")
        select.bind(1, anchor)
        var addresses = [LogAddress(packed: anchor)]
        while try select.next() { addresses.append(LogAddress(packed: select.integer(0))) }
        return try addresses.compactMap { at in
            let entry = try reading.entry(at)
            guard case .document(let document) = entry.body else { return nil }
            return CentreApply.RecordEntry(
                at: at, stamp: entry.stamp, kind: document.kind, number: document.number,
                opens: document.act == .register || document.act == .zero)
        }
    }

    /// Who holds a record, by its anchor.
    package func holders(of anchor: Int64) throws(StorageError) -> RecordHolders {
        try file.read { connection in
            var holders = try Self.transferred(anchor, connection)
            for entry in try Self.entries(of: anchor, CentreReading(store: self, connection: connection))
            where entry.opens {
                if let line = try Self.line(of: entry.at.author, connection) {
                    holders.add(line.territory, dot: entry.at)
                }
            }
            return holders
        }
    }

    /// Anchors of records that the territory of the first parameter may hold: opened by it, first or after others
    /// (and so written on by it), or given to it. For which territory a record counts says nothing of that.
    static func everHeld(after anchor: String) -> String {
        let own = "IN (SELECT number FROM author WHERE territory = ?1)"
        let opened = "SELECT at FROM record WHERE at >> 40 \(own) AND at > \(anchor)"
        let joined = "SELECT record FROM amendment WHERE at >> 40 \(own) AND record > \(anchor)"
        let given = "SELECT record FROM holding WHERE territory = ?1 AND record > \(anchor)"
        return (has(.handedFirstAlone) ? [opened, given] : [opened, joined, given]).joined(separator: " UNION ")
    }

    /// How many records a territory opened or was given, released ones included.
    package func recordsEverHeld(by territory: String) throws(StorageError) -> UInt64 {
        try file.read { connection in
            let select = try connection.statement(
                "SELECT COUNT(*) FROM (\(Self.everHeld(after: "0")))")
            select.bind(1, territory)
            defer { select.reset() }
            return try select.next() ? UInt64(select.integer(0)) : 0
        }
    }
}
