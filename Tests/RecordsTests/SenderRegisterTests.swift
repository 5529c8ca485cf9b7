import Law
import Records
import Testing

@Suite struct SenderRegisterTests {
    private static let day = Day(year: 2026, month: 3, day: 10)

    private static func certificate(_ id: String) -> SenderCertificate {
        SenderCertificate(
            id: id, key: [1], bytes: [2], from: Day(year: 2026, month: 1, day: 1),
            to: Day(year: 2026, month: 12, day: 31))
    }

    private static func register(_ matters: [Decision.Matter]) -> SenderRegister {
        var register = SenderRegister()
        for (place, matter) in matters.enumerated() {
            let act = Decision.Act(number: "\(place + 1)-o", date: day, basis: "b", officer: "o")
            register.apply(Decision(act: act, matter: matter))
        }
        return register
    }

    private static func registered(_ id: String?) -> Decision.Matter {
        .senderRegistered(SenderRegistration(code: "P", name: "Police", certificate: id.map(certificate)))
    }

    @Test func onlyASenderWithACertificateMustSign() {
        #expect(!Self.register([]).isCertified("P"))
        #expect(!Self.register([Self.registered(nil)]).isCertified("P"))
        #expect(Self.register([Self.registered("a")]).isCertified("P"))
        // One whose certificates are all revoked must sign with another: it is not known by name again.
        let revoked = Self.register([Self.registered("a"), .senderRevoked(code: "P", certificateID: "")])
        #expect(revoked.isCertified("P"))
    }

    @Test func aCertificateStandsForItsDaysUntilItIsRevoked() {
        let register = Self.register([
            Self.registered("a"), Self.registered("b"), .senderRevoked(code: "P", certificateID: "a"),
        ])
        #expect(register.standing(of: "a", sender: "P", on: Self.day) == .revoked)
        #expect(register.standing(of: "b", sender: "P", on: Self.day) == .good(Self.certificate("b")))
        #expect(register.standing(of: "b", sender: "P", on: Day(year: 2025, month: 12, day: 31)) == .outOfTime)
        #expect(register.standing(of: "b", sender: "P", on: Day(year: 2027, month: 1, day: 1)) == .outOfTime)
        #expect(register.standing(of: "c", sender: "P", on: Self.day) == .unknownCertificate)
        #expect(register.standing(of: "b", sender: "Q", on: Self.day) == .unknownCertificate)
        #expect(register.sender("P")?.certificates.first?.revoked?.number == "3-o")
    }

    @Test func theDutyThatBeganLastHolds() {
        let register = Self.register([
            .senderOwes(SenderDuty(code: "P", kinds: ["A", "B"], from: Day(year: 2026, month: 1, day: 1))),
            .senderOwes(SenderDuty(code: "P", kinds: [], from: Day(year: 2026, month: 3, day: 1))),
        ])
        #expect(register.owed(by: "P", monthEnding: Day(year: 2025, month: 12, day: 31)) == [])
        #expect(register.owed(by: "P", monthEnding: Day(year: 2026, month: 2, day: 28)) == ["A", "B"])
        #expect(register.owed(by: "P", monthEnding: Day(year: 2026, month: 3, day: 31)) == [])
    }
}
