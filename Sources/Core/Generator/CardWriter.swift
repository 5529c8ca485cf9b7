import Law

/// Writes one planned card as one line.
struct CardWriter {
    let world: World
    let shape: CardShape
    let card: PlannedCard
    let life: LifeState
    var line: LineWriter
    var numbers: SeededRandom
    let fault: Fault?
    /// Who stands in the line.
    private(set) var people: [Int] = []
    /// The person of the group or element being written, and whether the card knows her by her previous surname only.
    private var person: Person?
    private var byPreviousSurname = false
    /// Codes written so far, by path: what later fields' conditions look at.
    private(set) var codes: [(path: String, code: String)] = []
    /// The field a fault leaves out or fills with a code that no list has.
    private var spoiltPath: String?
    /// What a fault against one rule of one kind does to the card, and how much of it is done.
    private let spoils: [RuleFault.Spoil]
    private var spoilt: [String] = []

    init(
        world: World, shape: CardShape, card: PlannedCard, life: LifeState, line: LineWriter, numbers: SeededRandom,
        fault: Fault?
    ) {
        self.world = world
        self.shape = shape
        self.card = card
        self.life = life
        self.line = line
        self.numbers = numbers
        self.fault = fault
        if case .rule(let broken) = fault { spoils = broken.spoils } else { spoils = [] }
        switch fault {
        case .missingRequired: spoiltPath = shape.requiredPaths[card.number % shape.requiredPaths.count]
        case .unknownCode: spoiltPath = shape.codePaths[card.number % shape.codePaths.count]
        default: spoiltPath = nil
        }
    }

    mutating func write() {
        line.openLine()
        write(shape.nodes)
        // What the card is never written with otherwise.
        for spoil in spoils where !spoilt.contains(spoil.path) && !spoil.path.contains(".") {
            write(spoil, key: spoil.path)
        }
        switch fault {
        case .unknownField: line.text("colour", "green")
        case .duplicateKey:
            if let field = shape.kind.field(role: .documentID) { line.text(field.path, card.document) }
        default: break
        }
        if case .text(let text) = fault { text.close(&line) } else { line.closeLine() }
    }

    private mutating func write(_ nodes: [CardShape.Node]) {
        for node in nodes {
            switch node {
            case .leaf(let leaf):
                write(leaf)
            case .group(let group):
                guard stands(group), enters(group.party) else { continue }
                let mark = line.mark
                line.openGroup(group.key)
                let empty = line.bytes.count
                write(group.nodes)
                if line.bytes.count == empty { line.rewind(to: mark) } else { line.closeGroup() }
            }
        }
    }

    private mutating func stands(_ group: CardShape.Group) -> Bool {
        if !spoils.isEmpty {
            if let spoil = spoils.first(where: { $0.path == group.path }) {
                write(spoil, key: group.key)
                return false
            }
            if spoils.contains(where: { $0.path.hasPrefix(group.path + ".") }) { return true }
        }
        return (group.chance == 1000 || numbers.happens(group.chance)) && holds(group.condition)
    }

    private func holds(_ condition: FieldRecipe.Condition?) -> Bool {
        guard let condition else { return true }
        if let code = card.fixed[condition.path] { return condition.codes.contains(code) }
        return codes.contains { $0.path == condition.path && condition.codes.contains($0.code) }
    }

    /// Whether this group stands in the card; it makes its person the one that names are taken from.
    private mutating func enters(_ party: CardShape.Party) -> Bool {
        switch party {
        case .none:
            return true
        case .person:
            guard !(shape.hasEntity && life.isEntity) else { return false }
            if person?.number != card.person { meet(card.person) }
            return true
        case .entity:
            return life.isEntity || !shape.hasPerson
        }
    }

    private mutating func meet(_ number: Int) {
        let met = People.person(number)
        person = met
        // The same for all cards of a life: a body knows a person by one name.
        byPreviousSurname =
            met.previousSurname != nil && SeededRandom.mixed(UInt64(number &* 31 &+ life.number)) % 5 < 2
        people.append(number)
    }

    private mutating func write(_ leaf: CardShape.Leaf) {
        if !spoils.isEmpty, let spoil = spoils.first(where: { $0.path == leaf.field.path }) {
            write(spoil, key: leaf.key)
            return
        }
        guard leaf.chance == 1000 || numbers.happens(leaf.chance), holds(leaf.condition) else { return }
        if leaf.field.path == spoiltPath {
            if fault == .unknownCode { line.text(leaf.key, "NO-SUCH-CODE") }
            return
        }
        switch leaf.source {
        case .recipe(let source): write(leaf, from: source)
        case .role(let role): write(leaf, role: role)
        case .type: writeByType(leaf)
        }
    }

    mutating func code(_ leaf: CardShape.Leaf, _ code: String) {
        if leaf.field.isSet {
            line.openArray(leaf.key)
            line.element(code)
            line.closeArray()
        } else {
            line.text(leaf.key, code)
        }
        codes.append((leaf.field.path, code))
    }

    private mutating func write(_ leaf: CardShape.Leaf, from source: CardSource) {
        switch source {
        case .moment(let moment):
            let isEvent = leaf.field.role == .eventDay
            write(leaf, isEvent && fault == .datesReversed ? card.day.adding(days: 3) : day(moment))
        case .caseNumber: line.text(leaf.key, life.caseNumber)
        case .registrationNumber: line.text(leaf.key, life.caseNumber + "-r")
        case .paperNumber: line.text(leaf.key, world.letteredNumber(card.number))
        case .articles: writeArticles(leaf)
        case .severity:
            let articles = shape.articleList.map(life.articles) ?? []
            if let severity = articles.first.flatMap({ world.severities[$0] }) { code(leaf, severity) }
        case .marks: writeMarks(leaf)
        case .anyCode where !leaf.codes.isEmpty: code(leaf, leaf.codes[numbers.below(leaf.codes.count)])
        case .oneOf(let words):
            code(leaf, card.fixed[leaf.field.path] ?? words[numbers.below(words.count)])
        case .count(let count): line.integer(leaf.key, life.count(count))
        case .amount: line.amount(leaf.key, hundredths: life.amount * 100)
        case .integer(let range): line.integer(leaf.key, range.lowerBound + numbers.below(range.count))
        case .flag(let flag): line.flag(leaf.key, flag)
        case .penalty: code(leaf, life.penalty)
        case .victimRole: if let victim = card.victim { code(leaf, victim.role) }
        case .injury: if let victim = card.victim { code(leaf, victim.injury) }
        case .diedOn: write(leaf, life.opened)
        case .story(let tellings):
            if let story = life.story { line.text(leaf.key, tellings[story % tellings.count]) }
        case .nameChanged: if let person { write(leaf, person.changedOn) }
        case .reference: writeReference(leaf)
        case .region: line.text(leaf.key, world.settings.territory)
        case .settlement: line.integer(leaf.key, Int(world.settlements[life.settlement].id))
        case .latitude: line.coordinate(leaf.key, Self.near(world.settlements[life.settlement].latitude, &numbers))
        case .longitude: line.coordinate(leaf.key, Self.near(world.settlements[life.settlement].longitude, &numbers))
        case .official: writeOfficial(leaf)
        case .body: line.text(leaf.key, card.sender)
        case .elements(let range): writeElements(leaf, range.lowerBound + numbers.below(range.count))
        case .suspects: writeSuspects(leaf)
        case .plate: line.text(leaf.key, plate())
        case .anyCode, .group: writeByType(leaf)
        default: writeTold(leaf, from: source)
        }
    }

    private mutating func write(_ leaf: CardShape.Leaf, role: FieldRole) {
        switch role {
        case .documentID: line.text(leaf.key, card.document)
        case .form: line.text(leaf.key, fault == .unknownForm ? "ZZ-9" : shape.kind.code)
        case .act: line.text(leaf.key, "NEW")
        case .sender: line.text(leaf.key, card.sender)
        case .eventDay: line.day(leaf.key, fault == .datesReversed ? card.day.adding(days: 3) : life.occurred)
        case .documentDay: line.day(leaf.key, card.day)
        case .region: line.text(leaf.key, fault == .unknownRegion ? "KZ-00" : world.settings.territory)
        case .bin: line.twelveDigits(leaf.key, organisation.bin)
        case .entityName:
            line.text(leaf.key, leaf.key.hasSuffix("_ru") ? organisation.nameRussian : organisation.nameKazakh)
        default: writePersonal(leaf, role: role)
        }
    }

    private mutating func writePersonal(_ leaf: CardShape.Leaf, role: FieldRole) {
        guard let person else { return }
        let previous = person.previousSurname ?? person.surname
        switch role {
        case .iin: writeNumber(leaf, person.iin)
        case .surname: line.text(leaf.key, byPreviousSurname ? previous : person.surname)
        case .name: line.text(leaf.key, person.name)
        case .patronymic: line.text(leaf.key, person.patronymic)
        case .birthDay: line.day(leaf.key, person.born)
        case .sex: line.text(leaf.key, person.isWoman ? "F" : "M")
        case .previousSurname: line.text(leaf.key, previous)
        case .previousNames:
            guard person.previousSurname != nil, !byPreviousSurname else { return }
            writeElements(leaf, 1)
        default: writeByType(leaf)
        }
    }

    private mutating func writeNumber(_ leaf: CardShape.Leaf, _ number: Int) {
        switch fault {
        case .shortNumber: line.text(leaf.key, String(number / 10))
        case .wrongCheckDigit: line.twelveDigits(leaf.key, number % 10 == 9 ? number - 1 : number + 1)
        default: line.twelveDigits(leaf.key, number)
        }
    }

    /// What a required field gets that nobody tells more of than its type.
    private mutating func writeByType(_ leaf: CardShape.Leaf) {
        switch leaf.field.type {
        case .text: line.text(leaf.key, "жазба " + String(card.number))
        case .code: if let first = leaf.codes.first { code(leaf, first) }
        case .integer(let least, let most): line.integer(leaf.key, Int(max(least, min(most, 1))))
        case .decimal: line.amount(leaf.key, hundredths: life.amount * 100)
        case .day, .time: write(leaf, card.day)
        case .flag: line.flag(leaf.key, false)
        case .iin: if let person { line.twelveDigits(leaf.key, person.iin) }
        case .bin: line.twelveDigits(leaf.key, organisation.bin)
        case .settlement: line.integer(leaf.key, Int(world.settlements[life.settlement].id))
        case .reference: writeReference(leaf)
        case .group: writeElements(leaf, 1)
        }
    }
}

extension CardWriter {
    private var organisation: Organisation { world.organisation(of: life.number) }

    private func day(_ moment: Moment) -> Day {
        switch moment {
        case .occurred: life.occurred
        case .opened: life.opened
        case .document: card.day
        case .voluntaryEnd: life.voluntaryEnd
        case .inForce: card.day.adding(days: 15)
        }
    }

    /// A day, or the same as a moment of its working hours.
    mutating func write(_ leaf: CardShape.Leaf, _ day: Day) {
        if leaf.field.type == .time {
            line.time(leaf.key, day, minute: 8 * 60 + (life.number &* 37) % 540 + Int(leaf.field.number % 10))
        } else {
            line.day(leaf.key, day)
        }
    }

    /// Articles as codes, or as groups whose member is the code.
    private mutating func writeArticles(_ leaf: CardShape.Leaf) {
        let articles = shape.articleList.map(life.articles) ?? []
        line.openArray(leaf.key)
        for article in articles {
            if let member = leaf.members.first(where: { !$0.codes.isEmpty }) {
                line.openElement()
                line.text(member.key, article)
                line.closeGroup()
            } else {
                line.element(article)
            }
        }
        line.closeArray()
    }

    /// The groups that the catalogue says the life's articles belong to, as far as they are marks.
    private mutating func writeMarks(_ leaf: CardShape.Leaf) {
        let articles = shape.articleList.map(life.articles) ?? []
        let marks = articles.flatMap { world.marks[$0] ?? [] }
        guard !marks.isEmpty else { return }
        line.openArray(leaf.key)
        var written: [String] = []
        for mark in marks where leaf.codes.contains(mark) && !written.contains(mark) {
            written.append(mark)
            line.element(mark)
            codes.append((leaf.field.path, mark))
        }
        line.closeArray()
    }

    private mutating func writeReference(_ leaf: CardShape.Leaf) {
        guard case .reference(let kinds) = leaf.field.type else { return }
        if let name = life.reference(to: kinds, before: card.number)?.name { line.text(leaf.key, name) }
    }

    private mutating func writeElements(_ leaf: CardShape.Leaf, _ count: Int) {
        line.openArray(leaf.key)
        for _ in 0..<count { writeElement(leaf) }
        line.closeArray()
    }

    private mutating func writeElement(_ leaf: CardShape.Leaf) {
        line.openElement()
        for member in leaf.members { write(member) }
        line.closeGroup()
    }

    private mutating func writeSuspects(_ leaf: CardShape.Leaf) {
        line.openArray(leaf.key)
        for suspect in life.suspects {
            meet(suspect)
            writeElement(leaf)
        }
        line.closeArray()
        person = nil
    }

    private mutating func write(_ spoil: RuleFault.Spoil, key: String) {
        spoilt.append(spoil.path)
        switch spoil.value {
        case .nothing: break
        case .json(let text):
            line.json(key, text)
            // Later fields look at it as at any other code.
            codes.append((spoil.path, text.filter { $0 != "\"" }))
        case .day(let after): line.day(key, card.day.adding(days: after))
        }
    }

    /// One of the sender's few officials.
    private mutating func writeOfficial(_ leaf: CardShape.Leaf) {
        let number = world.official(of: card.sender, life: life.number)
        let official = People.person(number)
        people.append(number)
        line.text(leaf.key, official.surname + " " + official.name)
    }

    mutating func writeRelative(_ leaf: CardShape.Leaf) {
        let number = Int(SeededRandom.mixed(UInt64(card.person)) % UInt64(People.adults))
        let relative = People.person(number)
        people.append(number)
        line.text(leaf.key, relative.surname + " " + relative.name)
    }

    private mutating func plate() -> String {
        let letters = (0..<3).map { _ in UInt8(ascii: "A") + UInt8(numbers.below(26)) }
        return String(100 + numbers.below(900)) + String(decoding: letters, as: UTF8.self)
            + world.settings.territory.suffix(2)
    }

    /// Within about two kilometres of the settlement's own point, in units of 10^-5 degrees.
    private static func near(_ degrees: Double, _ numbers: inout SeededRandom) -> Int {
        Int(degrees * 100_000) + numbers.below(3_000) - 1_500
    }
}
