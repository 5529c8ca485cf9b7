package import Contract
package import Law

/// The catalogue as the API shows it.
package enum CatalogueViews {
    package static func list(_ edition: Edition) -> JSONValue {
        .members([
            "edition": .string(edition.from.text),
            "kinds": .array(
                edition.kinds.map { kind in
                    .members([
                        "kind": .string(kind.code), "label": labels(kind.labels),
                        "fields": .integer(Int64(kind.fields.count)),
                    ])
                }),
        ])
    }

    package static func kind(_ kind: CardKind, in edition: Edition) -> JSONValue {
        let bound = Set(kind.rules.map(\.code))
        let rules = edition.rules.filter { bound.contains($0.code) || $0.kinds.contains(kind.code) }
        return .members([
            "kind": .string(kind.code), "label": labels(kind.labels), "edition": .string(edition.from.text),
            "term_working_days": .integer(Int64(kind.termWorkingDays)),
            "fields": .array(kind.fields.map { field($0, isDemanded: kind.demands($0)) }),
            "rules": .array(
                rules.map { rule in
                    .members([
                        "code": .string(rule.code),
                        "severity": .string(rule.severity == .error ? "error" : "warning"),
                        "scope": .string(rule.scope.rawValue), "message": labels(rule.message),
                        "remedy": labels(rule.remedy), "basis": .string(rule.basis),
                    ])
                }),
        ])
    }

    private static func field(_ field: Field, isDemanded: Bool) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("path", .string(field.path)), .init("type", .string(type(field.type))),
            .init("required", .string(isDemanded ? "yes" : requirement(field.requirement))),
            .init("label", labels(field.labels)),
            .init("unknown_allowed", .bool(field.unknownAllowed)), .init("set", .bool(field.isSet)),
            .init("fact", .bool(field.isFact)), .init("key", .bool(field.isKey)),
            .init("personal", .bool(field.placement != .clear)),
        ]
        if let list = field.codeList { members.append(.init("list", .string(list))) }
        if !field.members.isEmpty {
            let inner = field.members.map { self.field($0, isDemanded: $0.requirement == .required) }
            members.append(.init("members", .array(inner)))
        }
        return .object(members)
    }

    static func type(_ type: FieldType) -> String {
        switch type {
        case .text(let limit): "text up to \(limit) bytes"
        case .code(let list): "code of \(list)"
        case .integer(let least, let most): "integer \(least)…\(most)"
        case .decimal(let scale): "decimal, \(scale) digits"
        case .day: "date"
        case .time: "time"
        case .flag: "flag"
        case .iin: "IIN"
        case .bin: "BIN"
        case .settlement: "settlement"
        case .reference(let kinds): "reference to \(kinds.joined(separator: ", "))"
        case .group: "group"
        }
    }

    private static func requirement(_ requirement: Requirement) -> String {
        switch requirement {
        case .required: "yes"
        case .requiredWhen: "conditional"
        case .optional: "no"
        case .computed: "computed"
        case .assigned: "assigned"
        }
    }

    private static func labels(_ labels: Labels) -> JSONValue {
        .members(["en": .string(labels.en), "kk": .string(labels.kk), "ru": .string(labels.ru)])
    }
}
