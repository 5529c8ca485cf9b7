/// How a field is filled: whence, and in how many of a thousand cards.
struct FieldRecipe: Sendable {
    let source: CardSource
    let chance: Int
    /// Written only in a card where this earlier field holds one of these codes.
    let condition: Condition?

    struct Condition: Sendable {
        let path: String
        let codes: [String]
    }
}

/// What stories cannot tell from the catalogue: which day of a life stands in which field, and the like.
///
/// A field that no table names is left out, unless the catalogue requires it: then its type alone decides.
struct Recipes: Sendable {
    /// The part of a sender's code between territory and number; how many such bodies a territory has; fields by path.
    struct Kind: Sendable {
        let body: String
        let bodies: Int
        let fields: [String: FieldRecipe]
    }

    /// Which lists and codes a life draws from.
    struct Stock: Sendable {
        /// How an administrative case may end: of a thousand of those left so many; the first has an amount and a term.
        let penalties: [(code: String, chance: Int)]
        /// Lists of what victims are and of what befell them; of the latter, those who are dead.
        let victimRoles: String
        let injuries: String
        let dead: [String]
        /// The group of the articles of the road, and groups that no article alone calls for.
        let roadGroup: String
        let unmarkedGroups: [String]
        /// The list with the index of each year that fines are counted in.
        let index: String

        var fine: String { penalties[0].code }
    }

    let stock: Stock
    /// Envelope fields that a role does not tell, for every kind.
    let envelope: [String: FieldRecipe]
    /// Fields of any person, by path within the person's group.
    let person: [String: FieldRecipe]
    /// Members of the elements of sets, by path within the element.
    let members: [String: FieldRecipe]
    private let kinds: [String: Kind]

    init(
        stock: Stock, envelope: [String: FieldRecipe], person: [String: FieldRecipe], members: [String: FieldRecipe],
        kinds: [String: Kind]
    ) {
        self.stock = stock
        self.envelope = envelope
        self.person = person
        self.members = members
        self.kinds = kinds
    }

    func kind(_ code: String) -> Kind {
        kinds[code] ?? Kind(body: "BODY", bodies: 3, fields: [:])
    }

    func hasKind(_ code: String) -> Bool { kinds[code] != nil }
}
