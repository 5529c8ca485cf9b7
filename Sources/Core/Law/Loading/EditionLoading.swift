/// Builds one edition out of its files.
struct EditionLoader {
    let from: Day
    let files: [String: SourceFile]

    func load() throws(CatalogueDefect) -> Edition {
        let accounts = try root("account_types.json").elements("types")
        var lists: [CodeList] = []
        for cell in try root("code_lists.json").elements("lists") { lists.append(try codeList(cell)) }
        let regions = try regions()
        lists.append(
            CodeList(
                name: "region", labels: Labels(en: "Region", kk: "Өңір", ru: "Регион"),
                codes: regions.map { Code(code: $0.code, labels: $0.labels, from: $0.from.map { min($0, from) }) }))
        lists.append(try accountCodes(accounts))

        let loaded = try kinds()
        let ruleLoader = RuleLoader(rules: try root("rules.json").elements("rules"))
        let resolvers = Dictionary(uniqueKeysWithValues: loaded.map { ($0.code, $0.resolver) })
        let examples = try examples()
        let words = try dictionaryWords()
        var kinds: [CardKind] = []
        for part in loaded {
            let example = examples[part.code] ?? ""
            kinds.append(
                CardKind(
                    code: part.code, labels: part.labels, fields: part.fields, termWorkingDays: part.term,
                    dictionary: words, rules: try ruleLoader.bound(to: part.code, part.resolver), example: example,
                    limitRules: try ruleLoader.limits(of: part.code, part.resolver)))
        }
        var types: [AccountType] = []
        for cell in accounts { types.append(try AccountLoader(resolvers: resolvers).type(cell)) }
        var forms: [Form] = []
        for cell in try root("forms.json").elements("forms") {
            forms.append(try FormLoader(resolvers: resolvers).form(cell))
        }
        let rules = try ruleLoader.rules()
        let severities = Dictionary(rules.map { ($0.code, $0.severity) }) { first, _ in first }
        let edition = Edition(
            from: from, kinds: kinds, codeLists: lists, accountTypes: types, forms: forms,
            rules: rules, regions: regions, settlements: try settlements(), calendar: try calendar(),
            nationalTests: try nationalTests(resolvers),
            likeness: try LikenessLoader(resolvers: resolvers, severities: severities).rules(
                try root("likeness.json")))
        try prove(edition)
        try proveNation(edition)
        return edition
    }

    private func nationalTests(_ resolvers: [String: PathResolver]) throws(CatalogueDefect) -> [NationalTest] {
        let loader = NationLoader(resolvers: resolvers)
        var tests: [NationalTest] = []
        for rule in try root("rules.json").elements("rules") { tests += try loader.tests(rule) }
        return tests.sorted { $0.code < $1.code }
    }

    func root(_ name: String) throws(CatalogueDefect) -> Cell {
        guard let file = files[name] else {
            throw CatalogueDefect(file: name, place: "", reason: "the file is missing")
        }
        return file.root
    }

    private func codeList(_ cell: Cell) throws(CatalogueDefect) -> CodeList {
        var codes: [Code] = []
        for item in try cell.elements("codes") {
            var code = Code(code: try item.text("code"), labels: try item.labels("labels"))
            code.from = try item.day("from")
            code.to = try item.day("to")
            for (name, words) in try item.member("with")?.members() ?? [] {
                var attribute = Code.Attribute(name: name, words: [])
                for word in try words.elements() { attribute.words.append(try word.text()) }
                code.attributes.append(attribute)
            }
            code.attributes.sort { $0.name < $1.name }
            codes.append(code)
        }
        return CodeList(name: try cell.text("name"), labels: try cell.labels("labels"), codes: codes)
    }

    /// The numbers of all account types, so that a card may name them; whether one is in force is rule V016's.
    private func accountCodes(_ cells: [Cell]) throws(CatalogueDefect) -> CodeList {
        var codes: [Code] = []
        for cell in cells {
            let code = Code(code: try cell.text("code"), labels: try cell.labels("labels"))
            if !codes.contains(where: { $0.code == code.code }) { codes.append(code) }
        }
        return CodeList(
            name: "account_type", labels: Labels(en: "Account type", kk: "Есеп түрі", ru: "Вид учёта"), codes: codes)
    }

    private func regions() throws(CatalogueDefect) -> [Region] {
        var regions: [Region] = []
        for cell in try root("regions.json").elements("regions") {
            regions.append(
                Region(
                    code: try cell.text("code"), labels: try cell.labels("labels"), centre: try cell.text("centre"),
                    from: try cell.day("from")))
        }
        return regions
    }

    private func settlements() throws(CatalogueDefect) -> [Settlement] {
        var settlements: [Settlement] = []
        for cell in try root("settlements.json").elements("settlements") {
            let row = try cell.elements()
            guard row.count == 8 else { throw cell.defect("a settlement has eight columns") }
            settlements.append(
                Settlement(
                    id: try row[0].integer(),
                    labels: Labels(en: try row[1].text(), kk: try row[2].text(), ru: try row[3].text()),
                    region: try row[4].text(), latitude: try row[5].number(), longitude: try row[6].number(),
                    population: Int(try row[7].integer())))
        }
        return settlements
    }

    private func calendar() throws(CatalogueDefect) -> Calendar {
        var off: [Day] = []
        var worked: [Day] = []
        for cell in try root("calendar.json").elements("days") {
            let row = try cell.elements()
            guard row.count == 5 else { throw cell.defect("a day has five columns") }
            if try row[1].text() == "working-weekend" {
                worked.append(try row[0].day())
            } else {
                off.append(try row[0].day())
            }
        }
        return Calendar(daysOff: off, workingWeekendDays: worked)
    }

    private func examples() throws(CatalogueDefect) -> [String: String] {
        var examples: [String: String] = [:]
        for cell in try root("examples.json").elements("examples") { examples[try cell.text("form_code")] = cell.raw }
        return examples
    }

    /// Words that blocks often hold, end to end: what comes last is cheapest to refer to.
    private func dictionaryWords() throws(CatalogueDefect) -> [UInt8] {
        var bytes: [UInt8] = []
        for cell in try root("dictionary.json").elements("words") { bytes.append(contentsOf: try cell.text().utf8) }
        return bytes
    }
}

/// A card kind before its rules are bound.
struct LoadedKind {
    var code: String
    var labels: Labels
    var term: Int
    var fields: [Field]
    var resolver: PathResolver
}

extension EditionLoader {
    /// All card files: those whose root has a `code`.
    private func kinds() throws(CatalogueDefect) -> [LoadedKind] {
        var blocks: [String: Cell] = [:]
        for cell in try root("blocks.json").elements("blocks") { blocks[try cell.text("name")] = cell }
        let loader = FieldLoader(blocks: blocks)
        let envelope = try root("envelope.json").elements("fields")
        var kinds: [LoadedKind] = []
        for name in files.keys.sorted() {
            guard let file = files[name], file.root.member("code") != nil else { continue }
            kinds.append(try kind(file.root, envelope: envelope, loader))
        }
        return kinds
    }

    private func kind(
        _ card: Cell, envelope: [Cell], _ loader: FieldLoader
    ) throws(CatalogueDefect) -> LoadedKind {
        var drafts: [FieldLoader.Draft] = []
        for cell in try envelope + card.elements("fields") { drafts += try loader.drafts(cell, in: FieldScope()) }
        for override in try card.elements("override") {
            let path = try override.text("path")
            guard let position = drafts.firstIndex(where: { $0.field.path == path }) else {
                throw override.unresolved("no such field: \(path)")
            }
            drafts[position].field.requirement = override.flag("req") ? .required : .optional
            drafts[position].when = override.member("when")
        }
        drafts.sort { $0.field.number < $1.field.number }
        let code = try card.text("code")
        try refuseDoubles(drafts.map(\.field), card)
        let resolver = PathResolver(kind: code, fields: drafts.map(\.field))
        var fields: [Field] = []
        for draft in drafts {
            var field = draft.field
            if let when = draft.when {
                field.requirement = .requiredWhen(try resolver.condition(when, draft.prefix))
            } else if let block = draft.optionalBlock {
                let others = drafts.filter { $0.field.path.hasPrefix(block) && $0.compute == nil }
                field.requirement = .requiredWhen(
                    .any(others.map { .present(FieldPath(field: $0.field.number)) }))
            }
            if let compute = draft.compute { field.computed = try resolver.computation(compute, draft.prefix) }
            fields.append(field)
        }
        return LoadedKind(
            code: code, labels: try card.labels("labels"), term: Int(try card.required("term").integer()),
            fields: fields, resolver: resolver)
    }

    private func refuseDoubles(_ fields: [Field], _ card: Cell) throws(CatalogueDefect) {
        var numbers: Set<FieldNumber> = []
        var paths: Set<String> = []
        for field in fields {
            guard paths.insert(field.path).inserted else { throw card.defect("\(field.path) stands twice") }
            for number in [field.number] + field.members.map(\.number) {
                guard numbers.insert(number).inserted else { throw card.defect("number \(number) is given twice") }
            }
        }
    }
}
