package import Law

/// A decision of the nation: an act of the centre that holds for every node. It stands in the centre's own log, is
/// applied there, and goes down to every territory in the order it was taken, to those seated later too.
package struct Decision: Hashable, Sendable {
    package var act: Act
    package var matter: Matter
    /// The cluster's authority over `DecisionCodec.signed`: X9.62 DER.
    package var signature: [UInt8]

    package init(act: Act, matter: Matter, signature: [UInt8] = []) {
        self.act = act
        self.matter = matter
        self.signature = signature
    }

    /// The act the decision rests on, and who entered it.
    package struct Act: Hashable, Sendable {
        package var number: String
        package var date: Day
        package var basis: String
        package var officer: String

        package init(number: String, date: Day, basis: String, officer: String) {
            self.number = number
            self.date = date
            self.basis = basis
            self.officer = officer
        }
    }

    package enum Matter: Hashable, Sendable {
        case senderRegistered(SenderRegistration)
        /// A certificate, by its id; all of the sender's where that is empty.
        case senderRevoked(code: String, certificateID: String)
        case senderOwes(SenderDuty)
        case editionEnacted(EditionText)
        case reportPlaced(PlacedReport)
        /// Of a kind this program does not know: kept and sent on as it came, without effect until it is known.
        case unknown(kind: UInt32, bytes: [UInt8])

        /// How the journal names it.
        package var action: String {
            switch self {
            case .senderRegistered: "sender.registered"
            case .senderRevoked: "sender.revoked"
            case .senderOwes: "sender.owes"
            case .editionEnacted: "edition.enacted"
            case .reportPlaced: "report.placed"
            case .unknown(let kind, _): "decision.\(kind)"
            }
        }
    }
}

/// A sender becomes known by name, or gets one more certificate.
package struct SenderRegistration: Hashable, Sendable {
    package var code: String
    package var name: String
    package var certificate: SenderCertificate?

    package init(code: String, name: String, certificate: SenderCertificate?) {
        self.code = code
        self.name = name
        self.certificate = certificate
    }
}

/// What a sender's signatures are checked by.
package struct SenderCertificate: Hashable, Sendable {
    /// The first 16 hexadecimal digits of the SHA-256 of the certificate: what documents name in `cert_id`.
    package var id: String
    /// The public key, SubjectPublicKeyInfo in DER.
    package var key: [UInt8]
    /// The certificate itself, X.509 in DER.
    package var bytes: [UInt8]
    /// Documents of these days may be signed with it, both included.
    package var from: Day
    package var to: Day

    package init(id: String, key: [UInt8], bytes: [UInt8], from: Day, to: Day) {
        self.id = id
        self.key = key
        self.bytes = bytes
        self.from = from
        self.to = to
    }
}

/// Which cards a sender hands in every month, or reports that there are none (V015). Replaces what it owed from this
/// day on; no kinds end the duty.
package struct SenderDuty: Hashable, Sendable {
    package var code: String
    package var kinds: [String]
    package var from: Day
    /// Where it hands in, for figures by territory; empty where the act does not say.
    package var territory: String

    package init(code: String, kinds: [String], from: Day, territory: String = "") {
        self.code = code
        self.kinds = kinds
        self.from = from
        self.territory = territory
    }
}

/// A whole edition of the catalogue as files: it stands by itself, whatever the program carries.
package struct EditionText: Hashable, Sendable {
    package struct File: Hashable, Sendable {
        package var name: String
        package var bytes: [UInt8]

        package init(name: String, bytes: [UInt8]) {
            self.name = name
            self.bytes = bytes
        }
    }

    /// The first day it is in force.
    package var from: Day
    /// By ascending names, each once.
    package var files: [File]

    package init(from: Day, files: [File]) {
        self.from = from
        self.files = files
    }
}
