/// What a batch of documents holds, counted as a sender counts it for his control totals (V014): every document handed
/// in, the natural persons its cards tell of, and the sum of all amounts as they stand, whatever their currency. What
/// rules refuse counts too, as far as it can be read: the totals are the batch's, not the register's.
package struct BatchTotals: Hashable, Sendable {
    package var documents = 0
    package var persons = 0
    /// Hundredths.
    package var amount: Int64 = 0

    package init() {}

    package static func += (left: inout BatchTotals, right: BatchTotals) {
        left.documents += right.documents
        left.persons += right.persons
        left.amount &+= right.amount
    }

    mutating func add(_ values: [FieldValue], of plan: KindPlan) {
        let values = Values(values)
        for person in plan.persons {
            if person.set != 0 {
                persons += values[person.set].count
            } else if person.all.contains(where: { values.first($0) != nil }) {
                persons += 1
            }
        }
        for path in plan.amounts {
            for value in path.values(in: values) {
                guard case .decimal(let unscaled, let scale) = value else { continue }
                amount &+= Self.hundredths(unscaled, scale: scale)
            }
        }
    }

    private static func hundredths(_ unscaled: Int64, scale: UInt8) -> Int64 {
        var amount = unscaled
        for _ in 0..<max(0, 2 - Int(scale)) { amount &*= 10 }
        for _ in 0..<max(0, Int(scale) - 2) { amount /= 10 }
        return amount
    }
}
