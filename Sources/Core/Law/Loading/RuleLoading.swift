/// Reads rules and binds their conditions to card kinds.
struct RuleLoader {
    let cells: [Cell]

    init(rules: [Cell]) {
        cells = rules
    }

    func rules() throws(CatalogueDefect) -> [Rule] {
        var rules: [Rule] = []
        for cell in cells { rules.append(try rule(cell)) }
        return rules.sorted { $0.code < $1.code }
    }

    /// - Throws: also where a rule that is left to a later part has conditions: it is decided, or it is not.
    private func rule(_ cell: Cell) throws(CatalogueDefect) -> Rule {
        let later = try cell.member("later").map { cell throws(CatalogueDefect) in try cell.labels() }
        if later != nil, cell.member("when") != nil || cell.member("nation") != nil {
            throw cell.defect("the rule is left to a later part, and has conditions")
        }
        guard let scope = RuleScope(rawValue: try cell.text("scope")) else { throw cell.defect("no such scope") }
        return Rule(
            code: try cell.text("code"), severity: try severity(cell), scope: scope, kinds: try kinds(cell),
            message: try cell.labels("message"), remedy: try cell.labels("remedy"), basis: try cell.text("basis"),
            from: try cell.day("from"), to: try cell.day("to"), later: later)
    }

    private func severity(_ cell: Cell) throws(CatalogueDefect) -> Severity {
        switch try cell.text("severity") {
        case "E": .error
        case "W": .warning
        default: throw cell.defect("a severity is E or W")
        }
    }

    private func kinds(_ cell: Cell) throws(CatalogueDefect) -> [String] {
        var kinds: [String] = []
        for kind in try cell.elements("kinds") { kinds.append(try kind.text()) }
        return kinds
    }

    /// The conditions of document scope that concern a kind. A condition in `when` names its own kinds with `on`; else
    /// the rule's kinds hold. None named is all: such a condition speaks of the envelope.
    func bound(to kind: String, _ resolver: PathResolver) throws(CatalogueDefect) -> [BoundRule] {
        var bound: [BoundRule] = []
        for cell in cells {
            for when in try cell.elements("when") {
                let named = try kinds(when.member("on") == nil ? cell : when, "on", or: "kinds")
                guard named.isEmpty || named.contains(kind) else { continue }
                bound.append(
                    BoundRule(
                        code: try cell.text("code"),
                        severity: try when.member("severity") == nil ? severity(cell) : severity(when),
                        condition: try resolver.condition(when.required("if")), path: try when.text("path"),
                        isOfEnvelope: named.isEmpty,
                        from: try cell.day("from"), to: try cell.day("to")))
            }
        }
        return bound
    }

    /// Fields of a kind of whose limits a rule of the law speaks: it is named in the place of D003.
    func limits(of kind: String, _ resolver: PathResolver) throws(CatalogueDefect) -> [FieldNumber: String] {
        var rules: [FieldNumber: String] = [:]
        for cell in cells {
            for path in try cell.elements("limits") {
                guard try kinds(cell).contains(kind) else { continue }
                rules[try resolver.field(path)] = try cell.text("code")
            }
        }
        return rules
    }

    private func kinds(
        _ cell: Cell, _ name: StaticString, or other: StaticString
    ) throws(CatalogueDefect) -> [String] {
        var kinds: [String] = []
        let found = cell.member(name) == nil ? try cell.elements(other) : try cell.elements(name)
        for kind in found { kinds.append(try kind.text()) }
        return kinds
    }
}
