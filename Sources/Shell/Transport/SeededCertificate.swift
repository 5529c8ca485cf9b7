import Crypto
import Foundation
import SwiftASN1
import Vault
import X509

/// A sender's key and certificates made from a seed: whoever knows the seed has the key. For demonstrations and tests.
///
/// Ed25519 signs without chance (RFC 8032), so the same seed gives the same bytes, signatures included.
package struct SeededCertificate: Sendable {
    /// PKCS #8 (RFC 8410).
    package let keyPEM: String
    /// Self-signed.
    package let certificatePEM: String

    /// - Parameters:
    ///   - seed: 32 bytes: the key itself.
    ///   - name: the common name.
    ///   - valid: seconds since 1970 (UTC) of its first and last moment.
    package init(seed: [UInt8], name: String, valid: ClosedRange<UInt64>) throws(TransportError) {
        let made = try CertificateBytes.rethrowing { () -> (String, String) in
            let own = try Curve25519.Signing.PrivateKey(rawRepresentation: seed)
            let key = Certificate.PrivateKey(own)
            let subject = try DistinguishedName { CommonName(name) }
            let serial = Vault.Digest.of(seed + Array(name.utf8) + Array("\(valid.lowerBound)".utf8)).bytes.prefix(15)
            let certificate = try Certificate(
                version: .v3, serialNumber: Certificate.SerialNumber(bytes: [0x01] + serial),
                publicKey: key.publicKey, notValidBefore: CertificateBytes.date(valid.lowerBound),
                notValidAfter: CertificateBytes.date(valid.upperBound), issuer: subject, subject: subject,
                signatureAlgorithm: .ed25519, extensions: Certificate.Extensions(), issuerPrivateKey: key)
            return (try key.serializeAsPEM().pemString, try certificate.serializeAsPEM().pemString)
        }
        (keyPEM, certificatePEM) = made
    }
}
