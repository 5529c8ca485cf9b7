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
        /// Of the document that opened the record; of a duty, whose it is.
        case sender
        /// The card kind: of duties alone, since every other plan counts one kind.
        case kind
        case column(FactColumn)
        /// A set column: a row counts once under each of its elements.
        case elements(of: FactColumn)
    }

    /// In the place of a card kind: what senders owe is counted, see `DutyRow`.
    package static let duties = "*"
    /// The test of a duty of which something came.
    package static let handedIn = FactTest.not(.isLate)

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

/// A card kind that a sender owed for a month of the period.
package struct DutyRow: Hashable, Sendable {
    /// Where it hands in; empty where no act says so.
    package var territory: String
    package var sender: String
    package var kind: String
    /// Any day of the month.
    package var month: Day
    /// A document or a zero report came.
    package var isMet: Bool

    package init(territory: String, sender: String, kind: String, month: Day, isMet: Bool) {
        self.territory = territory
        self.sender = sender
        self.kind = kind
        self.month = month
        self.isMet = isMet
    }

    /// The answer to a plan of duties. Its test is none, or that the row is not late: that something came.
    package static func answer(_ plan: CountPlan, from rows: [DutyRow]) -> [CountRow] {
        var counts: [[FactValue]: Int64] = [:]
        for row in rows where plan.accounted?.contains(row.month) ?? true {
            guard row.isMet || plan.test != CountPlan.handedIn else { continue }
            let key = plan.groups.map { group -> FactValue in
                switch group {
                case .territory: row.territory.isEmpty ? .absent : .text(row.territory)
                case .sender: .text(row.sender)
                case .kind: .text(row.kind)
                case .column, .elements: .absent
                }
            }
            counts[key, default: 0] += 1
        }
        return counts.map { CountRow(groups: $0, value: $1) }
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
