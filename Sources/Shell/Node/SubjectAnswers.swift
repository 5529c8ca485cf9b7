package import Law

/// Two subjects that may be one.
package struct ConflictView: Hashable, Sendable {
    /// The finding: V109, one number for two; V110, one name or document for two.
    package var code: String
    package var first: UInt64
    package var second: UInt64
    /// Name and number of each, for reading.
    package var firstLine: String
    package var secondLine: String
    /// The record that brought it up.
    package var record: String
    package var day: Day

    package init(
        code: String, first: UInt64, second: UInt64, firstLine: String, secondLine: String, record: String, day: Day
    ) {
        self.code = code
        self.first = first
        self.second = second
        self.firstLine = firstLine
        self.secondLine = secondLine
        self.record = record
        self.day = day
    }
}

/// What an official decides of two subjects.
package struct PersonDecision: Hashable, Sendable {
    package var first: UInt64
    package var second: UInt64
    /// False: they are two.
    package var isOne: Bool

    package init(first: UInt64, second: UInt64, isOne: Bool) {
        self.first = first
        self.second = second
        self.isOne = isOne
    }
}

/// How far a check of the accounts is, or what it found.
package struct AccountsCheckView: Hashable, Sendable {
    package enum State: String, Hashable, Sendable {
        /// None since the node started.
        case none
        case running
        case agree
        case differ
        /// Ended because its snapshot grew too old.
        case cut
    }

    package var state: State
    /// Rows read, of rows to read.
    package var done: UInt64
    package var total: UInt64
    /// Account entries derived anew.
    package var compared: UInt64
    package var differences: [String]
    package var seconds: UInt64

    package init(
        state: State, done: UInt64 = 0, total: UInt64 = 0, compared: UInt64 = 0, differences: [String] = [],
        seconds: UInt64 = 0
    ) {
        self.state = state
        self.done = done
        self.total = total
        self.compared = compared
        self.differences = differences
        self.seconds = seconds
    }
}

/// Two records that may speak of one person nobody has named.
package struct CandidateView: Hashable, Sendable {
    package var kinds: [String]
    package var numbers: [String]
    /// Hundredths.
    package var likeness: UInt64
    package var day: Day
    /// An official has looked at it.
    package var isReviewed: Bool

    package init(kinds: [String], numbers: [String], likeness: UInt64, day: Day, isReviewed: Bool) {
        self.kinds = kinds
        self.numbers = numbers
        self.likeness = likeness
        self.day = day
        self.isReviewed = isReviewed
    }
}
