/// Reads the tests of rules of nation scope.
struct NationLoader {
    let resolvers: [String: PathResolver]

    func tests(_ rule: Cell) throws(CatalogueDefect) -> [NationalTest] {
        var tests: [NationalTest] = []
        for cell in try rule.elements("nation") {
            let kind = try cell.text("on")
            let own = try resolver(kind, cell)
            tests.append(
                NationalTest(
                    code: try rule.text("code"), severity: try rule.text("severity") == "W" ? .warning : .error,
                    kind: kind,
                    condition: try cell.member("if").map { cell throws(CatalogueDefect) in try own.condition(cell) }
                        ?? .always,
                    probe: try probe(cell, own), grace: try grace(cell, own), path: try cell.text("path")))
        }
        return tests
    }

    private func resolver(_ kind: String, _ cell: Cell) throws(CatalogueDefect) -> PathResolver {
        guard let resolver = resolvers[kind] else { throw cell.defect("no card kind \(kind)") }
        return resolver
    }

    private func grace(_ cell: Cell, _ own: PathResolver) throws(CatalogueDefect) -> NationalTest.Grace? {
        guard let after = try cell.member("after")?.elements(), after.count == 2 else { return nil }
        return NationalTest.Grace(day: try own.field(after[0]), workingDays: Int(try after[1].integer()))
    }

    private func probe(_ cell: Cell, _ own: PathResolver) throws(CatalogueDefect) -> NationalTest.Probe {
        if let account = cell.member("account") {
            var states: [String] = []
            for state in try account.elements("states") { states.append(try state.text()) }
            return .onAccount(
                type: try account.text("type"), states: states,
                slot: UInt16(clamping: try account.member("slot")?.integer() ?? 1),
                each: try account.member("each").map { cell throws(CatalogueDefect) in try own.field(cell) })
        }
        if let count = cell.member("count") {
            let kind = try count.text("kind")
            _ = try resolver(kind, count).field(count.required("ref"))
            var sum: [FieldNumber] = []
            for field in try count.elements("sum") { sum.append(try own.field(field)) }
            return .countDiffers(NationalTest.Referring(kind: kind, path: try count.text("ref")), sum: sum)
        }
        let search = try search(cell, own)
        switch try cell.text("fires") {
        case "found": return .found(search)
        case "missing": return .missing(search)
        default: throw cell.defect("a test fires on found or missing")
        }
    }

    private func search(_ cell: Cell, _ own: PathResolver) throws(CatalogueDefect) -> NationalTest.Search {
        let find = try cell.required("find")
        let reference = try find.member("ref").map { cell throws(CatalogueDefect) in try own.field(cell) }
        let kind = try find.member("kind")?.text() ?? ""
        let other = kind.isEmpty ? own : try resolver(kind, find)
        var search = NationalTest.Search(
            kind: kind, key: nil, reference: reference, subject: nil, condition: .always, isOfOtherSender: false,
            equal: [], common: nil, within: nil, isEarlier: false, before: nil, unlessReferred: nil)
        if let by = find.member("by") { search.key = try pair(by, own, other) }
        if let slot = find.member("subject") { search.subject = UInt16(clamping: try slot.integer()) }
        if let condition = find.member("if") { search.condition = try other.condition(condition) }
        search.isOfOtherSender = try find.member("sender")?.text() == "other"
        search.isEarlier = try find.member("when")?.text() == "before"
        for equal in try find.elements("same") { search.equal.append(try pair(equal, own, other)) }
        if let common = find.member("common") { search.common = try own.path(common) }
        if let within = try find.member("within")?.elements(), within.count == 2 {
            search.within = NationalTest.Within(day: try own.field(within[0]), days: Int(try within[1].integer()))
        }
        if let before = find.member("before") {
            let referred = try resolver(try find.text("of"), find)
            search.before = try pair(before, own, referred)
        }
        if let unless = cell.member("unless") {
            search.unlessReferred = NationalTest.Referring(
                kind: try unless.text("kind"), path: try unless.text("ref"))
        }
        return search
    }

    private func pair(
        _ cell: Cell, _ own: PathResolver, _ other: PathResolver
    ) throws(CatalogueDefect) -> NationalTest.Pair {
        let parts = try cell.elements()
        guard parts.count == 2 else { throw cell.defect("two paths are expected: own, other") }
        return NationalTest.Pair(
            own: try own.field(parts[0]), other: try other.field(parts[1]), otherPath: try parts[1].text())
    }
}
