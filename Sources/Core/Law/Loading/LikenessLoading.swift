/// Reads what is compared of records nobody has named.
struct LikenessLoader {
    let resolvers: [String: PathResolver]
    let severities: [String: Severity]

    func rules(_ cell: Cell) throws(CatalogueDefect) -> LikenessRules {
        var accounts: Set<String> = []
        for account in try cell.elements("accounts") { accounts.insert(try account.text()) }
        var features: [LikenessRules.Feature] = []
        for feature in try cell.elements("features") { features.append(try self.feature(feature)) }
        let weight = features.reduce(0) { $0 + $1.weight }
        guard weight > 0 else { throw cell.defect("the weights add up to nothing") }
        var rules = LikenessRules(
            accounts: accounts, features: features,
            threshold: try number("threshold", of: cell, 1...100), most: Int(try number("most", of: cell, 1...1000)))
        if let review = cell.member("review") { rules.review = try self.review(review, of: rules.kinds) }
        return rules
    }

    private func review(_ cell: Cell, of kinds: [String]) throws(CatalogueDefect) -> LikenessRules.Review {
        let code = try cell.text("rule")
        guard let severity = severities[code] else { throw cell.unresolved("no rule \(code)") }
        let path = try cell.text("path")
        for kind in kinds where !(resolvers[kind]?.hasField(under: path) ?? false) {
            throw cell.unresolved("\(kind) has no field \(path)")
        }
        return LikenessRules.Review(
            rule: code, severity: severity, days: Int(try number("days", of: cell, 1...1000)), path: path)
    }

    private func feature(_ cell: Cell) throws(CatalogueDefect) -> LikenessRules.Feature {
        guard let comparison = LikenessRules.Comparison(rawValue: try cell.text("how")) else {
            throw cell.defect("no such comparison")
        }
        var unknown: Set<String> = []
        for code in try cell.member("unknown")?.elements() ?? [] { unknown.insert(try code.text()) }
        var earlier: Set<String> = []
        for kind in try cell.member("earlier")?.elements() ?? [] { earlier.insert(try kind.text()) }
        var fields: [String: [FieldNumber]] = [:]
        for (kind, paths) in try cell.required("of").members() {
            guard let resolver = resolvers[kind] else { throw paths.unresolved("no card kind \(kind)") }
            var numbers: [FieldNumber] = []
            for path in try paths.elements() { numbers.append(try resolver.field(path)) }
            guard !numbers.isEmpty, comparison == .words || numbers.count <= 2 else {
                throw paths.defect("a field is expected, or both ends of a range")
            }
            fields[kind] = numbers
        }
        let hasMargin = cell.member("margin") != nil
        guard hasMargin || comparison != .order else { throw cell.defect("days need a margin") }
        return LikenessRules.Feature(
            name: try cell.text("name"), comparison: comparison, weight: try number("weight", of: cell, 1...100),
            margin: hasMargin ? try number("margin", of: cell, 1...100_000) : 0, isVeto: cell.flag("veto"),
            unknown: unknown, earlier: earlier, fields: fields)
    }

    private func number(
        _ name: StaticString, of cell: Cell, _ range: ClosedRange<Int64>
    ) throws(CatalogueDefect) -> Int32 {
        let value = try cell.required(name).integer()
        guard range.contains(value) else {
            throw cell.defect("\(name) is from \(range.lowerBound) to \(range.upperBound)")
        }
        return Int32(value)
    }
}
