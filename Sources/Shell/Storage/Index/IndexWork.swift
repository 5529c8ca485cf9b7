/// Rows of one source in ascending order: a sorted lot in memory, or a stored run read block by block.
struct RowCursor: Sendable {
    private var rows: IndexRows
    private var row = 0
    private let run: IndexRun?
    private var block = 0

    init(sorted rows: IndexRows) {
        self.rows = rows
        run = nil
    }

    init(_ run: IndexRun) {
        rows = IndexRows(width: run.table.width)
        self.run = run
    }

    /// Loads the next block where this one is used up. False at the end.
    mutating func ready(_ connection: Connection) throws -> Bool {
        if row < rows.count { return true }
        guard let run, block < run.blockCount else { return false }
        let select = try connection.statement("SELECT bytes FROM blocks WHERE id = ?")
        select.bind(1, IndexRun.blockKey(run: run.number, block: block))
        guard try select.next() else {
            throw StorageError.damaged(file: connection.file, what: "block \(block) of run \(run.number) is missing")
        }
        rows = IndexRows(bytes: select.bytes(0), width: run.table.width)
        select.reset()
        row = 0
        block += 1
        return row < rows.count
    }

    var key: IndexKey { rows.key(row) }
    var current: ArraySlice<UInt64> { rows.row(row) }

    mutating func advance() {
        row += 1
    }

    /// Whether this cursor's row comes before the other's.
    func precedes(_ other: RowCursor) -> Bool {
        let (mine, theirs) = (key, other.key)
        if mine != theirs { return mine < theirs }
        return current.lexicographicallyPrecedes(other.current)
    }
}

/// A run in the making: sources are merged into blocks, a slice at a time.
struct RunBuilder: Sendable {
    let number: Int64
    let table: IndexTable
    let level: Int
    private var cursors: [RowCursor]
    private var block = IndexRows(width: 1)
    private var fences: [UInt64] = []
    private var filter: IndexFilter
    private var rowCount = 0
    private var last: [UInt64] = []

    init(number: Int64, table: IndexTable, level: Int, cursors: [RowCursor], expectedRows: Int) {
        self.number = number
        self.table = table
        self.level = level
        self.cursors = cursors
        block = IndexRows(width: table.width)
        filter = IndexFilter(rows: expectedRows)
    }

    /// Writes up to `limit` blocks. The finished run once the sources are used up, nil before.
    mutating func write(_ limit: Int, _ connection: Connection) throws -> IndexRun? {
        var written = 0
        while written < limit {
            guard let least = try leastCursor(connection) else {
                if block.count > 0 { try flush(connection) }
                return IndexRun(
                    number: number, table: table, level: level, rowCount: rowCount, fences: fences, filter: filter)
            }
            take(least)
            if block.count == table.rowsPerBlock {
                try flush(connection)
                written += 1
            }
        }
        return nil
    }

    private mutating func leastCursor(_ connection: Connection) throws -> Int? {
        var least: Int?
        var position = 0
        while position < cursors.count {
            guard try cursors[position].ready(connection) else {
                cursors.remove(at: position)
                continue
            }
            if let held = least {
                if cursors[position].precedes(cursors[held]) { least = position }
            } else {
                least = position
            }
            position += 1
        }
        return least
    }

    private mutating func take(_ cursor: Int) {
        let row = cursors[cursor].current
        if !row.elementsEqual(last) {
            if block.count == 0 { fences.append(contentsOf: row.prefix(2)) }
            filter.insert(cursors[cursor].key)
            block.words.append(contentsOf: row)
            last.removeAll(keepingCapacity: true)
            last.append(contentsOf: row)
            rowCount += 1
        }
        cursors[cursor].advance()
    }

    private mutating func flush(_ connection: Connection) throws {
        let insert = try connection.statement("INSERT INTO blocks(id, bytes) VALUES(?, ?)")
        insert.bind(1, IndexRun.blockKey(run: number, block: fences.count / 2 - 1))
        insert.bind(2, littleEndianBytes(block.words))
        try insert.run()
        block.words.removeAll(keepingCapacity: true)
    }
}

/// The piece of work an index is at: done a slice at a time, taken up anew after a crash from what is stored.
enum IndexJob: Sendable {
    /// A lot is written as one run of each table that has rows.
    case write(lot: StagedLot, building: [RunBuilder], done: [IndexRun])
    /// Runs of one level become one run of the next.
    case merge(RunBuilder, sources: [IndexRun])
    /// Blocks of runs that were merged away are deleted.
    case clear([Clearance])

    struct Clearance: Sendable {
        var run: Int64
        var next: Int
        var blockCount: Int
    }
}
