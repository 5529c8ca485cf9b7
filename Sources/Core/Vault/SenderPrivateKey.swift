import Crypto

/// A sender's own key, for signing documents on his side. No node ever holds one.
package struct SenderPrivateKey: Sendable {
    private enum Key: Sendable {
        case p256(P256.Signing.PrivateKey)
        case ed25519(Curve25519.Signing.PrivateKey)
    }

    package enum Failure: Error, Hashable, Sendable {
        /// Not a private key of P-256 or Ed25519 in PEM.
        case unknownKey
    }

    /// RFC 8410: the fixed bytes of PKCS #8 before the 32 of an Ed25519 key.
    private static let ed25519Prefix: [UInt8] = [
        0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
    ]

    private let key: Key

    /// From PEM: SEC 1 or PKCS #8 for P-256, PKCS #8 for Ed25519.
    package init(pem: String) throws(Failure) {
        if let found = try? P256.Signing.PrivateKey(pemRepresentation: pem) {
            key = .p256(found)
            return
        }
        guard let der = Self.der(of: pem), der.count == Self.ed25519Prefix.count + 32,
            der.starts(with: Self.ed25519Prefix),
            let found = try? Curve25519.Signing.PrivateKey(rawRepresentation: der[Self.ed25519Prefix.count...])
        else { throw .unknownKey }
        key = .ed25519(found)
    }

    package var publicKey: SenderKey {
        switch key {
        case .p256(let key): .p256(Array(key.publicKey.x963Representation))
        case .ed25519(let key): .ed25519(Array(key.publicKey.rawRepresentation))
        }
    }

    /// P-256: ECDSA with SHA-256, in DER. Ed25519: 64 bytes.
    package func signature(over bytes: [UInt8]) -> [UInt8] {
        switch key {
        case .p256(let key): (try? Array(key.signature(for: bytes).derRepresentation)) ?? []
        case .ed25519(let key): (try? Array(key.signature(for: bytes))) ?? []
        }
    }

    /// The bytes between the lines of a PEM text.
    private static func der(of pem: String) -> [UInt8]? {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var bytes: [UInt8] = []
        var word: UInt32 = 0
        var bits: UInt32 = 0
        for line in pem.split(whereSeparator: \.isNewline) where !line.hasPrefix("-----") {
            for letter in line.utf8 where letter != UInt8(ascii: "=") {
                guard let value = letters.firstIndex(of: letter) else { return nil }
                word = word << 6 | UInt32(value)
                bits += 6
                if bits >= 8 {
                    bits -= 8
                    bytes.append(UInt8(truncatingIfNeeded: word >> bits))
                }
            }
        }
        return bytes
    }
}
