import Consensus
import Records
import Roles
import Testing
import Uplink
import Vault

struct CentreBundleTests {
    private let genesis = LogChain.genesis(cluster: CentreHouse.cluster, author: CentreHouse.territory.number)

    private func leading() throws -> CentreHouse {
        var house = try CentreHouse()
        house.give(.tick)
        return house
    }

    private func outcomes(_ house: CentreHouse, _ ticket: UInt64) -> [CarriedOutcome] {
        house.promises.compactMap { promise in
            if case .carried(Ticket(ticket), let outcome) = promise { outcome } else { nil }
        }
    }

    private func carry(_ house: inout CentreHouse, _ ticket: UInt64, _ batch: Batch, after previous: Digest) {
        house.give(.carried(Ticket(ticket), batch, previous: previous, downlinkTaken: 0))
    }

    @Test func aPieceGoesTheWayOfALinesBatch() throws {
        var house = try leading()
        house.appliesAtOnce = false
        var chain = genesis
        let batch = CentreHouse.batch(after: &chain, entries: [[1], [2]])
        carry(&house, 1, batch, after: genesis.digest)
        #expect(house.prepared == 1)
        #expect(outcomes(house, 1).isEmpty, "nothing is said before it is applied")
        house.give(.applied(house.applyHeld()))
        #expect(outcomes(house, 1) == [.taken(Frontier(author: 2, index: 2, digest: chain.digest))])
    }

    /// What came may be of another copy of the directory, which has diverged: the hello compares.
    @Test func theLineOfALogThatABundleHasBroughtFurtherEndsAndHearsOfNoFrontierBeforeTheNextHello() throws {
        var house = try leading()
        let session = Session(1)
        house.link(session)
        var chain = genesis
        carry(&house, 1, CentreHouse.batch(after: &chain, entries: [[1], [2]]), after: genesis.digest)
        #expect(house.frontiers(session).isEmpty)
        #expect(house.isClosed(session))
    }

    @Test func whatTheLineBroughtIsNotTakenAgain() throws {
        var house = try leading()
        let session = Session(1)
        house.link(session)
        var chain = genesis
        let batch = CentreHouse.batch(after: &chain, entries: [[1], [2]])
        house.give(.received(session, .batch(batch)))
        carry(&house, 1, batch, after: genesis.digest)
        #expect(outcomes(house, 1) == [.repeated(Frontier(author: 2, index: 2, digest: chain.digest))])
        #expect(house.seats[0].frontier == 2)
    }

    @Test func whoDoesNotLeadTakesNothing() throws {
        var house = try CentreHouse()
        var chain = genesis
        let batch = CentreHouse.batch(after: &chain, entries: [[1]])
        let input = CentreInput.carried(Ticket(1), batch, previous: genesis.digest, downlinkTaken: 0)
        let turn = house.centre.step([input], moment: house.moment)
        #expect(turn.promises.contains { if case .carried(_, .notNow) = $0 { true } else { false } })
    }

    @Test func anAuthorNobodySeatedIsRefused() throws {
        var house = try leading()
        carry(&house, 1, Batch(author: 99, first: 1, entries: [[1]], digest: genesis.digest), after: genesis.digest)
        #expect(outcomes(house, 1) == [.rejected("the centre never seated author 99")])
    }

    @Test func aWordWithoutEntriesProposesNothingAndTellsTheFrontier() throws {
        var house = try leading()
        carry(&house, 1, Batch(author: 2, first: 1, entries: [], digest: genesis.digest), after: genesis.digest)
        #expect(outcomes(house, 1) == [.repeated(Frontier(author: 2, index: 0, digest: genesis.digest))])
        #expect(house.prepared == 0)
    }

    @Test func aClosedBodysSessionEndsWithASentenceAndIsNotLetInAgain() throws {
        var house = try leading()
        house.link(Session(1))
        house.appliesAtOnce = false
        var chain = genesis
        house.give(.received(Session(1), .batch(CentreHouse.batch(after: &chain, entries: [[1]]))))
        house.seats[0].closed = "KZ-75 was closed"
        house.give(.applied(house.applyHeld()))
        func refusals(_ session: Session) -> [Refusal] {
            house.sent(session).compactMap { if case .refused(let refusal) = $0 { refusal } else { nil } }
        }
        let expected = Refusal(code: .retired, reason: "KZ-75 was closed")
        #expect(refusals(Session(1)) == [expected] && house.isClosed(Session(1)))
        house.link(Session(2), pass: Array(repeating: 1, count: 16), drawn: 2)
        #expect(refusals(Session(2)) == [expected] && house.isClosed(Session(2)))
    }
}
