import Crypto
import Foundation
import SwiftASN1
package import Vault
import X509

/// The cluster's own authority: it signs every node's certificate and nothing else. Its key lies in the centre's
/// keyring.
package struct Authority: Sendable {
    /// Authority: ten years. A centre's node: 13 months, as a territory's, whose life must outlast the longest absence.
    package static let authorityLifeSeconds: UInt64 = 10 * 366 * 86_400
    package static let nodeLifeSeconds: UInt64 = 13 * 31 * 86_400
    /// A joiner's clock may be behind: certificates are valid from an hour before they are signed.
    package static let backdateSeconds: UInt64 = 3_600

    package let cluster: [UInt8]
    /// DER.
    package let certificate: [UInt8]
    private let parsed: Certificate
    private let key: Certificate.PrivateKey

    /// Makes a new authority with a new key.
    package init(cluster: [UInt8], nowSeconds: UInt64) throws(TransportError) {
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let certificate = try CertificateBytes.rethrowing {
            let name = try DistinguishedName {
                OrganizationName(Hex.encode(cluster))
                CommonName("esep authority")
            }
            return try Certificate(
                version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key.publicKey,
                notValidBefore: CertificateBytes.date(nowSeconds - Self.backdateSeconds),
                notValidAfter: CertificateBytes.date(nowSeconds + Self.authorityLifeSeconds),
                issuer: name, subject: name, signatureAlgorithm: .ecdsaWithSHA256,
                extensions: Certificate.Extensions {
                    Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                    Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                    SubjectKeyIdentifier(hash: key.publicKey)
                }, issuerPrivateKey: key)
        }
        try self.init(cluster: cluster, parsed: certificate, key: key)
    }

    /// An authority read back from the keyring.
    package init(cluster: [UInt8], certificate: [UInt8], keyPEM: String) throws(TransportError) {
        let parsed = try CertificateBytes.parse(certificate)
        let key = try CertificateBytes.rethrowing { try Certificate.PrivateKey(pemEncoded: keyPEM) }
        guard parsed.publicKey == key.publicKey else { throw .badCertificate("the key is another one's") }
        try self.init(cluster: cluster, parsed: parsed, key: key)
    }

    private init(cluster: [UInt8], parsed: Certificate, key: Certificate.PrivateKey) throws(TransportError) {
        self.cluster = cluster
        self.parsed = parsed
        self.key = key
        certificate = try CertificateBytes.der(of: parsed)
    }

    /// What a join token pins.
    package var fingerprint: Vault.Digest { Vault.Digest.of(certificate) }

    /// The private key, for the keyring.
    package func keyPEM() throws(TransportError) -> String {
        try CertificateBytes.rethrowing { try key.serializeAsPEM().pemString }
    }

    /// Signs a node's request. Only its key is taken from the request; who the node is, the caller says.
    package func sign(
        request der: [UInt8], as name: PeerName, nowSeconds: UInt64, lifeSeconds: UInt64 = nodeLifeSeconds
    ) throws(TransportError) -> [UInt8] {
        guard name.cluster == cluster, name.isWellFormed else { throw .badCertificate("no such name: \(name.uri)") }
        let request = try CertificateBytes.rethrowing { try CertificateSigningRequest(derEncoded: der) }
        guard request.publicKey.isValidSignature(request.signature, for: request) else {
            throw .badCertificate("the request is not signed by its own key")
        }
        let signed = try CertificateBytes.rethrowing {
            try Certificate(
                version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: request.publicKey,
                notValidBefore: CertificateBytes.date(nowSeconds - Self.backdateSeconds),
                notValidAfter: CertificateBytes.date(nowSeconds + lifeSeconds),
                issuer: parsed.subject,
                subject: DistinguishedName {
                    OrganizationName(Hex.encode(cluster))
                    CommonName(name.name)
                },
                signatureAlgorithm: .ecdsaWithSHA256,
                extensions: Certificate.Extensions {
                    Critical(BasicConstraints.notCertificateAuthority)
                    Critical(KeyUsage(digitalSignature: true))
                    try ExtendedKeyUsage([.serverAuth, .clientAuth])
                    SubjectAlternativeNames([.uniformResourceIdentifier(name.uri)])
                }, issuerPrivateKey: key)
        }
        return try CertificateBytes.der(of: signed)
    }
}

/// A node's own key, made where it stays.
package enum NodeKey {
    /// A new P-256 key as PEM, and the request for a certificate over it in DER.
    package static func make(name: String) throws(TransportError) -> (keyPEM: String, signingRequest: [UInt8]) {
        try CertificateBytes.rethrowing {
            let key = P256.Signing.PrivateKey()
            let request = try CertificateSigningRequest(
                version: .v1, subject: DistinguishedName { CommonName(name) },
                privateKey: Certificate.PrivateKey(key), attributes: CertificateSigningRequest.Attributes(),
                signatureAlgorithm: .ecdsaWithSHA256)
            var serializer = DER.Serializer()
            try serializer.serialize(request)
            return (key.pemRepresentation, serializer.serializedBytes)
        }
    }
}

/// DER and dates of certificates, with one error type.
enum CertificateBytes {
    static func rethrowing<Answer>(_ body: () throws -> Answer) throws(TransportError) -> Answer {
        do {
            return try body()
        } catch {
            throw .badCertificate("\(error)")
        }
    }

    static func parse(_ der: [UInt8]) throws(TransportError) -> Certificate {
        try rethrowing { try Certificate(derEncoded: der) }
    }

    static func der(of certificate: Certificate) throws(TransportError) -> [UInt8] {
        try rethrowing {
            var serializer = DER.Serializer()
            try serializer.serialize(certificate)
            return serializer.serializedBytes
        }
    }

    static func date(_ seconds: UInt64) -> Date {
        Date(timeIntervalSince1970: TimeInterval(seconds))
    }
}
