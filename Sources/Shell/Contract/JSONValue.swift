/// JSON of any shape whose objects keep the order they were written in, so that equal answers are equal bytes.
package indirect enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    /// A number that is no 64-bit integer, in the digits it was written with.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])

    package struct Member: Hashable, Sendable {
        package var name: String
        package var value: JSONValue

        package init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }
}

extension JSONValue {
    /// The string, or null where there is none.
    package static func text(_ text: String?) -> JSONValue {
        text.map { .string($0) } ?? .null
    }

    /// The count, or null where there is none. Counts above 2^63 do not occur.
    package static func count(_ count: UInt64?) -> JSONValue {
        count.map { .integer(Int64(clamping: $0)) } ?? .null
    }

    package static func texts(_ texts: [String]) -> JSONValue {
        .array(texts.map { .string($0) })
    }

    /// The member of that name, where this is an object that has one.
    package subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// As bytes on one line, or, with `pretty`, indented by two spaces.
    package func bytes(pretty: Bool = false) -> [UInt8] {
        var output: [UInt8] = []
        write(to: &output, indent: pretty ? 0 : nil)
        return output
    }

    package var line: String { String(decoding: bytes(), as: UTF8.self) }

    private func write(to output: inout [UInt8], indent: Int?) {
        switch self {
        case .null: output.append(contentsOf: "null".utf8)
        case .bool(let flag): output.append(contentsOf: (flag ? "true" : "false").utf8)
        case .integer(let integer): output.append(contentsOf: String(integer).utf8)
        case .number(let digits): output.append(contentsOf: digits.utf8)
        case .string(let text): JSONText.append(text, to: &output)
        case .array(let elements):
            Self.writeList(elements, brackets: ("[", "]"), to: &output, indent: indent) { element, output, indent in
                element.write(to: &output, indent: indent)
            }
        case .object(let members):
            Self.writeList(members, brackets: ("{", "}"), to: &output, indent: indent) { member, output, indent in
                JSONText.append(member.name, to: &output)
                output.append(contentsOf: indent == nil ? ":".utf8 : ": ".utf8)
                member.value.write(to: &output, indent: indent)
            }
        }
    }

    private static func writeList<Item>(
        _ items: [Item], brackets: (open: Unicode.Scalar, close: Unicode.Scalar), to output: inout [UInt8],
        indent: Int?, write: (Item, inout [UInt8], Int?) -> Void
    ) {
        output.append(UInt8(ascii: brackets.open))
        for (position, item) in items.enumerated() {
            if position > 0 { output.append(UInt8(ascii: ",")) }
            if let indent { startLine(indent + 1, &output) }
            write(item, &output, indent.map { $0 + 1 })
        }
        if let indent, !items.isEmpty { startLine(indent, &output) }
        output.append(UInt8(ascii: brackets.close))
    }

    private static func startLine(_ indent: Int, _ output: inout [UInt8]) {
        output.append(UInt8(ascii: "\n"))
        output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indent * 2))
    }
}

/// JSON strings by hand: the one thing the hot route writes.
package enum JSONText {
    /// Appends `text` with its quotes; `"`, `\` and control characters escaped, everything else as it is.
    package static func append(_ text: String, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                output.append(UInt8(ascii: "\\"))
                output.append(byte)
            case UInt8(ascii: "\n"): output.append(contentsOf: "\\n".utf8)
            case 0..<0x20, 0x7F:
                output.append(contentsOf: "\\u00".utf8)
                output.append(hexadecimal[Int(byte >> 4)])
                output.append(hexadecimal[Int(byte & 15)])
            default: output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
    }

    private static let hexadecimal = Array("0123456789abcdef".utf8)
}

/// A body or an answer that is not what the contract says: where, and what was expected.
package struct ContractError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The dotted path of what is wrong; empty: the whole.
    package var field: String
    package var sentence: String

    package init(field: String = "", _ sentence: String) {
        self.field = field
        self.sentence = sentence
    }

    package var description: String {
        field.isEmpty ? sentence : "\(field): \(sentence)"
    }
}
