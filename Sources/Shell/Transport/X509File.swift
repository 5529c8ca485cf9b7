import Crypto
import Foundation
import SwiftASN1
package import Vault
import X509

/// A certificate as it is handed to the centre: what is registered of it.
package struct X509File: Hashable, Sendable {
    /// The first 16 hexadecimal digits of its SHA-256.
    package let id: String
    /// DER.
    package let bytes: [UInt8]
    /// SubjectPublicKeyInfo in DER.
    package let key: [UInt8]
    /// Seconds since 1970 (UTC).
    package let notBefore: UInt64
    package let notAfter: UInt64

    /// - Throws: where the PEM holds no certificate, or one whose key is neither P-256 nor Ed25519.
    package init(pem: String) throws(TransportError) {
        try self.init(try CertificateBytes.rethrowing { try Certificate(pemEncoded: pem) })
    }

    package init(der: [UInt8]) throws(TransportError) {
        try self.init(try CertificateBytes.parse(der))
    }

    private init(_ certificate: Certificate) throws(TransportError) {
        bytes = try CertificateBytes.der(of: certificate)
        id = String(Hex.encode(Array(Vault.Digest.of(bytes).bytes.prefix(8))))
        key = try CertificateBytes.rethrowing { try certificate.publicKey.serializeAsPEM().derBytes }
        notBefore = UInt64(max(0, certificate.notValidBefore.timeIntervalSince1970))
        notAfter = UInt64(max(0, certificate.notValidAfter.timeIntervalSince1970))
        _ = try signer
    }

    /// What signatures under it are checked by.
    package var signer: SenderKey {
        get throws(TransportError) {
            do {
                return try SenderKey(subjectPublicKeyInfo: key)
            } catch {
                throw .badCertificate("its key is neither of P-256 nor Ed25519")
            }
        }
    }
}

extension Authority {
    /// Signs a decision of the nation: ECDSA with SHA-256, in DER.
    package func signature(over bytes: [UInt8]) throws(TransportError) -> [UInt8] {
        let pem = try keyPEM()
        return try CertificateBytes.rethrowing {
            Array(try P256.Signing.PrivateKey(pemRepresentation: pem).signature(for: bytes).derRepresentation)
        }
    }
}

extension Identity {
    /// The keys of the authorities this node believes.
    package var authorityKeys: [SenderKey] {
        get throws(TransportError) {
            var keys: [SenderKey] = []
            for authority in authorities { keys.append(try X509File(der: authority).signer) }
            return keys
        }
    }
}
