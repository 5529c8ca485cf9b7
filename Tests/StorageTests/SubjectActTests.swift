import Accounts
import Foundation
import Law
import Records
import Roles
import Storage
import TestSupport
import Testing

/// Officials' decisions about subjects: whose accounts stand together, and what waits to be decided.
struct SubjectActTests {
    private let fixture: CentreFixture
    private let almaty: TestTerritory

    init() throws {
        fixture = try CentreFixture()
        almaty = try fixture.seat("KZ-75")
    }

    private func act(_ act: SubjectAct) throws -> OwnOutcomeKind {
        let entry = AccessEntry(
            officer: "operator", action: act.action, subjects: act.subjects.map(\.number), position: 0, block: nil)
        return OwnOutcomeKind(try fixture.own(.access(entry)))
    }

    private func suspect(_ document: String, iin: String?, _ surname: String, birth: String = "1985-07-07") throws {
        almaty.register(
            "CR-2", document,
            [("case_no", .text("75-1")), ("status", .text("SUSP")), ("doc_date", .day(Day(20_515)))]
                + person(iin: iin, surname, "Асел", birth: birth))
        try fixture.send(almaty)
    }

    /// A suspect, and his acquittal under a misspelt name and another birth date: two subjects.
    private func suspectAndAcquittal() throws -> SubjectBonds.Bond {
        try suspect("P1", iin: "850707100017", "Абенова")
        almaty.register(
            "CT-1", "C1",
            [("case_no", .text("75-1")), ("outcome", .text("ACQ")), ("court.act_date", .day(Day(20_600)))]
                + person(iin: nil, "Обынова", "Асел", birth: "1985-07-01"))
        try fixture.send(almaty)
        let first = try #require(try fixture.store.find(.iin("850707100017")).first).number
        let second = try #require(
            try fixture.store.find(.name(surname: "Обынова", name: "Асел", birth: nil)).first
        ).number
        return SubjectBonds.Bond(first, second)
    }

    @Test func theAccountsOfLinkedSubjectsAreOnePersonsAndPartAgain() throws {
        let bond = try suspectAndAcquittal()
        func states() throws -> [String] { try fixture.store.accounts(type: "1", limit: 10).map(\.state) }
        #expect(try states() == ["SUSP"])
        #expect(try act(.link(bond)) == .recorded)
        // The acquittal is his: it ends what it could not end before.
        #expect(try states() == ["ACQ"])
        for query in [
            SubjectQuery.iin("850707100017"), .name(surname: "Обынова", name: "Асел", birth: nil),
        ] {
            let found = try fixture.store.find(query)
            #expect(found.map(\.members) == [[bond.first, bond.second]])
            #expect(Set(found.first?.records.map(\.kind) ?? []) == ["CR-2", "CT-1"])
            #expect(found.first?.accounts.map(\.state) == ["ACQ"])
        }
        #expect(try fixture.store.verifyAccounts().holds)
        try fixture.reopen()
        #expect(try fixture.store.find(.iin("850707100017")).first?.members.count == 2)
        #expect(try fixture.store.verifyAccounts().holds)
        #expect(try act(.link(bond)) == .refused("linked"))

        #expect(try act(.unlink(bond)) == .recorded)
        #expect(try states() == ["SUSP"])
        #expect(try fixture.store.find(.iin("850707100017")).map(\.members) == [[bond.first]])
        #expect(try fixture.store.verifyAccounts().holds)
        #expect(try act(.unlink(bond)) == .refused("not-linked"))
        #expect(try fixture.store.journal(action: "person.link", limit: 10).count == 2)
    }

    @Test func nobodyIsLinkedWithASubjectThatIsNotThere() throws {
        try suspect("P1", iin: "850707100017", "Абенова")
        let known = try #require(try fixture.store.find(.iin("850707100017")).first).number
        #expect(try act(.link(SubjectBonds.Bond(known, SubjectNumber(999)))) == .refused("no-subject"))
    }

    @Test func theSameWordsInATerritorysLogDecideNothing() throws {
        let bond = try suspectAndAcquittal()
        almaty.append(
            .access(
                AccessEntry(
                    officer: "clerk", action: "person.link", subjects: [bond.first.number, bond.second.number],
                    position: 0, block: nil)))
        try fixture.send(almaty)
        #expect(try fixture.store.find(.iin("850707100017")).map(\.members) == [[bond.first]])
    }

    @Test func aConflictWaitsUntilItIsDecidedEitherWay() throws {
        try suspect("P1", iin: "850707100017", "Абенова")
        #expect(try fixture.store.conflicts(limit: 10).isEmpty)
        // The number of another: V109. The name and birth date of another: V110.
        try suspect("P2", iin: "850707100017", "Ким", birth: "1990-01-01")
        try suspect("P3", iin: "850707400010", "Абенова")
        let waiting = try fixture.store.conflicts(limit: 10)
        #expect(waiting.map(\.code).sorted() == ["V109", "V110"])
        let same = try #require(waiting.first { $0.code == "V110" }?.pair)
        let other = try #require(waiting.first { $0.code == "V109" }?.pair)
        #expect(try act(.unlink(other)) == .recorded)
        #expect(try act(.link(same)) == .recorded)
        #expect(try fixture.store.conflicts(limit: 10).isEmpty)
        #expect(try fixture.store.verifyAccounts().holds)
        // Decided is decided: the same finding on a further card does not ask again.
        try suspect("P4", iin: "850707400010", "Абенова")
        #expect(try fixture.store.conflicts(limit: 10).isEmpty)
    }

    @Test func anIdentityDocumentLeadsToItsBearer() throws {
        almaty.register(
            "CR-2", "P1",
            [("case_no", .text("75-1")), ("status", .text("SUSP")), ("person.id_document.number", .text("N 0123456"))]
                + person(iin: "850707100017", "Абенова", "Әсел"))
        almaty.register(
            "CR-2", "P2",
            [("case_no", .text("75-2")), ("status", .text("SUSP")), ("person.id_document.number", .text("N0123456"))]
                + person(iin: nil, "Серікова", "Әсел"))
        try fixture.send(almaty)
        #expect(try fixture.store.find(.iin("850707100017")).first?.records.count == 2)
    }

    @Test func aTermEndsByTheLogsDayAndNotByTheMachines() throws {
        almaty.register(
            "CT-1", "C1",
            [
                ("case_no", .text("75-1")), ("outcome", .text("CONV")), ("court.in_force", .day(Day(20_515))),
                ("deprivation.kind", .text("POST")), ("deprivation.until", .day(Day(20_600))),
            ] + person(iin: "850707100017", "Абенова", "Әсел"))
        try fixture.send(almaty)
        let line = try #require(try fixture.store.accounts(type: "8", limit: 1).first)
        #expect(fixture.store.state(of: line, on: try fixture.store.day()) == "DEPRIVED")
        #expect(try fixture.store.accountCounts()["8"] == 1)
        fixture.leaderMilliseconds = UInt64(20_601) * 86_400_000
        try fixture.own(.access(AccessEntry(officer: "operator", action: "x", subjects: [], position: 0, block: nil)))
        #expect(fixture.store.state(of: line, on: try fixture.store.day()) == "TERM-END")
        #expect(try fixture.store.accountCounts()["8"] == nil)
        #expect(try fixture.store.accounts(type: "8", state: "TERM-END", limit: 5).count == 1)
        #expect(try fixture.store.accounts(type: "8", state: "DEPRIVED", limit: 5).isEmpty)
    }
}

enum OwnOutcomeKind: Equatable {
    case recorded
    case refused(String)
    case other

    init(_ outcome: OwnOutcome) {
        switch outcome {
        case .recorded: self = .recorded
        case .refused(let code, _): self = .refused(code)
        default: self = .other
        }
    }
}
