/// Who writes a log: a territory's node or the centre, as seated once. Given by the centre, never given twice.
package struct AuthorNumber: Hashable, Comparable, Sendable {
    package var number: UInt32

    package init(_ number: UInt32) {
        self.number = number
    }

    package static func < (left: AuthorNumber, right: AuthorNumber) -> Bool {
        left.number < right.number
    }

    /// The first author of a cluster is its centre.
    package static let centre = AuthorNumber(1)
}

/// The place of an entry in its author's log, counted from 1.
package typealias EntryIndex = UInt64

/// The place in the stream centre → territory, counted from 1; 0 is "nothing taken yet".
package typealias DownlinkPosition = UInt64

/// Author and index in one integer, the key of every stored entry: `author << 40 | index`.
///
/// 40 bits hold 10^12 entries of one author, 23 bits eight million seatings; the sign bit stays clear.
package struct LogAddress: Hashable, Comparable, Sendable {
    package var author: AuthorNumber
    package var index: EntryIndex

    package init(author: AuthorNumber, index: EntryIndex) {
        precondition(index < 1 << 40 && author.number < 1 << 23, "log address out of range: \(author.number)/\(index)")
        self.author = author
        self.index = index
    }

    package init(packed: Int64) {
        author = AuthorNumber(UInt32(packed >> 40))
        index = EntryIndex(packed & (1 << 40 - 1))
    }

    package var packed: Int64 {
        Int64(author.number) << 40 | Int64(index)
    }

    package static func < (left: LogAddress, right: LogAddress) -> Bool {
        left.packed < right.packed
    }
}

/// The name of one written value: author, index, place within the entry. Given once and never changed (design §6).
package struct Dot: Hashable, Comparable, Sendable {
    package var at: LogAddress
    package var place: UInt16

    package init(at: LogAddress, place: UInt16) {
        self.at = at
        self.place = place
    }

    package static func < (left: Dot, right: Dot) -> Bool {
        left.at == right.at ? left.place < right.place : left.at < right.at
    }
}

/// The identity of a record: the first 16 bytes of SHA-256 over sender and the sender's document id, so that the same
/// document through two territories is one record.
package struct RecordID: Hashable, Comparable, Sendable {
    package var high: UInt64
    package var low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    package static func < (left: RecordID, right: RecordID) -> Bool {
        left.high == right.high ? left.low < right.low : left.high < right.high
    }
}

/// A hybrid logical clock: 48 bits of milliseconds since 1970 (UTC), 16 bits of counter, carried when full.
package struct Stamp: Hashable, Comparable, Sendable {
    package var bits: UInt64

    package init(bits: UInt64) {
        self.bits = bits
    }

    package init(milliseconds: UInt64, counter: UInt16 = 0) {
        bits = milliseconds << 16 | UInt64(counter)
    }

    package var milliseconds: UInt64 { bits >> 16 }

    /// The stamp after this one at wall time `now`: never earlier than either, even when the clock stands or goes back.
    package func next(now milliseconds: UInt64) -> Stamp {
        Stamp(bits: max(bits + 1, milliseconds << 16))
    }

    package static func < (left: Stamp, right: Stamp) -> Bool {
        left.bits < right.bits
    }
}
