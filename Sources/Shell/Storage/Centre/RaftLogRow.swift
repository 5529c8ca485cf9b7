import Consensus
import Vault

/// One row of the Raft log as it lies in the file: what its columns say, and the sum that says whether to believe them.
///
/// The sum is the first eight bytes of SHA-256 over index, term, kind (big-endian: 8, 8 and 1 bytes) and bytes. Rows of
/// programs that wrote none have none and are believed.
struct RaftLogRow {
    var index: LogIndex
    var term: Term
    var kind: Int64
    var bytes: [UInt8]
    var sum: Int64?

    /// Of `columns`, in their order.
    init(_ row: Statement) {
        index = LogIndex(UInt64(bitPattern: row.integer(0)))
        term = Term(UInt64(bitPattern: row.integer(1)))
        kind = row.integer(2)
        bytes = row.bytes(3)
        sum = row.optionalInteger(4)
    }

    static let columns = "idx, term, kind, bytes, sum"

    static func sum(of entry: RaftEntry) -> Int64 {
        sum(entry.index, entry.term, Int64(entry.payload.kind), entry.payload.bytes)
    }

    private static func sum(_ index: LogIndex, _ term: Term, _ kind: Int64, _ bytes: [UInt8]) -> Int64 {
        var head: [UInt8] = []
        head.reserveCapacity(17)
        for number in [index.number, term.number] {
            for shift in stride(from: 56, through: 0, by: -8) {
                head.append(UInt8(truncatingIfNeeded: number >> UInt64(shift)))
            }
        }
        head.append(UInt8(truncatingIfNeeded: kind))
        var running = RunningDigest()
        running.add(head)
        running.add(bytes)
        return running.digest.withBytes { Int64(bitPattern: $0.loadUnaligned(as: UInt64.self).bigEndian) }
    }

    var isWhole: Bool {
        guard let sum else { return true }
        return Self.sum(index, term, kind, bytes) == sum
    }

    /// Whether it may have been a membership: then nothing can be told of the group without it.
    var mayBeMembership: Bool { kind != 1 || Membership(bytes: bytes) != nil }

    /// Nil where the row is not what was written.
    var entry: RaftEntry? {
        guard isWhole, let kind = UInt8(exactly: kind), let payload = RaftEntry.Payload(kind: kind, bytes: bytes) else {
            return nil
        }
        return RaftEntry(index: index, term: term, payload: payload)
    }
}

extension RaftLogTable {
    /// Reads every row against its sum and its neighbours. Damaged entries that are applied here are needed by nobody
    /// but followers, who can be sent a copy: the log is cut behind them. Any other is what this node has promised to
    /// hold and does not hold: it must not take part.
    ///
    /// - Returns: the damaged entries that were cut away.
    func mend() throws -> [LogIndex] {
        let stored = try head()
        var damaged: [LogIndex] = []
        // The first whole row after the last damaged one, and the membership in force there.
        var cut: SnapshotHead?
        var membership = stored.base.membership
        var next = stored.base.mark.index.next
        let rows = try connection.statement("SELECT \(RaftLogRow.columns) FROM raft_log ORDER BY idx")
        defer { rows.reset() }
        while try rows.next() {
            let row = RaftLogRow(rows)
            guard row.index == next else {
                throw StorageError.damaged(
                    file: connection.file, what: "entry \(next) of the Raft log is missing" + Self.remedy)
            }
            next = row.index.next
            guard let entry = row.entry else {
                guard row.index <= stored.applied, !row.mayBeMembership else {
                    throw StorageError.damaged(
                        file: connection.file,
                        what: "entry \(row.index) of the Raft log is not what was written"
                            + Self.remedy)
                }
                damaged.append(row.index)
                cut = nil
                continue
            }
            if case .membership(let changed) = entry.payload { membership = changed }
            if !damaged.isEmpty, cut == nil, entry.index <= stored.applied {
                cut = SnapshotHead(mark: entry.mark, membership: membership)
            }
        }
        guard let last = damaged.last else { return [] }
        guard let cut else {
            throw StorageError.damaged(
                file: connection.file,
                what: "entry \(last) of the Raft log is not what was written, and it is the last "
                    + "that is applied" + Self.remedy)
        }
        rows.reset()
        try compact(cut)
        return damaged
    }

    private static let remedy =
        ". It cannot count as held: remove this node from the group and join it again in an empty directory; "
        + "where no quorum is left, see esep centre recover --help"
}
