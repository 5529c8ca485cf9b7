/// Reads report forms and their indicators.
struct FormLoader {
    let resolvers: [String: PathResolver]

    func form(_ cell: Cell) throws(CatalogueDefect) -> Form {
        guard let periodicity = Form.Periodicity(rawValue: try cell.text("period")) else {
            throw cell.defect("no such periodicity")
        }
        var indicators: [Indicator] = []
        for indicator in try cell.elements("indicators") { indicators.append(try self.indicator(indicator)) }
        var accounts: [String] = []
        for account in try cell.elements("accounts") { accounts.append(try account.text()) }
        let known = Set(indicators.map(\.code))
        var balances: [Form.Balance] = []
        for balance in try cell.elements("balances") { balances.append(try self.balance(balance, among: known)) }
        let due = try cell.member("due").map { cell throws(CatalogueDefect) in Int(try cell.integer()) }
        return Form(
            key: try cell.text("key"), code: try cell.text("code"), labels: try cell.labels("labels"),
            periodicity: periodicity, dueDay: due,
            rollOver: cell.flag("roll_over"), group: try cell.text("group"), accountTypes: accounts,
            indicators: indicators, balances: balances,
            lacks: try cell.member("lacks").map { cell throws(CatalogueDefect) in try cell.labels() })
    }

    /// `[start, taken, ended, end]`: codes of indicators of the same form.
    private func balance(_ cell: Cell, among known: Set<String>) throws(CatalogueDefect) -> Form.Balance {
        var codes: [String] = []
        for part in try cell.elements() {
            let code = try part.text()
            guard known.contains(code) else { throw part.unresolved("the form has no indicator \(code)") }
            codes.append(code)
        }
        guard codes.count == 4 else { throw cell.defect("a balance is start, taken, ended and end") }
        return Form.Balance(start: codes[0], taken: codes[1], ended: codes[2], end: codes[3])
    }

    private func indicator(_ cell: Cell) throws(CatalogueDefect) -> Indicator {
        var sources: [Indicator.Source] = []
        for source in try cell.elements("sources") { sources.append(try self.source(source)) }
        guard !sources.isEmpty else { throw cell.defect("the indicator counts nothing") }
        return Indicator(
            code: try cell.text("code"), labels: try cell.labels("labels"), unit: try cell.text("unit"),
            sources: sources)
    }

    /// A source of all kinds can only count records and whether they came in term: kinds have no facts in common.
    private func source(_ cell: Cell) throws(CatalogueDefect) -> Indicator.Source {
        let kind = try cell.text("kind")
        let span = try cell.required("span")
        var joins: [Indicator.Join] = []
        guard kind != "*" else {
            return Indicator.Source(
                kind: nil, condition: .always, measure: try measure(cell.required("measure"), nil),
                span: try self.span(span, nil), joins: [], cuts: try cuts(cell, nil), isSubtracted: cell.flag("minus"))
        }
        let resolver = try resolver(kind, cell)
        for join in try cell.elements("joins") { joins.append(try self.join(join, resolver)) }
        return Indicator.Source(
            kind: kind, condition: try resolver.condition(cell.required("if")),
            measure: try measure(cell.required("measure"), resolver), span: try self.span(span, resolver),
            joins: joins, cuts: try cuts(cell, resolver), isSubtracted: cell.flag("minus"))
    }

    private func cuts(_ cell: Cell, _ resolver: PathResolver?) throws(CatalogueDefect) -> [Indicator.Cut] {
        var cuts: [Indicator.Cut] = []
        for cut in try cell.elements("cuts") {
            let name = try cut.text()
            switch (name, resolver) {
            case ("territory", _): cuts.append(.territory)
            case ("sender", _): cuts.append(.sender)
            case ("form_code", _): cuts.append(.kind)
            case (_, let resolver?): cuts.append(.fact(name: name, path: try resolver.path(cut)))
            case (_, nil): throw cut.defect("the cards have no field in common")
            }
        }
        return cuts
    }

    private func resolver(_ kind: String, _ cell: Cell) throws(CatalogueDefect) -> PathResolver {
        guard let resolver = resolvers[kind] else { throw cell.unresolved("no card kind \(kind)") }
        return resolver
    }

    /// `["count"]`, `["sum", path]`, `["mean", path]`, `["distinct", slot or path]`, `["share", condition, join?]`,
    /// `["in_term"]`, `["handed_in"]`.
    private func measure(_ cell: Cell, _ resolver: PathResolver?) throws(CatalogueDefect) -> Indicator.Measure {
        let parts = try cell.elements()
        guard let head = parts.first else { throw cell.defect("no such measure") }
        let word = try head.text()
        switch (word, parts.count, resolver) {
        case ("count", 1, _): return .count
        case ("in_term", 1, _): return .shareInTerm
        case ("handed_in", 1, nil): return .shareHandedIn
        case ("sum", 2, let resolver?): return .sum(try resolver.path(parts[1]))
        case ("mean", 2, let resolver?): return .mean(try resolver.path(parts[1]))
        case ("distinct", 2, let resolver?):
            guard parts[1].isNumber else { return .distinctValues(try resolver.path(parts[1])) }
            return .distinctSubjects(slot: UInt16(clamping: try parts[1].integer()))
        case ("share", 2, let resolver?): return .share(of: try resolver.condition(parts[1]), join: nil)
        case ("share", 3, let resolver?):
            return .share(of: try resolver.condition(parts[1]), join: try join(parts[2], resolver))
        default: throw cell.defect("no such measure")
        }
    }

    /// `any`, `period`, `before`, `through`, `field:PATH`, `before:PATH`.
    private func span(_ cell: Cell, _ resolver: PathResolver?) throws(CatalogueDefect) -> Indicator.Span {
        let text = try cell.text()
        switch text {
        case "any": return .any
        case "period": return .period
        case "before": return .before
        case "through": return .through
        default:
            let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
            guard parts.count == 2, let resolver else { throw cell.defect("no such span") }
            switch parts[0] {
            case "field": return .field(try resolver.number(parts[1], cell))
            case "before": return .fieldBefore(try resolver.number(parts[1], cell))
            default: throw cell.defect("no such span")
            }
        }
    }

    private func join(_ cell: Cell, _ own: PathResolver) throws(CatalogueDefect) -> Indicator.Join {
        let kind = try cell.text("kind")
        let other = try resolver(kind, cell)
        let span = try cell.member("span").map { cell throws(CatalogueDefect) in try self.span(cell, other) }
        return Indicator.Join(
            kind: kind, condition: try other.condition(cell.required("if")),
            key: try key(cell.required("on"), own, other), span: span ?? .any, exists: cell.flag("exists"),
            afterWorkingDays: Int(
                try cell.member("after").map { cell throws(CatalogueDefect) in try cell.integer() } ?? 0))
    }

    /// `[own path, other's path]`, `["ref", other's path]`, `["subject", own slot, other's slot]`.
    private func key(
        _ cell: Cell, _ own: PathResolver, _ other: PathResolver
    ) throws(CatalogueDefect) -> Indicator.Join.Key {
        let parts = try cell.elements()
        let head = try parts.first?.text()
        switch (head, parts.count) {
        case ("subject", 3):
            return .subject(
                own: UInt16(clamping: try parts[1].integer()), other: UInt16(clamping: try parts[2].integer()))
        case ("ref", 2): return .reference(other: try other.field(parts[1]))
        case (_, 2): return .fields(own: try own.field(parts[0]), other: try other.field(parts[1]))
        default: throw cell.defect("a join is on two fields, on a reference, or on a subject")
        }
    }
}
