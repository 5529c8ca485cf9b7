import Consensus
import Records
import Roles
import Storage
import Testing
import Uplink

/// Somebody waits for the end of a turn that applies a backlog.
struct WaitedForTests {
    @Test func aTurnThatIsWaitedForEndsWithTheEntryItIsAtAndTheRestIsAppliedByTheNext() throws {
        let fixture = try CentreFixture()
        let first = try fixture.seat("KZ-75")
        let second = try fixture.seat("KZ-71")
        let payloads = [first.batch(), second.batch()]
        let applied = try fixture.apply(payloads, isWaitedFor: { true })
        #expect(applied.entries.count == 1, "one entry at least, and no other")
        let rest = try fixture.apply([payloads[1]])
        guard case .advanced(let frontier) = rest.entries[0].result else {
            Issue.record("the rest was not taken: \(rest.entries[0].result)")
            return
        }
        #expect(frontier.author == second.author.number)
        #expect(frontier.index == 1)
    }

    @Test func aTurnThatNobodyWaitsForAppliesAllItWasGiven() throws {
        let fixture = try CentreFixture()
        let first = try fixture.seat("KZ-75")
        let second = try fixture.seat("KZ-71")
        #expect(try fixture.apply([first.batch(), second.batch()]).entries.count == 2)
    }
}
