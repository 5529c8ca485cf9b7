/// Reads JSON strictly into a `JSONValue`: valid UTF-8, no name twice in an object, no NUL, bounded depth, nothing
/// after the value. Bodies other than documents are small; documents are never read through this.
package struct JSONReader {
    private let bytes: [UInt8]
    private var position = 0
    private let depthMost = 32

    /// - Throws: `ContractError` with the byte at which reading stopped.
    package static func read(_ bytes: [UInt8]) throws(ContractError) -> JSONValue {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw ContractError("The bytes are not valid UTF-8.")
        }
        var reader = JSONReader(bytes: bytes)
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.position == bytes.count else { throw reader.stopped("something follows the JSON value") }
        return value
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private func stopped(_ reason: String) -> ContractError {
        ContractError("Not valid JSON at byte \(position): \(reason).")
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func take(_ expected: Unicode.Scalar) throws(ContractError) {
        guard next == UInt8(ascii: expected) else { throw stopped("'\(expected)' is expected") }
        position += 1
    }

    private mutating func takes(_ wanted: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: wanted) else { return false }
        position += 1
        return true
    }

    private mutating func value(depth: Int) throws(ContractError) -> JSONValue {
        guard depth < depthMost else { throw stopped("nested deeper than \(depthMost)") }
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case nil: throw stopped("it ends too early")
        default: return try number()
        }
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(ContractError) -> JSONValue {
        guard bytes[position...].starts(with: word.utf8) else { throw stopped("an unknown word") }
        position += word.utf8.count
        return value
    }

    private mutating func object(depth: Int) throws(ContractError) -> JSONValue {
        try take("{")
        var members: [JSONValue.Member] = []
        skipSpace()
        if takes("}") { return .object([]) }
        repeat {
            skipSpace()
            let name = try string()
            guard !members.contains(where: { $0.name == name }) else { throw stopped("'\(name)' stands twice") }
            skipSpace()
            try take(":")
            members.append(.init(name, try value(depth: depth + 1)))
            skipSpace()
        } while takes(",")
        try take("}")
        return .object(members)
    }

    private mutating func array(depth: Int) throws(ContractError) -> JSONValue {
        try take("[")
        var elements: [JSONValue] = []
        skipSpace()
        if takes("]") { return .array([]) }
        repeat {
            elements.append(try value(depth: depth + 1))
            skipSpace()
        } while takes(",")
        try take("]")
        return .array(elements)
    }

    private mutating func string() throws(ContractError) -> String {
        try take("\"")
        var text: [UInt8] = []
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(into: &text)
            case 0..<0x20: throw stopped("a control character in a string")
            default: text.append(byte)
            }
        }
        throw stopped("a string does not end")
    }

    private mutating func escape(into text: inout [UInt8]) throws(ContractError) {
        guard let byte = next else { throw stopped("an escape does not end") }
        position += 1
        switch byte {
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "u"): text.append(contentsOf: try String(Character(unicodeEscape())).utf8)
        default: throw stopped("an unknown escape")
        }
    }

    private mutating func unicodeEscape() throws(ContractError) -> Unicode.Scalar {
        var code = try fourDigits()
        if (0xD800..<0xDC00).contains(code) {
            guard takes("\\"), takes("u") else { throw stopped("half of a surrogate pair") }
            let low = try fourDigits()
            guard (0xDC00..<0xE000).contains(low) else { throw stopped("half of a surrogate pair") }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard code != 0, let scalar = Unicode.Scalar(code) else { throw stopped("an escape that is no character") }
        return scalar
    }

    private mutating func fourDigits() throws(ContractError) -> UInt32 {
        guard position + 4 <= bytes.count,
            let code = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
        else { throw stopped("four hexadecimal digits are expected") }
        position += 4
        return code
    }

    private mutating func number() throws(ContractError) -> JSONValue {
        let start = position
        _ = takes("-")
        let whole = try digits()
        guard whole == 1 || bytes[position - whole] != UInt8(ascii: "0") else { throw stopped("a leading zero") }
        var isInteger = true
        if takes(".") {
            isInteger = false
            _ = try digits()
        }
        if takes("e") || takes("E") {
            isInteger = false
            _ = takes("+") || takes("-")
            _ = try digits()
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isInteger, let integer = Int64(text) { return .integer(integer) }
        return .number(text)
    }

    private mutating func digits() throws(ContractError) -> Int {
        let start = position
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        guard position > start else { throw stopped("a value is expected") }
        return position - start
    }
}
