import Law
import Records
import Simulation

/// I6, the slow and plain way: which values of a record nobody has replaced, by what its writers meant to write.
struct PlainRecord {
    fileprivate struct Written {
        var dot: Dot
        var field: FieldNumber
        var value: Value
        var opens: Bool

        func says(_ other: Written) -> Bool { opens && field == other.field && value == other.value }
    }

    private var written: [Written] = []
    private var replaced: Set<Dot> = []
    private var entries: Set<LogAddress> = []

    /// One entry, with all writes its author meant, sealed ones too.
    mutating func add(_ at: LogAddress, act: DocumentAct, _ writes: [Write]) throws {
        guard entries.insert(at).inserted else { return }
        guard Set(writes.map(\.place)).count == writes.count else {
            throw Violation("I6", "two values of entry \(at.index) of author \(at.author.number) share a dot")
        }
        let opens = act == .register || act == .zero
        for write in writes {
            if let value = write.value {
                let dot = Dot(at: at, place: write.place)
                written.append(Written(dot: dot, field: write.field, value: value, opens: opens))
            }
            replaced.formUnion(write.replaces)
        }
        if act == .cancel {
            let dot = Dot(at: at, place: .max)
            written.append(Written(dot: dot, field: RecordField.cancelled, value: .flag(true), opens: false))
        }
    }

    /// What a document says that came twice is said once: whoever replaces one of its values replaces both.
    private func isGone(_ one: Written) -> Bool {
        if replaced.contains(one.dot) { return true }
        guard one.opens else { return false }
        let repetition = written.count { $0.says(one) && $0.dot.at == one.dot.at && $0.dot < one.dot }
        return written.contains { other in
            guard other.opens, other.says(one), replaced.contains(other.dot) else { return false }
            return written.count { $0.says(other) && $0.dot.at == other.dot.at && $0.dot < other.dot } == repetition
        }
    }

    /// The values that stand, each once, by field.
    var standing: [FieldNumber: [Value]] {
        var standing: [FieldNumber: [Value]] = [:]
        for one in written.sorted(by: { $0.dot < $1.dot }) where !isGone(one) {
            if !standing[one.field, default: []].contains(one.value) {
                standing[one.field, default: []].append(one.value)
            }
        }
        return standing
    }

    /// The first field in which a merged view holds other values; nil where it holds the same.
    func difference(from view: RecordView) -> String? {
        var expected = standing
        let cancelled = expected.removeValue(forKey: RecordField.cancelled) != nil
        if cancelled != view.isCancelled { return "it is \(view.isCancelled ? "" : "not ")cancelled" }
        for field in view.fields {
            let values = expected.removeValue(forKey: field.field) ?? []
            let held = field.distinctValues
            if let lost = values.first(where: { !held.contains($0) }) { return "field \(field.field) lost \(lost)" }
            if let kept = held.first(where: { !values.contains($0) }) {
                return "field \(field.field) holds \(kept), which was replaced or never written"
            }
        }
        return expected.keys.min().map { "field \($0) is lost whole" }
    }
}
