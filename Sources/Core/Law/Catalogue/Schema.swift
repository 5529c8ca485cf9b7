import JSON

extension Edition {
    /// JSON Schema 2020-12 of what a sender may hand in of a kind: one schema for each act, chosen by `kind`.
    ///
    /// It says less than the checker: rules over several fields, check digits and days that no calendar has are not
    /// in it.
    package func schema(of kind: CardKind) -> String {
        let act = kind.field(role: .act)?.path ?? "kind"
        func branch(_ acts: String, _ name: String) -> String {
            ##"{"if":{"properties":{"\##(act)":{"enum":[\##(acts)]}}},"then":{"$ref":"#/$defs/\##(name)"}}"##
        }
        let writer = SchemaWriter(edition: self, kind: kind)
        return #"{"$schema":"https://json-schema.org/draft/2020-12/schema","#
            + #""title":\#(JSONWriting.quoted(kind.code + " — " + kind.labels.en)),"type":"object","#
            + #""required":[\#(JSONWriting.quoted(act))],"#
            + #""allOf":[\#(branch(#""NEW""#, "new")),\#(branch(#""COR""#, "correction")),"#
            + #"\#(branch(#""CAN","ZERO""#, "notice"))],"#
            + #""$defs":{"new":\#(writer.object(.new)),"correction":\#(writer.object(.correction)),"#
            + #""notice":\#(writer.object(.cancellation))}}"#
    }

    /// A line for each field a reader of the catalogue wants to see: members of sets follow their set.
    package func fieldTable(of kind: CardKind) -> [FieldRow] {
        var rows: [FieldRow] = []
        for field in kind.fields {
            rows.append(FieldRow(field, prefix: ""))
            for member in field.members { rows.append(FieldRow(member, prefix: field.path + "[].")) }
        }
        return rows
    }
}

/// A field in words.
package struct FieldRow: Hashable, Sendable {
    package var number: FieldNumber
    package var path: String
    /// `text`, `code severity`, `integer 0…9`, …
    package var type: String
    /// `required`, `conditional`, `optional`, `computed`, `assigned`.
    package var requirement: String
    /// Words out of: set, fact, key, unknown allowed, personal, free text.
    package var marks: [String]
    package var labels: Labels

    init(_ field: Field, prefix: String) {
        number = field.number
        path = prefix + field.path
        labels = field.labels
        switch field.type {
        case .text: type = "text"
        case .code(let list): type = "code " + list
        case .integer(let least, let most): type = "integer \(least)…\(most)"
        case .decimal(let scale): type = "decimal \(scale)"
        case .day: type = "day"
        case .time: type = "time"
        case .flag: type = "flag"
        case .iin: type = "iin"
        case .bin: type = "bin"
        case .settlement: type = "settlement"
        case .reference(let kinds): type = "reference " + kinds.joined(separator: ", ")
        case .group: type = "group"
        }
        switch field.requirement {
        case .required: requirement = "required"
        case .requiredWhen: requirement = "conditional"
        case .optional: requirement = "optional"
        case .computed: requirement = "computed"
        case .assigned: requirement = "assigned"
        }
        marks = []
        if field.isSet { marks.append("set") }
        if field.isFact { marks.append("fact") }
        if field.isKey { marks.append("key") }
        if field.unknownAllowed { marks.append("unknown allowed") }
        switch field.placement {
        case .clear: break
        case .text: marks.append("free text")
        case .person, .eachPerson: marks.append("personal")
        }
    }
}

/// Writes the schemas of one kind.
private struct SchemaWriter {
    let edition: Edition
    let kind: CardKind

    /// An object that is being put together: names in the order of the fields.
    private final class Node {
        var schema: String?
        var children: [(name: String, node: Node)] = []
        var required: [String] = []

        func child(_ name: Substring) -> Node {
            if let found = children.first(where: { $0.name == name }) { return found.node }
            let node = Node()
            children.append((String(name), node))
            return node
        }
    }

    func object(_ act: DocumentKind) -> String {
        let root = Node()
        for field in kind.fields where field.requirement != .computed && field.requirement != .assigned {
            var node = root
            let parts = field.path.split(separator: ".")
            for part in parts.dropLast() { node = node.child(part) }
            guard let name = parts.last else { continue }
            node.child(name).schema = schema(field, isChange: act == .correction && !field.isOfAct)
            if act == .new ? kind.demands(field) : field.requirement == .required && field.isOfAct {
                node.required.append(String(name))
            }
        }
        if act == .new { requireBlocks(root) }
        return text(root)
    }

    /// A group with a required field of its own is required where the card's field is: in blocks the card must have.
    private func requireBlocks(_ node: Node) {
        for (name, child) in node.children where child.schema == nil && !child.required.isEmpty {
            requireBlocks(child)
            node.required.append(name)
        }
    }

    private func text(_ node: Node) -> String {
        if let schema = node.schema { return schema }
        let properties = node.children.map { JSONWriting.quoted($0.name) + ":" + text($0.node) }
        var parts = [#""type":"object","additionalProperties":false"#]
        if !node.required.isEmpty {
            parts.append(#""required":["# + node.required.map(JSONWriting.quoted).joined(separator: ",") + "]")
        }
        parts.append(#""properties":{"# + properties.joined(separator: ",") + "}")
        return "{" + parts.joined(separator: ",") + "}"
    }

    private func schema(_ field: Field, isChange: Bool) -> String {
        let one = element(field)
        let described = #","description":"# + JSONWriting.quoted(field.labels.en)
        guard field.isSet else {
            let body = isChange ? #"{"anyOf":[\#(one),{"type":"null"}]"# : String(one.dropLast())
            return body + described + "}"
        }
        let array = #"{"type":"array","maxItems":256,"items":"# + one + "}"
        if !isChange { return String(array.dropLast()) + described + "}" }
        return #"{"anyOf":[{"type":"null"},{"type":"object","additionalProperties":false,"properties":{"add":"# + array
            + #","remove":"# + array + "}}]" + described + "}"
    }

    private func element(_ field: Field) -> String {
        let body: String
        switch field.type {
        case .text(let limit):
            let least = field.requirement == .required ? #","minLength":1"# : ""
            body = #"{"type":"string","maxLength":\#(limit)\#(least)}"#
        case .code(let list):
            let codes = (edition.codeList(list)?.codes ?? []).map { JSONWriting.quoted($0.code) }
            body = #"{"enum":["# + codes.joined(separator: ",") + "]}"
        case .integer(let least, let most): body = #"{"type":"integer","minimum":\#(least),"maximum":\#(most)}"#
        case .decimal(let scale):
            let pattern = scale == 0 ? "^-?[0-9]{1,17}$" : "^-?[0-9]{1,17}([.][0-9]{1,\(scale)})?$"
            body = #"{"type":["string","number"],"pattern":"\#(pattern)"}"#
        case .day: body = #"{"type":"string","pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}"#
        case .time:
            body =
                #"{"type":"string","pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"#
                + #"([.][0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$"}"#
        case .flag: body = #"{"type":"boolean"}"#
        case .iin, .bin: body = #"{"type":"string","pattern":"^[0-9]{12}$"}"#
        case .settlement: body = #"{"type":"integer"}"#
        case .reference: body = #"{"type":"string","pattern":"^([A-Za-z0-9._:-]+/)?[A-Za-z0-9._:-]+$"}"#
        case .group:
            let root = Node()
            for member in field.members where member.requirement != .computed {
                root.child(member.path[...]).schema = schema(member, isChange: false)
                if member.requirement == .required { root.required.append(member.path) }
            }
            body = text(root)
        }
        return field.unknownAllowed ? #"{"anyOf":[\#(body),{"const":"unknown"}]}"# : body
    }
}
