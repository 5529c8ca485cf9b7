import Law

/// A card kind made ready for writing: which fields are written, in which order, whence.
struct CardShape: Sendable {
    /// A field, or a group of fields that stand under one key.
    indirect enum Node: Sendable {
        case leaf(Leaf)
        case group(Group)
    }

    struct Group: Sendable {
        let key: String
        let path: String
        let chance: Int
        let condition: FieldRecipe.Condition?
        let party: Party
        let nodes: [Node]
    }

    /// Whom a group speaks of.
    enum Party: Sendable {
        case none
        case person
        case entity
    }

    struct Leaf: Sendable {
        /// The last part of the path.
        let key: String
        let field: Field
        let source: LeafSource
        let chance: Int
        let condition: FieldRecipe.Condition?
        /// Codes the field may take, where it is a code.
        let codes: [String]
        /// What an element of a set of groups is written from.
        let members: [Leaf]
    }

    enum LeafSource: Sendable {
        case recipe(CardSource)
        /// The field's role tells (a name, a number, an envelope field).
        case role(FieldRole)
        /// Nothing but the type tells.
        case type
    }

    let kind: CardKind
    let body: String
    let bodies: Int
    let nodes: [Node]
    /// Whether a person, an entity, or either stands in the card.
    let hasPerson: Bool
    let hasEntity: Bool
    /// Where the person stands in some cards of the kind only.
    let personCondition: FieldRecipe.Condition?
    /// Paths of leaves that a fault may leave out or fill with an unknown code.
    let requiredPaths: [String]
    let codePaths: [String]
    /// The list its articles come from; nil where the card names none.
    let articleList: String?

    init(kind: CardKind, edition: Edition, recipes: Recipes) {
        var builder = ShapeBuilder(kind: kind, edition: edition, recipes: recipes)
        let nodes = builder.nodes()
        self.kind = kind
        body = builder.own.body
        bodies = builder.own.bodies
        self.nodes = nodes
        hasPerson = builder.hasPerson
        hasEntity = builder.hasEntity
        personCondition = builder.personCondition
        requiredPaths = builder.requiredPaths
        codePaths = builder.codePaths
        articleList = builder.articleList
    }
}

/// Reads a shape out of a card kind.
struct ShapeBuilder {
    let kind: CardKind
    let edition: Edition
    let recipes: Recipes
    let own: Recipes.Kind
    var hasPerson = false
    var hasEntity = false
    var personCondition: FieldRecipe.Condition?
    var requiredPaths: [String] = []
    var codePaths: [String] = []
    var articleList: String?

    init(kind: CardKind, edition: Edition, recipes: Recipes) {
        self.kind = kind
        self.edition = edition
        self.recipes = recipes
        own = recipes.kind(kind.code)
    }

    mutating func nodes() -> [CardShape.Node] {
        nodes(of: kind.fields.filter(Self.isSenders), under: "", party: .none)
    }

    /// Computed and assigned fields are not the sender's to write.
    private static func isSenders(_ field: Field) -> Bool {
        switch field.requirement {
        case .computed, .assigned: false
        case .required, .requiredWhen, .optional: true
        }
    }

    private mutating func nodes(of fields: [Field], under prefix: String, party: CardShape.Party) -> [CardShape.Node] {
        var nodes: [CardShape.Node] = []
        var grouped: [String] = []
        for field in fields {
            let rest = field.path.dropFirst(prefix.utf8.count)
            guard let dot = rest.firstIndex(of: ".") else {
                if let leaf = leaf(field, key: String(rest), party: party, prefix: prefix) { nodes.append(.leaf(leaf)) }
                continue
            }
            let key = String(rest[..<dot])
            guard !grouped.contains(key) else { continue }
            grouped.append(key)
            let inner = prefix + key + "."
            let members = fields.filter { $0.path.hasPrefix(inner) }
            let innerParty = party == .none ? self.party(of: members, prefix: inner) : party
            let recipe = own.fields[prefix + key]
            if party == .none, innerParty == .person { personCondition = recipe?.condition }
            let children = self.nodes(of: members, under: inner, party: innerParty)
            guard !children.isEmpty else { continue }
            nodes.append(
                .group(
                    CardShape.Group(
                        key: key, path: prefix + key, chance: recipe?.chance ?? 1000, condition: recipe?.condition,
                        party: innerParty, nodes: children)))
        }
        return nodes
    }

    /// A group with a surname of its own is a person, one with a BIN an entity.
    private mutating func party(of fields: [Field], prefix: String) -> CardShape.Party {
        if fields.contains(where: { $0.role == .surname }) {
            hasPerson = true
            return .person
        }
        if fields.contains(where: { $0.role == .bin }) {
            hasEntity = true
            return .entity
        }
        return .none
    }

    /// Nil where the field is left out of every card.
    private mutating func leaf(
        _ field: Field, key: String, party: CardShape.Party, prefix: String
    ) -> CardShape.Leaf? {
        let isRequired = field.requirement == .required
        let codes = field.codeList.flatMap(edition.codeList)?.codes.map(\.code) ?? []
        var recipe = own.fields[field.path]
        if recipe == nil, party == .person {
            recipe = recipes.person[relativePath(field, party: party)]
        } else if recipe == nil, prefix.isEmpty {
            recipe = recipes.envelope[field.path]
        }
        let source: CardShape.LeafSource
        var chance = 1000
        if let recipe {
            if case .omitted = recipe.source { return nil }
            source = .recipe(known(recipe.source, codes: codes))
            chance = isRequired ? 1000 : recipe.chance
        } else if let role = field.role, ShapeBuilder.writtenRoles.contains(role) {
            source = .role(role)
        } else if isRequired {
            source = .type
        } else {
            return nil
        }
        return describe(
            field, key: key, source: source, recipe: recipe, chance: chance, codes: codes, isRequired: isRequired)
    }

    private mutating func describe(
        _ field: Field, key: String, source: CardShape.LeafSource, recipe: FieldRecipe?, chance: Int, codes: [String],
        isRequired: Bool
    ) -> CardShape.Leaf {
        var members: [CardShape.Leaf] = []
        for member in field.members where Self.isSenders(member) {
            if let leaf = memberLeaf(member) { members.append(leaf) }
        }
        if case .recipe(.articles) = source {
            articleList = field.codeList ?? field.members.compactMap(\.codeList).first
        }
        // Fields with a role have rules of their own, which other codes than the ones of these two faults refuse.
        if field.role == nil, isRequired, !field.path.contains(".") {
            requiredPaths.append(field.path)
            if !codes.isEmpty, !field.isSet { codePaths.append(field.path) }
        }
        return CardShape.Leaf(
            key: key, field: field, source: source, chance: chance, condition: recipe?.condition, codes: codes,
            members: members)
    }

    /// A member of a set's elements: by its role, else where it is required.
    private func memberLeaf(_ member: Field) -> CardShape.Leaf? {
        let codes = member.codeList.flatMap(edition.codeList)?.codes.map(\.code) ?? []
        let source: CardShape.LeafSource
        if let recipe = recipes.members[member.path] {
            source = .recipe(known(recipe.source, codes: codes))
        } else if let role = member.role, ShapeBuilder.writtenRoles.contains(role) {
            source = .role(role)
        } else if member.requirement == .required {
            source = .type
        } else {
            return nil
        }
        return CardShape.Leaf(
            key: member.path, field: member, source: source, chance: 1000, condition: nil, codes: codes, members: [])
    }

    /// The path within the party's group: `person.residence.region` is `residence.region`.
    private func relativePath(_ field: Field, party: CardShape.Party) -> String {
        field.path.firstIndex(of: ".").map { String(field.path[field.path.index(after: $0)...]) } ?? field.path
    }

    /// Words of a recipe that the field's list does not have are left out; where none is left, any code will do.
    private func known(_ source: CardSource, codes: [String]) -> CardSource {
        guard case .oneOf(let words) = source, !codes.isEmpty else { return source }
        let valid = words.filter(codes.contains)
        return valid.isEmpty ? .anyCode : .oneOf(valid)
    }

    /// Roles whose fields a valid new document is written with. Of a previous name only the surname: no other changed.
    private static let writtenRoles: Set<FieldRole> = [
        .iin, .bin, .surname, .name, .patronymic, .birthDay, .sex, .previousNames, .previousSurname, .entityName,
        .documentID, .form, .act, .sender, .eventDay, .documentDay, .region,
    ]
}
