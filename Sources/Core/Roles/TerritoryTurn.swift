package import Records
package import Uplink
package import Vault
package import Wire

/// What a territory's turn takes in. All that waits is given at once, in the order it came.
package enum TerritoryInput: Sendable {
    /// The first input after a start: the random number this run's nonces hold, and the program's version.
    case started(nonceSalt: UInt64, software: String)
    case submit(Ticket, [Draft])
    /// Somebody was shown something: the entry is durable before he is answered.
    case access(Ticket, AccessEntry)
    /// A connection to the centre stands, its certificate checked.
    case linkUp(Session)
    /// The connection is gone.
    case linkDown(Session)
    /// The centre could not be reached.
    case dialFailed
    case received(Session, UplinkMessage)
    /// Part of a message has come, and not all of it yet.
    case stirred(Session)
    /// How much of this line data may take: the centre says it before the welcome.
    case capped(Session, LineCap)
    /// The log's entries from `first` on, as many as were asked for and there.
    case logRead(Session, first: EntryIndex, entries: [[UInt8]])
    /// The chain's digest after the entry that was asked for.
    case digestRead(Session, Frontier)
    /// What was told of own entries, in as many messages as it takes; the last says so.
    case toldRead(Session, [Told])
    /// A receipt that was carried here: the centre's frontier, whose digest this log has at that entry, and items of
    /// the downlink. Answered by `TerritoryPromise.carried`.
    case carried(Ticket, Frontier, Downlink)
    /// The disk is full, or has space again.
    case space(Bool)
    /// The seed of a new author's key tree, drawn and kept: the answer to `drawSeed`.
    case seed(Secret)
    /// Entries that were set aside, sealed anew for the places from `first` on: the answer to `moveAside`.
    case moved(first: EntryIndex, [MovedEntry])
    case tick
}

/// What the store is asked before a turn, and answers to `Territory.step`.
package struct TerritoryRows: Sendable {
    package var documents: [RecordID: KnownDocument]
    /// The entries that `formerReads` names.
    package var local: [[UInt8]]
    /// Of `documents` those that do not stand where they are known: looked for while `Territory.mayKnowSetAside`.
    package var setAside: Set<RecordID>

    package init(
        documents: [RecordID: KnownDocument] = [:], local: [[UInt8]] = [], setAside: Set<RecordID> = []
    ) {
        self.documents = documents
        self.local = local
        self.setAside = setAside
    }
}

/// Everything a turn decided. The shell carries it out in this order: `deeds` may begin at once; then `appended`,
/// `taken` and `state` are stored in one transaction; then, and only then, `promises` leave. Where storing fails for
/// want of space, the shell takes back the role's value from before the turn and runs the same inputs again after
/// `space(false)`.
package struct TerritoryTurn: Sendable {
    /// Entries of this node's own log, in order.
    package var appended: [AppendedEntry] = []
    /// What the downlink brought, in order.
    package var taken: [TakenItem] = []
    /// Where entries that were set aside went; `appended` holds them.
    package var moved: [MovedRow] = []
    /// How far former logs have come back, where that changed.
    package var formers: [FormerProgress] = []
    /// The row to save with them; nil where nothing changed.
    package var state: TerritoryState?
    /// False where the commit carries no promise and need not be synced.
    package var isDurable = false
    package var promises: [TerritoryPromise] = []
    package var deeds: [TerritoryDeed] = []
    /// A sentence for the operator's log, one for each thing he should know of.
    package var remarks: [String] = []
    /// Inputs for which this turn had no room: to be given first to the next one, which follows at once.
    package var deferred: [TerritoryInput] = []

    package init() {}

    /// Whether there is anything to store.
    package var storesNothing: Bool { appended.isEmpty && taken.isEmpty && moved.isEmpty && state == nil }
}

/// What may leave only after the turn is on the disk, in this order.
package enum TerritoryPromise: Sendable {
    /// One outcome for each draft of the ticket. An access entry that cannot be recorded is answered by one
    /// `unavailable`.
    case answer(Ticket, [SubmitOutcome])
    /// The access entry of this ticket is durable.
    case recorded(Ticket, at: LogAddress)
    /// What a receipt told is stored; or a sentence that says why it is not.
    case carried(Ticket, refused: String?)
    case send(Session, UplinkMessage)
    /// Read the log, at most `UplinkLimits.batchEntries` entries, and give back `logRead`.
    case readLog(Session, first: EntryIndex, maximumBytes: Int)
    /// Find the chain's digest after this entry and give back `digestRead`.
    case readDigest(Session, EntryIndex)
    /// Find what was told of own entries after this one, and give back `toldRead`.
    case readTold(Session, after: EntryIndex)
    /// Close the connection once what was sent on it has left. `linkDown` need not follow.
    case close(Session, reason: String)
    /// The node is seated anew: keep the new author's key tree, then who the node is; then begin anew as that.
    case reseated(Reseated)
    /// Begin anew over what is stored: what is from before may be opened, and is to be indexed.
    case reopen
    /// Whether this node gives numbers is decided: it was not since its start.
    case settled
}

/// What promises nothing and may be done at once.
package enum TerritoryDeed: Sendable {
    /// The answer to a question this node forwarded.
    case answered(question: UInt64, bytes: [UInt8])
    /// Dial the centre after a pause within this range of milliseconds: the shell draws it.
    case dial(after: ClosedRange<UInt64>)
    /// See whether the disk has space again, and give back `space`.
    case probeSpace
    /// Draw the seed of a new author's key tree, or find the one that was drawn for this log before, and give it back.
    case drawSeed
    /// Open the next entries that were set aside, rewrite and seal them for the places after the log's end as it is
    /// when this turn is stored, and give them back before any other input.
    case moveAside
}

/// One thing that came down: to be stored at a territory.
package enum TakenItem: Sendable {
    /// Confirmed serials of own entries from `first` on, 0 where an entry gets none (access and control entries); none
    /// at all where findings alone are told.
    case receipts(first: LogAddress, year: UInt16, serials: [UInt32], findings: [TakenFinding])
    /// An entry somebody else wrote on a record held here, with the salt of its nonces and the keys of its blocks.
    /// The keys are durable in the keyring before the turn is stored.
    case entry(AppendedEntry, nonceSalt: UInt64, keys: [GrantedKey])
    /// A decision of the nation, with its entry's bytes: kept, and put into effect by the shell.
    case decision(at: LogAddress, bytes: [UInt8], Decision)
    /// How a record that was handed to this territory is called.
    case held(HeldRecord)
    /// A key of the centre that bundles are sealed to from now on: kept in the keyring.
    case bundleEpoch(BundleEpoch)
    /// A word from the centre that is shown to the operator.
    case notice(code: String, text: String)
    /// What the centre's own log held after this entry is lost, and whatever came of it down to here is given up.
    case givenUp(after: LogAddress)
    /// An entry of a former log of this territory, come back.
    case former(AppendedEntry, seat: UInt32)
    /// All entries of a former log after this one, up to `last`, are taken out of it and kept beside.
    case setAside(after: LogAddress, last: EntryIndex)
}

/// What a national rule found on an own entry.
package struct TakenFinding: Hashable, Sendable {
    package var at: LogAddress
    package var code: String
    package var field: String
    package var severity: Finding.Severity
    /// It was told before, and does not hold any more.
    package var isWithdrawn: Bool

    package init(
        at: LogAddress, code: String, field: String, severity: Finding.Severity, isWithdrawn: Bool = false
    ) {
        self.isWithdrawn = isWithdrawn
        self.at = at
        self.code = code
        self.field = field
        self.severity = severity
    }
}

/// The key of one block, handed to a holder.
package struct GrantedKey: Hashable, Sendable {
    package var author: AuthorNumber
    package var leaf: UInt64
    package var key: Secret

    package init(author: AuthorNumber, leaf: UInt64, key: Secret) {
        self.author = author
        self.leaf = leaf
        self.key = key
    }
}

/// What a territory knows of itself from one turn to the next: saved with every turn, read at the start.
package struct TerritoryState: Hashable, Sendable {
    /// The last own entry and the chain's digest after it.
    package var last: EntryIndex
    package var digest: Digest
    package var stamp: Stamp
    /// The last provisional serial per kind and year, ascending.
    package var counters: [SerialCounter]
    /// The downlink is taken up to here.
    package var downlink: DownlinkPosition
    /// The pass the centre drew last; empty before the first.
    package var pass: [UInt8]
    /// What the centre has said it holds, and the digest there.
    package var frontier: EntryIndex
    package var frontierDigest: Digest
    /// Where the centre refused this log for good: what it said.
    package var fence: String?
    /// It was refused as a second copy: nothing but an operator's act brings it back.
    package var isCloned = false
    /// The logs of the territory's former seats, ascending by author.
    package var formers: [FormerProgress] = []
    /// Seated anew, and not all that the centre had for the territory then has been heard.
    package var isUnheard = false
    /// The index is to be made anew at the next start: only then is what came back opened.
    package var wantsIndex = false
    /// Entries that were set aside and not moved yet.
    package var aside: UInt64 = 0

    package init(genesis digest: Digest) {
        last = 0
        self.digest = digest
        stamp = Stamp(bits: 0)
        counters = []
        downlink = 0
        pass = []
        frontier = 0
        frontierDigest = digest
        fence = nil
    }
}

/// How far one series of provisional numbers has come.
package struct SerialCounter: Hashable, Sendable {
    package var kind: String
    package var year: UInt16
    package var last: UInt32

    package init(kind: String, year: UInt16, last: UInt32) {
        self.kind = kind
        self.year = year
        self.last = last
    }
}
