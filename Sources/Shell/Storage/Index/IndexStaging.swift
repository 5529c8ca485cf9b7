import Records

/// Rows of one table as they come, found again by chains over the low word of the key (a digest: it needs no hashing).
struct StagedRows: Sendable {
    private(set) var rows: IndexRows
    private var heads: [Int32]
    private var next: [Int32] = []

    init(width: Int) {
        rows = IndexRows(width: width)
        heads = [Int32](repeating: -1, count: 1 << 12)
    }

    var count: Int { next.count }

    /// The row's words, key first.
    mutating func insert(_ words: UInt64...) {
        precondition(words.count == rows.width, "a row of \(words.count) words in a table of \(rows.width)")
        if next.count == heads.count { widen() }
        let chain = Int(truncatingIfNeeded: words[1]) & (heads.count - 1)
        rows.words.append(contentsOf: words)
        next.append(heads[chain])
        heads[chain] = Int32(next.count - 1)
    }

    /// Visits the rows of a key, newest first, until told to stop.
    func visit(_ key: IndexKey, _ body: (ArraySlice<UInt64>) -> Bool) {
        var row = heads[Int(truncatingIfNeeded: key.low) & (heads.count - 1)]
        while row >= 0 {
            if rows.key(Int(row)) == key, !body(rows.row(Int(row))) { return }
            row = next[Int(row)]
        }
    }

    private mutating func widen() {
        heads = [Int32](repeating: -1, count: heads.count * 2)
        for row in 0..<next.count {
            let chain = Int(truncatingIfNeeded: rows.words[row * rows.width + 1]) & (heads.count - 1)
            next[row] = heads[chain]
            heads[chain] = Int32(row)
        }
    }
}

/// What was inserted since the last lot was set aside: one lot becomes one run of each table.
struct StagedLot: Sendable {
    var tables: [StagedRows] = IndexTable.allCases.map { StagedRows(width: $0.width) }
    /// The last entry of each author whose rows are in this lot or before it.
    var covered: [AuthorNumber: EntryIndex] = [:]

    subscript(table: IndexTable) -> StagedRows {
        _read { yield tables[table.rawValue] }
        _modify { yield &tables[table.rawValue] }
    }

    var isFull: Bool {
        self[.documents].count >= IndexLimits.stagedDocuments || self[.terms].count >= IndexLimits.stagedTerms
    }

    var isEmpty: Bool {
        tables.allSatisfy { $0.count == 0 }
    }
}
