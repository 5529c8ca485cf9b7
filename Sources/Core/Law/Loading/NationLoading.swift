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
                    probe: try probe(cell, own), grace: try grace(cell, own), path: try cell.text("path"),
                    isTold: !cell.flag("list")))
        }
        return tests
    }

    private func resolver(_ kind: String, _ cell: Cell) throws(CatalogueDefect) -> PathResolver {
        guard let resolver = resolvers[kind] else { throw cell.unresolved("no card kind \(kind)") }
        return resolver
    }

    private func grace(_ cell: Cell, _ own: PathResolver) throws(CatalogueDefect) -> NationalTest.Grace? {
        guard let after = try cell.member("after")?.elements() else { return nil }
        guard after.count == 2 || after.count == 3 else { throw cell.defect("a day, working days and a severity") }
        var early: Severity?
        if after.count == 3 {
            guard try after[2].text() == "W" else { throw after[2].defect("before the end only a warning is said") }
            early = .warning
        }
        return NationalTest.Grace(
            day: try own.field(after[0]), workingDays: Int(try after[1].integer()), early: early)
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
        if let sum = cell.member("sum") { return .sumExceeds(try balance(sum, own)) }
        if try cell.text("fires") == "overdue" {
            guard cell.member("after") != nil else { throw cell.defect("a term that runs out needs `after`") }
            return .overdue
        }
        let search = try search(cell, own)
        switch try cell.text("fires") {
        case "found": return .found(search)
        case "missing": return .missing(search)
        default: throw cell.defect("a test fires on found, missing or overdue")
        }
    }

    private func balance(_ cell: Cell, _ own: PathResolver) throws(CatalogueDefect) -> NationalTest.Balance {
        let kind = try cell.text("kind")
        let other = try resolver(kind, cell)
        guard kind == own.kind else { throw cell.defect("a sum is taken over cards of the rule's own kind") }
        return NationalTest.Balance(
            kind: kind, key: try pair(cell.required("by"), own, other),
            equal: try pairs(cell.elements("same"), own, other), amount: try other.field(cell.required("of")),
            taken: try other.condition(cell.required("if")), due: try other.condition(cell.required("above")))
    }

    private func search(_ cell: Cell, _ own: PathResolver) throws(CatalogueDefect) -> NationalTest.Search {
        let find = try cell.required("find")
        let reference = try find.member("ref").map { cell throws(CatalogueDefect) in try own.field(cell) }
        let kind = try find.member("kind")?.text() ?? ""
        let other = kind.isEmpty ? own : try resolver(kind, find)
        var search = NationalTest.Search(
            kind: kind, key: nil, reference: reference, referring: nil, subject: nil, condition: .always,
            isOfOtherSender: false, equal: [], common: nil, differing: [], among: nil, within: nil, month: nil,
            isEarlier: false, before: nil,
            unlessReferred: nil)
        if let by = find.member("by") { search.key = try pair(by, own, other) }
        if let refers = find.member("refers") {
            _ = try other.field(refers)
            search.referring = try refers.text()
        }
        if let slot = find.member("subject") { search.subject = UInt16(clamping: try slot.integer()) }
        if let condition = find.member("if"), find.member("of") == nil {
            search.condition = try other.condition(condition)
        }
        search.isOfOtherSender = try find.member("sender")?.text() == "other"
        search.isEarlier = try find.member("when")?.text() == "before"
        search.equal = try pairs(find.elements("same"), own, other)
        search.differing = try pairs(find.elements("other"), own, other)
        if let common = find.member("common") { search.common = try own.path(common) }
        if let within = try find.member("within")?.elements() { search.within = try self.within(within, own, find) }
        if let month = find.member("month") { search.month = try own.field(month) }
        // What a reference leads to has paths of its own kind.
        let referred = try find.member("of").map { cell throws(CatalogueDefect) in try resolver(cell.text(), cell) }
        if let referred, let condition = find.member("if") { search.condition = try referred.condition(condition) }
        if let before = find.member("before") { search.before = try pair(before, own, referred ?? other) }
        if let among = try find.member("among")?.elements() {
            guard among.count == 2 else { throw find.defect("two paths are expected: own, other") }
            search.among = NationalTest.Among(
                own: try own.field(among[0]), other: try (referred ?? other).path(among[1]))
        }
        if let unless = cell.member("unless") {
            search.unlessReferred = NationalTest.Referring(
                kind: try unless.text("kind"), path: try unless.text("ref"))
        }
        return search
    }

    private func within(
        _ cells: [Cell], _ own: PathResolver, _ find: Cell
    ) throws(CatalogueDefect) -> NationalTest.Within {
        guard cells.count == 2 || cells.count == 3 else { throw find.defect("a day and a number are expected") }
        let number = Int(try cells[1].integer())
        let unit = cells.count == 3 ? try cells[2].text() : "days"
        guard unit == "days" || unit == "months" else { throw cells[2].defect("days or months are expected") }
        let isMonths = unit == "months"
        return NationalTest.Within(
            day: try own.field(cells[0]), days: isMonths ? 0 : number, months: isMonths ? number : 0)
    }

    private func pairs(
        _ cells: [Cell], _ own: PathResolver, _ other: PathResolver
    ) throws(CatalogueDefect) -> [NationalTest.Pair] {
        var pairs: [NationalTest.Pair] = []
        for cell in cells { pairs.append(try pair(cell, own, other)) }
        return pairs
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
