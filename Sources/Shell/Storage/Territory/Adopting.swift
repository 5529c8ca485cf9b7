import Records
import Roles
import Uplink
import Vault
import Wire

/// Taking over what another copy of a node's directory wrote (design §7, cloned).
extension TerritoryStore {
    /// Entries read from the other copy at a time.
    private static let bytesAtOnce = 1 << 20
    private static let rowsAtOnce = 256

    /// Sets aside what the other copy holds and this shard does not, to be moved at the node's next start: its log,
    /// what is left there of the logs of its former seats, and what waits there to be moved. Again changes nothing.
    ///
    /// - Parameter isTrial: count only.
    package func adopt(_ other: TerritoryStore, isTrial: Bool) throws(StorageError) -> Adoption {
        var adoption = Adoption(isTrial: isTrial)
        try adoptAside(of: other, &adoption)
        let state = other.recovered
        for former in state.formers where former.local > 0 && !has(.ownLogAdoptedAlone) {
            let common = Frontier(author: former.author.number, index: former.held, digest: former.digest)
            try adopt(logOf: former.author, after: common, through: former.local, of: other, &adoption)
        }
        let author = other.seat.author
        let common = Frontier(author: author.number, index: state.frontier, digest: state.frontierDigest)
        try adopt(logOf: author, after: common, through: state.last, of: other, &adoption)
        return adoption
    }

    // MARK: Logs

    /// - Parameter common: an entry that the centre has said it holds: both should. Where this shard does not, the log
    ///   is compared from its beginning.
    private func adopt(
        logOf author: AuthorNumber, after common: Frontier, through last: EntryIndex, of other: TerritoryStore,
        _ adoption: inout Adoption
    ) throws(StorageError) {
        let past = TerritorySeat(cluster: seat.cluster, territory: seat.territory, author: author, seat: 1)
        var log = AdoptedLog(author: author)
        log.chain = try file.read { connection in
            let own = try Self.digest(connection, past, at: common.index)
            return own == common.digest
                ? LogChain(index: common.index, digest: common.digest)
                : LogChain.genesis(cluster: seat.cluster, author: author.number)
        }
        while log.chain.index < last {
            let first = LogAddress(author: author, index: log.chain.index + 1)
            let entries = try other.readLog(of: author, from: first.index, maximumBytes: Self.bytesAtOnce)
            guard !entries.isEmpty else {
                throw .damaged(
                    file: other.file.path, what: "entry \(first.index) of author \(author.number) is missing")
            }
            let salt = try other.entry(first)?.nonceSalt ?? 0
            try adopt(entries, salt: salt, &log, &adoption)
        }
    }

    /// Sets aside what of these entries, the next of the other copy's log, does not stand here. Again changes nothing.
    private func adopt(
        _ entries: [[UInt8]], salt: UInt64, _ begunLog: inout AdoptedLog, _ begun: inout Adoption
    ) throws(StorageError) {
        let before = (begunLog, begun)
        (begunLog, begun) = try file.turn { connection in
            var (log, adoption) = before
            var salt = salt
            let held = try connection.statement("SELECT bytes FROM entries WHERE at = ?")
            for bytes in entries {
                let previous = log.chain.digest
                log.chain.extend(bytes)
                let at = LogAddress(author: log.author, index: log.chain.index)
                if case .control(.started(let drawn, _))? = (try? EntryCodec.decode(bytes))?.body { salt = drawn }
                if log.isCommon {
                    held.bind(1, at.packed)
                    log.isCommon = try held.next() && held.bytes(0) == bytes
                    held.reset()
                    if log.isCommon { continue }
                }
                let entry = AsideEntry(at: at, digest: log.chain.digest, salt: salt, bytes: bytes)
                try adoption.take(entry, after: previous, &log.run, connection)
            }
            return (log, adoption)
        }
    }

    private static func digest(
        _ connection: Connection, _ seat: TerritorySeat, at index: EntryIndex
    ) throws -> Digest? {
        let before = try LogRows.chain(connection, seat: seat, before: index + 1)
        guard before.index < index else { return before.digest }
        let end = try connection.statement("SELECT 1 FROM entries WHERE at = ?")
        end.bind(1, LogAddress(author: seat.author, index: index).packed)
        defer { end.reset() }
        guard try end.next() else { return nil }
        return try LogRows.digest(connection, seat: seat, at: index, from: before)
    }

    // MARK: What was set aside there

    /// What waits there, and what was moved there already: entries that wait may name it.
    private func adoptAside(of other: TerritoryStore, _ begun: inout Adoption) throws(StorageError) {
        var runs: [Int64: (run: AsideRun, before: Digest?)] = [:]
        var last: Int64 = 0
        while !has(.ownLogAdoptedAlone) {
            let rows = try other.aside(after: last, limit: Self.rowsAtOnce)
            guard let end = rows.last else { return }
            last = end.row
            for row in rows where runs[row.source] == nil {
                runs[row.source] = (AsideRun(), try other.digest(beforeSource: row.source))
            }
            let before = (runs, begun)
            (runs, begun) = try file.turn { connection in
                var (runs, adoption) = before
                for row in rows {
                    guard var (run, digest) = runs[row.source] else { continue }
                    try adoption.take(row, after: digest, &run, connection)
                    digest = row.digest
                    runs[row.source] = (run, digest)
                }
                return (runs, adoption)
            }
        }
    }

    /// All that was ever set aside here, in the order in which it was.
    private func aside(after row: Int64, limit: Int) throws(StorageError) -> [AsideEntry] {
        try file.read { connection in
            let select = try connection.statement("\(AsideRows.columns) FROM aside WHERE id > ? ORDER BY id LIMIT ?")
            select.bind(1, row)
            select.bind(2, Int64(limit))
            var entries: [AsideEntry] = []
            while try select.next() { entries.append(try AsideRows.read(select, connection)) }
            return entries
        }
    }

    private func digest(beforeSource source: Int64) throws(StorageError) -> Digest? {
        try file.read { connection in
            let select = try connection.statement("SELECT digest FROM stretch WHERE source = ?")
            select.bind(1, source)
            defer { select.reset() }
            return try select.next() ? Digest(select.bytes(0)) : nil
        }
    }
}

/// How far one log of another copy was compared with this shard.
private struct AdoptedLog {
    let author: AuthorNumber
    var chain = LogChain(index: 0, digest: Digest.of([]))
    var isCommon = true
    var run = AsideRun()
}

/// What was set aside of another copy.
package struct Adoption: Sendable {
    /// Entries set aside, to be moved at the node's next start.
    package private(set) var count: UInt64 = 0
    private let isTrial: Bool

    fileprivate init(isTrial: Bool) {
        self.isTrial = isTrial
    }

    fileprivate mutating func take(
        _ entry: AsideEntry, after before: Digest?, _ run: inout AsideRun, _ connection: Connection
    ) throws {
        let isNew =
            try isTrial ? !AsideRows.holds(entry, connection) : run.insert(entry, after: before, connection)
        if isNew { count += 1 }
    }
}
