import Law

/// The centre's store: one SQLite file, one transaction a turn (design §3, §8).
///
/// Nothing personal stands in clear: entries hold sealed blocks, subjects are counters, account entries name subjects
/// by number, facts are depersonalised. A record's merged state is not stored: it is folded from its entries.
enum CentreSchema {
    /// Applying changes pages at random places, a few rows of each: larger ones would be so much more to write to the
    /// log, to sync and to move. A file keeps the size it was made with.
    static let pageBytes = 4096

    static let schema = Schema(
        kind: "centre",
        steps: [
            log, nation, derived, judging, members, acts, decided, recovered, bundles, reseated, bodies, former,
            gathered, caps,
        ])

    /// Raft's log and hard state; every author's log; who the authors are.
    private static let log = """
        CREATE TABLE raft_log(
            idx INTEGER PRIMARY KEY, term INTEGER NOT NULL, kind INTEGER NOT NULL, bytes BLOB NOT NULL);
        CREATE TABLE raft_state(
            id INTEGER PRIMARY KEY CHECK(id = 1), term INTEGER NOT NULL, vote INTEGER, last INTEGER NOT NULL,
            base_index INTEGER NOT NULL, base_term INTEGER NOT NULL, base_members BLOB NOT NULL,
            applied INTEGER NOT NULL, stamp INTEGER NOT NULL, leader INTEGER NOT NULL DEFAULT 0);
        CREATE TABLE archive(at INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
        CREATE TABLE chain(at INTEGER PRIMARY KEY, digest BLOB NOT NULL);
        CREATE TABLE salt(at INTEGER PRIMARY KEY, salt INTEGER NOT NULL);
        CREATE TABLE suspect(at INTEGER PRIMARY KEY);
        CREATE TABLE author(
            number INTEGER PRIMARY KEY, role TEXT NOT NULL, territory TEXT NOT NULL, name TEXT NOT NULL,
            seat INTEGER NOT NULL, last INTEGER NOT NULL, digest BLOB NOT NULL,
            pass BLOB, previous_pass BLOB, pass_used INTEGER NOT NULL DEFAULT 0);
        CREATE TABLE token(
            hash BLOB PRIMARY KEY, role TEXT NOT NULL, territory TEXT NOT NULL, expires INTEGER NOT NULL,
            used_by INTEGER) WITHOUT ROWID;
        CREATE TABLE counter(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        """

    /// Records, whom they speak of, and what goes down to the territories.
    private static let nation = """
        CREATE TABLE record(
            at INTEGER PRIMARY KEY, high INTEGER NOT NULL, low INTEGER NOT NULL, kind TEXT NOT NULL,
            territory TEXT NOT NULL, year INTEGER NOT NULL, serial INTEGER NOT NULL, day INTEGER NOT NULL,
            state INTEGER NOT NULL);
        CREATE TABLE amendment(
            record INTEGER NOT NULL, at INTEGER NOT NULL, year INTEGER NOT NULL, serial INTEGER NOT NULL,
            PRIMARY KEY(record, at)) WITHOUT ROWID;
        CREATE TABLE confirmed(number INTEGER PRIMARY KEY, record INTEGER NOT NULL);
        CREATE TABLE provisional(
            author INTEGER NOT NULL, kind TEXT NOT NULL, year INTEGER NOT NULL, serial INTEGER NOT NULL,
            record INTEGER NOT NULL, PRIMARY KEY(author, kind, year, serial)) WITHOUT ROWID;
        CREATE TABLE subject(number INTEGER PRIMARY KEY, numbered INTEGER NOT NULL);
        CREATE TABLE party(
            record INTEGER NOT NULL, slot INTEGER NOT NULL, subject INTEGER NOT NULL,
            PRIMARY KEY(record, slot)) WITHOUT ROWID;
        CREATE TABLE link(
            subject INTEGER NOT NULL, record INTEGER NOT NULL, PRIMARY KEY(subject, record)) WITHOUT ROWID;
        CREATE TABLE finding(
            record INTEGER NOT NULL, at INTEGER NOT NULL, code TEXT NOT NULL, severity INTEGER NOT NULL,
            path TEXT NOT NULL, other TEXT NOT NULL, PRIMARY KEY(record, at, code, path, other)) WITHOUT ROWID;
        CREATE TABLE discrepancy(
            record INTEGER NOT NULL, field INTEGER NOT NULL, kind TEXT NOT NULL, territory TEXT NOT NULL,
            PRIMARY KEY(record, field)) WITHOUT ROWID;
        CREATE TABLE downlink(
            territory TEXT NOT NULL, position INTEGER NOT NULL, at INTEGER, bytes BLOB,
            PRIMARY KEY(territory, position)) WITHOUT ROWID;
        CREATE TABLE downlink_end(
            territory TEXT PRIMARY KEY, last INTEGER NOT NULL, taken INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE journal(
            at INTEGER PRIMARY KEY, stamp INTEGER NOT NULL, officer TEXT NOT NULL, action TEXT NOT NULL);
        CREATE TABLE journal_subject(
            subject INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY(subject, at)) WITHOUT ROWID;
        """

    /// The accounts, derived. `account_event` is what each record says, `account` what follows from a scope's events.
    private static let derived = """
        CREATE TABLE account_event(
            type TEXT NOT NULL, scope TEXT NOT NULL, record INTEGER NOT NULL, part INTEGER NOT NULL,
            effect INTEGER NOT NULL, state TEXT NOT NULL, subject INTEGER NOT NULL, day INTEGER NOT NULL,
            until INTEGER, year INTEGER NOT NULL, serial INTEGER NOT NULL, stamp INTEGER NOT NULL,
            cancelled INTEGER NOT NULL, PRIMARY KEY(type, scope, record, part)) WITHOUT ROWID;
        CREATE TABLE account(
            type TEXT NOT NULL, scope TEXT NOT NULL, subject INTEGER NOT NULL, year INTEGER NOT NULL,
            serial INTEGER NOT NULL, part INTEGER NOT NULL, state TEXT NOT NULL, is_ended INTEGER NOT NULL,
            opened INTEGER NOT NULL, ended INTEGER, until INTEGER, conflict INTEGER NOT NULL,
            PRIMARY KEY(type, scope, subject)) WITHOUT ROWID;
        CREATE INDEX account_of_subject ON account(subject) WHERE subject > 0;
        """

    /// Findings of rules of nation scope, open until `withdrawn`; what they wait for; and when a grace ends. Days are
    /// the leader's, of the proposal that decided. `body` is the sender whose card it is.
    private static let judging = """
        ALTER TABLE finding ADD COLUMN raised INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE finding ADD COLUMN withdrawn INTEGER;
        ALTER TABLE finding ADD COLUMN body TEXT NOT NULL DEFAULT '';
        CREATE INDEX finding_of_code ON finding(code, record);
        CREATE TABLE awaited(
            high INTEGER NOT NULL, low INTEGER NOT NULL, record INTEGER NOT NULL, code TEXT NOT NULL,
            path TEXT NOT NULL, PRIMARY KEY(high, low, record, code, path)) WITHOUT ROWID;
        CREATE INDEX awaited_of_record ON awaited(record, code, path);
        CREATE TABLE due(
            day INTEGER NOT NULL, record INTEGER NOT NULL, code TEXT NOT NULL, path TEXT NOT NULL,
            PRIMARY KEY(day, record, code, path)) WITHOUT ROWID;
        """

    /// Where the nodes of the centre are reached. Who of them belongs to the group is in the Raft log.
    private static let members = """
        CREATE TABLE member(number INTEGER PRIMARY KEY, name TEXT NOT NULL, address TEXT NOT NULL);
        """

    /// What officials decide about subjects, and what waits for them to. `bond`: two subjects are one person, by the
    /// act at `at`. `conflict`: findings V109 and V110; `decided` is the act that ended the waiting. `candidate`: two
    /// open records that may speak of one person nobody has named, by their anchors; `day` is the log's when it was
    /// proposed.
    private static let decided = """
        CREATE TABLE bond(
            first INTEGER NOT NULL, second INTEGER NOT NULL, at INTEGER NOT NULL,
            PRIMARY KEY(first, second)) WITHOUT ROWID;
        CREATE TABLE conflict(
            first INTEGER NOT NULL, second INTEGER NOT NULL, code TEXT NOT NULL, record INTEGER NOT NULL,
            day INTEGER NOT NULL, decided INTEGER, PRIMARY KEY(first, second)) WITHOUT ROWID;
        CREATE INDEX conflict_waiting ON conflict(day) WHERE decided IS NULL;
        CREATE TABLE candidate(
            first INTEGER NOT NULL, second INTEGER NOT NULL, likeness INTEGER NOT NULL, day INTEGER NOT NULL,
            verdict TEXT, decided INTEGER, PRIMARY KEY(first, second)) WITHOUT ROWID;
        CREATE INDEX candidate_of_second ON candidate(second);
        """
}

extension CentreSchema {
    /// Each row of the Raft log with a sum over the whole row; nothing where an older program wrote it. And each time
    /// the centre went on from one node's store: under which number, and where that stands in the centre's own log.
    private static let recovered = """
        ALTER TABLE raft_log ADD COLUMN sum INTEGER;
        CREATE TABLE recovery(
            generation INTEGER PRIMARY KEY, number INTEGER NOT NULL, at INTEGER NOT NULL);
        """

    /// Seats that go on in place of others. `successor` goes on for an author, `told` is the last index its node told
    /// of (each node's own knowledge). `origin`: entries that were moved from a log that diverged, each taken once.
    /// `reseat`: why an author was seated in place of another, or of all (0).
    private static let reseated = """
        ALTER TABLE author ADD COLUMN successor INTEGER;
        ALTER TABLE author ADD COLUMN told INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE origin(
            author INTEGER NOT NULL, idx INTEGER NOT NULL, digest BLOB NOT NULL, at INTEGER NOT NULL,
            PRIMARY KEY(author, idx, digest)) WITHOUT ROWID;
        CREATE INDEX origin_at ON origin(at);
        CREATE TABLE reseat(author INTEGER PRIMARY KEY, former INTEGER NOT NULL, cause INTEGER NOT NULL);
        """

    /// Decisions of the nation, by their entries; and what each sender handed in for a month (V015), as year * 12 +
    /// month - 1.
    private static let acts = """
        CREATE TABLE decision(at INTEGER PRIMARY KEY);
        CREATE TABLE handed(
            month INTEGER NOT NULL, sender TEXT NOT NULL, kind TEXT NOT NULL, documents INTEGER NOT NULL,
            zeros INTEGER NOT NULL, PRIMARY KEY(month, sender, kind)) WITHOUT ROWID;
        """
}

extension CentreSchema {
    /// The keys that bundles are sealed to. Their private halves lie in the keyring.
    private static let bundles = """
        CREATE TABLE bundle_epoch(
            number INTEGER PRIMARY KEY, key BLOB NOT NULL, open_from INTEGER NOT NULL, at INTEGER NOT NULL);
        """

    /// How much of its line a territory's data may take.
    private static let caps = """
        CREATE TABLE line_cap(
            territory TEXT PRIMARY KEY, rate INTEGER NOT NULL, open_from INTEGER NOT NULL,
            open_to INTEGER NOT NULL) WITHOUT ROWID;
        """

    /// Bodies as acts made them; authors that are heard no more; and who holds a record besides those who opened it:
    /// `at` is the holder's dot, of a transfer in `holding`, of an opening or a transfer in `released`.
    private static let bodies = """
        CREATE TABLE body(
            code TEXT PRIMARY KEY, name TEXT NOT NULL, closed_by TEXT, successor TEXT NOT NULL,
            handed INTEGER) WITHOUT ROWID;
        ALTER TABLE author ADD COLUMN closed TEXT;
        CREATE TABLE holding(
            record INTEGER NOT NULL, at INTEGER NOT NULL, territory TEXT NOT NULL,
            PRIMARY KEY(record, at)) WITHOUT ROWID;
        CREATE INDEX holding_of_territory ON holding(territory, record);
        CREATE TABLE released(record INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY(record, at)) WITHOUT ROWID;
        """

    /// The order in which a record's amendments were heard, from 1; and whom its parties were until the amendment of
    /// that place made them others. The index keeps what a subject was once known by, so one that is begun anew must
    /// learn that, too: linking asks it, and all voters must link alike.
    private static let former = """
        ALTER TABLE amendment ADD COLUMN place INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE former(
            record INTEGER NOT NULL, slot INTEGER NOT NULL, place INTEGER NOT NULL, subject INTEGER NOT NULL,
            PRIMARY KEY(record, slot, place)) WITHOUT ROWID;
        """
}

extension CentreSchema {
    /// After a recovery with loss: of whom the centre waits to hear what it told, `downlink` and `own` being the last
    /// position of that territory and the last entry of the centre's own log that stand; and which numbers were told
    /// (year << 32 | serial) for entries that are not here again yet.
    private static let gathered = """
        CREATE TABLE gathering(
            author INTEGER PRIMARY KEY, generation INTEGER NOT NULL, downlink INTEGER NOT NULL, own INTEGER NOT NULL,
            told INTEGER, waived INTEGER NOT NULL DEFAULT 0);
        CREATE TABLE told(at INTEGER PRIMARY KEY, number INTEGER NOT NULL);
        CREATE INDEX told_number ON told(number);
        """
}

/// The fact table of one card kind: made from the catalogue, so that no card is named here.
struct FactTable: Sendable {
    let name: String
    let kind: String
    /// Slots of the kind's persons and entities: `subject_1`, …
    let slots: [UInt16]
    /// The columns of all editions, each once, in the order they first appear.
    let columns: [FactColumn]

    init(kind: String, editions: [CardKind]) {
        self.kind = kind
        name = "fact_" + kind.lowercased().map { $0.isLetter || $0.isNumber ? String($0) : "_" }.joined()
        var slots: Set<UInt16> = []
        var columns: [FactColumn] = []
        for edition in editions {
            for field in edition.fields {
                if case .person(let slot) = field.placement { slots.insert(slot) }
            }
            for column in edition.factColumns where !columns.contains(where: { $0.name == column.name }) {
                columns.append(column)
            }
        }
        self.slots = slots.sorted()
        self.columns = columns
    }

    static func all(of catalogue: Catalogue) -> [FactTable] {
        var codes: [String] = []
        for edition in catalogue.editions {
            for kind in edition.kinds where !codes.contains(kind.code) { codes.append(kind.code) }
        }
        return codes.map { code in FactTable(kind: code, editions: catalogue.editions.compactMap { $0.kind(code) }) }
    }

    /// What every kind's table has: the accounting day, who registered and who sent, and whether it came late (V006).
    private static let common: [(name: String, type: String)] = [
        ("day", "INTEGER NOT NULL"), ("territory", "TEXT NOT NULL"), ("sender", "TEXT NOT NULL"),
        ("name", "TEXT NOT NULL"), ("is_late", "INTEGER NOT NULL"),
    ]

    /// Columns before the facts.
    private var head: [String] {
        ["record INTEGER PRIMARY KEY"] + Self.common.map { $0.name + " " + $0.type }
            + slots.map { "subject_\($0) INTEGER" }
    }

    /// Makes the table, or adds the columns that a newer edition brought.
    func make(in connection: Connection) throws {
        var have: Set<String> = []
        let info = try connection.statement("SELECT name FROM pragma_table_info('\(name)')")
        while try info.next() { have.insert(info.text(0)) }
        let wanted = head + columns.map { "\"f_\($0.name)\"" + ($0.isNumber ? " INTEGER" : " TEXT") }
        if have.isEmpty {
            try connection.execute("CREATE TABLE \(name)(\(wanted.joined(separator: ", ")))")
            try connection.execute("CREATE INDEX \(name)_day ON \(name)(day)")
            return
        }
        for column in wanted {
            let plain = column.split(separator: " ")[0].filter { $0 != "\"" }
            if !have.contains(plain) { try connection.execute("ALTER TABLE \(name) ADD COLUMN \(column)") }
        }
    }

    /// Replaces a record's row. Parameters: record, day, territory, sender, name, is_late, subjects, facts.
    var insertion: String {
        let names =
            ["record"] + Self.common.map(\.name) + slots.map { "subject_\($0)" }
            + columns.map { "\"f_\($0.name)\"" }
        let marks = names.map { _ in "?" }.joined(separator: ", ")
        return "INSERT OR REPLACE INTO \(name)(\(names.joined(separator: ", "))) VALUES(\(marks))"
    }

    var deletion: String { "DELETE FROM \(name) WHERE record = ?" }
}

extension FactColumn {
    var isNumber: Bool {
        switch storage {
        case .integer, .decimal, .day: true
        case .text, .textSet: false
        }
    }
}
