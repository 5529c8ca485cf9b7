/// A report form of the schedule, and how its indicators are counted from facts.
package struct Form: Hashable, Sendable {
    /// Codes of the form's indicators: so many at the period's start, taken, ended, and at its end.
    package struct Balance: Hashable, Sendable {
        package var start: String
        package var taken: String
        package var ended: String
        package var end: String

        package init(start: String, taken: String, ended: String, end: String) {
            self.start = start
            self.taken = taken
            self.ended = ended
            self.end = end
        }
    }

    package enum Periodicity: String, Hashable, Sendable, CaseIterable {
        case monthly
        case quarterly
    }

    /// The identifier (`1-P-INSP`): two forms of the schedule share a code.
    package var key: String
    package var code: String
    package var labels: Labels
    package var periodicity: Periodicity
    /// Day of the month after the period; with the end of that day the term is over. Nil where the form is not of the
    /// schedule.
    package var dueDay: Int?
    /// A due day that is no working day moves to the first working day after it.
    package var rollOver: Bool
    package var group: String
    package var accountTypes: [String]
    /// Empty where the form cannot be counted yet.
    package var indicators: [Indicator]
    /// Movements whose figures must close (rule V902).
    package var balances: [Balance]
    /// What the form lacks, where it has no indicators.
    package var lacks: Labels?

    package init(
        key: String, code: String, labels: Labels, periodicity: Periodicity, dueDay: Int?, rollOver: Bool,
        group: String, accountTypes: [String], indicators: [Indicator], balances: [Balance] = [], lacks: Labels?
    ) {
        self.key = key
        self.code = code
        self.labels = labels
        self.periodicity = periodicity
        self.dueDay = dueDay
        self.rollOver = rollOver
        self.group = group
        self.accountTypes = accountTypes
        self.indicators = indicators
        self.balances = balances
        self.lacks = lacks
    }
}

/// One figure of a form.
package struct Indicator: Hashable, Sendable {
    /// Units that come of dividing, which no code list names.
    package static let derivedUnits = ["PERCENT", "DAYS"]

    /// Records that are counted. Fields in conditions and measures are facts of their kind.
    package struct Source: Hashable, Sendable {
        /// A card kind; nil counts the records of every kind.
        package var kind: String?
        package var condition: Condition
        package var measure: Measure
        /// Which records count by their day.
        package var span: Span
        /// All of them must hold.
        package var joins: [Join]
        package var cuts: [Cut]
        /// The source's figure is taken from the others' instead of added to them.
        package var isSubtracted: Bool

        package init(
            kind: String?, condition: Condition, measure: Measure, span: Span, joins: [Join], cuts: [Cut],
            isSubtracted: Bool = false
        ) {
            self.kind = kind
            self.condition = condition
            self.measure = measure
            self.span = span
            self.joins = joins
            self.cuts = cuts
            self.isSubtracted = isSubtracted
        }
    }

    package enum Measure: Hashable, Sendable {
        case count
        case sum(FieldPath)
        /// The arithmetic mean of a whole number, in hundredths; records without it do not count.
        case mean(FieldPath)
        /// Distinct subjects of the record's person or entity in this slot.
        case distinctSubjects(slot: UInt16)
        /// Distinct values of a fact: cases by their number.
        case distinctValues(FieldPath)
        /// Hundredths: records for which `part` holds (and its join, where there is one), of all the source's records.
        case share(of: Condition, join: Join?)
        /// Hundredths: records received within their term, of all the source's records (rule V006).
        case shareInTerm
        /// Hundredths: cards of which a document or a zero report came, of all that senders owed in the period, counted
        /// by sender, card and month (rule V015).
        case shareHandedIn
    }

    /// Which days count.
    package enum Span: Hashable, Sendable {
        /// Every accounting day there is.
        case any
        /// The accounting day lies in the period.
        case period
        /// … before the period.
        case before
        /// … in the period or before it.
        case through
        /// A day field lies in the period.
        case field(FieldNumber)
        /// … before the period.
        case fieldBefore(FieldNumber)
    }

    /// Other records that must stand, or must not, beside the counted one.
    package struct Join: Hashable, Sendable {
        package enum Key: Hashable, Sendable {
            /// Both have the same value: own field, the other's field.
            case fields(own: FieldNumber, other: FieldNumber)
            /// The other's reference field names this record.
            case reference(other: FieldNumber)
            /// Both speak of the same subject: own slot, the other's slot.
            case subject(own: UInt16, other: UInt16)
        }

        package var kind: String
        package var condition: Condition
        package var key: Key
        /// By the other's accounting day, or a day field of its own.
        package var span: Span
        /// False: counted when no such record stands.
        package var exists: Bool
        /// Records younger than this many working days at the end of the period are not yet missed.
        package var afterWorkingDays: Int

        package init(
            kind: String, condition: Condition, key: Key, span: Span = .any, exists: Bool, afterWorkingDays: Int = 0
        ) {
            self.kind = kind
            self.condition = condition
            self.key = key
            self.span = span
            self.exists = exists
            self.afterWorkingDays = afterWorkingDays
        }
    }

    /// A break-down.
    package enum Cut: Hashable, Sendable {
        /// By the territory that registered the record: every figure has it.
        case territory
        /// By the sender of the document that opened the record.
        case sender
        /// By card kind.
        case kind
        case fact(name: String, path: FieldPath)
    }

    package var code: String
    package var labels: Labels
    /// A code of the list `unit`, or `PERCENT`, `DAYS`.
    package var unit: String
    /// Figures of several sources are added.
    package var sources: [Source]

    package init(code: String, labels: Labels, unit: String, sources: [Source]) {
        self.code = code
        self.labels = labels
        self.unit = unit
        self.sources = sources
    }
}
