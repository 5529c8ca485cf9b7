package import Records
import Roles
import Uplink
import Vault
import Wire

/// Taking over what another copy of a node's directory wrote (design §7, cloned).
extension TerritoryStore {
    /// Entries read from the other copy at a time.
    private static let bytesAtOnce = 1 << 20

    /// Sets aside what the log of another copy holds and this shard does not, to be moved at the node's next start.
    /// Again changes nothing.
    ///
    /// - Parameter isTrial: count only.
    package func adopt(_ other: TerritoryStore, isTrial: Bool) throws(StorageError) -> Adoption {
        let state = other.recovered
        let author = other.seat.author
        let common = Frontier(author: author.number, index: state.frontier, digest: state.frontierDigest)
        var adoption = try beginAdoption(of: author, after: common, isTrial: isTrial)
        while adoption.chain.index < state.last {
            let first = LogAddress(author: author, index: adoption.chain.index + 1)
            let entries = try other.readLog(from: first.index, maximumBytes: Self.bytesAtOnce)
            let salt = try other.entry(first)?.nonceSalt ?? 0
            try adopt(entries, salt: salt, &adoption)
        }
        return adoption
    }

    /// Begins taking over what another copy of this directory wrote under `author`, after an entry that both hold; from
    /// the log's beginning where they do not agree there.
    private func beginAdoption(
        of author: AuthorNumber, after common: Frontier, isTrial: Bool
    ) throws(StorageError) -> Adoption {
        let past = TerritorySeat(cluster: seat.cluster, territory: seat.territory, author: author, seat: 1)
        return try file.read { connection in
            let own = try Self.digest(connection, past, at: common.index)
            let chain =
                own == common.digest
                ? LogChain(index: common.index, digest: common.digest)
                : LogChain.genesis(cluster: seat.cluster, author: author.number)
            return Adoption(
                author: author, chain: chain, source: try AsideRows.nextSource(connection), isTrial: isTrial)
        }
    }

    /// Sets aside what of these entries, the next of the other copy's log, does not stand here. Again changes nothing.
    private func adopt(_ entries: [[UInt8]], salt: UInt64, _ adoption: inout Adoption) throws(StorageError) {
        let begun = adoption
        adoption = try file.turn { connection in
            var adoption = begun
            var salt = salt
            let held = try connection.statement("SELECT bytes FROM entries WHERE at = ?")
            for bytes in entries {
                adoption.chain.extend(bytes)
                let at = LogAddress(author: adoption.author, index: adoption.chain.index)
                if case .control(.started(let drawn, _))? = (try? EntryCodec.decode(bytes))?.body { salt = drawn }
                if adoption.isCommon {
                    held.bind(1, at.packed)
                    adoption.isCommon = try held.next() && held.bytes(0) == bytes
                    held.reset()
                    if adoption.isCommon { continue }
                }
                let row = AsideEntry(
                    row: 0, source: adoption.source, at: at, digest: adoption.chain.digest, salt: salt, bytes: bytes)
                if adoption.isTrial {
                    adoption.count += 1
                } else if try AsideRows.insert(row, connection) {
                    adoption.count += 1
                }
            }
            return adoption
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
}

/// How far another copy's log was compared with this shard, and what of it was set aside.
package struct Adoption: Sendable {
    package let author: AuthorNumber
    var chain: LogChain
    /// Entries set aside, to be moved at the node's next start.
    package internal(set) var count: UInt64 = 0
    var isCommon = true
    let source: Int64
    /// Count only.
    let isTrial: Bool

    init(author: AuthorNumber, chain: LogChain, source: Int64, isTrial: Bool) {
        self.author = author
        self.chain = chain
        self.source = source
        self.isTrial = isTrial
    }
}
