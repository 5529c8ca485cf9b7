import Crypto
import Foundation
import SwiftASN1
package import Vault
import X509

extension Identity {
    /// Signs as this node: ECDSA with SHA-256, in DER, by the key of its certificate.
    package func signature(over bytes: [UInt8]) throws(TransportError) -> [UInt8] {
        let pem = keyPEM
        return try CertificateBytes.rethrowing {
            Array(try P256.Signing.PrivateKey(pemRepresentation: pem).signature(for: bytes).derRepresentation)
        }
    }
}

/// A node's certificate that came in a file and not over a line.
package struct CarriedCertificate: Sendable {
    package let name: PeerName
    package let key: SenderKey
    private let ends: (first: Date, last: Date)

    /// - Parameter authorities: DER of those believed. The authority signs nodes itself; nothing stands between.
    /// - Throws: unless one of them signed it and it names one node of this cluster.
    package init(der: [UInt8], cluster: [UInt8], authorities: [[UInt8]]) throws(TransportError) {
        let certificate = try CertificateBytes.parse(der)
        var isSigned = false
        for authority in authorities {
            let authority = try CertificateBytes.parse(authority)
            isSigned =
                isSigned
                || (certificate.issuer == authority.subject
                    && authority.publicKey.isValidSignature(certificate.signature, for: certificate))
        }
        guard isSigned else { throw .badCertificate("the certificate is of another authority") }
        guard let name = PeerVerifier.name(in: certificate), name.cluster == cluster else {
            throw .badCertificate("the certificate names no node of this cluster")
        }
        self.name = name
        key = try X509File(der: der).signer
        ends = (certificate.notValidBefore, certificate.notValidAfter)
    }

    /// Whether it was valid then: seconds since 1970.
    package func isValid(atSeconds seconds: UInt64) -> Bool {
        let moment = CertificateBytes.date(seconds)
        return ends.first <= moment && moment <= ends.last
    }
}
