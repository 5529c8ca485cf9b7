/// A day of the legal calendar: days since 1970-01-01 in UTC+5, the one offset of the country since 2024-03-01.
package struct Day: Hashable, Comparable, Sendable {
    package var number: Int32

    package init(_ number: Int32) {
        self.number = number
    }

    package static func < (left: Day, right: Day) -> Bool {
        left.number < right.number
    }
}

/// One typed value of one field of a document, as the catalogue reads it.
///
/// Values are compared by their bytes: two texts that differ only in Unicode composition are two values
/// (Swift's `String` would call them equal, SQLite would not), so text is brought to NFC at the edge.
package enum Value: Hashable, Sendable {
    /// A text, or a code of a code list.
    case text(String)
    case integer(Int64)
    /// `unscaled / 10^scale`: 12.50 is `(1250, 2)`.
    case decimal(unscaled: Int64, scale: UInt8)
    case day(Day)
    /// Milliseconds since 1970-01-01T00:00:00Z.
    case time(Int64)
    case flag(Bool)
    /// An element of a set that has fields of its own, members in ascending order of their field numbers.
    case group([Member])
    /// The sender says that nobody knows: allowed where the catalogue marks the field so.
    case unknown

    package struct Member: Hashable, Sendable {
        package var field: FieldNumber
        package var value: Value

        package init(field: FieldNumber, value: Value) {
            self.field = field
            self.value = value
        }
    }
}

/// The number of a field within its card kind: stable over all editions, never given twice.
package typealias FieldNumber = UInt16

/// A field and one value of it. A set's elements stand as several of these with one field number.
package struct FieldValue: Hashable, Sendable {
    package var field: FieldNumber
    package var value: Value

    package init(field: FieldNumber, value: Value) {
        self.field = field
        self.value = value
    }
}
