/// What a life is about: it decides which articles may stand in it.
enum LifeTheme: Sendable {
    case crime
    case roadCrime
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
enum StepCast: Sendable {
    case once
    case eachSuspect
    case eachVictim
}

/// A card in a life.
struct LifeStep: Sendable {
    let kind: String
    let delay: StepDelay
    /// In how many of a thousand lives the card comes; where it does not, the life ends.
    let chance: Int
    let cast: StepCast
    /// Values this life gives its card, by path.
    let fixed: [String: String]
    /// Where the card does not come, the life goes on without it.
    let isBeside: Bool

    init(
        _ kind: String, _ delay: StepDelay = .workingDays(0...0), chance: Int = 1000, cast: StepCast = .once,
        fixed: [String: String] = [:], isBeside: Bool = false
    ) {
        self.kind = kind
        self.delay = delay
        self.chance = chance
        self.cast = cast
        self.fixed = fixed
        self.isBeside = isBeside
    }
}

/// A story that links cards: how often it happens, what it is about, its cards in their order.
struct Life: Sendable {
    let weight: Int
    let theme: LifeTheme
    let steps: [LifeStep]

    /// The stories of the country: administrative cases most, as in the yearly volumes, yet every kind now and then.
    static let all: [Life] = [
        offences,
        searches,
        inspections,
    ].flatMap { $0 }

    private static let offences: [Life] = [
        Life(
            weight: 75, theme: .misdemeanour,
            steps: [LifeStep("AD-1"), LifeStep("AD-2", .afterVoluntaryTerm, chance: 400)]),
        Life(weight: 9, theme: .crime, steps: [LifeStep("CR-1")]),
        Life(
            weight: 8, theme: .crime,
            steps: [
                LifeStep("CR-1"), LifeStep("CR-2", .workingDays(1...4), cast: .eachSuspect),
                LifeStep("FP-1", chance: 300, fixed: ["reason": "DETAINED"], isBeside: true),
                LifeStep("CR-3", .workingDays(4...15), chance: 800, fixed: ["decision": "COURT"]),
                LifeStep("CT-1", .workingDays(5...15), chance: 800, cast: .eachSuspect),
            ]),
        Life(
            weight: 3, theme: .crime,
            steps: [
                LifeStep("CR-1"), LifeStep("CR-2", .workingDays(1...3), fixed: ["status": "SUSP"]),
                LifeStep("CR-3", .workingDays(3...8), fixed: ["decision": "SUSP-WANT"]),
                LifeStep("WN-1", fixed: ["wanted_ground": "INQ"]),
                LifeStep("WN-2", .workingDays(2...12), chance: 700),
            ]),
        Life(
            weight: 2, theme: .crime,
            steps: [
                LifeStep("CR-1"), LifeStep("CR-2", .workingDays(1...4), fixed: ["status": "SUSP"]),
                LifeStep("CR-3", .workingDays(4...15), fixed: ["decision": "TERM-R"]),
                LifeStep("CR-4", .workingDays(2...5), chance: 800),
            ]),
        Life(
            weight: 2, theme: .crime,
            steps: [LifeStep("CR-1"), LifeStep("CR-3", .workingDays(8...20), fixed: ["decision": "SUSP-UNK"])]),
        Life(weight: 6, theme: .accident, steps: [LifeStep("RA-1"), LifeStep("RA-2", cast: .eachVictim)]),
        Life(
            weight: 3, theme: .roadCrime,
            steps: [
                LifeStep("RA-1"), LifeStep("RA-2", cast: .eachVictim), LifeStep("CR-1"),
                LifeStep("CR-2", .workingDays(1...4), cast: .eachSuspect),
            ]),
    ]
}
