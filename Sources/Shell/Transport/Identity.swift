import FoundationEssentials
package import Vault
import X509

/// What a node shows of itself, and whom it believes.
package struct Identity: Sendable {
    package let cluster: [UInt8]
    /// DER: the node's own certificate first, its authority's last.
    package let certificates: [[UInt8]]
    package let keyPEM: String
    /// DER of the authorities that peers' certificates may come from: two while one is rolled over.
    package let authorities: [[UInt8]]

    package init(
        cluster: [UInt8], certificates: [[UInt8]], keyPEM: String, authorities: [[UInt8]]
    ) throws(TransportError) {
        guard let first = certificates.first, !authorities.isEmpty else {
            throw .badCertificate("an identity needs a certificate and an authority")
        }
        self.cluster = cluster
        self.certificates = certificates
        self.keyPEM = keyPEM
        self.authorities = authorities
        let own = try CertificateBytes.parse(first)
        guard let name = PeerVerifier.name(in: own), name.cluster == cluster else {
            throw .badCertificate("the node's own certificate does not name it in this cluster")
        }
        self.name = name
        expirySeconds = UInt64(max(0, own.notValidAfter.timeIntervalSince1970))
    }

    /// Who this node is by its own certificate.
    package let name: PeerName
    /// When that certificate ends, seconds since 1970.
    package let expirySeconds: UInt64
}

/// Whom a dialing node believes.
package enum Trust: Sendable {
    /// Certificates signed by one of these (DER).
    case authorities([[UInt8]])
    /// Before joining: the authority's certificate must have this SHA-256 and come with the peer's own.
    case pinned(Digest)
}
