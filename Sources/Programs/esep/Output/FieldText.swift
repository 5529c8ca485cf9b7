import Contract
import Law

/// Fields for people: path and value on one line.
enum FieldText {
    static func pairs(_ fields: JSONValue) -> [(path: String, value: String)] {
        guard case .object(let members) = fields else { return [] }
        return members.map { ($0.name, text($0.value)) }
    }

    static func text(_ value: JSONValue) -> String {
        switch value {
        case .null: "–"
        case .bool(let flag): flag ? "yes" : "no"
        case .integer(let integer): String(integer)
        case .number(let digits): digits
        case .string(let text): text
        case .array(let elements): elements.map(text).joined(separator: ", ")
        case .object(let members): members.map { "\($0.name) \(text($0.value))" }.joined(separator: " ")
        }
    }
}

/// Text of the command line and of CSV cells as the JSON its field wants, by the catalogue.
enum FieldTyping {
    /// The card kind that a provisional number names; nil for a confirmed one.
    static func kind(ofNumber number: String) -> CardKind? {
        let parts = number.split(separator: "/")
        guard parts.count == 4, let catalogue = try? Catalogue.embedded() else { return nil }
        return catalogue.newest.kind(String(parts[2]))
    }

    /// - Parameter kind: nil where it is not known: then whole numbers, true and false are taken for what they look
    /// like.
    /// - Throws: `Failure` where JSON was begun and is broken.
    static func value(_ text: String, _ path: String, _ kind: CardKind?) throws -> JSONValue {
        if text.isEmpty { return .null }
        if text.hasPrefix("{") || text.hasPrefix("[") {
            do {
                return try JSONReader.read(Array(text.utf8))
            } catch {
                throw Failure(
                    "\(path): \(error.sentence)", remedy: "A value that begins with { or [ is JSON.", exit: 64)
            }
        }
        return scalar(text, field: kind?.field(path: path))
    }

    static func scalar(_ text: String, field: Field?) -> JSONValue {
        let looksLike: JSONValue? = Int64(text).flatMap { String($0) == text ? .integer($0) : nil }
        let flag: JSONValue? = text == "true" ? .bool(true) : text == "false" ? .bool(false) : nil
        switch field?.type {
        case .integer, .settlement: return looksLike ?? .string(text)
        case .flag: return flag ?? .string(text)
        case nil: return looksLike ?? flag ?? .string(text)
        default: return .string(text)
        }
    }
}
