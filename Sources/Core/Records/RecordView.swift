package import Law

/// A record as its state shows it: per field the values that stand, and which of them is shown.
package struct RecordView: Hashable, Sendable {
    /// The first entry that opened the record (the smallest address); nil while only amendments have arrived.
    package var opening: LogAddress?
    /// Fields with at least one value, ascending by number.
    package var fields: [FieldState]
    /// The cancellations that stand; the record counts as cancelled while there is one.
    package var cancellations: [FieldVersion]

    package var isCancelled: Bool { !cancellations.isEmpty }

    /// Fields that hold several different values nobody has resolved.
    package var discrepancies: [FieldState] { fields.filter(\.isDiscrepancy) }

    package subscript(field: FieldNumber) -> FieldState? {
        var low = 0
        var high = fields.count
        while low < high {
            let middle = (low + high) / 2
            if fields[middle].field < field { low = middle + 1 } else { high = middle }
        }
        return low < fields.count && fields[low].field == field ? fields[low] : nil
    }

    /// The shown value of a register.
    package func value(of field: FieldNumber) -> Value? {
        self[field]?.shown
    }

    /// The elements of a set, each value once, in the order of their dots.
    package func elements(of field: FieldNumber) -> [Value] {
        self[field]?.distinctValues ?? []
    }
}

/// One field: the values written and not replaced.
package struct FieldState: Hashable, Sendable {
    package var field: FieldNumber
    package var isSet: Bool
    /// For a register the shown one first, then by falling precedence; for a set by rising dots. Never empty.
    package var versions: [FieldVersion]

    package init(field: FieldNumber, isSet: Bool, versions: [FieldVersion]) {
        self.field = field
        self.isSet = isSet
        self.versions = versions
    }

    /// What is shown while nobody has resolved a discrepancy: the greatest stamp, suspect clocks yielding.
    package var shown: Value { versions[0].value }

    /// Two authors who wrote the same agree: only different values are a discrepancy.
    package var isDiscrepancy: Bool {
        !isSet && versions.dropFirst().contains { $0.value != versions[0].value }
    }

    package var distinctValues: [Value] {
        var found: [Value] = []
        for version in versions where !found.contains(version.value) { found.append(version.value) }
        return found
    }
}

/// One value that stands, with who wrote it (the dot's author) and when.
package struct FieldVersion: Hashable, Sendable {
    package var dot: Dot
    package var value: Value
    package var stamp: Stamp
    package var suspect: Bool

    package init(dot: Dot, value: Value, stamp: Stamp, suspect: Bool) {
        self.dot = dot
        self.value = value
        self.stamp = stamp
        self.suspect = suspect
    }

    /// Whether it goes before the other in what is shown. Dots break ties, so every node shows the same.
    fileprivate func precedes(_ other: FieldVersion) -> Bool {
        if suspect != other.suspect { return !suspect }
        if stamp != other.stamp { return stamp > other.stamp }
        return dot > other.dot
    }
}

extension RecordState {
    /// The record as it stands. `isSet` is the catalogue's word on each field.
    package func view(isSet: (FieldNumber) -> Bool) -> RecordView {
        let opening = sources.first(where: \.opens)?.at
        var view = RecordView(opening: opening, fields: [], cancellations: [])
        for (field, versions) in standingByField() {
            if field == RecordField.cancelled {
                view.cancellations = versions
            } else if isSet(field) {
                view.fields.append(FieldState(field: field, isSet: true, versions: versions))
            } else {
                var ranked = versions.count == 1 ? versions : versions.sorted { $0.precedes($1) }
                if has(.resolutionsMerged), ranked.allSatisfy({ source(of: $0.dot)?.act == .correct }) {
                    ranked.removeLast(ranked.count - 1)
                }
                view.fields.append(FieldState(field: field, isSet: false, versions: ranked))
            }
        }
        return view
    }

    /// Values that stand, by rising field, then dot.
    private func standingByField() -> [(FieldNumber, [FieldVersion])] {
        var result: [(FieldNumber, [FieldVersion])] = []
        let standing = standing()
        var ordered = standing.indices.sorted {
            standing[$0].field == standing[$1].field ? $0 < $1 : standing[$0].field < standing[$1].field
        }[...]
        while let first = ordered.first {
            let field = standing[first].field
            var versions: [FieldVersion] = []
            while let next = ordered.first, standing[next].field == field {
                ordered.removeFirst()
                let one = standing[next]
                guard let source = source(of: one.dot) else { continue }
                versions.append(
                    FieldVersion(dot: one.dot, value: one.value, stamp: source.stamp, suspect: source.suspect))
            }
            if !versions.isEmpty { result.append((field, versions)) }
        }
        return result
    }

    private func source(of dot: Dot) -> Source? {
        if sources.count == 1 { return sources[0] }
        return sources.first { $0.at == dot.at }
    }

    /// The dots written less the dots replaced, by rising dot.
    private func standing() -> [Written] {
        if sources.lazy.filter(\.opens).count > 1 { return standingAcrossOpenings() }
        if replaced.isEmpty { return written }
        let gone = Set(replaced)
        return written.filter { !gone.contains($0.dot) }
    }

    /// One document that came through two territories opens its record twice. What the sender said once is one value:
    /// openings' equal values of one field share the smallest of their dots, and whoever replaces one replaces it.
    private func standingAcrossOpenings() -> [Written] {
        struct Said: Hashable {
            var field: FieldNumber
            var value: Value
            var repetition: Int
        }
        let openings = Set(sources.lazy.filter(\.opens).map(\.at))
        var first: [Said: Dot] = [:]
        var alias: [Dot: Dot] = [:]
        var repetitions: [Said: Int] = [:]
        var current: LogAddress?
        for one in written where openings.contains(one.dot.at) {
            if one.dot.at != current {
                repetitions.removeAll()
                current = one.dot.at
            }
            let plain = Said(field: one.field, value: one.value, repetition: 0)
            let repetition = repetitions[plain, default: 0]
            repetitions[plain] = repetition + 1
            let said = Said(field: one.field, value: one.value, repetition: repetition)
            if let earlier = first[said] { alias[one.dot] = earlier } else { first[said] = one.dot }
        }
        let gone = Set(replaced.map { alias[$0] ?? $0 })
        return written.filter { alias[$0.dot] == nil && !gone.contains($0.dot) }
    }
}

extension RecordView {
    /// The record as one document would state it: a register's shown value, every element of a set.
    package var shownValues: [FieldValue] {
        fields.flatMap { field in
            (field.isSet ? field.distinctValues : [field.shown]).map { FieldValue(field: field.field, value: $0) }
        }
    }
}

extension DocumentEntry {
    /// The values of a document that opens its record and stands alone in it, as most do: what `shownValues` would
    /// give, without the merge. Nil where that is not plain to see, and it must be merged.
    ///
    /// - Parameter opened: what its blocks held.
    package func plainValues(opened: [Write], isSet: (FieldNumber) -> Bool) -> [FieldValue]? {
        guard act == .register || act == .zero else { return nil }
        let writes = (self.writes + opened).sorted { ($0.field, $0.place) < ($1.field, $1.place) }
        var values: [FieldValue] = []
        values.reserveCapacity(writes.count)
        for (position, write) in writes.enumerated() {
            guard write.replaces.isEmpty, write.field != RecordField.cancelled, let value = write.value else {
                return nil
            }
            if position > 0, writes[position - 1].field == write.field {
                // A register that was written twice is ranked; an element that stands twice counts once.
                guard isSet(write.field), !values.contains(where: { $0.field == write.field && $0.value == value })
                else { return nil }
            }
            values.append(FieldValue(field: write.field, value: value))
        }
        return values
    }
}
