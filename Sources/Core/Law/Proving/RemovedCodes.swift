extension EditionProof {
    /// Codes of earlier editions that the new one does not list any more. A code is ended, never taken out: stored
    /// records, sealed values and corrections yet to come may hold it, and nobody can show that none does.
    func removedCodes(from edition: Edition) -> [CatalogueDefect] {
        var found: [CatalogueDefect] = []
        for earlier in base.editions where earlier.from < edition.from {
            for list in earlier.codeLists {
                let later = edition.codeList(list.name)
                for code in list.codes where later?.code(code.code) == nil {
                    let file = Self.file(of: list.name)
                    let defect = CatalogueDefect(
                        file: file, place: line(of: "\"name\":\"\(list.name)\"", in: file),
                        reason: "code \(code.code) of the list \(list.name) is gone: records may hold it",
                        remedy: "keep the code and end it: \"to\":\"\(edition.from.adding(days: -1).text)\"")
                    if !found.contains(defect) { found.append(defect) }
                }
            }
        }
        return found
    }

    private static func file(of list: String) -> String {
        switch list {
        case "region": "regions.json"
        case "account_type": "account_types.json"
        default: "code_lists.json"
        }
    }
}
