import Crypto

/// Bytes for one reader who is not there: whoever knows the reader's public key seals, only the reader opens.
///
/// X25519 between a key drawn for this one envelope and the reader's, HKDF-SHA256 over what they agree on, AES-256-GCM:
///
///     key   = HKDF(agreed, salt: drawn public key ‖ reader's public key, info: "esep envelope 1", 32 bytes)
///     nonce = 12 zeros: the key is used once
///
/// What is sealed is bound to its `head`: under another one it does not open. Chance is given in, as everywhere here.
package enum Envelope {
    /// Bytes of a public key.
    package static let keyLength = 32
    /// Bytes that sealing adds.
    package static let tagLength = Sealing.tagLength
    private static let info = Array("esep envelope 1".utf8)

    /// The public half of a secret key.
    package static func publicKey(of secret: Secret) -> [UInt8] {
        Array(privateKey(secret).publicKey.rawRepresentation)
    }

    /// - Parameter drawn: 32 fresh bytes of chance, for this envelope alone.
    /// - Throws: `notAuthentic` where the reader's key is none.
    package static func seal(
        _ plain: [UInt8], to reader: [UInt8], drawn: Secret, head: [UInt8]
    ) throws(SealingError) -> (key: [UInt8], sealed: [UInt8]) {
        let own = privateKey(drawn)
        let key = Array(own.publicKey.rawRepresentation)
        do {
            let box = try AES.GCM.seal(
                plain, using: try agreed(own, with: reader, salt: key + reader), nonce: try nonce,
                authenticating: head)
            return (key, Sealing.joined(box))
        } catch {
            throw .notAuthentic
        }
    }

    /// - Parameter key: the public key that travels with the envelope.
    package static func open(
        _ sealed: [UInt8], key: [UInt8], with secret: Secret, head: [UInt8]
    ) throws(SealingError) -> [UInt8] {
        guard sealed.count >= tagLength else { throw .truncated }
        let own = privateKey(secret)
        do {
            let split = sealed.count - tagLength
            let box = try AES.GCM.SealedBox(nonce: nonce, ciphertext: sealed[..<split], tag: sealed[split...])
            let salt = key + Array(own.publicKey.rawRepresentation)
            return Array(try AES.GCM.open(box, using: try agreed(own, with: key, salt: salt), authenticating: head))
        } catch {
            throw .notAuthentic
        }
    }

    private static var nonce: AES.GCM.Nonce {
        get throws { try AES.GCM.Nonce(data: [UInt8](repeating: 0, count: 12)) }
    }

    private static func privateKey(_ secret: Secret) -> Curve25519.KeyAgreement.PrivateKey {
        do {
            return try Curve25519.KeyAgreement.PrivateKey(rawRepresentation: secret.bytes)
        } catch {
            preconditionFailure("32 bytes are a key of X25519: \(error)")
        }
    }

    private static func agreed(
        _ own: Curve25519.KeyAgreement.PrivateKey, with other: [UInt8], salt: [UInt8]
    ) throws -> SymmetricKey {
        let other = try Curve25519.KeyAgreement.PublicKey(rawRepresentation: other)
        let secret = try own.sharedSecretFromKeyAgreement(with: other)
        // A point of small order agrees on zeros with everybody (RFC 7748, section 6.1).
        guard secret.withUnsafeBytes({ $0.contains { $0 != 0 } }) else { throw SealingError.notAuthentic }
        return secret.hkdfDerivedSymmetricKey(
            using: SHA256.self, salt: salt, sharedInfo: info, outputByteCount: 32)
    }
}
