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

package enum PersonQuery: Hashable, Sendable {
    case iin(String)
    case bin(String)
    /// Present and previous names, spellings folded.
    case name(surname: String, name: String, birth: Day?)
}

package struct PersonAnswer: Hashable, Sendable {
    package var freshness: [Freshness]
    package var subjects: [SubjectView]

    package init(freshness: [Freshness], subjects: [SubjectView]) {
        self.freshness = freshness
        self.subjects = subjects
    }
}

/// A person or organisation and what the nation knows of it.
package struct SubjectView: Hashable, Sendable {
    package struct RecordLine: Hashable, Sendable {
        /// Confirmed where known, else provisional.
        package var number: String
        package var kind: String
        package var territory: String

        package init(number: String, kind: String, territory: String) {
            self.number = number
            self.kind = kind
            self.territory = territory
        }
    }

    /// IIN of a person or BIN of an organisation; nil where none is known.
    package var iin: String?
    package var bin: String?
    /// All names, the current one first.
    package var names: [String]
    package var birth: String?
    package var records: [RecordLine]
    package var accounts: [AccountView]

    package init(
        iin: String?, bin: String?, names: [String], birth: String?, records: [RecordLine], accounts: [AccountView]
    ) {
        self.iin = iin
        self.bin = bin
        self.names = names
        self.birth = birth
        self.records = records
        self.accounts = accounts
    }
}

package struct AccountFilter: Hashable, Sendable {
    package var type: String?
    package var state: String?
    package var limit: Int

    package init(type: String? = nil, state: String? = nil, limit: Int) {
        self.type = type
        self.state = state
        self.limit = limit
    }
}

/// An entry of a special account.
package struct AccountView: Hashable, Sendable {
    package struct Change: Hashable, Sendable {
        package var state: String
        /// The day it counts from (UTC+5).
        package var day: Day
        /// The number of the document it rests on.
        package var basis: String

        package init(state: String, day: Day, basis: String) {
            self.state = state
            self.day = day
            self.basis = basis
        }
    }

    package var type: String
    package var number: String
    package var state: String
    /// Name and IIN or BIN of the subject, for reading; empty where the account has none.
    package var subject: String
    /// Numbers of the documents it rests on.
    package var basis: [String]
    /// How the state came about, oldest first.
    package var history: [Change]

    package init(
        type: String, number: String, state: String, subject: String, basis: [String], history: [Change] = []
    ) {
        self.type = type
        self.number = number
        self.state = state
        self.subject = subject
        self.basis = basis
        self.history = history
    }
}

package struct AccountCount: Hashable, Sendable {
    package var type: String
    package var count: UInt64

    package init(type: String, count: UInt64) {
        self.type = type
        self.count = count
    }
}

package struct ReportAnswer: Hashable, Sendable {
    package struct Figure: Hashable, Sendable {
        package var indicator: String
        package var label: String
        package var unit: String
        /// A territory's code, or `KZ` for the whole.
        package var territory: String
        /// Nil where it cannot be told: a share of nothing.
        package var value: Value?

        package init(indicator: String, label: String, unit: String, territory: String, value: Value?) {
            self.indicator = indicator
            self.label = label
            self.unit = unit
            self.territory = territory
            self.value = value
        }
    }

    package var form: String
    package var name: String
    package var period: String
    /// The day the form's edition came in force.
    package var edition: Day
    /// The Raft index the figures were read at.
    package var position: UInt64
    package var freshness: [Freshness]
    package var figures: [Figure]

    package init(
        form: String, name: String, period: String, edition: Day, position: UInt64, freshness: [Freshness],
        figures: [Figure]
    ) {
        self.form = form
        self.name = name
        self.period = period
        self.edition = edition
        self.position = position
        self.freshness = freshness
        self.figures = figures
    }
}

package struct ReportFormView: Hashable, Sendable {
    package var form: String
    package var name: String
    /// `month`, `quarter`, `half-year`, `year`.
    package var frequency: String

    package init(form: String, name: String, frequency: String) {
        self.form = form
        self.name = name
        self.frequency = frequency
    }
}

package struct ReportDueView: Hashable, Sendable {
    package var form: String
    package var period: String
    package var due: Day
    package var isLate: Bool

    package init(form: String, period: String, due: Day, isLate: Bool) {
        self.form = form
        self.period = period
        self.due = due
        self.isLate = isLate
    }
}
