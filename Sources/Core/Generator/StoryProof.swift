import Law

/// Holds what the stories name against an edition: kinds, fields, codes, rules, the ways lives go.
final class StoryProof {
    /// Where a table's paths lie.
    enum Place {
        /// In every card.
        case envelope
        /// Within some group that speaks of a person.
        case person
        /// Within the elements of some set.
        case member
    }

    let edition: Edition
    private(set) var found: [CatalogueDefect] = []
    /// Names of ways and what they may say, by kind; and those that a recipe looks at.
    private var ways: [String: [String: Set<String>]] = [:]
    private var lookedAt: Set<String> = []
    private var wayCells: [(name: String, kind: String, cell: Cell)] = []

    init(edition: Edition) {
        self.edition = edition
    }

    func kind(_ code: String, _ cell: Cell) {
        if edition.kind(code) == nil { report("no card kind \(code)", cell) }
    }

    func rule(_ code: String, _ cell: Cell) {
        if edition.rule(code) == nil { report("no rule \(code)", cell) }
    }

    func form(_ key: String, _ cell: Cell) {
        if edition.form(key) == nil { report("no form \(key)", cell) }
    }

    func unused(_ what: String, _ name: String, _ cell: Cell) {
        report("nothing uses the \(what) \(name)", cell)
    }

    /// A field of the kind, or a group of its fields.
    func path(_ path: String, of kind: String, _ cell: Cell) {
        guard let card = edition.kind(kind) else { return }
        if !Self.has(path, card) { report("\(kind) has no field \(path)", cell) }
    }

    func code(_ code: String, at path: String, of kind: String, _ cell: Cell) {
        guard let card = edition.kind(kind) else { return }
        guard let field = card.field(path: path) else { return report("\(kind) has no field \(path)", cell) }
        codes([code], of: field, kind, cell)
    }

    func way(_ name: String, _ value: String, of kind: String, _ cell: Cell) {
        if edition.kind(kind)?.field(path: name) != nil { report("\(kind) has a field \(name): say `with`", cell) }
        ways[kind, default: [:]][name, default: []].insert(value)
        wayCells.append((name, kind, cell))
    }

    func field(_ path: String, _ recipe: FieldRecipe, of kind: String, _ cell: Cell) {
        guard let card = edition.kind(kind) else { return }
        self.path(path, of: kind, cell)
        source(recipe.source, card.field(path: path).map { [$0] } ?? [], kind, cell)
        guard let condition = recipe.condition else { return }
        if let field = card.field(path: condition.path) {
            codes(condition.codes, of: field, kind, cell)
        } else if let values = ways[kind]?[condition.path] {
            lookedAt.insert(kind + " " + condition.path)
            for code in condition.codes where !values.contains(code) {
                report("no life of \(kind) goes the way \(condition.path) \(code)", cell)
            }
        } else {
            report("\(kind) has no field \(condition.path), and no life of it goes such a way", cell)
        }
    }

    func field(_ path: String, _ recipe: FieldRecipe, in place: Place, _ cell: Cell) {
        let fields = edition.kinds.flatMap { kind -> [Field] in
            switch place {
            case .envelope:
                return kind.field(path: path).map { [$0] } ?? []
            case .person:
                return kind.fields.filter { $0.role == .surname }.compactMap { surname in
                    let group = surname.path.split(separator: ".").dropLast().joined(separator: ".")
                    return kind.field(path: group + "." + path)
                }
            case .member:
                return kind.fields.flatMap(\.members).filter { $0.path == path }
            }
        }
        let isShort = place == .envelope ? fields.count < edition.kinds.count : fields.isEmpty
        if isShort { report("no such field: \(path)", cell) }
        if recipe.condition != nil { report("a recipe for all has no condition", cell) }
        source(recipe.source, fields, nil, cell)
    }

    func stock(_ stock: Recipes.Stock, _ cell: Cell) {
        let victims = cell.member("victims") ?? cell
        let articles = cell.member("articles") ?? cell
        for (name, place) in [(stock.victimRoles, victims), (stock.injuries, victims), (stock.index, cell)]
        where edition.codeList(name) == nil {
            report("no code list \(name)", place)
        }
        let injuries = edition.codeList(stock.injuries)?.codes.map(\.code) ?? []
        for code in stock.dead where !injuries.contains(code) {
            report("\(stock.injuries) has no code \(code)", victims)
        }
        let groups = Set(edition.codeLists.flatMap(\.codes).flatMap { $0.attribute("groups") })
        for group in [stock.roadGroup] + stock.unmarkedGroups where !groups.contains(group) {
            report("no article is of the group \(group)", articles)
        }
        let all = Set(edition.codeLists.flatMap(\.codes).map(\.code))
        for penalty in stock.penalties where !all.contains(penalty.code) { report("no code \(penalty.code)", cell) }
    }

    /// What is seen only at the end: every kind has a recipe and stands in a life, every way is looked at.
    func closing(_ stories: Stories) {
        let told = Set(stories.lives.flatMap(\.steps).map(\.kind))
        for kind in edition.kinds {
            if !stories.recipes.hasKind(kind.code) {
                found.append(
                    CatalogueDefect(
                        file: "recipes.json", place: "", reason: "\(kind.code) has no recipe",
                        remedy: "say which body hands it in"))
            }
            if !told.contains(kind.code) {
                found.append(
                    CatalogueDefect(
                        file: "lives.json", place: "", reason: "\(kind.code) stands in no life",
                        remedy: "tell a life in which it comes"))
            }
        }
        for way in wayCells where !lookedAt.contains(way.kind + " " + way.name) {
            unused("way", way.name, way.cell)
        }
    }

    private func source(_ source: CardSource, _ fields: [Field], _ kind: String?, _ cell: Cell) {
        switch source {
        case .oneOf(let words), .markOfPerson(let words):
            words.forEach { word($0, of: fields, cell) }
        case .urgentUnder(_, let urgent, let other):
            [urgent, other].forEach { word($0, of: fields, cell) }
        case .anyCode:
            if !fields.contains(where: { $0.codeList != nil }) { report("the field takes no codes", cell) }
        case .dayOf(let kinds), .workingDays(_, let kinds):
            kinds.forEach { self.kind($0, cell) }
        case .reference:
            let isReference = fields.contains { if case .reference = $0.type { true } else { false } }
            if !isReference { report("the field refers to no record", cell) }
        default: break
        }
    }

    /// A word that a code field may take, or any word where one of the fields takes text.
    private func word(_ word: String, of fields: [Field], _ cell: Cell) {
        let lists = fields.map { $0.codeList.flatMap(edition.codeList) }
        guard !lists.isEmpty, !lists.contains(where: { $0 == nil }) else { return }
        if !lists.contains(where: { $0?.codes.contains { $0.code == word } ?? false }) {
            report("no code \(word) in \(Set(fields.compactMap(\.codeList)).sorted().joined(separator: ", "))", cell)
        }
    }

    private func codes(_ codes: [String], of field: Field, _ kind: String, _ cell: Cell) {
        guard let list = field.codeList.flatMap(edition.codeList) else {
            return report("\(kind) \(field.path) takes no codes", cell)
        }
        for code in codes where !list.codes.contains(where: { $0.code == code }) {
            report("\(kind) \(field.path): no code \(code) in \(list.name)", cell)
        }
    }

    private func report(_ reason: String, _ cell: Cell) {
        var defect = cell.defect(reason)
        defect.remedy = "name what the edition has, or take it out"
        found.append(defect)
    }

    private static func has(_ path: String, _ card: CardKind) -> Bool {
        card.field(path: path) != nil || card.fields.contains { $0.path.hasPrefix(path + ".") }
    }
}
