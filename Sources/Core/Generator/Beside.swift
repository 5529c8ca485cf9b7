package import Law

/// What is told of wrong input that no line of documents can show.
package struct BesideStories: Hashable, Sendable {
    /// Forms that are added to an edition, and the rules that speak of it then.
    struct FaultyEdition: Hashable, Sendable {
        let name: String
        let rules: [String]
        /// Each as JSON, just as `forms.json` holds it.
        let forms: [String]
    }

    /// Cards whose day of effect lies in a period that is over: they change a form that was placed.
    struct LateCards: Hashable, Sendable {
        let rule: String
        let form: String
        let kind: String
    }

    let editions: [FaultyEdition]
    let late: LateCards

    /// Every rule that something beside the documents breaks.
    package var rules: Set<String> {
        Set(editions.flatMap(\.rules) + [late.rule, Beside.totalsRule])
    }
}

/// Reads `beside.json`.
struct BesideLoader {
    let proof: StoryProof?

    func stories(_ root: Cell) throws(CatalogueDefect) -> BesideStories {
        try root.allow("about", "editions", "late")
        var editions: [BesideStories.FaultyEdition] = []
        for cell in try root.elements("editions") { editions.append(try edition(cell)) }
        let late = try root.required("late")
        try late.allow("rule", "form", "kind")
        let cards = BesideStories.LateCards(
            rule: try late.text("rule"), form: try late.text("form"), kind: try late.text("kind"))
        proof?.rule(cards.rule, late)
        proof?.form(cards.form, late)
        proof?.kind(cards.kind, late)
        return BesideStories(editions: editions, late: cards)
    }

    private func edition(_ cell: Cell) throws(CatalogueDefect) -> BesideStories.FaultyEdition {
        try cell.allow("name", "rules", "forms")
        let rules = try cell.required("rules")
        let forms = try cell.required("forms").elements().map(\.written)
        guard !forms.isEmpty else { throw cell.defect("a wrong edition has a form of its own") }
        for rule in try rules.texts() { proof?.rule(rule, rules) }
        return BesideStories.FaultyEdition(name: try cell.text("name"), rules: try rules.texts(), forms: forms)
    }
}

/// What stands beside the documents of a run: editions whose forms are wrong, and cards that come too late.
package struct Beside: Sendable {
    /// An edition like the one in force, with forms that break rules.
    package struct WrongEdition: Sendable {
        /// What its folder is to be called.
        package let name: String
        package let rules: [String]
        package let source: EditionSource
        /// The keys of its wrong forms.
        package let forms: [String]
    }

    /// Cards for after a form was placed.
    package struct LateCards: Sendable {
        package let rule: String
        package let form: String
        /// The period that is over: `2026-Q1`, `2026-03`.
        package let period: String
        package let settings: GeneratorSettings
    }

    /// The rule on control totals: a number beside the documents breaks it.
    package static let totalsRule = "V014"
    /// How many late cards there are: each changes the figure.
    private static let lateCount = 12

    package let editions: [WrongEdition]
    package let late: LateCards
    /// The senders who sign, in ascending order.
    package let signers: [String]

    /// - Parameter settings: of the run that this stands beside. The editions begin on its last day.
    package init(catalogue: Catalogue, settings: GeneratorSettings) throws(GeneratorRefusal) {
        let stories: Stories
        do throws(CatalogueDefect) { stories = try .embedded() } catch { throw .stories(error) }
        let edition = catalogue.edition(on: settings.to)
        signers = try World(edition: edition, stories: stories, settings: settings).signers
        let files = EditionSource.embedded().first { $0.from == edition.from }?.files ?? [:]
        editions = stories.beside.editions.map { Self.edition($0, files: files, from: settings.to) }
        let told = stories.beside.late
        guard let form = edition.form(told.form) else { throw .unknownForm(told.form) }
        let over = Self.periodBefore(settings.to, form.periodicity)
        var late = settings
        late.kind = told.kind
        late.count = Self.lateCount
        late.seed ^= 0x6C61_7465
        (late.from, late.to, late.faults) = (over.first, over.last, 0)
        self.late = LateCards(rule: told.rule, form: told.form, period: over.text, settings: late)
    }

    private static func edition(
        _ wrong: BesideStories.FaultyEdition, files: [String: [UInt8]], from: Day
    ) -> WrongEdition {
        var files = files
        let name = "forms.json"
        let head = "\"forms\":["
        let text = String(decoding: files[name] ?? [], as: UTF8.self)
        if let place = text.firstRange(of: head) {
            let added = wrong.forms.joined(separator: ",\n") + ","
            files[name] = Array((text[..<place.upperBound] + "\n" + added + text[place.upperBound...]).utf8)
        }
        return WrongEdition(
            name: wrong.name, rules: wrong.rules, source: EditionSource(from: from, files: files),
            forms: wrong.forms.compactMap(key))
    }

    /// The key of a form as it is written in our own data.
    private static func key(of form: String) -> String? {
        let head = "\"key\":\""
        guard let start = form.firstRange(of: head)?.upperBound else { return nil }
        return String(form[start...].prefix { $0 != "\"" })
    }

    /// The last period that is over on a day.
    private static func periodBefore(
        _ day: Day, _ length: Form.Periodicity
    ) -> (text: String, first: Day, last: Day) {
        let months = length == .quarterly ? 3 : 1
        let civil = day.civil
        // Months since the year 0; the first of the period that the day lies in.
        let own = (civil.year * 12 + civil.month - 1) / months * months
        let before = own - months
        func first(_ month: Int) -> Day { Day(year: month / 12, month: month % 12 + 1, day: 1) }
        let (year, number) = (before / 12, before % 12)
        let text = months == 3 ? "\(year)-Q\(number / 3 + 1)" : "\(year)-\(number < 9 ? "0" : "")\(number + 1)"
        return (text, first(before), first(own).adding(days: -1))
    }
}
