import Consensus

/// The Raft log and hard state within the centre's file.
struct RaftLogTable {
    let connection: Connection

    /// Carries out one write; the caller's transaction makes it all or nothing.
    func perform(_ write: LogWrite) throws {
        if let head = write.install {
            try connection.execute("DELETE FROM raft_log")
            try setBase(head)
        }
        if let from = write.truncateFrom {
            let delete = try connection.statement("DELETE FROM raft_log WHERE idx >= ?")
            delete.bind(1, Int64(from.number))
            try delete.run()
        }
        let insert = try connection.statement("INSERT INTO raft_log(idx, term, kind, bytes, sum) VALUES(?, ?, ?, ?, ?)")
        for entry in write.entries {
            insert.bind(1, Int64(entry.index.number))
            insert.bind(2, Int64(entry.term.number))
            insert.bind(3, Int64(entry.payload.kind))
            insert.bind(4, entry.payload.bytes)
            insert.bind(5, RaftLogRow.sum(of: entry))
            try insert.run()
        }
        let update = try connection.statement("UPDATE raft_state SET term = ?, vote = ?, last = ? WHERE id = 1")
        update.bind(1, Int64(write.hardState.term.number))
        update.bind(2, write.hardState.vote.map { Int64($0.number) })
        update.bind(3, Int64(write.hardState.last.number))
        try update.run()
        if let head = write.compact { try compact(head) }
    }

    func compact(_ head: SnapshotHead) throws {
        let delete = try connection.statement("DELETE FROM raft_log WHERE idx <= ?")
        delete.bind(1, Int64(head.mark.index.number))
        try delete.run()
        try setBase(head)
    }

    private func setBase(_ head: SnapshotHead) throws {
        let update = try connection.statement(
            "UPDATE raft_state SET base_index = ?, base_term = ?, base_members = ? WHERE id = 1")
        update.bind(1, Int64(head.mark.index.number))
        update.bind(2, Int64(head.mark.term.number))
        update.bind(3, head.membership.bytes)
        try update.run()
    }

    /// The first state of a new group; a no-op where there is one.
    func found(_ stored: StoredState) throws {
        let insert = try connection.statement(
            """
            INSERT OR IGNORE INTO raft_state(
                id, term, vote, last, base_index, base_term, base_members, applied, stamp)
            VALUES(1, 0, NULL, 0, ?, ?, ?, 0, 0)
            """)
        insert.bind(1, Int64(stored.base.mark.index.number))
        insert.bind(2, Int64(stored.base.mark.term.number))
        insert.bind(3, stored.base.membership.bytes)
        try insert.run()
    }

    /// Hard state, base and applied index: of the log itself nothing is read.
    func head() throws -> (hardState: HardState, base: SnapshotHead, applied: LogIndex) {
        let head = try connection.statement(
            "SELECT term, vote, last, base_index, base_term, base_members, applied FROM raft_state WHERE id = 1")
        guard try head.next(), let members = Membership(bytes: head.bytes(5)) else {
            throw StorageError.damaged(file: connection.file, what: "the state of the Raft log is missing")
        }
        let hardState = HardState(
            term: Term(UInt64(head.integer(0))),
            vote: head.optionalInteger(1).map { ReplicaID(UInt64($0)) }, last: LogIndex(UInt64(head.integer(2))))
        let base = SnapshotHead(
            mark: Mark(index: LogIndex(UInt64(head.integer(3))), term: Term(UInt64(head.integer(4)))),
            membership: members)
        let applied = LogIndex(UInt64(head.integer(6)))
        head.reset()
        return (hardState, base, applied)
    }

    func load() throws -> StoredState {
        let (hardState, base, applied) = try head()
        var terms: [Mark] = []
        let runs = try connection.statement("SELECT MIN(idx), term FROM raft_log GROUP BY term ORDER BY 1")
        while try runs.next() {
            terms.append(Mark(index: LogIndex(UInt64(runs.integer(0))), term: Term(UInt64(runs.integer(1)))))
        }
        var memberships: [StoredState.MembershipAt] = []
        let changes = try connection.statement("SELECT idx, bytes FROM raft_log WHERE kind = 2 ORDER BY idx")
        while try changes.next() {
            guard let membership = Membership(bytes: changes.bytes(1)) else {
                throw StorageError.damaged(file: connection.file, what: "a membership in the Raft log")
            }
            memberships.append(.init(index: LogIndex(UInt64(changes.integer(0))), membership: membership))
        }
        let end = try connection.statement("SELECT MAX(idx) FROM raft_log")
        _ = try end.next()
        let last = end.optionalInteger(0).map { LogIndex(UInt64($0)) } ?? base.mark.index
        end.reset()
        return StoredState(
            hardState: hardState, base: base, last: last, terms: terms, memberships: memberships, applied: applied)
    }

    /// Consecutive entries, at least one where there are any, until their cost passes the limit.
    func entries(from first: LogIndex, through last: LogIndex, costLimit: Int) throws -> [RaftEntry] {
        let select = try connection.statement(
            "SELECT \(RaftLogRow.columns) FROM raft_log WHERE idx BETWEEN ? AND ? ORDER BY idx")
        select.bind(1, Int64(first.number))
        select.bind(2, Int64(last.number))
        var entries: [RaftEntry] = []
        var cost = 0
        while try select.next() {
            guard let entry = RaftLogRow(select).entry else {
                throw StorageError.damaged(
                    file: connection.file, what: "entry \(select.integer(0)) of the Raft log is not what was written")
            }
            cost += entry.cost
            if cost > costLimit, !entries.isEmpty {
                select.reset()
                break
            }
            entries.append(entry)
        }
        return entries
    }
}
