import Consensus
import Law
import Records
import Roles
import Testing
import Wire

/// A grace ends by the log: the leader says the time when a day is over that something waits for.
struct CentreTimeTests {
    /// Proposals that hold nothing but the time, in days.
    private func times(_ house: CentreHouse) -> [Day] {
        house.persisted.flatMap(\.entries).compactMap { entry in
            guard case .proposal(let bytes) = entry.payload, let proposal = try? Proposal(decoding: bytes),
                case .own(let entries) = proposal.payload, entries.isEmpty
            else { return nil }
            return Day(milliseconds: proposal.leaderMilliseconds)
        }
    }

    @Test func theTimeIsSaidOnceADayThatIsWaitedForIsOverAndNotBefore() throws {
        var house = try CentreHouse()
        let today = Day(milliseconds: house.moment.wallMilliseconds)
        house.nextDue = today
        house.give(.tick)
        house.give(.tick)
        #expect(times(house) == [], "the day is not over")
        house.now += 86_400_000
        house.give(.tick)
        #expect(times(house) == [today.adding(days: 1)])
    }

    @Test func theTimeIsSaidAgainOnlyWhileSomethingStillWaits() throws {
        var house = try CentreHouse()
        house.nextDue = Day(milliseconds: house.moment.wallMilliseconds).adding(days: -1)
        house.give(.tick)
        house.give(.tick)
        house.give(.tick)
        let said = times(house).count
        #expect(said >= 1, "judged in slices: each is asked for when the one before is applied")
        house.nextDue = nil
        house.give(.tick)
        let last = times(house).count
        house.give(.tick)
        house.give(.tick)
        #expect(times(house).count == last)
    }

    @Test func nothingIsSaidWhileTheWordIsUnderWay() throws {
        var house = try CentreHouse()
        house.nextDue = Day(milliseconds: house.moment.wallMilliseconds).adding(days: -1)
        house.give(.tick)
        house.appliesAtOnce = false
        house.give(.tick)
        let said = times(house).count
        house.give(.tick)
        house.give(.tick)
        #expect(times(house).count == said)
    }
}
