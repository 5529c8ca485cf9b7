package import Law

/// One question to the fact table of one card kind: which rows, grouped how, measured how.
///
/// A row of the table is one merged record that is not cancelled. Besides a column for each `CardKind.factColumns`, it
/// has its accounting day, its territory, its name `SENDER/DOCUMENT`, whether it came late (rule V006), and a random
/// number for the subject in each slot.
package struct CountPlan: Hashable, Sendable {
    package enum Measure: Hashable, Sendable {
        case rows
        /// Of an integer or decimal column; a decimal sums without its point. Empty columns count as nothing.
        case sum(FactColumn)
        /// How many different subjects stand in this slot; rows without one do not count.
        case distinctSubjects(slot: UInt16)
        /// How many different values the column has; empty ones do not count.
        case distinctValues(FactColumn)
    }

    package enum Group: Hashable, Sendable {
        case territory
        /// Of the document that opened the record.
        case sender
        case column(FactColumn)
        /// A set column: a row counts once under each of its elements.
        case elements(of: FactColumn)
    }

    package var kind: String
    package var test: FactTest
    /// The accounting days that count; nil where another day decides.
    package var accounted: ClosedRange<Day>?
    /// All of them must hold.
    package var joins: [FactJoin]
    package var measure: Measure
    package var groups: [Group]

    package init(
        kind: String, test: FactTest, accounted: ClosedRange<Day>?, joins: [FactJoin], measure: Measure, groups: [Group]
    ) {
        self.kind = kind
        self.test = test
        self.accounted = accounted
        self.joins = joins
        self.measure = measure
        self.groups = groups
    }
}

/// A demand on the rows of another kind, as `EXISTS (SELECT …)`.
package struct FactJoin: Hashable, Sendable {
    package enum Key: Hashable, Sendable {
        /// Both columns stand and are equal; `own` is of the counted kind, `other` of the joined one.
        case columns(own: FactColumn, other: FactColumn)
        /// The other's reference column equals the counted row's name `SENDER/DOCUMENT`.
        case reference(other: FactColumn)
        /// The same subject stands in both slots.
        case subject(own: UInt16, other: UInt16)
    }

    package var kind: String
    package var test: FactTest
    package var accounted: ClosedRange<Day>?
    package var key: Key
    /// False: no such row may stand.
    package var exists: Bool

    package init(kind: String, test: FactTest, accounted: ClosedRange<Day>?, key: Key, exists: Bool) {
        self.kind = kind
        self.test = test
        self.accounted = accounted
        self.key = key
        self.exists = exists
    }
}

/// One row of an answer to a plan. Rows may come in any order.
package struct CountRow: Hashable, Sendable {
    /// One for each of the plan's groups; `.absent` where the column is empty.
    package var groups: [FactValue]
    package var value: Int64

    package init(groups: [FactValue], value: Int64) {
        self.groups = groups
        self.value = value
    }
}
