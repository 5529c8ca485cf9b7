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
        return Form(
            key: try cell.text("key"), code: try cell.text("code"), labels: try cell.labels("labels"),
            periodicity: periodicity, dueDay: Int(try cell.required("due").integer()),
            rollOver: cell.flag("roll_over"), group: try cell.text("group"), accountTypes: accounts,
            indicators: indicators,
            lacks: try cell.member("lacks").map { cell throws(CatalogueDefect) in try cell.labels() })
    }

    private func indicator(_ cell: Cell) throws(CatalogueDefect) -> Indicator {
        var sources: [Indicator.Source] = []
        for source in try cell.elements("sources") { sources.append(try self.source(source)) }
        return Indicator(
            code: try cell.text("code"), labels: try cell.labels("labels"), unit: try cell.text("unit"),
            sources: sources)
    }

    private func source(_ cell: Cell) throws(CatalogueDefect) -> Indicator.Source {
        let kind = try cell.text("kind")
        let resolver = try resolver(kind, cell)
        var cuts: [Indicator.Cut] = []
        for cut in try cell.elements("cuts") {
            let name = try cut.text()
            cuts.append(
                name == "territory"
                    ? Indicator.Cut(name: name, path: nil) : Indicator.Cut(name: name, path: try resolver.path(cut)))
        }
        return Indicator.Source(
            kind: kind, condition: try resolver.condition(cell.required("if")),
            measure: try measure(cell.required("measure"), resolver),
            period: try period(cell.required("period"), resolver),
            join: try cell.member("join").map { cell throws(CatalogueDefect) in try join(cell, resolver) }, cuts: cuts)
    }

    private func resolver(_ kind: String, _ cell: Cell) throws(CatalogueDefect) -> PathResolver {
        guard let resolver = resolvers[kind] else { throw cell.defect("no card kind \(kind)") }
        return resolver
    }

    /// `["count"]`, `["sum", path]`, `["distinct", slot]`, `["share", condition, join?]`.
    private func measure(_ cell: Cell, _ resolver: PathResolver) throws(CatalogueDefect) -> Indicator.Measure {
        let parts = try cell.elements()
        guard let head = parts.first else { throw cell.defect("no such measure") }
        switch (try head.text(), parts.count) {
        case ("count", 1): return .count
        case ("sum", 2): return .sum(try resolver.path(parts[1]))
        case ("distinct", 2): return .distinctSubjects(slot: UInt16(clamping: try parts[1].integer()))
        case ("share", 2): return .share(of: try resolver.condition(parts[1]), join: nil)
        case ("share", 3): return .share(of: try resolver.condition(parts[1]), join: try join(parts[2], resolver))
        default: throw cell.defect("no such measure")
        }
    }

    private func period(_ cell: Cell, _ resolver: PathResolver) throws(CatalogueDefect) -> Indicator.PeriodDay {
        let text = try cell.text()
        if text == "accounted" { return .accounted }
        if text == "joined" { return .joinedAccounted }
        guard text.hasPrefix("field:") else { throw cell.defect("no such period") }
        return .field(try resolver.number(String(text.dropFirst(6)), cell))
    }

    private func join(_ cell: Cell, _ own: PathResolver) throws(CatalogueDefect) -> Indicator.Join {
        let kind = try cell.text("kind")
        let other = try resolver(kind, cell)
        let keys = try cell.elements("on")
        guard keys.count == 2 else { throw cell.defect("a join is on two fields, or on a reference") }
        let key: Indicator.Join.Key =
            try keys[0].text() == "ref"
            ? .reference(other: try other.field(keys[1]))
            : .fields(own: try own.field(keys[0]), other: try other.field(keys[1]))
        return Indicator.Join(
            kind: kind, condition: try other.condition(cell.required("if")), key: key, exists: cell.flag("exists"),
            afterWorkingDays: Int(try cell.required("after").integer()))
    }
}
