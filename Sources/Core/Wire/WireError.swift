/// Why bytes are refused. Nothing of them is used.
package enum WireError: Error, Hashable, Sendable, CustomStringConvertible {
    case truncated
    /// A varint that is longer than it need be or holds more than 64 bits.
    case badVarint
    case badText
    /// A field this program does not know, or one in the wrong form.
    case unknownField(Int, of: String)
    /// A body other than a document, an access or a control act. Nothing else may enter a log: an account least of all.
    case unknownBody
    case missing(String)
    case outOfRange(String)
    /// Bytes above a limit.
    case tooLarge(String, limit: Int)
    /// It decodes, but would be encoded otherwise: fields doubled, out of order, or zeros written out.
    case notCanonical
    /// swift-protobuf could not read the message.
    case malformed(String)

    package var description: String {
        switch self {
        case .truncated: "the bytes end inside a field"
        case .badVarint: "a number is not in its shortest form"
        case .badText: "a text is not UTF-8"
        case .unknownField(let number, let message): "\(message) has no field \(number) of this form"
        case .unknownBody: "an entry holds neither a document nor an access nor a control act"
        case .missing(let field): "\(field) is missing"
        case .outOfRange(let field): "\(field) is out of its range"
        case .tooLarge(let what, let limit): "\(what) is larger than \(limit)"
        case .notCanonical: "the bytes are not in their one form"
        case .malformed(let reason): "not a message: \(reason)"
        }
    }
}
