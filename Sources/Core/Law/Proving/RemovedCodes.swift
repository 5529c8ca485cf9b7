/// A code that an edition before has and a new one has not.
package struct RemovedCode: Hashable, Sendable {
    package var list: String
    package var code: String
    /// Where records may hold it.
    package var places: [Place]
    let file: String
    let line: String
    let lastDay: Day

    /// A field or member whose values come from the list; `column` where the centre counts it.
    package struct Place: Hashable, Sendable {
        package var kind: String
        package var path: String
        package var column: FactColumn?
    }

    package func defect(_ why: String) -> CatalogueDefect {
        CatalogueDefect(
            file: file, place: line, reason: "code \(code) of the list \(list) is removed while in use: \(why)",
            remedy: "keep the code and end it: \"to\":\"\(lastDay.text)\"")
    }
}

extension EditionProof {
    /// Codes of earlier editions that the new one does not list any more. Empty where it cannot be loaded.
    package func removedCodes() -> [RemovedCode] {
        guard let edition = try? source.load() else { return [] }
        var removed: [RemovedCode] = []
        for earlier in base.editions {
            for list in earlier.codeLists {
                let later = edition.codeList(list.name)
                for code in list.codes where later?.code(code.code) == nil {
                    let file = Self.file(of: list.name)
                    let one = RemovedCode(
                        list: list.name, code: code.code, places: places(of: list.name), file: file,
                        line: line(of: "\"name\":\"\(list.name)\"", in: file), lastDay: edition.from.adding(days: -1))
                    if !removed.contains(one) { removed.append(one) }
                }
            }
        }
        return removed
    }

    private static func file(of list: String) -> String {
        switch list {
        case "region": "regions.json"
        case "account_type": "account_types.json"
        default: "code_lists.json"
        }
    }

    private func places(of list: String) -> [RemovedCode.Place] {
        var places: [RemovedCode.Place] = []
        for edition in base.editions {
            for kind in edition.kinds {
                for field in kind.fields {
                    for (path, part) in [(FieldPath(field: field.number), field)]
                        + field.members.map({ (FieldPath(field: field.number, member: $0.number), $0) })
                    where part.codeList == list {
                        let name = path.member == nil ? field.path : field.path + "." + part.path
                        let place = RemovedCode.Place(
                            kind: kind.code, path: name, column: kind.factColumns.first { $0.path == path })
                        if !places.contains(place) { places.append(place) }
                    }
                }
            }
        }
        return places
    }
}
