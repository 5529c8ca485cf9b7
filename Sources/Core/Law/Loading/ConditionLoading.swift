import JSON

/// Resolves the paths of one kind and reads conditions, operands and computations over them.
struct PathResolver {
    private var paths: [String: FieldPath] = [:]
    private var lists: [FieldPath: String] = [:]
    let kind: String

    init(kind: String, fields: [Field]) {
        self.kind = kind
        for field in fields {
            add(field.path, FieldPath(field: field.number), field)
            for member in field.members {
                add(field.path + "." + member.path, FieldPath(field: field.number, member: member.number), member)
            }
        }
    }

    private mutating func add(_ text: String, _ path: FieldPath, _ field: Field) {
        paths[text] = path
        lists[path] = field.codeList
    }

    /// Whether this is a field, or the beginning of some fields' paths.
    func hasField(under path: String) -> Bool {
        paths[path] != nil || paths.keys.contains { $0.hasPrefix(path + ".") }
    }

    /// `.name` is relative to the block at `prefix`.
    func path(_ cell: Cell, _ prefix: String = "") throws(CatalogueDefect) -> FieldPath {
        let text = try cell.text()
        return try path(named: text.hasPrefix(".") ? prefix + text.dropFirst() : text, cell)
    }

    func path(named full: String, _ cell: Cell) throws(CatalogueDefect) -> FieldPath {
        guard let path = paths[full] else { throw cell.unresolved("\(kind) has no field \(full)") }
        return path
    }

    func field(_ cell: Cell, _ prefix: String = "") throws(CatalogueDefect) -> FieldNumber {
        let path = try path(cell, prefix)
        guard path.member == nil else { throw cell.defect("a field is expected, not a member") }
        return path.field
    }

    func condition(_ cell: Cell, _ prefix: String = "") throws(CatalogueDefect) -> Condition {
        let parts = try cell.elements()
        guard let head = parts.first else { return .always }
        switch try head.text() {
        case "all": return .all(try conditions(parts.dropFirst(), prefix))
        case "any": return .any(try conditions(parts.dropFirst(), prefix))
        case "not" where parts.count == 2: return .not(try condition(parts[1], prefix))
        case "present" where parts.count == 2: return .present(try path(parts[1], prefix))
        case "unknown" where parts.count == 2: return .isUnknown(try path(parts[1], prefix))
        case "in" where parts.count > 2:
            var values: [Value] = []
            for part in parts.dropFirst(2) { values.append(try value(part)) }
            return .isOneOf(try path(parts[1], prefix), values)
        case "attr" where parts.count > 3:
            let path = try path(parts[1], prefix)
            guard let list = lists[path] else { throw parts[1].unresolved("the field has no code list") }
            var words: [String] = []
            for part in parts.dropFirst(3) { words.append(try part.text()) }
            return .attribute(path, list: list, name: try parts[2].text(), words: words)
        case "in_force" where parts.count == 3:
            let path = try path(parts[1], prefix)
            guard let list = lists[path] else { throw parts[1].unresolved("the field has no code list") }
            return .inForce(path, list: list, on: try operand(parts[2], prefix))
        case "cmp" where parts.count == 4:
            guard let comparison = Comparison(rawValue: try parts[2].text()) else {
                throw parts[2].defect("no such comparison")
            }
            return .compare(try operand(parts[1], prefix), comparison, try operand(parts[3], prefix))
        default: throw cell.defect("no such condition")
        }
    }

    private func conditions(_ cells: ArraySlice<Cell>, _ prefix: String) throws(CatalogueDefect) -> [Condition] {
        var conditions: [Condition] = []
        for cell in cells { conditions.append(try condition(cell, prefix)) }
        return conditions
    }

    /// A path, a number, `["day", "2026-01-01"]`, `["sum", …]`, `["count", path]`, `["plus", operand, n]`,
    /// `["div", operand, operand]`, `["moment", path]`, `["received"]`, `["least", path]`,
    /// `["least" or "total", path, attribute]`,
    /// `["rate", list, attribute, day]`, `["times", operand, operand]`, `["workdays", operand, after]`,
    /// `["year", operand, years, month, day]`.
    private func operand(_ cell: Cell, _ prefix: String) throws(CatalogueDefect) -> Operand {
        switch cell.node.kind {
        case .string: return .field(try path(cell, prefix))
        case .number: return .constant(.integer(try cell.integer()))
        default: break
        }
        let parts = try cell.elements()
        guard let head = parts.first else { throw cell.defect("an operand is expected") }
        switch try head.text() {
        case "day" where parts.count == 2: return .constant(.day(try parts[1].day()))
        case "count" where parts.count == 2: return .count(try path(parts[1], prefix))
        case "plus" where parts.count == 3: return .offset(try operand(parts[1], prefix), by: try parts[2].integer())
        case "div" where parts.count == 3:
            return .quotient(try operand(parts[1], prefix), by: try operand(parts[2], prefix))
        case "moment" where parts.count == 2: return .moment(try path(parts[1], prefix))
        case "received": return .received
        case "least" where parts.count == 2: return .least(try path(parts[1], prefix))
        case "least", "total":
            guard parts.count == 3, let gathering = Gathering(rawValue: try head.text()) else {
                throw cell.defect("a path and an attribute are expected")
            }
            let path = try path(parts[1], prefix)
            guard let list = lists[path] else { throw parts[1].unresolved("the field has no code list") }
            return .attributes(path, list: list, name: try parts[2].text(), gathering)
        case "rate" where parts.count == 4:
            return .rate(
                list: try parts[1].text(), name: try parts[2].text(), on: try operand(parts[3], prefix))
        case "times" where parts.count == 3:
            return .product(try operand(parts[1], prefix), try operand(parts[2], prefix))
        case "workdays" where parts.count == 3:
            return .workingDays(try operand(parts[1], prefix), after: try operand(parts[2], prefix))
        case "year" where parts.count == 5: return try dayOfYear(parts, prefix)
        case "sum":
            var operands: [Operand] = []
            for part in parts.dropFirst() { operands.append(try operand(part, prefix)) }
            return .sum(operands)
        default: throw cell.defect("no such operand")
        }
    }

    private func dayOfYear(_ parts: [Cell], _ prefix: String) throws(CatalogueDefect) -> Operand {
        let month = try parts[3].integer()
        let day = try parts[4].integer()
        guard (1...12).contains(month), (1...28).contains(day) || (month != 2 && day <= 30) else {
            throw parts[4].defect("no such day in every year")
        }
        return .dayOfYear(
            try operand(parts[1], prefix), years: try parts[2].integer(), month: Int(month), day: Int(day))
    }

    private func value(_ cell: Cell) throws(CatalogueDefect) -> Value {
        switch cell.node.kind {
        case .string: .text(try cell.text())
        case .number: .integer(try cell.integer())
        case .true: .flag(true)
        case .false: .flag(false)
        default: throw cell.defect("a code, a number or a flag is expected")
        }
    }

    func computation(_ cell: Cell, _ prefix: String) throws(CatalogueDefect) -> Computation {
        let parts = try cell.elements()
        guard parts.count >= 2 else { throw cell.defect("no such computation") }
        let name = try parts[0].text()
        switch (name, parts.count) {
        case ("age", 3): return .age(birth: try field(parts[1], prefix), on: try field(parts[2], prefix))
        case ("younger", 4):
            return .younger(
                birth: try field(parts[1], prefix), on: try field(parts[2], prefix), years: Int(try parts[3].integer()))
        case ("workdays", 3):
            return .workingDays(from: try field(parts[1], prefix), to: try field(parts[2], prefix))
        case ("days", 3): return .days(from: try field(parts[1], prefix), to: try field(parts[2], prefix))
        case ("months_after", 3):
            return .monthsAfter(try field(parts[1], prefix), months: try field(parts[2], prefix))
        case ("attribute", 3):
            let path = try path(parts[1], prefix)
            guard let list = lists[path] else { throw parts[1].unresolved("the field has no code list") }
            return .attribute(of: path, list: list, name: try parts[2].text())
        case ("tenge", 4):
            return .tenge(
                amount: try field(parts[1], prefix), currency: try field(parts[2], prefix),
                equivalent: try field(parts[3], prefix))
        case ("count", 2): return .count(try field(parts[1], prefix))
        case ("answer_due", 4):
            let asked = try path(parts[1], prefix)
            let answered = try path(parts[2], prefix)
            guard let first = asked.member, let second = answered.member, asked.field == answered.field else {
                throw cell.defect("two members of one set are expected")
            }
            return .answerDue(
                set: asked.field, asked: first, answered: second, workingDays: Int(try parts[3].integer()))
        case ("since", 2): return .since(try condition(parts[1], prefix))
        case ("which", _):
            var choices: [Computation.Choice] = []
            for part in parts.dropFirst() {
                let pair = try part.elements()
                guard pair.count == 2 else { throw part.defect("a code and a path are expected") }
                choices.append(Computation.Choice(code: try pair[0].text(), field: try field(pair[1], prefix)))
            }
            return .firstPresent(choices)
        default: throw cell.defect("no such computation")
        }
    }
}
