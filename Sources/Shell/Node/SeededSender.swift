import Law
import Transport
import Vault

/// A sender of synthetic documents who signs, made from a run's seed: the same seed gives the same key, certificates
/// and signatures. Nobody's: whoever knows the seed has the key.
package struct SeededSender: Sendable {
    /// How a document is signed.
    package enum Way: Hashable, Sendable {
        case soundly
        /// The signature is over other bytes than the document's.
        case overOtherBytes
        /// A certificate of another sender is named.
        case underAnother
        /// The certificate named was over long before the document.
        case underExpired
    }

    package let code: String
    package let keyPEM: String
    package let certificatePEM: String
    /// Of the same key, and over.
    package let expiredPEM: String
    private let signing: SenderSigning
    private let expiredID: String
    private let anotherID: String

    package init(code: String, seed: UInt64) throws(NodeError) {
        self.code = code
        do {
            let own = try Self.made(code, seed, 2020...2099)
            let expired = try Self.made(code, seed, 2000...2009)
            (keyPEM, certificatePEM, expiredPEM) = (own.keyPEM, own.certificatePEM, expired.certificatePEM)
            expiredID = try X509File(pem: expired.certificatePEM).id
            anotherID = try X509File(pem: Self.made(code + "*", seed, 2020...2099).certificatePEM).id
        } catch {
            throw NodeError(.inner, "The key of \(code) cannot be made: \(error).")
        }
        signing = try SenderSigning(keyPEM: keyPEM, certificatePEM: certificatePEM)
    }

    /// The document with `cert_id` and `signature`, in canonical form.
    package func sign(_ document: [UInt8], _ way: Way) throws(NodeError) -> [UInt8] {
        switch way {
        case .soundly: try signing.sign(document)
        case .overOtherBytes: try signing.sign(document, over: { $0 + [UInt8(ascii: " ")] })
        case .underAnother: try signing.sign(document, naming: anotherID)
        case .underExpired: try signing.sign(document, naming: expiredID)
        }
    }

    private static func made(
        _ code: String, _ seed: UInt64, _ years: ClosedRange<Int>
    ) throws(TransportError) -> SeededCertificate {
        let bytes = Vault.Digest.of(Array("esep generate/\(seed)/\(code)".utf8)).bytes
        func seconds(_ year: Int) -> UInt64 { UInt64(max(0, Day(year: year, month: 1, day: 1).number)) * 86_400 }
        let valid = seconds(years.lowerBound)...seconds(years.upperBound + 1) - 1
        return try SeededCertificate(seed: Array(bytes), name: code, valid: valid)
    }
}
