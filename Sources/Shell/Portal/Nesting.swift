package import Contract

/// Brings fields with dotted paths into the form of documents: `{"person.surname":"A"}` becomes
/// `{"person":{"surname":"A"}}`. Fields that are nested already stay.
package enum Nesting {
    /// - Throws: when one path is a value and a group at once.
    package static func document(_ fields: JSONValue) throws(ProblemAnswer) -> JSONValue {
        guard case .object(let members) = fields else { return fields }
        var document: [JSONValue.Member] = []
        for member in members {
            let parts = member.name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            guard !parts.contains("") else {
                throw .invalid(
                    "The field path '\(member.name)' has an empty part.", remedy: "Paths look like person.surname.",
                    field: member.name)
            }
            try insert(member.value, at: parts[...], into: &document, path: member.name)
        }
        return .object(document)
    }

    private static func insert(
        _ value: JSONValue, at parts: ArraySlice<String>, into members: inout [JSONValue.Member], path: String
    ) throws(ProblemAnswer) {
        guard let name = parts.first else { return }
        let rest = parts.dropFirst()
        guard let at = members.firstIndex(where: { $0.name == name }) else {
            var inner: [JSONValue.Member] = []
            if !rest.isEmpty { try insert(value, at: rest, into: &inner, path: path) }
            members.append(.init(name, rest.isEmpty ? value : .object(inner)))
            return
        }
        guard !rest.isEmpty, case .object(var inner) = members[at].value else {
            throw .invalid("'\(path)' is given twice.", remedy: "Name each field once.", field: path)
        }
        try insert(value, at: rest, into: &inner, path: path)
        members[at].value = .object(inner)
    }
}
