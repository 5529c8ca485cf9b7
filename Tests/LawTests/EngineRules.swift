import Law

/// A rule that no condition in the catalogue says: it concerns every card that has what it speaks of.
struct EngineRule: Sendable {
    var code: String
    /// For one kind: a document in which the rule must fire, one in which it must not, and the path it blames; none
    /// where the rule does not concern the kind.
    var cases: @Sendable (CardKind, JSONValue) -> [Case]

    struct Case: Sendable {
        var path: String
        var broken: JSONValue
        var sound: JSONValue
        var change: @Sendable (inout CheckContext) -> Void = { _ in }
    }

    /// The same change to every card's example.
    init(_ code: String, _ path: String, _ changes: (String, JSONValue?)...) {
        self.init(code) { _, example in
            [Case(path: path, broken: changes.reduce(example) { $0.setting($1.0, $1.1) }, sound: example)]
        }
    }

    init(_ code: String, _ cases: @escaping @Sendable (CardKind, JSONValue) -> [Case]) {
        self.code = code
        self.cases = cases
    }

    init(_ code: String, _ path: String, context change: @escaping @Sendable (inout CheckContext) -> Void) {
        self.init(code) { _, example in [Case(path: path, broken: example, sound: example, change: change)] }
    }

    static let all: [EngineRule] = envelope + persons + entities

    private static let envelope: [EngineRule] = [
        EngineRule("D001", "doc_id", ("doc_id", .text("x-850707100017"))),
        EngineRule("D002", "event_date", ("event_date", .text("2026-02-30"))),
        EngineRule("D003", "doc_id", ("doc_id", .text("a/b"))),
        EngineRule("V001", "form_edition", ("form_edition", .text("2019-01-01"))),
        EngineRule("V002", "sender_subject", context: { $0.standing = { _ in .unknown } }),
        EngineRule("V003", "signature", context: { $0.standing = { _ in .certified } }),
        EngineRule("V005", "event_date", ("event_date", .text("2031-01-01"))),
        EngineRule("V006", "doc_date", context: { $0.receivedMilliseconds += 400 * 86_400_000 }),
        EngineRule("V007", "region", ("region", .text("KZ-99"))),
        EngineRule("V008", "colour", ("colour", .text("red"))),
        EngineRule("V009", "official", ("official", nil)),
        EngineRule("V010", "branch", ("branch", .text("NONE"))),
        EngineRule("V012", "correction_reason", ("kind", .text("CAN")), ("supersedes", .text("a"))),
        EngineRule("V013", "confidentiality", ("confidentiality", .text("SECRET"))),
        EngineRule("V016", "account_types", ("account_types", .array([.text("19")]))),
        EngineRule(
            "V017", "attachments",
            ("attachments", .array([.object([("kind", .text("IDCOPY")), ("ref", .text("f-1"))])]))),
        EngineRule("V018") { kind, example in
            kind.fields.filter { field in
                field.path.hasSuffix("_kk") && kind.field(path: field.path.dropLast(3) + "_ru") != nil
            }.prefix(1).map { field in
                let russian = field.path.dropLast(3) + "_ru"
                return Case(
                    path: field.path,
                    broken: example.setting(field.path, nil).setting(String(russian), .text("Текст")), sound: example)
            }
        },
        EngineRule(
            "V606", "lat", ("region", .text("KZ-39")), ("settlement", .number("1519928")), ("lat", .text("43.25")),
            ("lon", .text("76.95"))),
    ]

    /// What a rule about persons breaks: members of the person, by their paths within it.
    private static func person(
        _ code: String, _ blamed: String, needs: [String] = [], _ changes: (String, JSONValue?)...
    ) -> EngineRule {
        EngineRule(code) { kind, example in
            places(of: .iin, in: kind).compactMap { place in
                guard ([blamed] + needs).allSatisfy({ place.has($0) }) else { return nil }
                let sound = place.fill(example, with: wholePerson)
                let broken = place.fill(example, with: wholePerson, changes)
                return Case(path: place.prefix + blamed, broken: broken, sound: sound)
            }
        }
    }

    private static let persons: [EngineRule] = [
        person("V101", "iin", ("iin", .text("85070710001"))),
        person("V102", "iin", ("iin", .text("850707100018"))),
        person("V103", "iin", needs: ["birth_date"], ("birth_date", .text("1985-07-08"))),
        person("V104", "iin", ("iin", nil), ("no_iin_reason", nil)),
        person("V105", "surname", needs: ["identity_kind"], ("surname", nil), ("name", nil)),
        person("V106", "birth_date", ("birth_date", .text("1885-07-07"))),
        person("V107", "name", ("name", .text("Kайрат"))),
        person(
            "V108", "previous_names", ("previous_names", .array([.object([("surname", .text("Ким"))])]))),
        person("V113", "citizenship", ("citizenship", nil)),
    ]

    private static let entities: [EngineRule] = [
        EngineRule("V112") { kind, example in
            places(of: .bin, in: kind).map { place in
                Case(
                    path: place.prefix + "bin",
                    broken: place.fill(example, with: [("bin", .text("941340000109"))]),
                    sound: place.fill(example, with: [("bin", .text("940740000109"))]))
            }
        }
    ]

    private static let wholePerson: [(String, JSONValue?)] = [
        ("iin", .text("850707100017")), ("identity_kind", .text("EST")), ("surname", .text("Әбдірахманов")),
        ("name", .text("Қайрат")), ("birth_date", .text("1985-07-07")), ("birth_place.country", .text("KZ")),
        ("sex", .text("M")), ("citizenship", .text("KZ")),
    ]

    /// Where a card keeps a person or an entity: under a prefix, or in every element of a set.
    private struct Place {
        var prefix: String
        var set: String?
        var paths: Set<String>

        func has(_ path: String) -> Bool { paths.contains(path) }

        func fill(
            _ example: JSONValue, with members: [(String, JSONValue?)], _ changes: [(String, JSONValue?)] = []
        ) -> JSONValue {
            let all = (members + changes).filter { has($0.0) }
            guard let set else {
                return all.reduce(example) { $0.setting(prefix + $1.0, $1.1) }
            }
            let element = all.reduce(JSONValue.object([])) { $0.setting($1.0, $1.1) }
            return example.setting(set, .array([element]))
        }
    }

    private static func places(of role: FieldRole, in kind: CardKind) -> [Place] {
        let name = role == .iin ? "iin" : "bin"
        var places: [Place] = []
        for field in kind.fields {
            if field.role == role {
                let prefix = String(field.path.dropLast(name.count))
                let own = kind.fields.map(\.path).filter { $0.hasPrefix(prefix) }
                let paths = Set(own.map { String($0.dropFirst(prefix.count)) })
                places.append(Place(prefix: prefix, set: nil, paths: paths))
            }
            if field.members.contains(where: { $0.role == role }) {
                places.append(
                    Place(prefix: field.path + ".", set: field.path, paths: Set(field.members.map(\.path))))
            }
        }
        return places
    }
}
