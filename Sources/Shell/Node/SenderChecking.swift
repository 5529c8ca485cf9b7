import Foundation
import Law
import Records
import Storage
import Vault

/// The sender's standing and signature, answered from the register as this node has heard it (V002, V003).
struct SenderChecking: Sendable {
    let senders: SenderRegister

    func standing(_ code: String) -> CheckContext.Standing {
        senders.isCertified(code) ? .certified : .named
    }

    func verdict(_ signed: CheckContext.Signed) -> CheckContext.Verdict {
        switch senders.standing(of: signed.certificate, sender: signed.sender, on: signed.day) {
        case .unknownCertificate, .revoked, .outOfTime: return .certificateNotValid
        case .good(let certificate):
            guard let key = try? SenderKey(subjectPublicKeyInfo: certificate.key),
                let signature = Base64.decode(signed.signature), key.verifies(signature, over: signed.canonical)
            else { return .wrong }
            return .good
        }
    }
}

/// base64 with padding (RFC 4648 §4), as signatures stand in documents.
enum Base64 {
    static func encode(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

    /// Nil for what is no base64.
    static func decode(_ text: String) -> [UInt8]? { Data(base64Encoded: text).map { [UInt8]($0) } }
}
