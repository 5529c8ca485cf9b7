import Law

/// Reads `recipes.json`.
struct RecipeLoader {
    let proof: StoryProof?

    func recipes(_ root: Cell) throws(CatalogueDefect) -> Recipes {
        try root.allow("about", "words", "stock", "envelope", "person", "members", "shared", "kinds")
        let reader = SourceReader(words: try words(root.required("words")))
        let shared = try shared(root.required("shared"))
        var kinds: [String: Recipes.Kind] = [:]
        var used: Set<String> = []
        for cell in try root.elements("kinds") {
            try cell.allow("code", "body", "bodies", "shared", "fields")
            let code = try cell.text("code")
            guard kinds[code] == nil else { throw cell.defect("\(code) stands twice") }
            proof?.kind(code, cell)
            var tables = [try cell.required("fields")]
            for name in try cell.elements("shared") {
                guard let table = shared[try name.text()] else { throw name.defect("no shared table \(name.raw)") }
                used.insert(name.raw)
                tables.append(table)
            }
            var fields: [String: FieldRecipe] = [:]
            for table in tables {
                for (path, value) in try table.members() {
                    guard fields[path] == nil else { throw value.defect("\(path) stands twice in \(code)") }
                    let recipe = try recipe(value, reader)
                    proof?.field(path, recipe, of: code, value)
                    fields[path] = recipe
                }
            }
            kinds[code] = Recipes.Kind(
                body: try cell.text("body"), bodies: try cell.required("bodies").integer(1...99), fields: fields)
        }
        for (name, cell) in shared where !used.contains(name) { proof?.unused("table", name, cell) }
        func table(_ name: StaticString, _ place: StoryProof.Place) throws(CatalogueDefect) -> [String: FieldRecipe] {
            var fields: [String: FieldRecipe] = [:]
            for (path, value) in try root.required(name).members() {
                let recipe = try recipe(value, reader)
                proof?.field(path, recipe, in: place, value)
                fields[path] = recipe
            }
            return fields
        }
        return Recipes(
            stock: try stock(root.required("stock")), envelope: try table("envelope", .envelope),
            person: try table("person", .person), members: try table("members", .member), kinds: kinds)
    }

    private func words(_ cell: Cell) throws(CatalogueDefect) -> [String: [String]] {
        var words: [String: [String]] = [:]
        for (name, list) in try cell.members() {
            words[name] = try list.texts()
            guard words[name]?.isEmpty == false else { throw list.defect("there is no word in it") }
        }
        return words
    }

    private func shared(_ cell: Cell) throws(CatalogueDefect) -> [String: Cell] {
        Dictionary(try cell.members().map { ($0.name, $0.value) }) { first, _ in first }
    }

    /// `[SOURCE, …]`, or the same as `from` with `chance` and `when`.
    private func recipe(_ cell: Cell, _ reader: SourceReader) throws(CatalogueDefect) -> FieldRecipe {
        guard !cell.isArray else {
            return FieldRecipe(source: try reader.source(cell), chance: 1000, condition: nil)
        }
        try cell.allow("from", "chance", "when")
        var condition: FieldRecipe.Condition?
        if let when = cell.member("when") {
            let parts = try when.texts()
            guard parts.count > 1 else { throw when.defect("a condition is a path and codes") }
            condition = FieldRecipe.Condition(path: parts[0], codes: Array(parts.dropFirst()))
        }
        return FieldRecipe(
            source: try reader.source(try cell.required("from")),
            chance: try cell.chance(),
            condition: condition)
    }

    private func stock(_ cell: Cell) throws(CatalogueDefect) -> Recipes.Stock {
        try cell.allow("penalties", "victims", "articles", "index")
        var penalties: [(code: String, chance: Int)] = []
        for row in try cell.elements("penalties") {
            try row.allow("code", "chance")
            penalties.append((try row.text("code"), try row.required("chance").integer(1...1000)))
        }
        guard penalties.last?.chance == 1000 else {
            throw try cell.required("penalties").defect("the last penalty takes all that are left: its chance is 1000")
        }
        let victims = try cell.required("victims")
        try victims.allow("roles", "injuries", "dead")
        let articles = try cell.required("articles")
        try articles.allow("road", "unmarked")
        let stock = Recipes.Stock(
            penalties: penalties, victimRoles: try victims.text("roles"), injuries: try victims.text("injuries"),
            dead: try victims.required("dead").texts(), roadGroup: try articles.text("road"),
            unmarkedGroups: try articles.required("unmarked").texts(), index: try cell.text("index"))
        proof?.stock(stock, cell)
        return stock
    }
}

/// Reads where a field's value comes from: `["one_of", "KZT"]`, `["working_days", 10]`.
struct SourceReader {
    /// Lists of words that recipes name as `@NAME`.
    let words: [String: [String]]

    private static let plain: [String: CardSource] = [
        "case_number": .caseNumber, "registration_number": .registrationNumber, "paper_number": .paperNumber,
        "articles": .articles, "severity": .severity, "marks": .marks, "any_code": .anyCode, "amount": .amount,
        "fine": .fine, "penalty": .penalty, "victim_role": .victimRole, "injury": .injury, "died_on": .diedOn,
        "name_changed": .nameChanged, "reference": .reference, "region": .region, "settlement": .settlement,
        "latitude": .latitude, "longitude": .longitude, "official": .official, "body": .body, "group": .group,
        "suspects": .suspects, "plate": .plate, "fixed": .fixed, "year": .year, "sex_of_person": .sexOfPerson,
        "relative": .relative, "omitted": .omitted,
    ]

    func source(_ cell: Cell) throws(CatalogueDefect) -> CardSource {
        let parts = try cell.elements()
        guard let head = parts.first else { throw cell.defect("a source begins with its name") }
        let name = try head.text()
        let rest = Array(parts.dropFirst())
        if let plain = Self.plain[name] {
            guard rest.isEmpty else { throw cell.defect("\(name) takes nothing") }
            return plain
        }
        switch name {
        case "one_of": return .oneOf(try words(rest, cell))
        case "told": return .told(try words(rest, cell))
        case "story": return .story(try words(rest, cell))
        case "mark_of_person": return .markOfPerson(try words(rest, cell))
        case "day_of": return .dayOf(try words(rest, cell))
        case "integer": return .integer(try range(rest, cell))
        case "elements": return .elements(try range(rest, cell))
        case "working_days":
            let count = try first(rest, cell).integer(0...1000)
            var kinds: [String] = []
            for kind in rest.dropFirst() { kinds.append(try kind.text()) }
            return .workingDays(count, after: kinds)
        case "urgent_under":
            guard rest.count == 3 else { throw cell.defect("an age and two codes are expected") }
            return .urgentUnder(try rest[0].integer(1...120), urgent: try rest[1].text(), other: try rest[2].text())
        default: return try single(name, only(rest, cell))
        }
    }

    /// Sources that take one thing.
    private func single(_ name: String, _ cell: Cell) throws(CatalogueDefect) -> CardSource {
        switch name {
        case "moment": return .moment(try cell.word(of: Moment.self))
        case "count": return .count(try cell.word(of: LifeCount.self))
        case "flag":
            guard let flag = cell.flag else { throw cell.defect("true or false is expected") }
            return .flag(flag)
        case "life_number": return .lifeNumber(try cell.text())
        case "age_of_person": return .ageOfPerson(try cell.integer(-100...100))
        case "height_of_person": return .heightOfPerson(try cell.integer(-100...100))
        case "day_before":
            let parts = try cell.text().split(separator: "-").compactMap { Int($0) }
            guard parts.count == 2, (1...12).contains(parts[0]), (1...31).contains(parts[1]) else {
                throw cell.defect("a month and a day are expected: 11-20")
            }
            return .dayBefore(month: parts[0], day: parts[1])
        default: throw cell.defect("no such source: \(name)")
        }
    }

    /// Words as they stand, or one list by its name.
    private func words(_ cells: [Cell], _ cell: Cell) throws(CatalogueDefect) -> [String] {
        var found: [String] = []
        for cell in cells {
            let word = try cell.text()
            guard word.hasPrefix("@") else {
                found.append(word)
                continue
            }
            guard let list = words[String(word.dropFirst())] else { throw cell.defect("no list of words \(word)") }
            found += list
        }
        guard !found.isEmpty else { throw cell.defect("words are expected") }
        return found
    }

    private func range(_ cells: [Cell], _ cell: Cell) throws(CatalogueDefect) -> ClosedRange<Int> {
        guard cells.count == 2 else { throw cell.defect("the least and the most are expected") }
        let (least, most) = (try cells[0].integer(0...100_000), try cells[1].integer(0...100_000))
        guard least <= most else { throw cell.defect("the least is above the most") }
        return least...most
    }

    private func first(_ cells: [Cell], _ cell: Cell) throws(CatalogueDefect) -> Cell {
        guard let first = cells.first else { throw cell.defect("something is missing after the name") }
        return first
    }

    private func only(_ cells: [Cell], _ cell: Cell) throws(CatalogueDefect) -> Cell {
        guard cells.count == 1 else { throw cell.defect("no such source, or not one thing after its name") }
        return cells[0]
    }
}
