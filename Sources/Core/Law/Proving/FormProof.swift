extension EditionProof {
    /// Rule V901: figure without unit or period. A figure's unit is a code of the list of units, or one of those that
    /// come of dividing; its period is the form's. What an edition of the program's own is proved to have, a new one
    /// must have before any form of it can be counted.
    func units(of edition: Edition) -> [CatalogueDefect] {
        let known = Set(edition.codeList("unit")?.codes.map(\.code) ?? []).union(Indicator.derivedUnits)
        return edition.forms.flatMap(\.indicators).filter { !known.contains($0.unit) }.map { indicator in
            CatalogueDefect(
                file: "forms.json", place: line(of: "\"code\":\"\(indicator.code)\"", in: "forms.json"),
                reason: "V901: \(indicator.code) counts in \(indicator.unit.isEmpty ? "no unit" : indicator.unit)",
                remedy:
                    "give a unit of the code list `unit`, or one of \(Indicator.derivedUnits.joined(separator: ", "))"
            )
        }
    }
}
