import Records

/// What an index keeps in its file.
///
/// - `blocks(id, bytes)`: id is run << 24 | block; bytes are rows, each a few little-endian words, ascending over a
///   run.
/// - `runs`: complete runs alone. Blocks of a run that is not listed are left over from work that was cut off.
/// - `covered(author, upto)`: every document of the author up to there is in a listed run.
/// - `kinds(number, code)`: card kinds by their number in the rows.
enum IndexFile {
    static let schema = Schema(
        kind: "index",
        steps: [
            """
            CREATE TABLE blocks(id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
            CREATE TABLE runs(
                run INTEGER PRIMARY KEY, tab INTEGER NOT NULL, level INTEGER NOT NULL, row_count INTEGER NOT NULL,
                fences BLOB NOT NULL, filter BLOB NOT NULL);
            CREATE TABLE covered(author INTEGER PRIMARY KEY, upto INTEGER NOT NULL);
            CREATE TABLE kinds(number INTEGER PRIMARY KEY, code TEXT NOT NULL);
            """
        ])

    static func load(_ file: DatabaseFile) throws(StorageError) -> (state: NodeIndex.State, worker: NodeIndex.Worker) {
        try file.turn { connection in
            var state = NodeIndex.State()
            var numbers: Set<Int64> = []
            let runs = try connection.statement(
                "SELECT run, tab, level, row_count, fences, filter FROM runs ORDER BY run")
            while try runs.next() {
                let run = try run(runs, file: file.path)
                numbers.insert(run.number)
                state.runs[run.table.rawValue].append(run)
            }
            let covered = try connection.statement("SELECT author, upto FROM covered")
            while try covered.next() {
                state.covered[AuthorNumber(UInt32(covered.integer(0)))] = EntryIndex(covered.integer(1))
            }
            let kinds = try connection.statement("SELECT number, code FROM kinds ORDER BY number")
            while try kinds.next() {
                state.kindNumbers[kinds.text(1)] = state.kinds.count
                state.kinds.append(kinds.text(1))
            }
            let lastLeftover = try dropLeftovers(connection, keeping: numbers)
            let last = max(numbers.max() ?? 0, lastLeftover)
            return (state, NodeIndex.Worker(nextRun: last + 1))
        }
    }

    private static func run(_ row: Statement, file: String) throws(StorageError) -> IndexRun {
        guard let table = IndexTable(rawValue: Int(row.integer(1))),
            let filter = IndexFilter(words: littleEndianWords(row.bytes(5)))
        else { throw .damaged(file: file, what: "run \(row.integer(0)) is not readable") }
        return IndexRun(
            number: row.integer(0), table: table, level: Int(row.integer(2)), rowCount: Int(row.integer(3)),
            fences: littleEndianWords(row.bytes(4)), filter: filter)
    }

    /// Deletes blocks of runs that never came to be, or were merged away. Goes from run to run, not from block to
    /// block.
    private static func dropLeftovers(_ connection: Connection, keeping runs: Set<Int64>) throws -> Int64 {
        let next = try connection.statement("SELECT id FROM blocks WHERE id >= ? ORDER BY id LIMIT 1")
        var last: Int64 = 0
        while true {
            next.bind(1, (last + 1) << 24)
            guard try next.next() else { return last }
            last = next.integer(0) >> 24
            next.reset()
            if !runs.contains(last) {
                try delete(run: last, blocks: 0..<1 << 24, connection)
            }
        }
    }

    static func delete(run: Int64, blocks: Range<Int>, _ connection: Connection) throws(StorageError) {
        let delete = try connection.statement("DELETE FROM blocks WHERE id >= ? AND id < ?")
        delete.bind(1, IndexRun.blockKey(run: run, block: blocks.lowerBound))
        delete.bind(2, run << 24 + Int64(blocks.upperBound))
        try delete.run()
    }

    static func list(_ run: IndexRun, _ connection: Connection) throws(StorageError) {
        let insert = try connection.statement(
            "INSERT INTO runs(run, tab, level, row_count, fences, filter) VALUES(?, ?, ?, ?, ?, ?)")
        insert.bind(1, run.number)
        insert.bind(2, Int64(run.table.rawValue))
        insert.bind(3, Int64(run.level))
        insert.bind(4, Int64(run.rowCount))
        insert.bind(5, littleEndianBytes(run.fences))
        insert.bind(6, littleEndianBytes(run.filter.words))
        try insert.run()
    }

    static func unlist(_ run: IndexRun, _ connection: Connection) throws(StorageError) {
        let delete = try connection.statement("DELETE FROM runs WHERE run = ?")
        delete.bind(1, run.number)
        try delete.run()
    }

    static func cover(
        _ covered: [AuthorNumber: EntryIndex], kinds: [String], _ connection: Connection
    ) throws(StorageError) {
        let cover = try connection.statement("INSERT OR REPLACE INTO covered(author, upto) VALUES(?, ?)")
        for (author, index) in covered {
            cover.bind(1, Int64(author.number))
            cover.bind(2, Int64(index))
            try cover.run()
        }
        let kind = try connection.statement("INSERT OR IGNORE INTO kinds(number, code) VALUES(?, ?)")
        for (number, code) in kinds.enumerated() {
            kind.bind(1, Int64(number))
            kind.bind(2, code)
            try kind.run()
        }
    }
}
