/// A way in which a line is no JSON, by the code that the scanner refuses it with.
package enum TextFault: String, Hashable, Sendable, CaseIterable {
    /// White space alone: a line without a byte is no document, one with a blank is an empty one.
    case empty = "J001"
    case tooLarge = "J002"
    case tooDeep = "J003"
    case unexpectedByte = "J004"
    case unfinished = "J005"
    case trailingBytes = "J006"
    case invalidUTF8 = "J007"
    case controlCharacter = "J008"
    case nul = "J009"
    case badEscape = "J010"
    case loneSurrogate = "J011"
    case badNumber = "J012"

    /// One byte more than a document may have, whatever else stands in it.
    private static let tooMany = 256 * 1024 + 1
    /// One level more than a document may have.
    private static let tooManyLevels = 33

    /// The value of a member that spoils the line; nil where it is spoilt after its end.
    private var value: [UInt8]? {
        switch self {
        case .tooLarge: Self.quoted([UInt8](repeating: UInt8(ascii: "x"), count: Self.tooMany))
        case .tooDeep:
            [UInt8](repeating: UInt8(ascii: "["), count: Self.tooManyLevels)
                + [UInt8](repeating: UInt8(ascii: "]"), count: Self.tooManyLevels)
        case .unexpectedByte: Array("?".utf8)
        case .empty, .unfinished, .trailingBytes: nil
        case .invalidUTF8: Self.quoted([0xC3, 0x28])
        case .controlCharacter: Self.quoted([0x01])
        case .nul: Self.quoted(Array(#"\u0000"#.utf8))
        case .badEscape: Self.quoted(Array(#"\q"#.utf8))
        case .loneSurrogate: Self.quoted(Array(#"\ud800"#.utf8))
        case .badNumber: Array("01".utf8)
        }
    }

    private static func quoted(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8(ascii: "\"")] + bytes + [UInt8(ascii: "\"")]
    }

    /// Spoils a line whose last member is written, and ends it.
    func close(_ line: inout LineWriter) {
        if let value { line.raw("note", value) }
        line.closeLine()
        switch self {
        case .empty:
            line.bytes = Array(" \n".utf8)
        case .unfinished:
            line.bytes.removeLast(2)
            line.bytes.append(UInt8(ascii: "\n"))
        case .trailingBytes:
            line.bytes.removeLast()
            line.bytes.append(contentsOf: Array("}\n".utf8))
        default: break
        }
    }
}
