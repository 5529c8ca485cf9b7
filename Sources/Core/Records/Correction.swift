package import Law

/// One change that a correction asks for, against what its author was shown.
package enum Change: Hashable, Sendable {
    /// A register's new value; nil empties it. Resolving a discrepancy is this, too.
    case set(FieldNumber, Value?)
    /// A set gains an element.
    case add(FieldNumber, Value)
    /// A set loses an element.
    case remove(FieldNumber, Value)
    /// A cancelled record stands again.
    case restore
}

/// Why a change cannot be made on what is shown.
package enum CorrectionProblem: Hashable, Sendable, Error {
    /// The set does not hold the element that is to go.
    case noSuchElement(FieldNumber)
    /// The record is not cancelled.
    case notCancelled
    /// More values than an entry has places (65,534).
    case tooManyWrites
}

extension RecordView {
    /// The writes of a correction. Each names *all* dots that stand in what it replaces, as this view shows them: a
    /// register's new value replaces the whole discrepancy, and what arrives later from elsewhere is not touched.
    ///
    /// An added element that already stands, and a new value equal to the only one, still write: the author has said
    /// it.
    package func correction(
        _ changes: [Change], firstPlace: UInt16 = 0
    ) throws(CorrectionProblem) -> [Write] {
        guard changes.count < Int(UInt16.max - firstPlace) else { throw .tooManyWrites }
        var writes: [Write] = []
        writes.reserveCapacity(changes.count)
        for (offset, change) in changes.enumerated() {
            let place = has(.dotsShared) ? firstPlace : firstPlace + UInt16(offset)
            switch change {
            case .set(let field, let value):
                let shown = self[field]?.versions.map(\.dot).sorted() ?? []
                writes.append(Write(field: field, place: place, value: value, replaces: shown))
            case .add(let field, let value):
                writes.append(Write(field: field, place: place, value: value))
            case .remove(let field, let value):
                let dots = self[field]?.versions.filter { $0.value == value }.map(\.dot).sorted() ?? []
                guard !dots.isEmpty else { throw .noSuchElement(field) }
                writes.append(Write(field: field, place: place, value: nil, replaces: dots))
            case .restore:
                guard isCancelled else { throw .notCancelled }
                let dots = cancellations.map(\.dot).sorted()
                writes.append(Write(field: RecordField.cancelled, place: place, value: nil, replaces: dots))
            }
        }
        return writes
    }
}
