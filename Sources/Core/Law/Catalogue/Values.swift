/// The values of one document or merged record, in ascending order of field numbers: looked up by binary search.
package struct Values: Hashable, Sendable {
    package let all: [FieldValue]

    /// - Parameter values: in any order; the order of values of one field is kept.
    package init(_ values: [FieldValue]) {
        var sorted = true
        for index in values.indices.dropFirst() where values[index - 1].field > values[index].field {
            sorted = false
            break
        }
        // `sort` need not keep the order of equals, so the position decides between them.
        all =
            sorted
            ? values
            : values.enumerated().sorted { ($0.element.field, $0.offset) < ($1.element.field, $1.offset) }
                .map(\.element)
    }

    /// All values of a field: none, one, or the elements of a set.
    package subscript(field: FieldNumber) -> ArraySlice<FieldValue> {
        let first = position(of: field)
        var end = first
        while end < all.count, all[end].field == field { end += 1 }
        return all[first..<end]
    }

    package func first(_ field: FieldNumber) -> Value? {
        let first = position(of: field)
        return first < all.count && all[first].field == field ? all[first].value : nil
    }

    package func text(_ field: FieldNumber) -> String? {
        if case .text(let text)? = first(field) { text } else { nil }
    }

    package func day(_ field: FieldNumber) -> Day? {
        if case .day(let day)? = first(field) { day } else { nil }
    }

    package func integer(_ field: FieldNumber) -> Int64? {
        if case .integer(let integer)? = first(field) { integer } else { nil }
    }

    private func position(of field: FieldNumber) -> Int {
        var low = 0
        var high = all.count
        while low < high {
            let middle = (low + high) / 2
            if all[middle].field < field { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
