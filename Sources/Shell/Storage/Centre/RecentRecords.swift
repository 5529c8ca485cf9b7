import Law
import Records

/// A record as the rules about other records see it.
struct SeenRecord: Sendable {
    /// With the values that some rule asks of records of its kind, and no others.
    var record: NationRecord
    var number: Serial
    /// The index keeps what a corrected record was once found by.
    var isAmended: Bool
}

/// Records applied lately that count, cut down to what rules ask of them: cards that refer to each other mostly come
/// close together, and the rules would otherwise open the same blocks again and again. What is not here is read.
///
/// Bounded: some 500 bytes a record, 8 MB in all.
struct RecentRecords: Sendable {
    private var records: [Int64: SeenRecord] = [:]
    private var order: [Int64] = []
    private var oldest = 0
    private static let capacity = 16_384

    subscript(_ anchor: Int64) -> SeenRecord? { records[anchor] }

    mutating func keep(_ record: SeenRecord, at anchor: Int64) {
        if records.updateValue(record, forKey: anchor) != nil { return }
        if order.count < Self.capacity {
            order.append(anchor)
        } else {
            records[order[oldest]] = nil
            order[oldest] = anchor
            oldest = (oldest + 1) % Self.capacity
        }
    }

    mutating func drop(_ anchor: Int64) {
        // Its place in the order stays taken until it comes round: dropping an absent record then does nothing.
        records[anchor] = nil
    }

    mutating func forget() {
        self = RecentRecords()
    }
}
