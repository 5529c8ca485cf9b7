/// A report form of the schedule, and how its indicators are counted from facts.
package struct Form: Hashable, Sendable {
    package enum Periodicity: String, Hashable, Sendable, CaseIterable {
        case monthly
        case quarterly
    }

    /// The identifier (`1-P-INSP`): two forms of the schedule share a code.
    package var key: String
    package var code: String
    package var labels: Labels
    package var periodicity: Periodicity
    /// Day of the month after the period; with the end of that day the term is over.
    package var dueDay: Int
    /// A due day that is no working day moves to the first working day after it.
    package var rollOver: Bool
    package var group: String
    package var accountTypes: [String]
    /// Empty where the form cannot be counted yet.
    package var indicators: [Indicator]
    /// What the form lacks, where it has no indicators.
    package var lacks: Labels?

    package init(
        key: String, code: String, labels: Labels, periodicity: Periodicity, dueDay: Int, rollOver: Bool,
        group: String, accountTypes: [String], indicators: [Indicator], lacks: Labels?
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
        self.lacks = lacks
    }
}

/// One figure of a form.
package struct Indicator: Hashable, Sendable {
    /// Records of one card kind that are counted. Fields in conditions and measures are facts of that kind.
    package struct Source: Hashable, Sendable {
        package var kind: String
        package var condition: Condition
        package var measure: Measure
        /// Which day must fall into the period.
        package var period: PeriodDay
        package var join: Join?
        package var cuts: [Cut]

        package init(
            kind: String, condition: Condition, measure: Measure, period: PeriodDay, join: Join?, cuts: [Cut]
        ) {
            self.kind = kind
            self.condition = condition
            self.measure = measure
            self.period = period
            self.join = join
            self.cuts = cuts
        }
    }

    package enum Measure: Hashable, Sendable {
        case count
        case sum(FieldPath)
        /// Distinct subjects of the record's person or entity in this slot.
        case distinctSubjects(slot: UInt16)
        /// Hundredths: records for which `part` holds (and its join, where there is one), of all the source's records.
        case share(of: Condition, join: Join?)
    }

    package enum PeriodDay: Hashable, Sendable {
        /// The accounting date of the record itself.
        case accounted
        /// The accounting date of a record it is joined with.
        case joinedAccounted
        /// A day field.
        case field(FieldNumber)
    }

    /// Another kind's records that must stand, or must not, beside the counted one.
    package struct Join: Hashable, Sendable {
        package enum Key: Hashable, Sendable {
            /// Both have the same value: own field, the other's field.
            case fields(own: FieldNumber, other: FieldNumber)
            /// The other's reference field names this record.
            case reference(other: FieldNumber)
        }

        package var kind: String
        package var condition: Condition
        package var key: Key
        /// False: counted when no such record stands.
        package var exists: Bool
        /// Records younger than this many working days at the end of the period are not yet missed.
        package var afterWorkingDays: Int

        package init(kind: String, condition: Condition, key: Key, exists: Bool, afterWorkingDays: Int) {
            self.kind = kind
            self.condition = condition
            self.key = key
            self.exists = exists
            self.afterWorkingDays = afterWorkingDays
        }
    }

    /// A break-down: by territory of the sender's node, or by a fact.
    package struct Cut: Hashable, Sendable {
        /// `territory`, or the fact column's name.
        package var name: String
        package var path: FieldPath?

        package init(name: String, path: FieldPath?) {
            self.name = name
            self.path = path
        }
    }

    package var code: String
    package var labels: Labels
    /// A code of the list `unit`, or `PERCENT`.
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
