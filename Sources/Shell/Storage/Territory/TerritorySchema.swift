import Records

/// The tables of a territory's shard. There is none for accounts: only a centre has those (design §8).
///
/// Where a column is called `at` it holds `LogAddress.packed`.
enum TerritorySchema {
    static let schema = Schema(
        kind: "territory",
        steps: [
            """
            -- Every entry held: the own log, and what others wrote on records held here. The bytes are as chained.
            CREATE TABLE entries(at INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
            -- The own log's chain after the last entry of each turn.
            CREATE TABLE chain(at INTEGER PRIMARY KEY, digest BLOB NOT NULL);
            -- One row: what the role knows of itself.
            CREATE TABLE state(
                id INTEGER PRIMARY KEY CHECK(id = 1), author INTEGER NOT NULL, last INTEGER NOT NULL,
                digest BLOB NOT NULL, stamp INTEGER NOT NULL, counters BLOB NOT NULL, downlink INTEGER NOT NULL,
                pass BLOB NOT NULL, frontier INTEGER NOT NULL, frontier_digest BLOB NOT NULL, fence TEXT);
            CREATE TABLE kinds(number INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE);
            -- Provisional number (see ProvisionalKey) → its document.
            CREATE TABLE numbers(number INTEGER PRIMARY KEY, at INTEGER NOT NULL);
            -- Corrections and cancellations, by the address of the entry that opened their record.
            CREATE TABLE amendments(
                record INTEGER NOT NULL, at INTEGER NOT NULL, act INTEGER NOT NULL,
                PRIMARY KEY(record, at)) WITHOUT ROWID;
            CREATE INDEX amendments_at ON amendments(at);
            -- The salt of nonces: of the own log from this entry on, of a foreign entry for itself alone.
            CREATE TABLE salts(at INTEGER PRIMARY KEY, salt INTEGER NOT NULL);
            -- Access and control entries.
            CREATE TABLE journal(at INTEGER PRIMARY KEY);
            -- Confirmed serials of consecutive entries, four little-endian bytes each, 0 for none. `lowest` is the
            -- first of them as year << 32 | serial; null where there is none.
            CREATE TABLE receipts(
                first INTEGER PRIMARY KEY, year INTEGER NOT NULL, lowest INTEGER, serials BLOB NOT NULL);
            CREATE INDEX receipts_lowest ON receipts(lowest) WHERE lowest IS NOT NULL;
            CREATE TABLE findings(
                at INTEGER NOT NULL, code TEXT NOT NULL, field TEXT NOT NULL, severity INTEGER NOT NULL,
                PRIMARY KEY(at, code, field)) WITHOUT ROWID;
            CREATE TABLE notices(id INTEGER PRIMARY KEY, code TEXT NOT NULL, text TEXT NOT NULL);
            """,
            """
            -- Decisions of the nation, by their place in the centre's log; `refused` says why one has no effect here.
            CREATE TABLE decisions(at INTEGER PRIMARY KEY, bytes BLOB NOT NULL, refused TEXT);
            """,
            """
            ALTER TABLE state ADD COLUMN cloned INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE state ADD COLUMN unheard INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE state ADD COLUMN wants_index INTEGER NOT NULL DEFAULT 0;
            -- Logs of former seats, and how far they have come back (see FormerProgress).
            CREATE TABLE former(
                author INTEGER PRIMARY KEY, seat INTEGER NOT NULL, held INTEGER NOT NULL, digest BLOB NOT NULL,
                local INTEGER NOT NULL, goal INTEGER NOT NULL, told INTEGER NOT NULL);
            -- Entries of a log that diverged, taken out of it: where they stood, the chain's digest after them there,
            -- and where they stand now; `moved` is null while they wait, and 0 for what has no place in another log.
            CREATE TABLE aside(
                id INTEGER PRIMARY KEY, source INTEGER NOT NULL, at INTEGER NOT NULL, digest BLOB NOT NULL,
                salt INTEGER NOT NULL, bytes BLOB NOT NULL, moved INTEGER, UNIQUE(at, digest));
            CREATE INDEX aside_waiting ON aside(id) WHERE moved IS NULL;
            """,
            """
            -- Records that were handed to this territory, by their opening: how they are called.
            CREATE TABLE held(
                at INTEGER PRIMARY KEY, territory TEXT NOT NULL, seat INTEGER NOT NULL, provisional TEXT NOT NULL,
                confirmed INTEGER NOT NULL);
            CREATE INDEX held_provisional ON held(provisional);
            CREATE INDEX held_confirmed ON held(confirmed);
            """,
            """
            -- The file beside the store that was made when its author last began to write here (see FilePlace): a copy
            -- of both has another. No row: whichever is found is believed.
            CREATE TABLE place(
                id INTEGER PRIMARY KEY CHECK(id = 1), inode INTEGER NOT NULL, born INTEGER NOT NULL,
                written INTEGER NOT NULL);
            """,
            """
            -- What the rows of one source follow in the log they stood in: the entry before the first of them, and the
            -- chain's digest after it. It may have been set aside itself, before them or after.
            CREATE TABLE stretch(source INTEGER PRIMARY KEY, at INTEGER NOT NULL, digest BLOB NOT NULL);
            -- Where an entry that was moved stands in a log of this territory, by where it stood first and the digest
            -- after it there.
            CREATE TABLE origin(
                at INTEGER NOT NULL, digest BLOB NOT NULL, stands INTEGER NOT NULL,
                PRIMARY KEY(at, digest)) WITHOUT ROWID;
            CREATE INDEX origin_stands ON origin(stands);
            INSERT OR IGNORE INTO origin(at, digest, stands) SELECT at, digest, moved FROM aside
            WHERE moved > 0 AND moved <> at AND EXISTS(SELECT 1 FROM entries WHERE entries.at = moved);
            -- Moved in the order of their stamps: an entry comes after all that it names.
            ALTER TABLE aside ADD COLUMN stamp INTEGER NOT NULL DEFAULT 0;
            DROP INDEX aside_waiting;
            CREATE INDEX aside_waiting ON aside(stamp, id) WHERE moved IS NULL;
            """,
            """
            -- Corrections and cancellations whose record's opening is not here yet, by the record: a former log comes
            -- back before the downlink that brings what others opened.
            CREATE TABLE unlinked(
                high INTEGER NOT NULL, low INTEGER NOT NULL, at INTEGER NOT NULL, act INTEGER NOT NULL,
                PRIMARY KEY(high, low, at)) WITHOUT ROWID;
            """,
        ])
}

/// A provisional number in one integer: seat (11 bits) ‖ card kind's number (12) ‖ year since 2000 (8) ‖ serial (32).
///
/// So the numbers of one series stand side by side and are always appended at its end.
enum ProvisionalKey {
    /// Nil where a part is out of range: no such number was ever given.
    static func packed(seat: UInt32, kind: Int64, number: Serial) -> Int64? {
        guard seat < 1 << 11, kind < 1 << 12, (2_000..<2_256).contains(number.year) else { return nil }
        return Int64(seat) << 52 | kind << 40 | Int64(number.year - 2_000) << 32 | Int64(number.serial)
    }
}
