package import Law

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

    /// What `person link` names it by: a counter that tells nothing of the person.
    package var number: UInt64
    /// Subjects that an act has linked with it.
    package var linked: [UInt64]
    /// IIN of a person or BIN of an organisation; nil where none is known.
    package var iin: String?
    package var bin: String?
    /// All names, the current one first.
    package var names: [String]
    package var birth: String?
    package var records: [RecordLine]
    package var accounts: [AccountView]

    package init(
        number: UInt64, linked: [UInt64] = [], iin: String?, bin: String?, names: [String], birth: String?,
        records: [RecordLine], accounts: [AccountView]
    ) {
        self.number = number
        self.linked = linked
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
    /// Which part of a figure: the cut's name (`severity`), the code and its label.
    package struct Cut: Hashable, Sendable {
        package var name: String
        package var code: String
        package var label: String

        package init(name: String, code: String, label: String) {
            self.name = name
            self.code = code
            self.label = label
        }
    }

    package struct Figure: Hashable, Sendable {
        package var indicator: String
        package var label: String
        package var unit: String
        /// A territory's code, or `KZ` for the whole.
        package var territory: String
        /// A part of the figure: by severity, by article, …; nil for the whole.
        package var cut: Cut?
        /// Nil where it cannot be told: a share of nothing.
        package var value: Value?

        package init(
            indicator: String, label: String, unit: String, territory: String, cut: Cut? = nil, value: Value?
        ) {
            self.indicator = indicator
            self.label = label
            self.unit = unit
            self.territory = territory
            self.cut = cut
            self.value = value
        }
    }

    package var form: String
    package var name: String
    package var period: String
    /// The day the form's edition came in force.
    package var edition: Day
    /// The Raft index the figures were read at, and the leader's time there, Unix milliseconds; nil before any.
    package var position: UInt64
    package var moment: UInt64?
    /// As it stood at the position: the same position tells the same for ever.
    package var freshness: [Frontier]
    package var figures: [Figure]
    package var checks: [Check]
    /// When and by which act it was placed, oldest first.
    package var placed: [Placing]

    package init(
        form: String, name: String, period: String, edition: Day, position: UInt64, moment: UInt64?,
        freshness: [Frontier], figures: [Figure], checks: [Check], placed: [Placing]
    ) {
        self.form = form
        self.name = name
        self.period = period
        self.edition = edition
        self.position = position
        self.moment = moment
        self.freshness = freshness
        self.figures = figures
        self.checks = checks
        self.placed = placed
    }

    /// A form of a closed period as it was placed: the first, or a dated revision.
    package struct Placing: Hashable, Sendable {
        package var revision: Int
        package var act: String
        package var date: Day
        package var note: String

        package init(revision: Int, act: String, date: Day, note: String) {
            self.revision = revision
            self.act = act
            self.date = date
            self.note = note
        }
    }

    /// How far a territory was heard where a report was read.
    package struct Frontier: Hashable, Sendable {
        package var territory: String
        package var frontier: UInt64
        /// Unix milliseconds at which its last entry was accepted there; nil where it has none.
        package var acceptedMilliseconds: UInt64?

        package init(territory: String, frontier: UInt64, acceptedMilliseconds: UInt64?) {
            self.territory = territory
            self.frontier = frontier
            self.acceptedMilliseconds = acceptedMilliseconds
        }
    }

    /// A rule on reports that fired (V901–V906).
    package struct Check: Hashable, Sendable {
        package var code: String
        package var isError: Bool
        package var message: String
        package var indicator: String
        package var territory: String
        package var cut: String
        package var expected: Int64
        package var found: Int64

        package init(
            code: String, isError: Bool, message: String, indicator: String, territory: String, cut: String,
            expected: Int64, found: Int64
        ) {
            self.code = code
            self.isError = isError
            self.message = message
            self.indicator = indicator
            self.territory = territory
            self.cut = cut
            self.expected = expected
            self.found = found
        }
    }
}

package struct ReportFormView: Hashable, Sendable {
    package var form: String
    package var name: String
    /// `month`, `quarter`, `half-year`, `year`.
    package var frequency: String
    /// Day of the month after the period; nil where the form is not of the schedule.
    package var dueDay: Int?
    /// Why it cannot be run; nil where it can.
    package var lacks: String?

    package init(form: String, name: String, frequency: String, dueDay: Int?, lacks: String?) {
        self.form = form
        self.name = name
        self.frequency = frequency
        self.dueDay = dueDay
        self.lacks = lacks
    }
}

package struct ReportDueView: Hashable, Sendable {
    package var form: String
    package var period: String
    package var due: Day
    package var isLate: Bool
    /// Why the form cannot be run; nil where it can.
    package var lacks: String?

    package init(form: String, period: String, due: Day, isLate: Bool, lacks: String?) {
        self.form = form
        self.period = period
        self.due = due
        self.isLate = isLate
        self.lacks = lacks
    }
}
