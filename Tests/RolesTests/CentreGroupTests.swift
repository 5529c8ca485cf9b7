import Consensus
import Records
import Roles
import Testing
import Uplink
import Vault

/// The centre's own group as its role sees it.
struct CentreGroupTests {
    private func outcomes(_ house: CentreHouse) -> [GroupOutcome] {
        house.promises.compactMap { if case .changed(_, let outcome) = $0 { outcome } else { nil } }
    }

    private func refusals(_ house: CentreHouse) -> [ReplicaID] {
        house.deeds.compactMap { if case .refusedPeer(let peer, _) = $0 { peer } else { nil } }
    }

    private func leading() throws -> CentreHouse {
        var house = try CentreHouse()
        house.give(.tick)
        #expect(house.centre.isLeader)
        return house
    }

    @Test func aChangeIsAnsweredWhenItIsAppliedAndNotBefore() throws {
        var house = try leading()
        house.appliesAtOnce = false
        house.give(.change(Ticket(5), [.addLearner(2)]))
        #expect(outcomes(house).isEmpty)
        house.give(.applied(house.applyHeld()))
        #expect(outcomes(house) == [.done(house.centre.applied)])
        #expect(house.centre.replica.membership.learners == [2])
    }

    @Test func aChangeThatMayNotBeIsRefusedWithItsReason() throws {
        var house = try leading()
        house.give(.change(Ticket(5), [.promote(9)]))
        house.give(.transfer(Ticket(6), to: 9))
        #expect(outcomes(house) == [.refused(.badChange(.notLearner(9))), .refused(.badTarget)])
    }

    @Test func whoWasRemovedIsNotHeardHoweverHighItsTerm() throws {
        var house = try leading()
        house.give(.change(Ticket(5), [.addLearner(2)]))
        house.give(.change(Ticket(6), [.remove(2)]))
        let term = house.centre.standing.term
        let message = RaftMessage(
            from: 2, to: 1, term: Term(term.number + 5), body: .heartbeat(.init(commit: 0, told: 0, round: 1)))
        house.give(.peer(message))
        #expect(refusals(house) == [2] && house.centre.refusedMessages == 1)
        #expect(house.centre.isLeader && house.centre.standing.term == term)
    }

    @Test func aNumberTheGroupNeverHadIsHeardOnlyWhereNobodyLeads() throws {
        var house = try leading()
        let term = house.centre.standing.term
        // It skips the wait that protects a leader, as who was sent by one may.
        let last = Mark(index: 90, term: 9)
        house.give(
            .peer(RaftMessage(from: 7, to: 1, term: Term(9), body: .askVote(last: last, transfer: true))))
        house.give(
            .peer(RaftMessage(from: 7, to: 1, term: Term(9), body: .heartbeat(.init(commit: 0, told: 0, round: 1)))))
        #expect(refusals(house) == [7, 7] && house.centre.refusedMessages == 2)
        #expect(house.centre.isLeader && house.centre.standing.term == term)
        // Where no leader is heard it may be one that was added while this node was away.
        let silent = try CentreHouse()
        #expect(!silent.centre.isUnknown(7) && house.centre.isUnknown(7) && !house.centre.isUnknown(1))
    }

    @Test func theLogIsCutBehindWhatIsAppliedAndHeldWhileACopyIsOnItsWay() throws {
        var house = try leading()
        house.centre.cutLog(every: 1)
        house.give(.holdLog(true))
        let held = house.centre.applied
        for number in 0..<6 {
            house.give(.change(Ticket(UInt64(10 + number)), [.addLearner(ReplicaID(UInt64(2 + number)))]))
        }
        #expect(house.centre.replica.baseMark.index <= held)
        house.give(.holdLog(false))
        for number in 0..<6 {
            house.give(.change(Ticket(UInt64(20 + number)), [.remove(ReplicaID(UInt64(2 + number)))]))
        }
        #expect(house.centre.replica.baseMark.index > held)
        #expect(house.centre.replica.baseMark.index <= house.centre.applied)
    }
}
