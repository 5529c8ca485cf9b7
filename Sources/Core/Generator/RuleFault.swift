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
    /// Where one card cannot break the rule: it is an earlier one of the run once more, spoilt.
    package let echo: Echo?

    package struct Echo: Hashable, Sendable {
        /// It bears the earlier document's id, too.
        package let isSameDocument: Bool
        /// What the earlier card must hold, by path.
        package let holding: [String: String]
        /// The kind that follows the earlier one in no life that fits.
        package let unlessFollowed: String?
    }

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
        try cell.allow("rule", "kind", "without", "days", "put", "again")
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
        let echo = try cell.member("again").map { cell throws(CatalogueDefect) in try self.echo(cell, of: kind) }
        guard !spoils.isEmpty || echo?.isSameDocument == false else { throw cell.defect("a fault spoils something") }
        guard Set(spoils.map(\.path)).count == spoils.count else { throw cell.defect("a path stands twice") }
        for spoil in spoils { proof?.path(spoil.path, of: kind, cell) }
        return RuleFault(code: rule, kind: kind, spoils: spoils, echo: echo)
    }

    private func echo(_ cell: Cell, of kind: String) throws(CatalogueDefect) -> RuleFault.Echo {
        try cell.allow("document", "holding", "unless_followed")
        let document = try cell.text("document")
        guard ["same", "new"].contains(document) else { throw cell.defect("the document is the same or new") }
        var holding: [String: String] = [:]
        for (path, code) in try cell.member("holding")?.members() ?? [] {
            holding[path] = try code.text()
            proof?.code(try code.text(), at: path, of: kind, code)
        }
        var follower: String?
        if let other = cell.member("unless_followed") {
            follower = try other.text()
            proof?.kind(try other.text(), other)
        }
        return RuleFault.Echo(isSameDocument: document == "same", holding: holding, unlessFollowed: follower)
    }
}
