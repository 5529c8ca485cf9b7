import Generator
import Law
import Records

/// The documents that territories hand in: from the generator, through the real checker, once for a process.
enum Papers {
    /// The regions of the country.
    static let territories = [
        "KZ-75", "KZ-10", "KZ-71", "KZ-39", "KZ-61", "KZ-11", "KZ-15", "KZ-19", "KZ-23", "KZ-27", "KZ-31", "KZ-33",
        "KZ-35", "KZ-43", "KZ-47", "KZ-55", "KZ-59", "KZ-62", "KZ-63", "KZ-79",
    ]
    /// Noon of 1 April 2026 in UTC+5: no document comes from the future.
    static let noon = UInt64(Day(year: 2026, month: 4, day: 1).number) * 86_400_000 + 25_200_000
    static let perTerritory = 40

    static let catalogue: Catalogue = {
        do {
            return try Catalogue.embedded()
        } catch {
            preconditionFailure("the embedded catalogue does not load: \(error)")
        }
    }()

    static let checked: [[CheckedDocument]] = territories.map { territory in
        var checker = Checker(catalogue: catalogue)
        let context = CheckContext(territory: territory, receivedMilliseconds: noon)
        let settings = GeneratorSettings(
            kind: nil, territory: territory, count: perTerritory * 2, seed: 11, from: Day(year: 2026, month: 1, day: 5),
            to: Day(year: 2026, month: 3, day: 31), faults: 0)
        guard var generator = try? DocumentGenerator(catalogue: catalogue, settings: settings) else {
            preconditionFailure("the generator has no documents of \(territory)")
        }
        var documents: [CheckedDocument] = []
        var buffer: [UInt8] = []
        while documents.count < perTerritory, generator.next(into: &buffer) != nil {
            if case .accepted(let document) = checker.check(Array(buffer.dropLast()), in: context),
                document.act == .new
            {
                documents.append(document)
            }
            buffer.removeAll(keepingCapacity: true)
        }
        return documents
    }

    /// Values that documents of a kind have in a field: what a correction may put there.
    static let values: [String: [FieldNumber: [Value]]] = {
        var values: [String: [FieldNumber: [Value]]] = [:]
        for document in checked.joined() {
            for value in document.values {
                let known = values[document.kind.code, default: [:]][value.field, default: []]
                if known.count < 8, !known.contains(value.value) {
                    values[document.kind.code, default: [:]][value.field, default: []].append(value.value)
                }
            }
        }
        return values
    }()

    /// The registers of a kind that a correction may change, by number: not what the document says of itself, nor what
    /// the node works out.
    static let correctable: [String: [FieldNumber]] = values.reduce(into: [:]) { result, one in
        let kind = checked.joined().first { $0.kind.code == one.key }?.kind
        result[one.key] = one.value.keys.sorted().filter { number in
            guard let field = kind?.field(number) else { return false }
            return !field.accumulates && field.computed == nil && field.role == nil && !field.isKey
        }
    }

    static func kind(_ entry: DocumentEntry) -> CardKind? { catalogue.edition(on: entry.edition).kind(entry.kind) }
}
