package import Records
import Uplink
package import Vault

/// A log of the territory that another seat wrote, on its way back from the centre (design §7, behind).
package struct FormerProgress: Hashable, Sendable {
    package var author: AuthorNumber
    package var seat: UInt32
    /// Up to here the log stored here and the centre's are one, and the chain's digest there.
    package var held: EntryIndex
    package var digest: Digest
    /// The last entry of it that is stored here. What lies behind `held` is compared as the centre's comes.
    package var local: EntryIndex
    /// Where the centre's ends: it grows no more.
    package var goal: EntryIndex
    /// The last index its node ever told of.
    package var told: EntryIndex

    package init(
        author: AuthorNumber, seat: UInt32, held: EntryIndex, digest: Digest, local: EntryIndex, goal: EntryIndex,
        told: EntryIndex
    ) {
        self.author = author
        self.seat = seat
        self.held = held
        self.digest = digest
        self.local = local
        self.goal = goal
        self.told = told
    }

    /// The centre's log is here to its end, and nothing else is.
    package var isWhole: Bool { held >= goal && local <= held }
}

/// An entry of a log that diverged, ready to be appended here: references within it rewritten, its blocks sealed anew.
package struct MovedEntry: Sendable {
    /// Its row among what was set aside.
    package var row: Int64
    package var origin: Origin
    package var entry: Entry
    /// Of a document: its identity, a blind token of its content, and those of its search terms.
    package var identity: RecordID?
    package var content: Token
    package var tokens: [Token]
    /// The number it was given is of this seat's own series.
    package var keepsNumber: Bool
    /// It stands in a log of this territory already, moved or where it stood first: it is not appended.
    package var stands: LogAddress?

    package init(
        row: Int64, origin: Origin, entry: Entry, identity: RecordID?, content: Token, tokens: [Token],
        keepsNumber: Bool
    ) {
        self.row = row
        self.origin = origin
        self.entry = entry
        self.identity = identity
        self.content = content
        self.tokens = tokens
        self.keepsNumber = keepsNumber
    }

    /// One that is here already: nothing of it is needed but where.
    package init(row: Int64, origin: Origin, entry: Entry, stands: LogAddress) {
        self.init(
            row: row, origin: origin, entry: entry, identity: nil, content: Token(high: 0, low: 0), tokens: [],
            keepsNumber: false)
        self.stands = stands
    }
}

/// Where an entry that was set aside went.
package struct MovedRow: Hashable, Sendable {
    package var row: Int64
    /// Nil for what has no place in another log: that a node started, under which salt.
    package var to: LogAddress?

    package init(row: Int64, to: LogAddress?) {
        self.row = row
        self.to = to
    }
}
