package import Law

/// Writes linked synthetic documents, one JSON object a line, in bounded memory: it holds one life at a time.
///
/// The same settings over the same catalogue give the same bytes in every process.
package struct DocumentGenerator: Sendable {
    package let settings: GeneratorSettings
    let world: World
    private var random: SeededRandom
    /// Faults have numbers of their own: the lines between them are the same with and without faults.
    private var faultRandom: SeededRandom
    private var state: LifeState?
    /// Cards of the life in hand, the next one last.
    private var planned: [PlannedCard] = []
    private var lives = 0
    /// A card written before, with its life.
    private struct Remembered {
        let card: PlannedCard
        let state: LifeState
    }
    private var remembered: [RuleFault: Remembered] = [:]
    private var cards = 0
    /// How often each fault was drawn, in the order of the world's; all texts that are no JSON count as one, the last.
    private var drawn: [Int]
    package private(set) var written = 0
    /// Numbers of the people who stand in the lines written; kept only where asked for.
    var met: Set<Int>?
    private var line = LineWriter()

    package init(catalogue: Catalogue, settings: GeneratorSettings) throws(GeneratorRefusal) {
        guard settings.count >= 0 else { throw .negativeCount(settings.count) }
        guard (0...1).contains(settings.faults) else { throw .faultShare(settings.faults) }
        self.settings = settings
        let stories: Stories
        do throws(CatalogueDefect) { stories = try .embedded() } catch { throw .stories(error) }
        world = try World(edition: catalogue.edition(on: settings.to), stories: stories, settings: settings)
        drawn = [Int](repeating: 0, count: world.faults.count + 1)
        random = SeededRandom(seed: settings.seed, stream: world.stream)
        faultRandom = SeededRandom(seed: settings.seed, stream: ~world.stream)
    }

    /// Appends the next line, its newline included; nil when all are written.
    package mutating func next(into buffer: inout [UInt8]) -> GeneratedLine? {
        guard written < settings.count else { return nil }
        while planned.isEmpty { plan() }
        guard let state, let card = planned.popLast() else { return nil }
        let fault = drawFault(for: card, in: state)
        if case .rule(let broken) = fault, let echo = broken.echo, let earlier = remembered[broken] {
            return write(earlier, again: echo, as: card, fault, into: &buffer)
        }
        return write(card, of: state, fault, into: &buffer)
    }

    private mutating func write(
        _ earlier: Remembered, again echo: RuleFault.Echo, as card: PlannedCard, _ fault: Fault?,
        into buffer: inout [UInt8]
    ) -> GeneratedLine {
        var again = earlier.card
        if !echo.isSameDocument { again.document = card.document }
        return write(again, of: earlier.state, fault, into: &buffer)
    }

    private mutating func write(
        _ card: PlannedCard, of state: LifeState, _ fault: Fault?, into buffer: inout [UInt8]
    ) -> GeneratedLine {
        // A card's own numbers: what a fault leaves out of one line changes no other.
        let numbers = SeededRandom(seed: settings.seed ^ world.stream, stream: UInt64(card.number))
        var writer = CardWriter(
            world: world, shape: world.shapes[card.shape], card: card, life: state, line: line, numbers: numbers,
            fault: fault)
        writer.write()
        line = writer.line
        if fault == nil, settings.faults > 0 { remember(card, of: state, codes: writer.codes) }
        if met != nil {
            for number in writer.people { met?.insert(number) }
        }
        buffer.append(contentsOf: line.bytes)
        line.bytes.removeAll(keepingCapacity: true)
        written += 1
        return GeneratedLine(
            kind: world.shapes[card.shape].kind.code, fault: fault,
            signer: fault?.isText != true && world.signs(card.sender) ? card.sender : nil)
    }

    /// Appends up to `lines` lines.
    /// - Returns: how many; 0 when all are written.
    package mutating func fill(_ buffer: inout [UInt8], lines: Int) -> Int {
        var count = 0
        while count < lines, next(into: &buffer) != nil { count += 1 }
        return count
    }

    /// Of the faults that fit the card, one of those drawn least so far, so that a run is through all of them soon; nil
    /// for the lines that stay valid.
    private mutating func drawFault(for card: PlannedCard, in state: LifeState) -> Fault? {
        guard faultRandom.below(1_000_000) < Int(settings.faults * 1_000_000) else { return nil }
        let shape = world.shapes[card.shape]
        let hasPerson = shape.personCondition.map { $0.codes.contains(card.fixed[$0.path] ?? "") } ?? shape.hasPerson
        let bearsNumber = hasPerson && !(state.isEntity && shape.hasEntity)
        let signs = world.signs(card.sender)
        var fitting = world.faults.indices.filter { place in
            switch world.faults[place] {
            case .wrongCheckDigit, .shortNumber: bearsNumber
            case .missingRequired: !shape.requiredPaths.isEmpty
            case .unknownCode: !shape.codePaths.isEmpty
            case .rule(let broken):
                broken.kind == shape.kind.code && (bearsNumber || !broken.isOfPerson)
                    && (broken.echo == nil || remembered[broken] != nil)
            case .signature: signs
            case .text: false
            default: true
            }
        }
        // All ways of being no JSON together are one of them: a document that is too large is a large one.
        let text = world.faults.count
        fitting.append(text)
        let least = fitting.map { drawn[$0] }.min() ?? 0
        fitting.removeAll { drawn[$0] > least }
        let place = fitting[faultRandom.below(fitting.count)]
        drawn[place] += 1
        guard place == text else { return world.faults[place] }
        return .text(TextFault.allCases[(drawn[text] - 1) % TextFault.allCases.count])
    }

    /// Keeps the newest card that each fault can come again from.
    private mutating func remember(_ card: PlannedCard, of state: LifeState, codes: [(path: String, code: String)]) {
        let kind = world.shapes[card.shape].kind.code
        for case .rule(let broken) in world.faults where broken.kind == kind {
            guard let echo = broken.echo else { continue }
            let holds = echo.holding.allSatisfy { path, code in
                codes.contains { $0.path == path && $0.code == code }
            }
            let isFollowed = state.references.contains { $0.kind == echo.unlessFollowed && $0.number > card.number }
            if holds && !isFollowed { remembered[broken] = Remembered(card: card, state: state) }
        }
    }

    /// Draws a life that fits into what is left to write, so that no life is torn at the end of the run.
    private mutating func plan() {
        let left = settings.count - written
        repeat {
            lives += 1
            let life = world.lives[world.lifeChoice.index(&random)]
            var state = world.openLife(life, number: lives, &random)
            planned = unfold(life, &state)
            self.state = state
        } while planned.count > left
        planned.reverse()
    }

    /// The cards of a life that lie within the days asked for, and are of the kind asked for.
    private mutating func unfold(_ life: Life, _ state: inout LifeState) -> [PlannedCard] {
        var result: [PlannedCard] = []
        var position = world.position(of: state.opened)
        for step in life.steps {
            guard random.happens(step.chance) else {
                if step.isBeside { continue }
                break
            }
            switch step.delay {
            case .workingDays(let range):
                position += range.lowerBound + random.below(range.count)
            case .afterVoluntaryTerm:
                guard state.penalty == world.stock.fine else { return result }
                position = world.position(of: state.voluntaryEnd.adding(days: 1)) + random.below(3)
            }
            guard position < world.workingDays.count, let shape = world.shape(of: step.kind) else { break }
            let cast: [(person: Int, victim: LifeState.Victim?)] =
                switch step.cast {
                case .once: [(state.suspects[0], nil)]
                case .eachSuspect: state.suspects.map { ($0, nil) }
                case .eachVictim: state.victims.map { ($0.person, $0) }
                }
            for member in cast {
                cards += 1
                let sender = world.sender(of: world.shapes[shape], life: state.number)
                let document = world.documentPrefix + String(cards)
                let card = PlannedCard(
                    shape: shape, number: cards, day: world.workingDays[position], sender: sender, document: document,
                    person: member.person, victim: member.victim, fixed: step.fixed)
                state.references.append(
                    LifeState.Reference(
                        kind: step.kind, name: sender + "/" + document, number: cards,
                        day: world.workingDays[position]))
                if let list = world.shapes[shape].articleList, state.articles(of: list).isEmpty {
                    state.articles.append((list, world.drawArticles(list, theme: state.theme, &random)))
                }
                if settings.kind == nil || settings.kind == step.kind { result.append(card) }
            }
        }
        return result
    }
}
