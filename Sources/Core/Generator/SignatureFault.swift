/// A way in which a sound document of a sender who signs is signed wrongly. Whoever holds the keys does it: keys and
/// signatures are no matter of this module.
package enum SignatureFault: Hashable, Sendable, CaseIterable {
    /// Nobody signed it.
    case unsigned
    /// The signature is over other bytes.
    case otherBytes
    /// Another sender's certificate is named.
    case otherSender
    /// The sender's own certificate of years ago is named.
    case expired

    package var code: String {
        switch self {
        case .unsigned, .otherBytes: "V003"
        case .otherSender, .expired: "V002"
        }
    }
}

extension Fault {
    /// The line is no JSON, and can be signed by nobody.
    var isText: Bool {
        switch self {
        case .text, .duplicateKey: true
        default: false
        }
    }
}
