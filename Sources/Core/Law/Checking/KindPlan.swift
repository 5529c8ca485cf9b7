/// A card kind laid out for checking: flat entries without references, found by the bytes of their paths.
final class KindPlan: Sendable {
    /// A field or a member of a set's elements.
    struct Entry: Sendable {
        enum Form: Sendable {
            case text(limit: Int32, isName: Bool)
            case identifier
            case code(list: Int32, isRegion: Bool)
            case integer(least: Int64, most: Int64)
            case decimal(scale: UInt8)
            case day, time, flag, iin, bin, settlement, reference
            /// Members by the position in `memberTables`.
            case group(Int32)
        }

        var number: FieldNumber
        var form: Form
        var isSet: Bool
        var unknownAllowed: Bool
        var isOfAct: Bool
        /// Senders may write it.
        var isWritable: Bool
        var isRequired: Bool
    }

    struct Members: Sendable {
        var names: ByteTable
        var entries: [Entry]
    }

    let kind: CardKind
    let names: ByteTable
    /// Paths that lead to fields without being one (`person`).
    let groups: ByteTable
    let entries: [Entry]
    let memberTables: [Members]
    let conditional: [(position: Int, condition: Condition)]
    let computed: [(number: FieldNumber, isSet: Bool, computation: Computation)]
    let persons: [PersonPlan]
    /// Kazakh and Russian texts that stand together or not at all (V018).
    let pairs: [(kk: FieldNumber, ru: FieldNumber)]
    let envelope: EnvelopePlan
    /// Numbers of organisations, members of sets among them, with their paths.
    let businessNumbers: [(field: FieldPath, path: String)]
    /// Amounts of money as senders write them, members of sets among them: what control totals add up (V014).
    let amounts: [FieldPath]

    init(_ kind: CardKind, listPosition: (String) -> Int?) {
        self.kind = kind
        names = kind.names
        var prefixes: [String] = []
        var tables: [Members] = []
        entries = kind.fields.map { field in
            var path = field.path[...]
            while let dot = path.lastIndex(of: ".") {
                path = path[..<dot]
                if !prefixes.contains(String(path)) { prefixes.append(String(path)) }
            }
            return Self.entry(field, &tables, listPosition)
        }
        groups = ByteTable(keys: prefixes)
        memberTables = tables
        conditional = kind.fields.enumerated().compactMap { position, field in
            if case .requiredWhen(let condition) = field.requirement { (position, condition) } else { nil }
        }
        computed = kind.fields.compactMap { field in field.computed.map { (field.number, field.isSet, $0) } }
        persons = PersonPlan.plans(of: kind.fields)
        pairs = kind.fields.compactMap { field in
            guard field.path.hasSuffix("_kk"), let other = kind.field(path: field.path.dropLast(3) + "_ru") else {
                return nil
            }
            return (field.number, other.number)
        }
        envelope = EnvelopePlan(kind)
        businessNumbers = kind.fields.flatMap { field in
            (field.type == .bin ? [(FieldPath(field: field.number), field.path)] : [])
                + field.members.filter { $0.type == .bin }.map {
                    (FieldPath(field: field.number, member: $0.number), field.path + "." + $0.path)
                }
        }
        amounts = kind.fields.flatMap { field in
            (Self.isAmount(field) ? [FieldPath(field: field.number)] : [])
                + field.members.filter(Self.isAmount).map { FieldPath(field: field.number, member: $0.number) }
        }
    }

    private static func isAmount(_ field: Field) -> Bool {
        guard case .decimal = field.type, field.computed == nil else { return false }
        return field.path == "amount" || field.path.hasSuffix(".amount")
    }

    private static func entry(_ field: Field, _ tables: inout [Members], _ listPosition: (String) -> Int?) -> Entry {
        let form: Entry.Form
        switch field.type {
        case .text(let limit):
            switch field.role {
            case .documentID, .sender, .supersedes: form = .identifier
            case .surname, .name, .patronymic, .previousSurname, .previousName, .previousPatronymic:
                form = .text(limit: Int32(limit), isName: true)
            default: form = .text(limit: Int32(limit), isName: false)
            }
        case .code(let list):
            form = .code(list: Int32(listPosition(list) ?? -1), isRegion: field.role == .region)
        case .integer(let least, let most): form = .integer(least: least, most: most)
        case .decimal(let scale): form = .decimal(scale: scale)
        case .day: form = .day
        case .time: form = .time
        case .flag: form = .flag
        case .iin: form = .iin
        case .bin: form = .bin
        case .settlement: form = .settlement
        case .reference: form = .reference
        case .group:
            let members = field.members.map { entry($0, &tables, listPosition) }
            tables.append(Members(names: ByteTable(keys: field.members.map(\.path)), entries: members))
            form = .group(Int32(tables.count - 1))
        }
        return Entry(
            number: field.number, form: form, isSet: field.isSet, unknownAllowed: field.unknownAllowed,
            isOfAct: field.isOfAct,
            isWritable: field.requirement != .computed && field.requirement != .assigned,
            isRequired: field.requirement == .required)
    }
}

/// Numbers of the envelope's fields that the rules below name by their role; 0 where the kind has none.
struct EnvelopePlan: Sendable {
    var documentID: FieldNumber
    var sender: FieldNumber
    var supersedes: FieldNumber
    var eventDay: FieldNumber
    var documentDay: FieldNumber
    var region: FieldNumber
    var settlement: FieldNumber
    var latitude: FieldNumber
    var longitude: FieldNumber
    var edition: FieldNumber
    var signature: FieldNumber
    var certificate: FieldNumber
    var accounts: FieldNumber
    var attachments: Field?

    init(_ kind: CardKind) {
        func number(_ role: FieldRole) -> FieldNumber { kind.field(role: role)?.number ?? 0 }
        documentID = number(.documentID)
        sender = number(.sender)
        supersedes = number(.supersedes)
        eventDay = number(.eventDay)
        documentDay = number(.documentDay)
        region = number(.region)
        settlement = number(.settlement)
        latitude = number(.latitude)
        longitude = number(.longitude)
        edition = number(.formEdition)
        signature = number(.signature)
        certificate = number(.certificate)
        accounts = kind.field(path: "account_types")?.number ?? 0
        attachments = kind.field(path: "attachments")
    }
}

/// Where the parts of one person lie in a card; 0 where the card does not ask for a part.
struct PersonPlan: Sendable {
    /// The path before its fields, with the dot: `person.`.
    var prefix: String
    /// The set whose every element is such a person; 0 for a person of the card itself.
    var set: FieldNumber = 0
    var all: [FieldNumber] = []
    var iin: FieldNumber = 0
    var reason: FieldNumber = 0
    var identity: FieldNumber = 0
    var surname: FieldNumber = 0
    var name: FieldNumber = 0
    var patronymic: FieldNumber = 0
    var birthDay: FieldNumber = 0
    var sex: FieldNumber = 0
    var citizenship: FieldNumber = 0
    var birthCountry: FieldNumber = 0
    var birthText: FieldNumber = 0
    var previousNames: Field?

    static func plans(of fields: [Field]) -> [PersonPlan] {
        var plans: [PersonPlan] = []
        for field in fields where field.role == .iin {
            let prefix = String(field.path.dropLast("iin".count))
            plans.append(PersonPlan(prefix: prefix, fields: fields.filter { $0.path.hasPrefix(prefix) }))
        }
        for field in fields where field.members.contains(where: { $0.role == .iin }) {
            var plan = PersonPlan(prefix: field.path + ".", fields: field.members)
            plan.set = field.number
            plans.append(plan)
        }
        return plans
    }

    private init(prefix: String, fields: [Field]) {
        self.prefix = prefix
        for field in fields {
            all.append(field.number)
            switch field.role {
            case .iin: iin = field.number
            case .noNumberReason: reason = field.number
            case .identityKind: identity = field.number
            case .surname: surname = field.number
            case .name: name = field.number
            case .patronymic: patronymic = field.number
            case .birthDay: birthDay = field.number
            case .sex: sex = field.number
            case .citizenship: citizenship = field.number
            case .birthCountry: birthCountry = field.number
            case .birthText: birthText = field.number
            case .previousNames: previousNames = field
            default: break
            }
        }
    }
}
