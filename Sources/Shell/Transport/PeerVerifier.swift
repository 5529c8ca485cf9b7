import Foundation
import NIOConcurrencyHelpers
import NIOCore
import NIOSSL
import SwiftASN1
import Vault
import X509

/// The only check of a peer's certificates: NIOSSL's own are replaced by it (they check neither role nor cluster).
///
/// 1. The chain ends in an authority that is trusted, or in the one whose digest is pinned (RFC 5280: version, expiry,
///    basic and name constraints).
/// 2. Nothing stands between: the authority signs nodes itself.
/// 3. The certificate has exactly one alternative name, a URI that names a node of this cluster.
struct PeerVerifier: Sendable {
    let cluster: [UInt8]
    let trust: Trust

    func verify(_ chain: [NIOSSLCertificate]) async throws(TransportError) -> PeerName {
        var presented: [Certificate] = []
        var ders: [[UInt8]] = []
        // A leaf and an authority; two authorities while one is rolled over.
        guard 1...4 ~= chain.count else { throw .refused("\(chain.count) certificates") }
        for certificate in chain {
            let der = try CertificateBytes.rethrowing { try certificate.toDERBytes() }
            ders.append(der)
            presented.append(try CertificateBytes.parse(der))
        }
        var roots: [Certificate] = []
        switch trust {
        case .authorities(let authorities):
            for authority in authorities {
                roots.append(try CertificateBytes.parse(authority))
            }
        case .pinned(let fingerprint):
            guard let pinned = ders.dropFirst().firstIndex(where: { Digest.of($0) == fingerprint }) else {
                throw .refused("the peer does not show the authority that the token names")
            }
            roots.append(presented[pinned])
        }
        var verifier = Verifier(rootCertificates: CertificateStore(roots)) {
            RFC5280Policy()
            NodePolicy(cluster: cluster)
        }
        switch await verifier.validate(leaf: presented[0], intermediates: CertificateStore()) {
        case .validCertificate:
            guard let name = Self.name(in: presented[0]) else { throw .refused("the certificate names no node") }
            return name
        case .couldNotValidate(let failures):
            let reason = failures.map { "\($0.policyFailureReason)" }.joined(separator: "; ")
            throw .refused(reason.isEmpty ? "the certificate is of another authority" : reason)
        }
    }

    static func name(in certificate: Certificate) -> PeerName? {
        guard let names = try? certificate.extensions.subjectAlternativeNames, names.count == 1,
            case .uniformResourceIdentifier(let uri)? = names.first
        else { return nil }
        return PeerName(uri: uri)
    }
}

/// Rules 2 and 3 of `PeerVerifier`.
private struct NodePolicy: VerifierPolicy {
    let verifyingCriticalExtensions: [ASN1ObjectIdentifier] = []
    let cluster: [UInt8]

    func chainMeetsPolicyRequirements(chain: UnverifiedCertificateChain) -> PolicyEvaluationResult {
        guard chain.count == 2 else { return .failsToMeetPolicy(reason: "not signed by the authority itself") }
        guard let name = PeerVerifier.name(in: chain.leaf) else {
            return .failsToMeetPolicy(reason: "the certificate names no node")
        }
        guard name.cluster == cluster else {
            return .failsToMeetPolicy(reason: "the certificate is of another cluster")
        }
        return .meetsPolicy
    }
}

/// What the verification of one connection found: written by its callback, read once the handshake is done.
///
/// Where the callback never ran (no certificate shown, or a session resumed) it stays empty, so the peer counts as a
/// stranger: there is no way to be named but through the check.
final class PeerBox: Sendable {
    private let found = NIOLockedValueBox<Result<PeerName, TransportError>?>(nil)

    var result: Result<PeerName, TransportError>? {
        get { found.withLockedValue { $0 } }
        set { found.withLockedValue { $0 = newValue } }
    }

    func callback(_ verifier: PeerVerifier) -> NIOSSLCustomVerificationCallback {
        { chain, promise in
            promise.completeWithTask {
                do throws(TransportError) {
                    self.result = .success(try await verifier.verify(chain))
                    return .certificateVerified
                } catch {
                    self.result = .failure(error)
                    return .failed
                }
            }
        }
    }
}
