package import Law

/// How much of one territory's log an answer rests on.
package struct Freshness: Hashable, Sendable {
    package var territory: String
    /// Entries of the territory's current author that the centre holds.
    package var frontier: UInt64
    /// Seconds since the centre last heard the territory; nil: never.
    package var ageSeconds: UInt64?

    package init(territory: String, frontier: UInt64, ageSeconds: UInt64?) {
        self.territory = territory
        self.frontier = frontier
        self.ageSeconds = ageSeconds
    }
}

/// A record as it is shown: merged, with what nobody has resolved yet.
package struct RecordView: Hashable, Sendable {
    package enum State: String, Hashable, Sendable {
        /// The territory has it; the centre has not said its confirmed number (as far as this node knows).
        case registered
        case accounted
        case cancelled
    }

    /// The confirmed number; nil before it is known here.
    package var number: String?
    package var provisional: String
    package var kind: String
    /// The territory that opened the record.
    package var territory: String
    package var state: State
    /// In the order of the catalogue's field numbers; a set has several values, a register one, the one shown.
    package var fields: [FieldView]
    package var discrepancies: [DiscrepancyView]
    /// Findings of national rules that came with the receipt.
    package var findings: [DocumentProblem]

    package init(
        number: String?, provisional: String, kind: String, territory: String, state: State, fields: [FieldView],
        discrepancies: [DiscrepancyView], findings: [DocumentProblem]
    ) {
        self.number = number
        self.provisional = provisional
        self.kind = kind
        self.territory = territory
        self.state = state
        self.fields = fields
        self.discrepancies = discrepancies
        self.findings = findings
    }
}

package struct FieldView: Hashable, Sendable {
    package var field: FieldNumber
    package var values: [Value]

    package init(field: FieldNumber, values: [Value]) {
        self.field = field
        self.values = values
    }
}

package struct RecordFilter: Hashable, Sendable {
    package var territory: String?
    package var kind: String?
    /// The `next` of the page before; nil: from the first.
    package var after: String?
    package var limit: Int

    package init(territory: String? = nil, kind: String? = nil, after: String? = nil, limit: Int) {
        self.territory = territory
        self.kind = kind
        self.after = after
        self.limit = limit
    }
}

package struct RecordPage: Hashable, Sendable {
    package struct Line: Hashable, Sendable {
        /// The confirmed number; nil before it is known here.
        package var number: String?
        package var provisional: String
        package var kind: String
        package var territory: String
        package var state: RecordView.State

        package init(
            number: String?, provisional: String, kind: String, territory: String, state: RecordView.State
        ) {
            self.number = number
            self.provisional = provisional
            self.kind = kind
            self.territory = territory
            self.state = state
        }
    }

    package var lines: [Line]
    /// Where the next page begins, opaque; nil after the last.
    package var next: String?

    package init(lines: [Line], next: String?) {
        self.lines = lines
        self.next = next
    }
}

/// One document of a record's history, oldest first.
package struct HistoryLine: Hashable, Sendable {
    /// `register`, `correct`, `cancel`.
    package var act: String
    /// The provisional number of the document itself.
    package var provisional: String
    /// The territory that wrote it, or `centre`.
    package var author: String
    package var sender: String
    /// The sender's document id.
    package var document: String
    /// Milliseconds since 1970 (UTC), by the author's clock.
    package var atMilliseconds: UInt64
    /// The author's clock was found wrong when this was written.
    package var clockSuspect: Bool
    package var reason: String
    /// What it wrote, field by field; a removed value stands in `removed`.
    package var written: [FieldView]
    package var removed: [FieldView]

    package init(
        act: String, provisional: String, author: String, sender: String, document: String, atMilliseconds: UInt64,
        clockSuspect: Bool, reason: String, written: [FieldView], removed: [FieldView]
    ) {
        self.act = act
        self.provisional = provisional
        self.author = author
        self.sender = sender
        self.document = document
        self.atMilliseconds = atMilliseconds
        self.clockSuspect = clockSuspect
        self.reason = reason
        self.written = written
        self.removed = removed
    }
}

package struct DiscrepancyFilter: Hashable, Sendable {
    package var territory: String?
    package var kind: String?
    /// At most this many, oldest first.
    package var limit: Int

    package init(territory: String? = nil, kind: String? = nil, limit: Int) {
        self.territory = territory
        self.kind = kind
        self.limit = limit
    }
}

/// Several values of one field that nobody has resolved yet.
package struct DiscrepancyView: Hashable, Sendable {
    package struct Candidate: Hashable, Sendable {
        package var value: Value
        /// The one that answers show meanwhile.
        package var isShown: Bool
        /// The territory that wrote it, or `centre`.
        package var author: String
        package var sender: String
        /// The provisional number of the document that wrote it.
        package var provisional: String
        package var atMilliseconds: UInt64
        package var clockSuspect: Bool

        package init(
            value: Value, isShown: Bool, author: String, sender: String, provisional: String,
            atMilliseconds: UInt64, clockSuspect: Bool
        ) {
            self.value = value
            self.isShown = isShown
            self.author = author
            self.sender = sender
            self.provisional = provisional
            self.atMilliseconds = atMilliseconds
            self.clockSuspect = clockSuspect
        }
    }

    package var number: String?
    package var provisional: String
    package var kind: String
    package var territory: String
    package var field: FieldNumber
    package var candidates: [Candidate]

    package init(
        number: String?, provisional: String, kind: String, territory: String, field: FieldNumber,
        candidates: [Candidate]
    ) {
        self.number = number
        self.provisional = provisional
        self.kind = kind
        self.territory = territory
        self.field = field
        self.candidates = candidates
    }
}

/// Closes a discrepancy by an ordinary correction that replaces every value shown.
package struct Resolution: Hashable, Sendable {
    package enum Choice: Hashable, Sendable {
        /// One of the values there are, counted from 1 in the order `discrepancy` tells them.
        case candidate(Int)
        /// A new value: JSON as in a document.
        case value([UInt8])
    }

    package var number: String
    /// The field's dotted path.
    package var field: String
    package var choice: Choice
    package var reason: String

    package init(number: String, field: String, choice: Choice, reason: String) {
        self.number = number
        self.field = field
        self.choice = choice
        self.reason = reason
    }
}
