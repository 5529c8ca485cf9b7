import Law

/// What the cards of one life agree on.
struct LifeState {
    struct Victim {
        let person: Int
        let role: String
        let injury: String
        let isDead: Bool
        let isMinor: Bool
    }

    /// A card already planned, for later ones to name.
    struct Reference {
        let kind: String
        let name: String
        /// The card's number and day.
        let number: Int
        let day: Day
    }

    /// The number of the life in its run, from 1.
    let number: Int
    let theme: LifeTheme
    let caseNumber: String
    let occurred: Day
    let opened: Day
    let voluntaryEnd: Day
    let suspects: [Int]
    let victims: [Victim]
    /// How many victims the offence had.
    let victimsCount: Int
    /// An organisation answers instead of a person.
    let isEntity: Bool
    /// The place, among the territory's settlements.
    let settlement: Int
    /// Tenge.
    let amount: Int
    /// Codes of the articles by the list they come from.
    var articles: [(list: String, codes: [String])] = []
    var references: [Reference] = []
    /// Which telling of what happened stands in it; nil where none does.
    let story: Int?
    let penalty: String

    func count(_ count: LifeCount) -> Int {
        switch count {
        case .victims: victimsCount
        case .dead: victims.count { $0.isDead }
        case .injured: victims.count { !$0.isDead }
        case .deadMinors: victims.count { $0.isDead && $0.isMinor }
        case .injuredMinors: victims.count { !$0.isDead && $0.isMinor }
        }
    }

    func articles(of list: String) -> [String] {
        articles.first { $0.list == list }?.codes ?? []
    }

    /// The newest card of one of these kinds before this one; nil where the life has none.
    func reference(to kinds: [String], before number: Int) -> Reference? {
        references.last { $0.number < number && kinds.contains($0.kind) }
    }
}

/// A card that waits to be written.
struct PlannedCard {
    let shape: Int
    let number: Int
    let day: Day
    let sender: String
    var document: String
    /// The person the card is about, in whatever group it names one.
    let person: Int
    let victim: LifeState.Victim?
    let fixed: [String: String]
}
