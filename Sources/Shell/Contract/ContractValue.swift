/// A request or an answer of the contract: what it reads like in JSON, both ways.
///
/// Written out by hand and not derived, so that names stand in the order of the contract, absent values are told as
/// `null`, and equal values are equal bytes.
package protocol ContractValue: Hashable, Sendable {
    init(json: JSONValue) throws(ContractError)
    var json: JSONValue { get }
}

extension ContractValue {
    package init(bytes: [UInt8]) throws(ContractError) {
        try self.init(json: JSONReader.read(bytes))
    }

    package var bytes: [UInt8] { json.bytes() }
}

/// The members of one JSON object, read by name; errors name the dotted path.
package struct JSONFields {
    private let members: [JSONValue.Member]
    private let path: String

    package init(_ json: JSONValue, path: String = "") throws(ContractError) {
        guard case .object(let members) = json else { throw ContractError(field: path, "An object is expected.") }
        self.members = members
        self.path = path
    }

    private func dotted(_ name: String) -> String {
        path.isEmpty ? name : "\(path).\(name)"
    }

    private func wrong(_ name: String, _ sentence: String) -> ContractError {
        ContractError(field: dotted(name), sentence)
    }

    /// Refuses members of other names: a misspelt field must not pass for an absent one.
    package func refuseOthers(than names: String...) throws(ContractError) {
        for member in members where !names.contains(member.name) {
            throw wrong(member.name, "Unknown here; known are \(names.joined(separator: ", ")).")
        }
    }

    /// The value of that name; nil where it is absent or null.
    package func value(_ name: String) -> JSONValue? {
        guard let value = members.first(where: { $0.name == name })?.value, value != .null else { return nil }
        return value
    }

    package func optionalText(_ name: String) throws(ContractError) -> String? {
        guard let value = value(name) else { return nil }
        guard case .string(let text) = value else { throw wrong(name, "A string is expected.") }
        return text
    }

    package func text(_ name: String) throws(ContractError) -> String {
        guard let text = try optionalText(name) else { throw wrong(name, "Missing; a string is expected.") }
        return text
    }

    package func optionalCount(_ name: String) throws(ContractError) -> UInt64? {
        guard let value = value(name) else { return nil }
        guard case .integer(let integer) = value, integer >= 0 else {
            throw wrong(name, "A whole number from 0 on is expected.")
        }
        return UInt64(integer)
    }

    package func integer(_ name: String) throws(ContractError) -> Int64 {
        guard case .integer(let integer) = value(name) else { throw wrong(name, "A whole number is expected.") }
        return integer
    }

    package func count(_ name: String) throws(ContractError) -> UInt64 {
        guard let count = try optionalCount(name) else { throw wrong(name, "Missing; a whole number is expected.") }
        return count
    }

    package func flag(_ name: String) throws(ContractError) -> Bool {
        guard case .bool(let flag) = value(name) else { throw wrong(name, "true or false is expected.") }
        return flag
    }

    /// A list; absent is empty.
    package func list(_ name: String) throws(ContractError) -> [JSONValue] {
        guard let value = value(name) else { return [] }
        guard case .array(let elements) = value else { throw wrong(name, "An array is expected.") }
        return elements
    }

    package func texts(_ name: String) throws(ContractError) -> [String] {
        var texts: [String] = []
        for element in try list(name) {
            guard case .string(let text) = element else { throw wrong(name, "An array of strings is expected.") }
            texts.append(text)
        }
        return texts
    }

    package func values<Element: ContractValue>(_ name: String) throws(ContractError) -> [Element] {
        try Element.list(.array(list(name)))
    }
}

extension ContractValue {
    /// Reads a JSON array of these.
    package static func list(_ json: JSONValue) throws(ContractError) -> [Self] {
        guard case .array(let elements) = json else { throw ContractError("An array is expected.") }
        var values: [Self] = []
        for element in elements { values.append(try Self(json: element)) }
        return values
    }
}

extension JSONValue {
    package static func values(_ values: [some ContractValue]) -> JSONValue {
        .array(values.map(\.json))
    }

    package static func members(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
        .object(members.map { .init($0.key, $0.value) })
    }
}
