package import Law

/// The senders of the nation as the decisions made them: a fold, in the order the centre took them.
package struct SenderRegister: Hashable, Sendable {
    package struct Sender: Hashable, Sendable {
        package var code: String
        package var name: String
        package var certificates: [Held]
        /// What it owes, in the order decided: the last that begins before a month's end holds for the month.
        package var duties: [SenderDuty]
        /// The act by which it was registered first.
        package var act: Decision.Act
    }

    /// A certificate, and the act that ended it.
    package struct Held: Hashable, Sendable {
        package var certificate: SenderCertificate
        package var revoked: Decision.Act?
    }

    /// How a signature stands that names a certificate.
    package enum Standing: Hashable, Sendable {
        case unknownCertificate
        case revoked
        /// The document's day is outside the certificate's.
        case outOfTime
        case good(SenderCertificate)
    }

    /// By code.
    package private(set) var senders: [String: Sender] = [:]

    package init() {}

    /// In ascending order of codes.
    package var list: [Sender] { senders.values.sorted { $0.code < $1.code } }

    package func sender(_ code: String) -> Sender? { senders[code] }

    /// Whether the sender's documents must be signed: it has, or has had, a certificate.
    package func isCertified(_ code: String) -> Bool {
        senders[code]?.certificates.isEmpty == false
    }

    package func standing(of id: String, sender: String, on day: Day) -> Standing {
        guard let held = senders[sender]?.certificates.last(where: { $0.certificate.id == id }) else {
            return .unknownCertificate
        }
        if held.revoked != nil { return .revoked }
        guard held.certificate.from <= day, day <= held.certificate.to else { return .outOfTime }
        return .good(held.certificate)
    }

    /// What a sender owes for a month that ends with this day.
    package func duty(of code: String, monthEnding last: Day) -> SenderDuty? {
        senders[code]?.duties.last { $0.from <= last }
    }

    /// The card kinds a sender owes for a month that ends with this day.
    package func owed(by code: String, monthEnding last: Day) -> [String] {
        duty(of: code, monthEnding: last)?.kinds ?? []
    }

    package mutating func apply(_ decision: Decision) {
        switch decision.matter {
        case .senderRegistered(let registration): register(registration, decision.act)
        case .senderRevoked(let code, let id): revoke(code, id, decision.act)
        case .senderOwes(let duty):
            make(duty.code, decision.act)
            senders[duty.code]?.duties.append(duty)
        case .editionEnacted, .reportPlaced, .unknown: return
        }
    }

    private mutating func make(_ code: String, _ act: Decision.Act) {
        guard senders[code] == nil else { return }
        senders[code] = Sender(code: code, name: "", certificates: [], duties: [], act: act)
    }

    private mutating func register(_ registration: SenderRegistration, _ act: Decision.Act) {
        let code = registration.code
        make(code, act)
        if !registration.name.isEmpty { senders[code]?.name = registration.name }
        guard let certificate = registration.certificate else { return }
        // Registered again: the newer act's days hold, and a revocation before it is over.
        senders[code]?.certificates.removeAll { $0.certificate.id == certificate.id }
        senders[code]?.certificates.append(Held(certificate: certificate, revoked: nil))
    }

    private mutating func revoke(_ code: String, _ id: String, _ act: Decision.Act) {
        guard var sender = senders[code] else { return }
        for place in sender.certificates.indices
        where sender.certificates[place].revoked == nil
            && (id.isEmpty || sender.certificates[place].certificate.id == id)
        {
            sender.certificates[place].revoked = act
        }
        senders[code] = sender
    }
}
