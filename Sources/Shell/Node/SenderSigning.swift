import JSON
import Transport
import Vault

/// Signs documents as a sender registered with a certificate must (V003).
///
/// **The canonical bytes** of a document are the JSON object without its `signature`: members of every object sorted by
/// the bytes of their names, no white space, strings with the least escapes (`\"`, `\\`, and `\u00XX` for control
/// characters), numbers, arrays and everything else as they stand. `cert_id` is among them, so a signature cannot be
/// moved to another certificate. The signature is over these bytes: ECDSA on P-256 with SHA-256 (DER), or Ed25519; in
/// the document it stands in base64.
package struct SenderSigning: Sendable {
    /// What the centre registers the certificate under: the first 16 hexadecimal digits of its SHA-256.
    package let certificateID: String
    private let key: SenderPrivateKey

    /// - Parameters:
    ///   - keyPEM: a private key of P-256 or Ed25519.
    ///   - certificatePEM: the certificate registered for it.
    package init(keyPEM: String, certificatePEM: String) throws(NodeError) {
        do {
            let certificate = try X509File(pem: certificatePEM)
            key = try SenderPrivateKey(pem: keyPEM)
            certificateID = certificate.id
            guard try SenderKey(subjectPublicKeyInfo: certificate.key) == key.publicKey else {
                throw NodeError(
                    .invalid, "The key is not the certificate's.", remedy: "Give the two that belong together.")
            }
        } catch let error as NodeError {
            throw error
        } catch {
            throw NodeError(
                .invalid, "Key or certificate cannot be used: \(error).",
                remedy: "Give PEM files: a P-256 or Ed25519 private key, and its X.509 certificate.")
        }
    }

    /// The document with `cert_id` and `signature`, in canonical form.
    package func sign(_ document: [UInt8]) throws(NodeError) -> [UInt8] {
        try sign(document, naming: certificateID)
    }

    /// - Parameters:
    ///   - naming: the certificate that the document is to name; absent: the key's own.
    ///   - change: makes what is signed of the canonical bytes: itself, unless a wrong signature is wanted.
    func sign(
        _ document: [UInt8], naming id: String? = nil, over change: ([UInt8]) -> [UInt8] = { $0 }
    ) throws(NodeError) -> [UInt8] {
        let named = try Self.canonical(document, omitting: "cert_id")
        var bytes = Array("{\"cert_id\":\"\(id ?? certificateID)\"".utf8)
        let rest = try Self.canonical(named, omitting: "signature").dropFirst()
        if rest.first != UInt8(ascii: "}") { bytes.append(UInt8(ascii: ",")) }
        bytes += rest
        let canonical = try Self.canonical(bytes, omitting: "signature")
        let signature = Base64.encode(key.signature(over: change(canonical)))
        return canonical.dropLast() + Array(",\"signature\":\"\(signature)\"}".utf8)
    }

    private static func canonical(_ document: [UInt8], omitting name: StaticString) throws(NodeError) -> [UInt8] {
        var tape = Tape()
        var canonical: [UInt8] = []
        let problem = document.withUnsafeBufferPointer { bytes -> String? in
            do throws(ScanProblem) {
                try tape.scan(bytes)
            } catch {
                return "\(error.code.rawValue) at byte \(error.offset)"
            }
            guard tape.nodes[0].kind == .object else { return "it is no JSON object" }
            tape.appendCanonical(0, in: bytes, omitting: name, to: &canonical)
            return nil
        }
        if let problem { throw NodeError(.invalid, "The document cannot be signed: \(problem).", remedy: "Mend it.") }
        return canonical
    }
}
