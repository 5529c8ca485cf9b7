import Law

/// A way to break one rule with one card: what is left out, or put in its place.
package struct RuleFault: Hashable, Sendable {
    package struct Spoil: Hashable, Sendable {
        package enum Value: Hashable, Sendable {
            case nothing
            case json(String)
            /// So many days after the document's.
            case day(Int)
        }

        /// A field or a group of the card; where the card is never written with it, a member of the document.
        package let path: String
        package let value: Value
    }

    /// The rule that must refuse the line, or find it at the centre where the nation decides.
    package let code: String
    package let kind: String
    package let spoils: [Spoil]

    /// Only a card with a natural person can be spoilt so.
    var isOfPerson: Bool { spoils.contains { $0.path.hasPrefix("person.") } }
}

/// Reads `faults.json`.
struct FaultLoader {
    let proof: StoryProof?

    func faults(_ root: Cell) throws(CatalogueDefect) -> [RuleFault] {
        try root.allow("about", "faults")
        var faults: [RuleFault] = []
        for cell in try root.elements("faults") { faults.append(try fault(cell)) }
        return faults
    }

    private func fault(_ cell: Cell) throws(CatalogueDefect) -> RuleFault {
        try cell.allow("rule", "kind", "without", "days", "put")
        let kind = try cell.text("kind")
        let rule = try cell.text("rule")
        proof?.kind(kind, cell)
        proof?.rule(rule, cell)
        var spoils: [RuleFault.Spoil] = []
        for (path, value) in try cell.member("put")?.members() ?? [] {
            spoils.append(RuleFault.Spoil(path: path, value: .json(value.written)))
        }
        for (path, value) in try cell.member("days")?.members() ?? [] {
            spoils.append(RuleFault.Spoil(path: path, value: .day(try value.integer(-1000...1000))))
        }
        for path in try cell.elements("without") {
            spoils.append(RuleFault.Spoil(path: try path.text(), value: .nothing))
        }
        guard !spoils.isEmpty else { throw cell.defect("a fault spoils something") }
        guard Set(spoils.map(\.path)).count == spoils.count else { throw cell.defect("a path stands twice") }
        for spoil in spoils { proof?.path(spoil.path, of: kind, cell) }
        return RuleFault(code: rule, kind: kind, spoils: spoils)
    }
}
