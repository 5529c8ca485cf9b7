/// Names one member of the group *as seated once*. A number is never given twice: whoever lost its disk, or was
/// removed, comes back under a new one (`Membership.highest` holds the group to that).
package struct ReplicaID: Hashable, Comparable, Sendable, ExpressibleByIntegerLiteral, CustomStringConvertible {
    package var number: UInt64

    package init(_ number: UInt64) {
        self.number = number
    }

    package init(integerLiteral value: UInt64) {
        number = value
    }

    package static func < (left: Self, right: Self) -> Bool { left.number < right.number }

    package var description: String { "\(number)" }
}

/// A period with at most one leader, counted upward (thesis §3.3). Zero is before the first election.
package struct Term: Hashable, Comparable, Sendable, ExpressibleByIntegerLiteral, CustomStringConvertible {
    package var number: UInt64

    package init(_ number: UInt64) {
        self.number = number
    }

    package init(integerLiteral value: UInt64) {
        number = value
    }

    package var next: Term { Term(number + 1) }

    package static func < (left: Self, right: Self) -> Bool { left.number < right.number }

    package var description: String { "\(number)" }
}

/// A place in the Raft log, from 1. Zero is before the first entry.
package struct LogIndex: Hashable, Strideable, Sendable, ExpressibleByIntegerLiteral, CustomStringConvertible {
    package var number: UInt64

    package init(_ number: UInt64) {
        self.number = number
    }

    package init(integerLiteral value: UInt64) {
        number = value
    }

    package var next: LogIndex { LogIndex(number + 1) }

    /// The place before this one; zero stays zero.
    package var previous: LogIndex { LogIndex(number == 0 ? 0 : number - 1) }

    package static func < (left: Self, right: Self) -> Bool { left.number < right.number }

    package func distance(to other: LogIndex) -> Int { Int(other.number) - Int(number) }

    package func advanced(by count: Int) -> LogIndex { LogIndex(UInt64(Int(number) + count)) }

    package var description: String { "\(number)" }
}

/// An entry's name: one leader writes in a term, and it writes an index once, so index and term name one content.
package struct Mark: Hashable, Sendable, CustomStringConvertible {
    package var index: LogIndex
    package var term: Term

    package init(index: LogIndex, term: Term) {
        self.index = index
        self.term = term
    }

    /// Before the first entry.
    package static let zero = Mark(index: 0, term: 0)

    /// Thesis §3.6.1: the later last term wins; with equal terms the longer log.
    package func isAtLeastAsUpToDate(as other: Mark) -> Bool {
        term > other.term || (term == other.term && index >= other.index)
    }

    package var description: String { "\(index)/\(term)" }
}

/// Numbers the writes of one run of a replica, upward without gaps. Stored means: this write and all before it are
/// durable.
package struct WriteToken: Hashable, Comparable, Sendable, ExpressibleByIntegerLiteral, CustomStringConvertible {
    package var number: UInt64

    package init(_ number: UInt64) {
        self.number = number
    }

    package init(integerLiteral value: UInt64) {
        number = value
    }

    package static func < (left: Self, right: Self) -> Bool { left.number < right.number }

    package var description: String { "w\(number)" }
}
