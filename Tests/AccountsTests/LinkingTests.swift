import Accounts
import Law
import Testing

/// A register of subjects in memory, with the slow path counted.
private final class Register: SubjectLookup {
    var keys: [String: [SubjectNumber]] = [:]
    var known: [SubjectNumber: [SubjectIdentity]] = [:]
    var opened = 0

    func subjects(under key: String) -> [SubjectNumber] { keys[key, default: []].sorted() }

    func hasNumber(_ subject: SubjectNumber) -> Bool { known[subject]?.contains { $0.number != nil } ?? false }

    func identities(of subject: SubjectNumber) -> [SubjectIdentity] {
        opened += 1
        return known[subject] ?? []
    }

    func take(_ identity: SubjectIdentity) throws -> LinkDecision {
        let keys = SubjectKeys(number: identity.number, names: identity.names.map { key($0, identity) })
        let decision = try linkSubject(identity, keys: keys, in: self)
        let subject = decision.subject ?? SubjectNumber(UInt64(known.count + 1))
        known[subject, default: []].append(identity)
        for key in [keys.number].compactMap(\.self) + keys.names
        where !self.keys[key, default: []].contains(subject) {
            self.keys[key, default: []].append(subject)
        }
        return decision
    }

    private func key(_ name: String, _ identity: SubjectIdentity) -> String {
        name + "|" + (identity.birth.map { String($0.number) } ?? "")
    }
}

struct LinkingTests {
    private let register = Register()

    private func person(_ number: String?, _ names: String..., birth: Int32? = 7000) -> SubjectIdentity {
        SubjectIdentity(number: number, names: names, birth: birth.map { Day($0) }, isEntity: false)
    }

    @Test func theSameNumberNameAndBirthIsOneSubjectAndOpensNoBlock() throws {
        #expect(try register.take(person("850707100017", "ABENOVA ASEL")).subject == nil)
        let again = try register.take(person("850707100017", "ABENOVA ASEL"))
        #expect(again == LinkDecision(subject: SubjectNumber(1)))
        #expect(register.opened == 0)
    }

    @Test func aChangedSurnameIsFoundByTheBirthDate() throws {
        _ = try register.take(person("850707100017", "ABENOVA ASEL"))
        #expect(try register.take(person("850707100017", "SERIKOVA ASEL")).subject == SubjectNumber(1))
    }

    @Test func aPreviousNameIsANameEvenWithAnotherBirthDate() throws {
        _ = try register.take(person("850707100017", "ABENOVA ASEL"))
        let married = person("850707100017", "SERIKOVA ASEL", "ABENOVA ASEL", birth: 7001)
        #expect(try register.take(married) == LinkDecision(subject: SubjectNumber(1)))
    }

    @Test func theNumberOfAnotherPersonIsAFindingAndNeverAMerge() throws {
        _ = try register.take(person("850707100017", "ABENOVA ASEL"))
        let other = try register.take(person("850707100017", "KIM OLEG", birth: 9000))
        #expect(other == LinkDecision(subject: nil, findings: [.numberOfAnother(SubjectNumber(1))]))
        #expect(other.findings.map(\.code) == ["V109"])
        // Both live on: each is found by the number with his own name.
        #expect(try register.take(person("850707100017", "KIM OLEG", birth: 9000)).subject == SubjectNumber(2))
        #expect(try register.take(person("850707100017", "ABENOVA ASEL")).subject == SubjectNumber(1))
    }

    @Test func aNamesakeWithAnotherNumberIsAPossibleDuplicate() throws {
        _ = try register.take(person("850707100017", "ABENOVA ASEL"))
        let other = try register.take(person("850707100025", "ABENOVA ASEL"))
        #expect(other == LinkDecision(subject: nil, findings: [.possibleDuplicate(SubjectNumber(1))]))
        #expect(other.findings.map(\.code) == ["V110"])
    }

    @Test func withoutANumberNameAndBirthOrAPreviousNameDecide() throws {
        _ = try register.take(person("850707100017", "ABENOVA ASEL"))
        #expect(try register.take(person(nil, "ABENOVA ASEL")).subject == SubjectNumber(1))
        #expect(try register.take(person(nil, "SERIKOVA ASEL", "ABENOVA ASEL")).subject == SubjectNumber(1))
        #expect(try register.take(person(nil, "ABENOVA ASEL", birth: 7001)).subject == nil)
    }

    @Test func aSubjectSeenWithoutANumberReceivesItLater() throws {
        _ = try register.take(person(nil, "ABENOVA ASEL"))
        #expect(try register.take(person("850707100017", "ABENOVA ASEL")).subject == SubjectNumber(1))
        #expect(try register.take(person("850707100017", "ABENOVA ASEL")).subject == SubjectNumber(1))
    }

    @Test func amongNamesakesTheOneWithoutANumberIsMeantElseNobody() throws {
        _ = try register.take(person("850707100017", "ABENOVA ASEL"))
        _ = try register.take(person("850707100025", "ABENOVA ASEL"))
        let unclear = try register.take(person(nil, "ABENOVA ASEL"))
        #expect(unclear == LinkDecision(subject: nil, findings: [.possibleDuplicate(SubjectNumber(1))]))
        #expect(try register.take(person(nil, "ABENOVA ASEL")).subject == SubjectNumber(3))
    }

    @Test func aCardThatStatesTheNumberAloneIsItsBearers() throws {
        _ = try register.take(person("850707100017", "ABENOVA ASEL"))
        let bare = SubjectIdentity(number: "850707100017", names: [], birth: nil, isEntity: false)
        #expect(try register.take(bare) == LinkDecision(subject: SubjectNumber(1)))
        #expect(register.opened == 0)
    }

    @Test func anOrganisationIsItsNumberWhateverItsName() throws {
        let one = SubjectIdentity(number: "010140000017", names: ["TOO ALTYN"], birth: nil, isEntity: true)
        let two = SubjectIdentity(number: "010140000017", names: ["TOO KUMIS"], birth: nil, isEntity: true)
        #expect(try register.take(one).subject == nil)
        #expect(try register.take(two).subject == SubjectNumber(1))
    }

    @Test func somebodyWithNeitherNumberNorNameIsAlwaysNew() throws {
        let nobody = SubjectIdentity(number: nil, names: [], birth: nil, isEntity: false)
        #expect(try register.take(nobody).subject == nil)
        #expect(try register.take(nobody).subject == nil)
    }
}
