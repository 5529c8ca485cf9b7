import Consensus
import Records
import Roles
import Testing
import Uplink
import Vault

struct CentreTests {
    private let session = Session(1)
    private let genesis = LogChain.genesis(cluster: CentreHouse.cluster, author: CentreHouse.territory.number)

    private let look = OwnAct.access(
        AccessEntry(officer: "root@socket", action: "person.find", subjects: [7], position: 1, block: nil))

    /// A centre that leads.
    private func leading() throws -> CentreHouse {
        var house = try CentreHouse()
        house.give(.tick)
        #expect(house.centre.isLeader)
        return house
    }

    @Test func aSingleVoterLeadsWithoutWaitingForAnElection() throws {
        _ = try leading()
    }

    @Test func aFrontierIsToldOnlyWhenItsBatchIsApplied() throws {
        var house = try leading()
        house.link(session)
        house.appliesAtOnce = false
        var chain = genesis
        house.give(.received(session, .batch(CentreHouse.batch(after: &chain, entries: [[1], [2]]))))
        #expect(house.prepared == 1)
        #expect(house.frontiers(session).isEmpty)
        house.give(.applied(house.applyHeld()))
        #expect(house.frontiers(session) == [2])
    }

    @Test func awelcomeLeavesOnlyAsAPromiseOfADurableTurn() throws {
        var house = try leading()
        house.give(
            .linkUp(session, CentrePeer(name: "kz-75-1", territory: "KZ-75"), pass: Array(repeating: 9, count: 16)))
        let hello = Hello(
            cluster: CentreHouse.cluster, version: UplinkLimits.version, author: 2, last: 0, digest: genesis.digest,
            pass: [], downlink: 0, wallMilliseconds: 0)
        let turn = house.centre.step([.received(session, .hello(hello))], moment: house.moment)
        #expect(turn.isDurable)
        #expect(turn.seats.map(\.pass) == [Array(repeating: 9, count: 16)])
        #expect(turn.promises.contains { if case .send(session, .welcome) = $0 { true } else { false } })
    }

    @Test func anActOfTheCentreIsAnsweredWhenItIsApplied() throws {
        var house = try leading()
        house.appliesAtOnce = false
        house.give(.submit(Ticket(4), [look, look]))
        #expect(house.answers(Ticket(4)).isEmpty)
        house.give(.applied(house.applyHeld()))
        #expect(house.answers(Ticket(4)).count == 2)
    }

    @Test func anActIsRefusedWhereNobodyLeads() throws {
        var house = try CentreHouse()
        let turn = house.centre.step([.submit(Ticket(4), [look])], moment: house.moment)
        guard case .answer(let ticket, let outcomes)? = turn.promises.first,
            case .refused(let code, _)? = outcomes.first
        else {
            Issue.record("\(turn.promises)")
            return
        }
        #expect(ticket == Ticket(4))
        #expect(code == "not-leader")
    }

    @Test func aReadWaitsForWhatIsCommittedToBeApplied() throws {
        var house = try leading()
        house.appliesAtOnce = false
        house.give(.submit(Ticket(1), [look]))
        house.give(.read(Ticket(2)))
        #expect(house.readable(Ticket(2)).isEmpty)
        house.give(.applied(house.applyHeld()))
        #expect(house.readable(Ticket(2)).count == 1)
        #expect(house.readable(Ticket(2))[0] != nil)
    }

    @Test func aReadAskedBeforeThereIsALeaderIsAnsweredByTheFirst() throws {
        var house = try CentreHouse()
        house.give(.read(Ticket(2)), .tick)
        house.give(.tick)
        #expect(house.readable(Ticket(2)).count == 1)
    }

    @Test func aSecondCopyOfADirectoryIsFenced() throws {
        var house = try leading()
        house.link(session, drawn: 1)
        house.give(.received(session, .keepAlive(wallMilliseconds: 0, backlog: 0)))
        house.give(.linkDown(session))
        let stranger = Session(2)
        house.link(stranger, pass: Array(repeating: 8, count: 16), drawn: 2)
        #expect(house.isClosed(stranger))
        #expect(house.centre.contacts[CentreHouse.territory]?.refusal?.code == .cloned)
        let known = Session(3)
        house.link(known, pass: Array(repeating: 1, count: 16), drawn: 3)
        #expect(!house.isClosed(known))
    }

    @Test func aNodeThatDialsAgainEndsItsOlderSession() throws {
        var house = try leading()
        house.link(session, drawn: 1)
        let second = Session(2)
        house.link(second, pass: Array(repeating: 1, count: 16), drawn: 2)
        #expect(house.isClosed(session))
        #expect(!house.isClosed(second))
    }

    @Test func aNodeBehindTheCentreIsJudgedByTheDigestWhereItEnds() throws {
        var house = try leading()
        house.link(session)
        var chain = genesis
        let whole = CentreHouse.batch(after: &chain, entries: [[1], [2]])
        house.give(.received(session, .batch(whole)))
        house.give(.linkDown(session))
        let back = Session(2)
        var short = genesis
        short.extend([1])
        house.link(back, pass: Array(repeating: 1, count: 16), drawn: 2, last: 1, digest: short.digest)
        let asked = house.deeds.contains {
            if case .readDigest(back, CentreHouse.territory, 1) = $0 { true } else { false }
        }
        #expect(asked)
        house.give(.digestRead(back, author: CentreHouse.territory, index: 1, digest: short.digest))
        #expect(house.centre.contacts[CentreHouse.territory]?.refusal?.code == .behind)
    }

    /// What took its place may be of another copy of the log: the next hello compares, and then hears of the frontier.
    @Test func aBatchWhosePlaceIsTakenEndsTheSessionAndTellsNoFrontier() throws {
        var house = try leading()
        house.link(session)
        house.appliesAtOnce = false
        var chain = genesis
        house.give(.received(session, .batch(CentreHouse.batch(after: &chain, entries: [[1]]))))
        // Meanwhile another session of the same log brought the same entry.
        house.seats[0].frontier = 1
        house.seats[0].digest = chain.digest
        house.give(.applied(house.applyHeld()))
        #expect(house.frontiers(session).isEmpty)
        #expect(house.isClosed(session))
    }

    @Test func theDownlinkIsReadWhenItGrows() throws {
        var house = try leading()
        house.link(session)
        var chain = genesis
        house.give(.received(session, .batch(CentreHouse.batch(after: &chain, entries: [[1]]))))
        let asked = house.deeds.contains {
            if case .readDownlink(session, "KZ-75", 1, _) = $0 { true } else { false }
        }
        #expect(asked)
        house.give(.downlinkRead(session, first: 1, items: [[42]]))
        #expect(house.sent(session).contains(.downlink(Downlink(first: 1, items: [[42]]))))
        house.give(.received(session, .downlinkTaken(position: 1)))
        #expect(house.seats[0].downlinkTaken == 1)
    }

    @Test func batchesBeyondTheRoomWaitInLine() throws {
        var house = try leading()
        house.link(session)
        house.appliesAtOnce = false
        var chain = genesis
        let large = Array(repeating: [UInt8](repeating: 1, count: 150_000), count: 6)
        for _ in 0..<4 { house.give(.received(session, .batch(CentreHouse.batch(after: &chain, entries: large)))) }
        #expect(house.prepared == 3)
        house.give(.applied(house.applyHeld()))
        house.give(.applied(house.applyHeld()))
        house.give(.applied(house.applyHeld()))
        #expect(house.frontiers(session).last == 24)
    }

    @Test func theLogIsCutBehindWhatWasApplied() throws {
        var house = try leading()
        house.link(session)
        var chain = genesis
        let large = Array(repeating: [UInt8](repeating: 1, count: 150_000), count: 6)
        for _ in 0..<24 { house.give(.received(session, .batch(CentreHouse.batch(after: &chain, entries: large)))) }
        #expect(house.persisted.contains { $0.compact != nil })
        #expect(house.frontiers(session).last == 144)
    }

    @Test func anEntryHandedOutByTheLogIsAppliedOnce() throws {
        var house = try leading()
        house.link(session)
        var chain = genesis
        for value in 0..<20 {
            house.give(.received(session, .batch(CentreHouse.batch(after: &chain, entries: [[UInt8(value)]]))))
        }
        #expect(house.frontiers(session) == Array(1...20))
        #expect(house.seats[0].digest == chain.digest)
    }
}
