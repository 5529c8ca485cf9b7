import Law

/// What a run takes from the catalogue, made ready once: shapes, places, days, articles.
struct World: Sendable {
    let edition: Edition
    let settings: GeneratorSettings
    let shapes: [CardShape]
    let lives: [Life]
    let lifeChoice: WeightedChoice
    /// From the first day asked for to the last.
    let workingDays: [Day]
    let settlements: [Settlement]
    private let settlementChoice: WeightedChoice
    /// Tells runs of different kinds and territories apart under one seed.
    let stream: UInt64
    /// `kz-75-h-all-`: before the number of a document.
    let documentPrefix: String
    private let casePrefix: String
    private let articleLists: [ArticleStock]
    /// By the code of an article: its severity, and the marks its group calls for.
    let severities: [String: String]
    let marks: [String: [String]]
    /// Limits of fines by article, in monthly calculation indices.
    private let fineLimits: [String: ClosedRange<Int>]
    private let deadInjuries: [String]
    private let livingInjuries: [String]
    private let victimRoles: [String]
    let stock: Recipes.Stock
    /// What may be spoilt, in a settled order.
    let faults: [Fault]

    /// Articles of a list, sorted by what they concern.
    private struct ArticleStock: Sendable {
        let list: String
        /// Articles that no group names, those of the road, and all others.
        let common: [String]
        let road: [String]
        let marked: [String]
    }

    init(edition: Edition, stories: Stories, settings: GeneratorSettings) throws(GeneratorRefusal) {
        let stock = stories.recipes.stock
        let places = edition.settlements.filter { $0.region == settings.territory }
        guard !places.isEmpty else { throw .unknownTerritory(settings.territory) }
        if let kind = settings.kind, edition.kind(kind) == nil { throw .unknownKind(kind) }
        var days: [Day] = []
        var day = settings.from
        while day <= settings.to {
            if edition.calendar.isWorking(day) { days.append(day) }
            day = day.adding(days: 1)
        }
        guard !days.isEmpty else { throw .noWorkingDay(from: settings.from, to: settings.to) }
        self.edition = edition
        self.settings = settings
        workingDays = days
        settlements = places
        // A place of unknown population is a small one.
        settlementChoice = WeightedChoice(places.map { max($0.population, 400) })
        shapes = edition.kinds.map { CardShape(kind: $0, edition: edition, recipes: stories.recipes) }
        lives = Self.lives(stories.lives, edition: edition, kind: settings.kind)
        self.stock = stock
        faults = Fault.all(stories)
        lifeChoice = WeightedChoice(lives.map(\.weight))
        let tag = (settings.kind ?? "all").lowercased()
        stream = Self.hash(settings.territory + "/" + tag)
        let run = settings.territory.lowercased() + "-" + Self.letters(settings.seed) + "-" + tag + "-"
        documentPrefix = run
        casePrefix = run
        articleLists = edition.codeLists.map { Self.articles(of: $0, road: stock.roadGroup) }
        var severities: [String: String] = [:]
        var marks: [String: [String]] = [:]
        var fineLimits: [String: ClosedRange<Int>] = [:]
        for code in edition.codeLists.flatMap(\.codes) {
            if let severity = code.attribute("severity").first { severities[code.code] = severity }
            if let least = code.attribute("fine_from").first.flatMap({ Int($0) }),
                let most = code.attribute("fine_to").first.flatMap({ Int($0) }), least <= most
            {
                fineLimits[code.code] = least...most
            }
            // A crime against a child is marked by the age of its victim, which no article tells.
            let groups = code.attribute("groups").filter { !stock.unmarkedGroups.contains($0) }
            if !groups.isEmpty { marks[code.code] = groups }
        }
        self.severities = severities
        self.marks = marks
        self.fineLimits = fineLimits
        let injuries = edition.codeList(stock.injuries)?.codes.map(\.code) ?? []
        deadInjuries = injuries.filter(stock.dead.contains)
        livingInjuries = injuries.filter { !stock.dead.contains($0) }
        victimRoles = edition.codeList(stock.victimRoles)?.codes.map(\.code) ?? []
    }

    /// The lives whose cards the edition has; for one kind those that hold it, or a life of that card alone.
    private static func lives(_ all: [Life], edition: Edition, kind: String?) -> [Life] {
        let possible = all.filter { life in life.steps.allSatisfy { edition.kind($0.kind) != nil } }
        guard let kind else { return possible }
        let holding = possible.filter { life in life.steps.contains { $0.kind == kind } }
        return holding.isEmpty ? [.single(kind)] : holding
    }

    private static func articles(of list: CodeList, road: String) -> ArticleStock {
        func group(_ code: Code) -> [String] { code.attribute("groups") }
        return ArticleStock(
            list: list.name, common: list.codes.filter { group($0).isEmpty }.map(\.code),
            road: list.codes.filter { group($0).contains(road) }.map(\.code),
            marked: list.codes.filter { !group($0).isEmpty && !group($0).contains(road) }.map(\.code))
    }

    func shape(of kind: String) -> Int? {
        shapes.firstIndex { $0.kind.code == kind }
    }

    /// The position of the first working day that is not before `day`; their count where there is none.
    func position(of day: Day) -> Int {
        var low = 0
        var high = workingDays.count
        while low < high {
            let middle = (low + high) / 2
            if workingDays[middle] < day { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The bodies of a territory take lives in turn; all cards of a life from one kind of body come from one of them.
    func sender(of shape: CardShape, life: Int) -> String {
        bodyCode(shape.body, (life &* 7 &+ 3) % shape.bodies + 1)
    }

    /// Whether this sender's documents are to be signed: those of the first body of each kind, where any are.
    func signs(_ sender: String) -> Bool {
        settings.signs && sender.hasSuffix("-01")
    }

    /// The senders who sign, in ascending order.
    var signers: [String] {
        Set(shapes.map { bodyCode($0.body, 1) }).filter(signs).sorted()
    }

    /// Each life that an organisation answers in draws its own; the same few stand in many.
    func organisation(of life: Int) -> Organisation {
        var random = SeededRandom(seed: settings.seed ^ 0x0B17, stream: UInt64(life))
        return Organisation(number: random.below(random.happens(300) ? 200 : Organisation.count))
    }

    /// A body has four officials, who are people like all others.
    func official(of body: String, life: Int) -> Int {
        var random = SeededRandom(seed: Self.hash(body), stream: UInt64(life % 4))
        return random.below(People.adults)
    }

    func letteredNumber(_ number: Int) -> String {
        settings.territory + "/" + String(number)
    }

    func bodyCode(_ body: String, _ number: Int) -> String {
        settings.territory + "-" + body + "-" + (number < 10 ? "0" : "") + String(number)
    }

    /// One article, now and then two, as the life's theme allows.
    func drawArticles(_ list: String, theme: LifeTheme, _ random: inout SeededRandom) -> [String] {
        guard let stock = articleLists.first(where: { $0.list == list }) else { return [] }
        var source = stock.common
        if theme == .roadCrime {
            source = stock.road
        } else if !stock.marked.isEmpty, random.happens(theme == .misdemeanour ? 30 : 200) {
            source = stock.marked
        } else if !stock.road.isEmpty, random.happens(25) {
            source = stock.road
        }
        if source.isEmpty { source = stock.common + stock.marked + stock.road }
        let first = source[random.below(source.count)]
        guard theme != .roadCrime, random.happens(80) else { return [first] }
        let second = stock.common.isEmpty ? first : stock.common[random.below(stock.common.count)]
        // A card has one severity, so articles of different severity are not brought together.
        return second == first || severities[second] != severities[first] ? [first] : [first, second]
    }

    func openLife(_ life: Life, number: Int, _ random: inout SeededRandom) -> LifeState {
        let opened = workingDays[random.below(workingDays.count)]
        let occurred = max(settings.from, opened.adding(days: -random.below(4)))
        var suspects = [People.drawAdult(&random)]
        while suspects.count < 3, random.happens(180) {
            let another = People.drawAdult(&random)
            if !suspects.contains(another) { suspects.append(another) }
        }
        if life.theme == .search, random.happens(250) { suspects = [People.drawChild(&random)] }
        var victims: [LifeState.Victim] = []
        let isRoad = life.theme == .accident || life.theme == .roadCrime
        if isRoad {
            repeat {
                let victim = drawVictim(on: occurred, &random)
                if !victims.contains(where: { $0.person == victim.person }) { victims.append(victim) }
            } while victims.count < 4 && random.happens(400)
        }
        return LifeState(
            number: number, theme: life.theme, caseNumber: casePrefix + "d" + String(number), occurred: occurred,
            opened: opened, voluntaryEnd: opened.adding(days: 30), suspects: suspects, victims: victims,
            victimsCount: isRoad ? victims.count : random.below(3), isEntity: random.happens(170),
            settlement: settlementChoice.index(&random), amount: (random.below(80) + 1) * 1_966,
            story: random.happens(140) ? random.below(1_000) : nil,
            penalty: drawPenalty(&random))
    }

    /// Hundredths of tenge: within the limits of the articles at the index of the year the case was opened in.
    func fine(in life: LifeState) -> Int {
        let articles = life.articles.flatMap(\.codes)
        let limits = articles.compactMap { fineLimits[$0] }
        let index = edition.codeList(stock.index)?.codes.first { code in
            (code.from.map { $0 <= life.opened } ?? true) && (code.to.map { life.opened <= $0 } ?? true)
        }
        guard let least = limits.map(\.lowerBound).min(), limits.count == articles.count,
            let tenge = index?.attribute("tenge").first.flatMap({ Int($0) })
        else { return life.amount * 100 }
        let most = limits.reduce(0) { $0 + $1.upperBound }
        return (least + life.amount / 1_966 % min(most - least + 1, 40)) * tenge * 100
    }

    private func drawPenalty(_ random: inout SeededRandom) -> String {
        for penalty in stock.penalties.dropLast() where random.happens(penalty.chance) { return penalty.code }
        return stock.penalties.last?.code ?? ""
    }

    private func drawVictim(on day: Day, _ random: inout SeededRandom) -> LifeState.Victim {
        let isChild = random.happens(90)
        let number = isChild ? People.drawChild(&random) : People.drawAdult(&random)
        let born = People.person(number).born
        let isDead = !deadInjuries.isEmpty && random.happens(130)
        let injuries = isDead || livingInjuries.isEmpty ? deadInjuries : livingInjuries
        let injury = injuries.isEmpty ? "" : injuries[random.below(injuries.count)]
        let role = victimRoles.isEmpty ? "" : victimRoles[random.below(victimRoles.count)]
        return LifeState.Victim(
            person: number, role: role, injury: injury, isDead: isDead, isMinor: born.wholeYears(to: day) < 18)
    }

    /// A number in letters: a document's id may hold no run of digits that could be taken for a person's number.
    static func letters(_ number: UInt64) -> String {
        var rest = number
        var letters: [UInt8] = []
        repeat {
            letters.append(UInt8(ascii: "a") + UInt8(rest % 26))
            rest /= 26
        } while rest > 0
        return String(decoding: letters.reversed(), as: UTF8.self)
    }

    private static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    }
}
