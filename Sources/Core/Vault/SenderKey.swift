import Crypto

/// The public key of a sender's certificate, by which the signatures of its documents are checked (rules V002, V003).
package enum SenderKey: Hashable, Sendable {
    /// The point in uncompressed X9.63 form, 65 bytes.
    case p256([UInt8])
    /// 32 bytes.
    case ed25519([UInt8])

    package enum Failure: Error, Hashable, Sendable {
        /// Not a public key of P-256 or Ed25519 in the SubjectPublicKeyInfo form.
        case unknownKey
    }

    /// RFC 8410: the fixed bytes before the 32 of an Ed25519 key.
    private static let ed25519Prefix: [UInt8] = [
        0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00,
    ]

    /// From SubjectPublicKeyInfo in DER, as a certificate holds it.
    package init(subjectPublicKeyInfo der: [UInt8]) throws(Failure) {
        if der.count == Self.ed25519Prefix.count + 32, der.starts(with: Self.ed25519Prefix) {
            self = .ed25519(Array(der[Self.ed25519Prefix.count...]))
            return
        }
        guard let key = try? P256.Signing.PublicKey(derRepresentation: der) else { throw .unknownKey }
        self = .p256(Array(key.x963Representation))
    }

    /// Whether the signature over these very bytes is this key's. P-256: ECDSA with SHA-256, in DER or as r ‖ s
    /// (64 bytes). A key or signature that cannot be read is answered with no.
    package func verifies(_ signature: [UInt8], over bytes: [UInt8]) -> Bool {
        switch self {
        case .p256(let point):
            guard let key = try? P256.Signing.PublicKey(x963Representation: point) else { return false }
            let read =
                signature.count == 64
                ? try? P256.Signing.ECDSASignature(rawRepresentation: signature)
                : try? P256.Signing.ECDSASignature(derRepresentation: signature)
            guard let read else { return false }
            return key.isValidSignature(read, for: bytes)
        case .ed25519(let raw):
            guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: raw) else { return false }
            return key.isValidSignature(signature, for: bytes)
        }
    }
}
