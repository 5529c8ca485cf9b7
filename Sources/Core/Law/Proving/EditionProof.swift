import JSON

/// Proves an edition before anything is judged by it: alone, and beside the editions it is to join. Loading proves that
/// every reference resolves and that every label has its three languages; this proves the rest.
package struct EditionProof {
    let source: EditionSource
    let base: Catalogue

    /// - Parameter base: the editions in force, without this one.
    package init(source: EditionSource, base: Catalogue) {
        self.source = source
        self.base = base
    }

    /// - Throws: the first defect.
    package func requireSound() throws(CatalogueDefect) {
        if let first = defects().first { throw first }
    }

    /// All that is found, each with file, line and remedy. Where the files cannot be loaded, the reason of that.
    package func defects() -> [CatalogueDefect] {
        var found = dates()
        do throws(CatalogueDefect) {
            try source.reading { loader throws(CatalogueDefect) in
                found += try ActOfEdition(loader: loader).defects()
                found += try DivisionProof(files: loader.files).defects()
                let edition = try loader.load()
                found += examples(of: edition)
                found += words(of: edition)
                found += shares(of: edition)
                found += units(of: edition)
                found += compatibility(of: edition)
            }
        } catch {
            found.append(error)
        }
        return found
    }

    private func dates() -> [CatalogueDefect] {
        guard base.editions.contains(where: { $0.from == source.from }) else { return [] }
        return [
            CatalogueDefect(
                file: "edition.json", place: line(of: "\"from\"", in: "edition.json"),
                reason: "there is an edition from \(source.from.text) already",
                remedy: "let the new one begin on another day; an edition in force is never changed")
        ]
    }

    // MARK: Alone

    /// Every card has an example that its own rules accept.
    private func examples(of edition: Edition) -> [CatalogueDefect] {
        var checker = Checker(catalogue: Catalogue(editions: [edition]))
        return edition.kinds.flatMap { kind -> [CatalogueDefect] in
            guard !kind.example.isEmpty else {
                return [
                    CatalogueDefect(
                        file: "examples.json", place: "", reason: "\(kind.code) has no example",
                        remedy: "add a valid document of it")
                ]
            }
            let bytes = Array(kind.example.utf8)
            let context = Self.context(for: bytes)
            guard case .refused(let problems) = checker.check(bytes, in: context) else { return [] }
            return problems.filter { $0.severity == .error }.map { problem in
                CatalogueDefect(
                    file: "examples.json", place: line(of: "\"form_code\":\"\(kind.code)\"", in: "examples.json"),
                    reason: "the example of \(kind.code) is refused by \(problem.code) at \(problem.path)",
                    remedy: problem.remedy.en)
            }
        }
    }

    /// The example as it would come on the day after its own, where it is at home.
    private static func context(for example: [UInt8]) -> CheckContext {
        var day = Day(year: 2026, month: 6, day: 30)
        if let file = example.withUnsafeBufferPointer({ try? SourceFile(name: "example", bytes: $0) }) {
            let text = example.withUnsafeBufferPointer { bytes -> String? in
                file.tape.member("doc_date", of: 0, in: bytes).map { Tape.string(file.tape.nodes[$0], in: bytes) }
            }
            day = text.flatMap { Day(text: $0) } ?? day
        }
        return CheckContext(territory: nil, receivedMilliseconds: UInt64(max(0, day.number) + 1) * 86_400_000)
    }

    private func words(of edition: Edition) -> [CatalogueDefect] {
        var found: [CatalogueDefect] = []
        if edition.kinds.contains(where: \.dictionary.isEmpty) {
            found.append(
                CatalogueDefect(
                    file: "dictionary.json", place: "", reason: "there is no word in it",
                    remedy: "give the words that blocks often hold: every card is compressed against them"))
        }
        var codes: Set<String> = []
        for rule in edition.rules where !codes.insert(rule.code).inserted {
            found.append(
                CatalogueDefect(
                    file: "rules.json", place: line(of: "\"code\":\"\(rule.code)\"", in: "rules.json"),
                    reason: "\(rule.code) stands twice", remedy: "give each rule one number, for ever"))
        }
        for place in edition.settlements where place.labels.kk.isEmpty && !place.labels.ru.isEmpty {
            found.append(
                CatalogueDefect(
                    file: "settlements.json", place: line(of: "[\(place.id),", in: "settlements.json"),
                    reason: "\(place.labels.ru) has no Kazakh name", remedy: "give the Kazakh name beside the Russian"))
        }
        return found
    }

    /// A share of what can never be is divided by zero whatever is counted.
    private func shares(of edition: Edition) -> [CatalogueDefect] {
        var found: [CatalogueDefect] = []
        for indicator in edition.forms.flatMap(\.indicators) {
            for source in indicator.sources {
                guard case .share = source.measure, source.condition.constant == false else { continue }
                found.append(
                    CatalogueDefect(
                        file: "forms.json", place: line(of: "\"code\":\"\(indicator.code)\"", in: "forms.json"),
                        reason: "\(indicator.code) is a share of nothing: its condition never holds",
                        remedy: "let `if` name the records that are the whole"))
            }
        }
        return found
    }

    // MARK: Beside the edition before

    private func compatibility(of edition: Edition) -> [CatalogueDefect] {
        guard let before = base.editions.last(where: { $0.from < edition.from }) ?? base.editions.first else {
            return []
        }
        var found: [CatalogueDefect] = []
        for kind in edition.kinds {
            guard let earlier = before.kind(kind.code) else { continue }
            found += fields(of: kind, since: earlier)
        }
        found += removedCodes(from: edition)
        for rule in before.rules where edition.rule(rule.code) == nil {
            found.append(
                CatalogueDefect(
                    file: "rules.json", place: "", reason: "\(rule.code) is gone",
                    remedy: "keep the rule with its words and end it: \"to\":\"\(edition.from.adding(days: -1).text)\"")
            )
        }
        for type in before.accountTypes where !edition.accountTypes.contains(where: { $0.code == type.code }) {
            found.append(
                CatalogueDefect(
                    file: "account_types.json", place: "", reason: "account type \(type.code) is gone",
                    remedy: "keep the type as excluded: entries opened under it are read on"))
        }
        return found
    }

    /// A field's number is given once for ever: what old entries hold under it must read as it did.
    private func fields(of kind: CardKind, since earlier: CardKind) -> [CatalogueDefect] {
        let file = kind.code + ".json"
        var found: [CatalogueDefect] = []
        for field in kind.fields {
            func defect(_ reason: String) -> CatalogueDefect {
                CatalogueDefect(
                    file: file, place: line(of: "\"path\":\"\(field.path)\"", in: file), reason: reason,
                    remedy: "give a new field a number of its own, and leave the old one as it was")
            }
            if let held = earlier.field(field.number) {
                if held.path != field.path {
                    found.append(defect("number \(field.number) was \(held.path)'s, and is \(field.path)'s now"))
                } else if !held.type.reads(as: field.type) || held.isSet != field.isSet {
                    found.append(defect("\(field.path) holds values of another type than before"))
                } else if held.placement != field.placement {
                    found.append(defect("\(field.path) lies elsewhere than before"))
                }
            } else if let held = earlier.field(path: field.path) {
                found.append(defect("\(field.path) had number \(held.number), and has \(field.number) now"))
            }
        }
        return found
    }

    // MARK: Lines

    /// `line 12`, the first that has this text; empty where none has.
    func line(of text: String, in file: String) -> String {
        let bytes = source.files[file] ?? []
        let wanted = Array(text.utf8)
        guard let first = wanted.first, bytes.count >= wanted.count else { return "" }
        var line = 1
        for at in 0...(bytes.count - wanted.count) {
            if bytes[at] == 0x0A { line += 1 }
            if bytes[at] == first, bytes[at..<at + wanted.count].elementsEqual(wanted) { return "line \(line)" }
        }
        return ""
    }
}

extension FieldType {
    /// Whether a value of this type is one of the other's: limits and lists may change, the kind of value may not.
    fileprivate func reads(as other: FieldType) -> Bool {
        switch (self, other) {
        case (.text, .text), (.code, .code), (.integer, .integer), (.day, .day), (.time, .time), (.flag, .flag),
            (.iin, .iin), (.bin, .bin), (.settlement, .settlement), (.reference, .reference), (.group, .group):
            true
        case (.decimal(let scale), .decimal(let later)): scale == later
        default: false
        }
    }
}

extension Condition {
    /// What it comes to whatever the record holds; nil where that depends.
    var constant: Bool? {
        switch self {
        case .always: return true
        case .all(let parts):
            let known = parts.map(\.constant)
            if known.contains(false) { return false }
            return known.allSatisfy { $0 == true } ? true : nil
        case .any(let parts):
            let known = parts.map(\.constant)
            if known.contains(true) { return true }
            return known.allSatisfy { $0 == false } ? false : nil
        case .not(let part): return part.constant.map { !$0 }
        case .isOneOf(_, let values): return values.isEmpty ? false : nil
        case .present, .isUnknown, .attribute, .inForce, .compare: return nil
        }
    }
}
