/// Reads account types and their rules.
struct AccountLoader {
    let resolvers: [String: PathResolver]

    func type(_ cell: Cell) throws(CatalogueDefect) -> AccountType {
        guard let status = AccountType.Status(rawValue: try cell.text("status")) else {
            throw cell.defect("no such status")
        }
        guard let subject = AccountType.Subject(rawValue: try cell.text("subject")) else {
            throw cell.defect("no such subject")
        }
        var states: [AccountType.State] = []
        for state in try cell.elements("states") {
            let row = try state.elements()
            guard row.count == 6 else { throw state.defect("a state has six columns") }
            states.append(
                AccountType.State(
                    code: try row[0].text(),
                    labels: Labels(en: try row[1].text(), kk: try row[2].text(), ru: try row[3].text()),
                    isEnd: try row[4].integer() == 1, rank: Int(try row[5].integer())))
        }
        var rules: [AccountRule] = []
        for rule in try cell.elements("rules") { rules.append(try self.rule(rule)) }
        return AccountType(
            code: try cell.text("code"), labels: try cell.labels("labels"), lawReference: try cell.text("law"),
            status: status, from: try cell.day("from"), to: try cell.day("to"), subject: subject, states: states,
            rules: rules,
            termState: try cell.member("term_state").map { cell throws(CatalogueDefect) in try cell.text() })
    }

    private func rule(_ cell: Cell) throws(CatalogueDefect) -> AccountRule {
        let kind = try cell.text("kind")
        guard let resolver = resolvers[kind] else { throw cell.unresolved("no card kind \(kind)") }
        let stateCell = try cell.required("state")
        let state = try stateCell.text()
        let source: AccountRule.StateSource =
            state.hasPrefix("@")
            ? .field(try resolver.number(String(state.dropFirst()), stateCell)) : .constant(state)
        let effect: AccountRule.Effect
        switch try cell.text("effect") {
        case "open": effect = .open(source)
        case "change": effect = .change(source)
        case "end": effect = .end(source)
        default: throw cell.defect("no such effect")
        }
        return AccountRule(
            kind: kind, effect: effect, condition: try resolver.condition(cell.required("if")),
            scope: try scope(cell.required("scope"), resolver), subject: try subject(cell.required("who"), resolver),
            day: try resolver.field(cell.required("day")),
            until: try cell.member("until").map { cell throws(CatalogueDefect) in try resolver.field(cell) },
            months: try cell.member("months").map { cell throws(CatalogueDefect) in try months(cell) })
    }

    private func months(_ cell: Cell) throws(CatalogueDefect) -> Int {
        let months = try cell.integer()
        guard (1...1200).contains(months) else { throw cell.defect("a term is from 1 to 1200 months") }
        return Int(months)
    }

    /// `record`, `key:FIELD` or `ref:FIELD`.
    private func scope(_ cell: Cell, _ resolver: PathResolver) throws(CatalogueDefect) -> AccountRule.Scope {
        let parts = try cell.text().split(separator: ":").map(String.init)
        if parts == ["record"] { return .record }
        guard parts.count == 2 else { throw cell.defect("no such scope") }
        let field = try resolver.number(parts[1], cell)
        switch parts[0] {
        case "key": return .key(field)
        case "ref": return .reference(field)
        default: throw cell.defect("no such scope")
        }
    }

    /// `none`, `scope`, `party:SLOT`, `each:FIELD` or `of:REFERENCE`.
    private func subject(_ cell: Cell, _ resolver: PathResolver) throws(CatalogueDefect) -> AccountRule.Subject {
        let parts = try cell.text().split(separator: ":").map(String.init)
        if parts == ["none"] { return .none }
        if parts == ["scope"] { return .everyoneInScope }
        guard parts.count == 2 else { throw cell.defect("no such subject") }
        switch parts[0] {
        case "party":
            guard let slot = UInt16(parts[1]) else { throw cell.defect("a slot is a number") }
            return .party(slot: slot)
        case "each": return .eachOf(try resolver.number(parts[1], cell))
        case "of": return .partiesOf(reference: try resolver.number(parts[1], cell))
        default: throw cell.defect("no such subject")
        }
    }
}

extension PathResolver {
    /// The number of a field named in a compound word.
    func number(_ path: String, _ cell: Cell) throws(CatalogueDefect) -> FieldNumber {
        let found = try self.path(named: path, cell)
        guard found.member == nil else { throw cell.defect("a field is expected, not a member") }
        return found.field
    }
}
