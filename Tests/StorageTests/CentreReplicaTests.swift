import Consensus
import Foundation
import Law
import Records
import Roles
import Storage
import Testing
import Uplink
import Vault
import Wire

/// Several stores that are given the same log: whatever a voter's own keys, chance and turns, the rows are the same.
struct CentreReplicaTests {
    private func history(_ fixture: CentreFixture) throws {
        let almaty = try fixture.seat("KZ-75")
        let shymkent = try fixture.seat("KZ-79")
        for round in 0..<12 {
            let iin = round % 3 == 0 ? "850707100017" : nil
            almaty.register(
                "WN-1", "W\(round)",
                [("wanted_ground", .text("INQ")), ("started", .day(Day(20_515))), ("case_no", .text("75-\(round)"))]
                    + person(iin: iin, "Әбенова", "Әсел-\(round % 4)"))
            shymkent.register(
                "WN-2", "E\(round)",
                [("start_ref", .text("MVD/W\((round + 5) % 12)")), ("outcome", .text("DETAINED"))]
                    + [("date", .day(Day(20_517)))])
            if round % 2 == 0 { shymkent.append(.control(.started(nonceSalt: UInt64(round), software: "test"))) }
            try fixture.send(round % 4 == 1 ? almaty : shymkent)
            let block = MirrorOpening.seal([], slot: 0, leaf: UInt64(40 + round), content: nil)
            try fixture.own(
                .access(
                    AccessEntry(officer: "o", action: "person.find", subjects: [3, 1], position: 4, block: block)))
        }
        try fixture.send(almaty)
        try fixture.own(
            .control(.member(action: "listens", number: 4, name: "centre-2", address: "h:1", officer: "o")))
    }

    @Test func votersWithOtherKeysAndOtherTurnsHoldTheSameRows() throws {
        let first = try CentreFixture()
        try history(first)
        let wanted = try first.store.stateDigests()
        #expect(wanted.tables.count > 20)
        for (blind, group, restarts) in [(UInt8(9), 1, false), (77, 7, false), (5, 1000, false), (12, 3, true)] {
            let other = try CentreFixture(blind: blind)
            try other.replay(first.history, inGroupsOf: group, reopening: restarts)
            let found = try other.store.stateDigests()
            #expect(found.applied == wanted.applied)
            for (own, theirs) in zip(wanted.tables, found.tables) {
                #expect(own.name == theirs.name && own.digest == theirs.digest, "\(own.name), groups of \(group)")
            }
        }
    }

    /// A card that bears the surname its person's card had before it was corrected: linked alike by a voter that has
    /// kept its index and by one that began it anew.
    @Test(arguments: [false, true]) func whatAPersonWasOnceKnownByLinksWhenTheIndexIsBegunAnew(isAnew: Bool) throws {
        let fixture = try CentreFixture()
        let almaty = try fixture.seat("KZ-75")
        func suspect(_ document: String, iin: String?, _ surname: String) throws {
            almaty.register("CR-2", document, person(iin: iin, surname, "Асел") + [("status", .text("SUSP"))])
            try fixture.send(almaty)
        }
        try suspect("P1", iin: "850707100017", "Абенова")
        let surname = try #require(almaty.kind("CR-2").field(path: "person.surname")).number
        almaty.amend(
            .correct, "CR-2", record: ("MVD", "P1"), "P1-c",
            [Write(field: surname, place: 0, value: .text("Серікова"), replaces: [Dot(at: almaty.last, place: 0)])])
        try fixture.send(almaty)
        if isAnew { try fixture.reopen(withoutIndex: true) }
        try suspect("P2", iin: nil, "Абенова")
        let found = try fixture.store.find(.iin("850707100017"))
        #expect(found.map(\.records.count) == [2])
        #expect(try fixture.store.find(.name(surname: "Серікова", name: "Асел", birth: nil)).count == 1)
    }

    @Test func theLeavesOfTheCentresBlocksGoOnAfterThoseThatStand() throws {
        let fixture = try CentreFixture()
        #expect(try fixture.store.nextOwnLeaf() == 0)
        try history(fixture)
        #expect(try fixture.store.nextOwnLeaf() == 52)
    }

    @Test func aCopyTakesTheStoresPlaceWithTheReplicasOwnVote() throws {
        let leader = try CentreFixture()
        try history(leader)
        let follower = try CentreFixture(blind: 9)
        let staged = StagedStore(store: follower.storePath, index: follower.indexPath)
        let applied = try leader.store.copy(to: staged.path)
        let head = SnapshotHead(mark: Mark(index: applied, term: 1), membership: Membership(voters: [1, 4]))
        let write = LogWrite(
            token: 1, install: head, truncateFrom: nil, entries: [],
            hardState: HardState(term: 6, vote: 4, last: applied), compact: nil)
        try staged.prepare(write, owner: CentreFixture.owner)
        var wasCarriedOut = false
        try follower.reopen { wasCarriedOut = try staged.carryOutPlan() }
        #expect(wasCarriedOut)
        #expect(try staged.carryOutPlan() == false)
        let stored = try follower.store.load(
            replica: 4, limits: ReplicaLimits(), opening: .started(nonceSalt: 1, software: "t")
        ).stored
        #expect(stored.hardState == write.hardState)
        #expect(stored.base == head && stored.applied == applied && stored.last == applied)
        let (own, theirs) = (try leader.store.stateDigests().tables, try follower.store.stateDigests().tables)
        #expect(own.map(\.digest) == theirs.map(\.digest))
        // The index is made good from the archive, under this node's own key.
        #expect(try follower.store.find(.iin("850707100017")).count == 1)
    }

    @Test func theLeadersIndexTakesTheOwnOnesPlaceWithTheCopy() throws {
        let leader = try CentreFixture()
        try history(leader)
        let follower = try CentreFixture()
        // What could not be made good from the store: it is there only if the index itself came.
        let token = Token(high: 5, low: 6)
        try leader.index.insert([], terms: [.init(token: token, value: 77)], upTo: [])
        let staged = StagedStore(store: follower.storePath, index: follower.indexPath)
        try leader.store.copyIndex(to: staged.indexPath)
        let applied = try leader.store.copy(to: staged.path)
        let head = SnapshotHead(mark: Mark(index: applied, term: 1), membership: Membership(voters: [1, 4]))
        try staged.prepare(
            LogWrite(
                token: 1, install: head, truncateFrom: nil, entries: [],
                hardState: HardState(term: 6, vote: 4, last: applied), compact: nil), owner: CentreFixture.owner)
        try follower.reopen { _ = try staged.carryOutPlan() }
        #expect(try follower.index.values(of: [token]) == [[77]])
        #expect(try follower.store.find(.iin("850707100017")).count == 1)
        for author in [AuthorNumber(2), AuthorNumber(3)] {
            #expect(follower.index.indexedUpTo(author) == leader.index.indexedUpTo(author))
        }
    }

    @Test func aCopyAsOfAnotherIndexIsNotTaken() throws {
        let leader = try CentreFixture()
        try history(leader)
        let staged = StagedStore(store: leader.storePath, index: leader.indexPath)
        let applied = try leader.store.copy(to: staged.path)
        let head = SnapshotHead(mark: Mark(index: applied.next, term: 1), membership: Membership(voters: [1]))
        let write = LogWrite(
            token: 1, install: head, truncateFrom: nil, entries: [],
            hardState: HardState(term: 6, vote: nil, last: applied.next), compact: nil)
        #expect(throws: StorageError.self) { try staged.prepare(write, owner: CentreFixture.owner) }
        #expect(try staged.carryOutPlan() == false)
    }
}
