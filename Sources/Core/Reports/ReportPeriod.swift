package import Law

/// The span of days a report speaks of: a month, quarter, half-year or year.
///
/// Written `2026-03`, `2026-Q1`, `2026-H1`, `2026`.
package struct ReportPeriod: Hashable, Sendable, Comparable {
    package enum Length: Int, Hashable, Sendable, CaseIterable {
        case month = 1
        case quarter = 3
        case half = 6
        case year = 12

        /// Periods of this length in a year.
        package var perYear: Int { 12 / rawValue }
    }

    package let year: Int
    package let length: Length
    /// Counted from 1 within the year: 3 is March, or the third quarter.
    package let ordinal: Int

    /// - Returns: nil where the year is not 1900–2199 or the ordinal does not exist in it.
    package init?(year: Int, length: Length, ordinal: Int) {
        guard (1900...2199).contains(year), (1...length.perYear).contains(ordinal) else { return nil }
        self.year = year
        self.length = length
        self.ordinal = ordinal
    }

    /// Reads one of the four spellings; nil where the text is none of them.
    package init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard let first = parts.first, first.utf8.count == 4, let year = Self.digits(first) else { return nil }
        switch parts.count {
        case 1:
            self.init(year: year, length: .year, ordinal: 1)
        case 2 where parts[1].utf8.count == 2:
            let tail = parts[1]
            switch tail.utf8.first {
            case UInt8(ascii: "Q"):
                guard let ordinal = Self.digits(tail.dropFirst()) else { return nil }
                self.init(year: year, length: .quarter, ordinal: ordinal)
            case UInt8(ascii: "H"):
                guard let ordinal = Self.digits(tail.dropFirst()) else { return nil }
                self.init(year: year, length: .half, ordinal: ordinal)
            default:
                guard let ordinal = Self.digits(tail) else { return nil }
                self.init(year: year, length: .month, ordinal: ordinal)
            }
        default:
            return nil
        }
    }

    package var text: String {
        switch length {
        case .month: "\(year)-\(ordinal < 10 ? "0" : "")\(ordinal)"
        case .quarter: "\(year)-Q\(ordinal)"
        case .half: "\(year)-H\(ordinal)"
        case .year: "\(year)"
        }
    }

    package var firstDay: Day { Self.firstOfMonth(year: year, month: (ordinal - 1) * length.rawValue + 1) }

    package var lastDay: Day { Day(Self.firstOfMonth(year: year, month: ordinal * length.rawValue + 1).number - 1) }

    package var days: ClosedRange<Day> { firstDay...lastDay }

    /// The period of the same length that follows.
    package var next: ReportPeriod {
        ordinal == length.perYear
            ? ReportPeriod(unchecked: year + 1, length, 1) : ReportPeriod(unchecked: year, length, ordinal + 1)
    }

    /// The same months of the year before.
    package var yearBefore: ReportPeriod { ReportPeriod(unchecked: year - 1, length, ordinal) }

    /// The period of the given length that holds a day.
    package init(holding day: Day, length: Length) {
        let civil = day.civil
        self.init(unchecked: civil.year, length, (civil.month - 1) / length.rawValue + 1)
    }

    package static func < (left: ReportPeriod, right: ReportPeriod) -> Bool {
        (left.firstDay, left.length.rawValue) < (right.firstDay, right.length.rawValue)
    }

    private init(unchecked year: Int, _ length: Length, _ ordinal: Int) {
        self.year = year
        self.length = length
        self.ordinal = ordinal
    }

    /// The first day of a month; month 13 is the next January.
    static func firstOfMonth(year: Int, month: Int) -> Day {
        month > 12
            ? Day(year: year + 1, month: month - 12, day: 1) : Day(year: year, month: month, day: 1)
    }

    /// Only ASCII digits count: `Int(_:)` would take a sign.
    private static func digits(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int(text) : nil
    }
}
