package import Law
package import Records
package import Vault

/// Names a caller who waits for an answer. Drawn by the shell; opaque here.
package struct Ticket: Hashable, Sendable {
    package var number: UInt64

    package init(_ number: UInt64) {
        self.number = number
    }
}

/// Names one authenticated connection. Drawn by the shell; never used again after it is down.
package struct Session: Hashable, Sendable {
    package var number: UInt64

    package init(_ number: UInt64) {
        self.number = number
    }
}

/// Time as the turn sees it. The shell reads both clocks once a turn.
package struct Moment: Hashable, Sendable {
    /// Milliseconds since 1970 (UTC), as the node's own clock says.
    package var wallMilliseconds: UInt64
    /// Milliseconds of a clock that never jumps, since the process started.
    package var steadyMilliseconds: UInt64

    package init(wallMilliseconds: UInt64, steadyMilliseconds: UInt64) {
        self.wallMilliseconds = wallMilliseconds
        self.steadyMilliseconds = steadyMilliseconds
    }
}

/// A document that intake has checked and sealed, before it has a number, a stamp and an index.
package struct Draft: Sendable {
    package var act: DocumentAct
    /// The record it opens. Where it corrects or cancels: the identity of the document it supersedes, be that the
    /// record's opening or a later correction of it; the turn finds the record.
    package var record: RecordID
    /// The identity of this very document: equal to `record` unless it corrects or cancels.
    package var identity: RecordID
    /// A keyed digest of its content: tells a repeat from other content under one id. Kept in the index alone.
    package var content: Token
    package var kind: String
    package var edition: Day
    package var sender: String
    package var document: String
    package var writes: [Write]
    package var blocks: [SealedBlock]
    /// Blind tokens of its search terms, for this node's index.
    package var tokens: [Token]

    package init(
        act: DocumentAct, record: RecordID, identity: RecordID, content: Token, kind: String, edition: Day,
        sender: String, document: String, writes: [Write], blocks: [SealedBlock], tokens: [Token]
    ) {
        self.act = act
        self.record = record
        self.identity = identity
        self.content = content
        self.kind = kind
        self.edition = edition
        self.sender = sender
        self.document = document
        self.writes = writes
        self.blocks = blocks
        self.tokens = tokens
    }
}

/// A document the index knows: by its identity one finds where it stands and what content it had.
package struct KnownDocument: Hashable, Sendable {
    package var at: LogAddress
    package var content: Token
    /// The record it belongs to, and where that was opened: its own identity and place, unless it corrects or cancels.
    package var record: RecordID
    package var opening: LogAddress
    package var number: Serial
    package var kind: String

    package init(
        at: LogAddress, content: Token, record: RecordID, opening: LogAddress, number: Serial, kind: String
    ) {
        self.at = at
        self.content = content
        self.record = record
        self.opening = opening
        self.number = number
        self.kind = kind
    }
}

/// What became of one draft.
package enum SubmitOutcome: Hashable, Sendable {
    /// Stored; the provisional number is promised.
    case registered(at: LogAddress, number: Serial)
    /// The same id and content again: the same number.
    case repeated(at: LogAddress, number: Serial)
    /// Refused with a rule's code (V004, V011, …); nothing was stored.
    case refused(code: String, field: String)
    /// Nothing can be registered now; nothing was stored. The same document may be handed in again later.
    case unavailable(Unavailability)
}

/// Why a node takes no documents at present. It serves reads all the while.
package enum Unavailability: Hashable, Sendable {
    case diskFull
    /// The centre refused this node's log (design §7): the refusal says why and what to do.
    case fenced(String)
    /// No more serials, or another limit of the format, for this kind and year.
    case exhausted(String)
    /// The node has just started and does not know yet whether its log is the one the centre knows.
    case starting
}

/// An entry the turn decided on: to be stored at its address, applied, and indexed.
package struct AppendedEntry: Sendable {
    package var at: LogAddress
    package var entry: Entry
    /// The bytes that are stored, hashed and sent: never encoded anew.
    package var bytes: [UInt8]
    /// What the store and the index keep of a document; nil for access and control entries.
    package var indexed: Indexed?

    package struct Indexed: Sendable {
        package var identity: RecordID
        package var document: KnownDocument
        package var tokens: [Token]

        package init(identity: RecordID, document: KnownDocument, tokens: [Token]) {
            self.identity = identity
            self.document = document
            self.tokens = tokens
        }
    }

    package init(at: LogAddress, entry: Entry, bytes: [UInt8], indexed: Indexed?) {
        self.at = at
        self.entry = entry
        self.bytes = bytes
        self.indexed = indexed
    }
}
