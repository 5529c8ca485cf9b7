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
            "rules": .array(edition.rules.map(rule)),
        ])
    }

    /// A rule with its words, and why no node decides it yet where it is left to a later part.
    private static func rule(_ rule: Rule) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("code", .string(rule.code)),
            .init("severity", .string(rule.severity == .error ? "error" : "warning")),
            .init("scope", .string(rule.scope.rawValue)), .init("kinds", .array(rule.kinds.map { .string($0) })),
            .init("message", labels(rule.message)), .init("remedy", labels(rule.remedy)),
            .init("basis", .string(rule.basis)),
        ]
        if let from = rule.from { members.append(.init("from", .string(from.text))) }
        if let to = rule.to { members.append(.init("to", .string(to.text))) }
        if let later = rule.later { members.append(.init("later", labels(later))) }
        return .object(members)
    }

    package static func kind(_ kind: CardKind, in edition: Edition) -> JSONValue {
        let bound = Set(kind.rules.map(\.code))
        let rules = edition.rules.filter { bound.contains($0.code) || $0.kinds.contains(kind.code) }
        return .members([
            "kind": .string(kind.code), "label": labels(kind.labels), "edition": .string(edition.from.text),
            "term_working_days": .integer(Int64(kind.termWorkingDays)),
            "fields": .array(kind.fields.map { field($0, isDemanded: kind.demands($0)) }),
            "rules": .array(
                rules.map(rule)),
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
