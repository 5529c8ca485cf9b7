import Crypto

/// Makes blind tokens: HMAC-SHA-256 under a key of this node alone, first 16 bytes (design §5, the index).
///
/// The input is the domain's length (1 byte) ‖ domain ‖ term, so a term of one domain never equals one of another.
/// The key's own two hash blocks are worked out once.
package struct BlindIndexKey: Sendable {
    private let keyed: HMAC<SHA256>

    package init(_ secret: Secret) {
        keyed = HMAC(key: secret.symmetricKey)
    }

    /// The token of a term that is brought to its searched form already: folded, upper-cased, without separators.
    ///
    /// A domain has at most 255 bytes.
    package func token(_ domain: String, _ term: String) -> Token {
        var message: [UInt8] = []
        message.reserveCapacity(1 + domain.utf8.count + term.utf8.count)
        Self.begin(&message, domain)
        message.append(contentsOf: term.utf8)
        return token(of: message)
    }

    /// The token of bytes: of a document's content, of a record's id.
    package func token(_ domain: String, bytes: [UInt8]) -> Token {
        var message: [UInt8] = []
        message.reserveCapacity(1 + domain.utf8.count + bytes.count)
        Self.begin(&message, domain)
        message.append(contentsOf: bytes)
        return token(of: message)
    }

    private static func begin(_ message: inout [UInt8], _ domain: String) {
        precondition(domain.utf8.count <= 255, "a token's domain has at most 255 bytes: \(domain)")
        message.append(UInt8(domain.utf8.count))
        message.append(contentsOf: domain.utf8)
    }

    private func token(of message: [UInt8]) -> Token {
        var hash = keyed
        message.withUnsafeBytes { hash.update(data: $0) }
        return hash.finalize().withUnsafeBytes { bytes in
            Token(
                high: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
                low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
        }
    }
}
