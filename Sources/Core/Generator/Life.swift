import Law

/// What a life is about: it decides which articles may stand in it.
enum LifeTheme: String, CaseIterable, Sendable {
    case crime
    case roadCrime = "road_crime"
    case misdemeanour
    case accident
    /// Somebody is looked for, or found without a name; now and then a child.
    case search
    /// A state body inspects an organisation.
    case control
    /// Somebody owes under an enforcement document.
    case debt
    /// A civil servant is punished.
    case service
}

/// When a card follows the card before it.
enum StepDelay: Sendable {
    /// So many working days later.
    case workingDays(ClosedRange<Int>)
    /// On the first working day after the term of voluntary payment.
    case afterVoluntaryTerm
}

/// Of whom a card is made: one card, or one for each person of the life.
enum StepCast: String, CaseIterable, Sendable {
    case once
    case eachSuspect = "each_suspect"
    case eachVictim = "each_victim"
}

/// A card in a life.
struct LifeStep: Sendable {
    let kind: String
    let delay: StepDelay
    /// In how many of a thousand lives the card comes; where it does not, the life ends.
    let chance: Int
    let cast: StepCast
    /// Values this life gives its card, by path; and by names of no field, which way the life went: recipes look at
    /// both.
    let fixed: [String: String]
    /// Where the card does not come, the life goes on without it.
    let isBeside: Bool
}

/// A story that links cards: how often it happens, what it is about, its cards in their order.
struct Life: Sendable {
    let weight: Int
    let theme: LifeTheme
    let steps: [LifeStep]

    /// A life of one card alone.
    static func single(_ kind: String) -> Life {
        let step = LifeStep(
            kind: kind, delay: .workingDays(0...0), chance: 1000, cast: .once, fixed: [:], isBeside: false)
        return Life(weight: 1, theme: .crime, steps: [step])
    }
}

/// Reads `lives.json`.
struct LifeLoader {
    let proof: StoryProof?

    func lives(_ root: Cell) throws(CatalogueDefect) -> [Life] {
        try root.allow("about", "lives")
        var lives: [Life] = []
        for cell in try root.elements("lives") {
            try cell.allow("weight", "theme", "steps")
            var steps: [LifeStep] = []
            for step in try cell.elements("steps") { steps.append(try self.step(step)) }
            guard !steps.isEmpty else { throw cell.defect("a life has a step") }
            lives.append(
                Life(
                    weight: try cell.required("weight").integer(1...1000),
                    theme: try cell.required("theme").word(of: LifeTheme.self), steps: steps))
        }
        guard !lives.isEmpty else { throw root.defect("there is no life") }
        return lives
    }

    private func step(_ cell: Cell) throws(CatalogueDefect) -> LifeStep {
        try cell.allow("kind", "days", "after", "chance", "cast", "with", "way", "beside")
        let kind = try cell.text("kind")
        proof?.kind(kind, cell)
        var delay = StepDelay.workingDays(0...0)
        if let days = cell.member("days") { delay = .workingDays(try days.range(0...365)) }
        if let after = cell.member("after") {
            guard try after.text() == "voluntary_term" else { throw after.defect("a step comes after voluntary_term") }
            guard cell.member("days") == nil else { throw after.defect("a step has days or a term, not both") }
            delay = .afterVoluntaryTerm
        }
        var fixed: [String: String] = [:]
        for (path, value) in try cell.member("with")?.members() ?? [] {
            fixed[path] = try value.text()
            proof?.code(try value.text(), at: path, of: kind, value)
        }
        for (way, value) in try cell.member("way")?.members() ?? [] {
            guard fixed[way] == nil else { throw value.defect("\(way) stands twice") }
            fixed[way] = try value.text()
            proof?.way(way, try value.text(), of: kind, value)
        }
        return LifeStep(
            kind: kind, delay: delay,
            chance: try cell.chance(),
            cast: try cell.member("cast").map { cell throws(CatalogueDefect) in
                try cell.word(of: StepCast.self)
            } ?? .once, fixed: fixed, isBeside: cell.member("beside")?.flag ?? false)
    }
}
