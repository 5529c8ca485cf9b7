import Consensus
import Simulation
import Testing

/// The arithmetic against a slow and plain version: every set of voters is tried.
struct QuorumTests {
    @Test func aHundredThousandRandomQuorumsAgreeWithThePlainVersion() {
        var chance = SplitMix(seed: 1)
        for _ in 0..<100_000 {
            let voters = Self.voters(&chance)
            let outgoing = chance.next(below: 2) == 0 ? [] : Self.voters(&chance)
            let membership = Membership(voters: voters, outgoing: outgoing, learners: [101, 102])
            var values: [ReplicaID: UInt64] = [:]
            for id in membership.members {
                values[id] = UInt64(chance.next(below: 6))
            }
            let value = { (id: ReplicaID) in values[id] ?? 0 }
            let fast = Quorum.reached(membership, by: value)
            if fast != Self.plainReached(membership, by: value) { Issue.record("reached: \(membership) \(values)") }

            let granted = { (id: ReplicaID) in value(id) >= 4 }
            let refused = { (id: ReplicaID) in value(id) <= 1 }
            let outcome = Quorum.outcome(membership, granted: granted, refused: refused)
            if outcome != Self.plainOutcome(membership, granted: granted, refused: refused) {
                Issue.record("outcome: \(membership) \(values)")
            }
        }
    }

    @Test func twoQuorumsOfOneMembershipAlwaysMeet() {
        var chance = SplitMix(seed: 2)
        for _ in 0..<20_000 {
            let membership = Membership(
                voters: Self.voters(&chance), outgoing: chance.next(below: 2) == 0 ? [] : Self.voters(&chance))
            let members = membership.members
            let first = members.filter { _ in chance.next(below: 2) == 0 }
            let rest = members.filter { !first.contains($0) }
            #expect(!(Quorum.holds(membership, first.contains) && Quorum.holds(membership, rest.contains)))
        }
    }

    /// Every change of membership, and its end, shares a quorum with what was before: no two leaders can be elected on
    /// either side of a step (§4.3).
    @Test func aHundredThousandRandomChangesKeepQuorumsThatMeet() {
        var chance = SplitMix(seed: 3)
        for _ in 0..<100_000 {
            let before = Membership(voters: Self.voters(&chance), learners: [11, 12], highest: 20)
            let steps = (0..<chance.next(below: 4) + 1).map { _ in Self.step(&chance) }
            guard let after = try? before.changed(by: steps) else { continue }
            #expect(after.highest >= before.highest && !after.voters.isEmpty)
            if !Self.meet(before, after, &chance) { Issue.record("\(before) → \(after)") }
            if after.isJoint {
                #expect(after.outgoing == before.voters)
                #expect(Self.meet(after, after.left, &chance), "\(after) → \(after.left)")
                #expect(Set(after.left.voters).isDisjoint(with: after.left.learners))
            } else {
                #expect(after.voters == before.voters)
            }
            #expect(Membership(bytes: after.bytes) == after)
        }
    }

    @Test func failuresToleratedAreThoseOfTheWeakerHalf() {
        #expect([1, 2, 3, 4, 5].map { Self.tolerated($0, 0) } == [0, 0, 1, 1, 2])
        #expect(Self.tolerated(5, 3) == 1)
        #expect(Self.tolerated(3, 1) == 0)
    }

    @Test func aMembershipThatIsNotInOrderIsRefused() {
        let good = Membership(voters: [1, 2], learners: [3]).bytes
        #expect(Membership(bytes: good) != nil)
        #expect(Membership(bytes: good + [0]) == nil)
        #expect(Membership(bytes: Array(good.dropLast())) == nil)
        var swapped = good
        swapped.swapAt(17, 25)
        #expect(Membership(bytes: swapped) == nil)
    }

    // MARK: - Plain versions

    private static func plainReached(_ membership: Membership, by value: (ReplicaID) -> UInt64) -> UInt64 {
        var best: UInt64 = 0
        for candidate in 0...6 as ClosedRange<UInt64> {
            let holders = membership.members.filter { value($0) >= candidate }
            if isMajority(holders, of: membership.voters), isMajority(holders, of: membership.outgoing) {
                best = candidate
            }
        }
        return best
    }

    private static func plainOutcome(
        _ membership: Membership, granted: (ReplicaID) -> Bool, refused: (ReplicaID) -> Bool
    ) -> Quorum.Outcome {
        func halves(_ ids: [ReplicaID]) -> Bool {
            isMajority(ids, of: membership.voters) && isMajority(ids, of: membership.outgoing)
        }
        if halves(membership.members.filter(granted)) { return .won }
        return halves(membership.members.filter { !refused($0) }) ? .pending : .lost
    }

    private static func isMajority(_ ids: [ReplicaID], of voters: [ReplicaID]) -> Bool {
        voters.isEmpty || voters.filter(ids.contains).count * 2 > voters.count
    }

    /// No division of all members gives each side a quorum, one by either membership: tried on a few divisions.
    private static func meet(_ one: Membership, _ other: Membership, _ chance: inout SplitMix) -> Bool {
        let members = Set(one.members + other.members).sorted()
        for _ in 0..<8 {
            let first = members.filter { _ in chance.next(below: 2) == 0 }
            let rest = members.filter { !first.contains($0) }
            if Quorum.holds(one, first.contains), Quorum.holds(other, rest.contains) { return false }
        }
        return true
    }

    private static func voters(_ chance: inout SplitMix) -> [ReplicaID] {
        (1...chance.next(below: 6) + 1).map { _ in ReplicaID(UInt64(chance.next(below: 9) + 1)) }
    }

    private static func step(_ chance: inout SplitMix) -> MembershipStep {
        let id = ReplicaID(UInt64(chance.next(below: 24) + 1))
        return switch chance.next(below: 4) {
        case 0: .addLearner(id)
        case 1: .promote(id)
        case 2: .demote(id)
        default: .remove(id)
        }
    }

    private static func tolerated(_ voters: Int, _ outgoing: Int) -> Int {
        let ids = (1...5).map { ReplicaID(UInt64($0)) }
        return Quorum.failuresTolerated(
            Membership(voters: Array(ids.prefix(voters)), outgoing: Array(ids.prefix(outgoing))))
    }
}
