import Consensus
import Records
import Roles
import Testing
import Wire

/// What is sealed under a salt stands in the log after the entry that names the salt.
struct CentreLeadTests {
    private let look = OwnAct.access(
        AccessEntry(officer: "root@socket", action: "person.find", subjects: [7], position: 1, block: nil))

    /// The centre's own entries in the order of the log: what stands in them, in a word.
    private func own(_ house: CentreHouse) -> [String] {
        house.persisted.flatMap(\.entries).flatMap { entry -> [String] in
            guard case .proposal(let bytes) = entry.payload, let proposal = try? Proposal(decoding: bytes),
                case .own(let entries) = proposal.payload
            else { return [] }
            return entries.map { bytes in
                switch (try? EntryCodec.decode(bytes))?.body {
                case .control(.started(let salt, _))?: "started \(salt)"
                case .access?: "access"
                default: "other"
                }
            }
        }
    }

    @Test func theStartStandsInTheLogBeforeEveryAct() throws {
        var house = try CentreHouse()
        // All at once, as when callers wait already while the node comes up: the election first.
        house.give([.tick])
        house.give([.submit(Ticket(4), [look]), .submit(Ticket(5), [look])])
        #expect(own(house) == ["started 77", "access", "access"])
    }

    @Test func anActThatComesInTheTurnOfTheElectionIsHeldAndThenAnswered() throws {
        var house = try CentreHouse()
        let voted = house.centre.step([.tick], moment: house.moment)
        let elected = house.centre.step([.stored(try #require(voted.persist.last).token)], moment: house.moment)
        #expect(house.centre.isLeader)
        // The very next turn carries an act; the start has no place in the log yet.
        let following = [CentreInput.submit(Ticket(4), [look]), .stored(try #require(elected.persist.last).token)]
        house.give(following)
        #expect(own(house).prefix(2) == ["started 77", "access"])
        #expect(house.answers(Ticket(4)).count == 1)
    }

    @Test func theNodeIsToldOnceTheStartIsApplied() throws {
        var house = try CentreHouse()
        house.appliesAtOnce = false
        house.give(.tick)
        let isOpened = { (house: CentreHouse) in
            house.promises.contains { if case .opened = $0 { true } else { false } }
        }
        // Before the log is applied up to its lead it knows neither the last number given nor the last stamp.
        #expect(own(house) == [])
        house.give(.applied(house.applyHeld()))
        #expect(own(house) == ["started 77"])
        #expect(!isOpened(house))
        house.give(.applied(house.applyHeld()))
        #expect(isOpened(house))
    }
}
