import Law
import Records
import Roles
import Testing
import Uplink
import Vault
import Wire

/// A centre that was recovered with loss, and a territory that it had told more than it knows.
@Suite struct GatheringTests {
    private static let entries = (1...3).map {
        EntryCodec.encode(
            Entry(
                stamp: Stamp(bits: $0), seen: 0,
                body: .control(.started(nonceSalt: $0, software: "test"))))
    }

    private func recovering() throws -> CentreHouse {
        var house = try CentreHouse(
            gathering: Awaiting(generation: 1, downlink: 4, own: 9, told: nil, isWaived: false))
        house.give(.tick)
        return house
    }

    private func tell(_ through: UInt64) -> UplinkMessage {
        .told(Told(author: CentreHouse.territory.number, through: through, items: [], isLast: true))
    }

    @Test func aNodeIsAskedBeforeItsWelcomeAndNothingElseOfItIsTakenBeforeItAnswers() throws {
        var house = try recovering()
        house.seats[0].downlinkLast = 4
        house.link(Session(1))
        let asked = Recovered(
            generation: 1, author: CentreHouse.territory.number, frontier: 0, downlink: 4, own: 9)
        #expect(house.sent(Session(1)).contains(.recovered(asked)))
        var chain = LogChain.genesis(cluster: CentreHouse.cluster, author: CentreHouse.territory.number)
        house.give(.received(Session(1), .batch(CentreHouse.batch(after: &chain, entries: Self.entries))))
        #expect(house.frontiers(Session(1)) == [], "its batch waits")
        house.give(.received(Session(1), tell(2)))
        #expect(house.frontiers(Session(1)).contains(2), "what was told is taken: \(house.frontiers(Session(1)))")
        #expect(house.frontiers(Session(1)).max() == 3, "and then, since nobody else is waited for, the rest")
        #expect(house.centre.awaited.isEmpty)
    }

    @Test func whatWasNeverToldWaitsForTheOthers() throws {
        var house = try recovering()
        let other = CentreSeat(
            author: AuthorNumber(3), name: "kz-10-1", territory: "KZ-10", seat: 1, frontier: 0,
            digest: LogChain.genesis(cluster: CentreHouse.cluster, author: 3).digest)
        house.seats.append(other)
        house.seats[1].gathering = house.seats[0].gathering
        house.give(.submit(Ticket(9), [.control(.started(nonceSalt: 1, software: "test"))]))
        house.link(Session(1))
        var chain = LogChain.genesis(cluster: CentreHouse.cluster, author: CentreHouse.territory.number)
        house.give(.received(Session(1), .batch(CentreHouse.batch(after: &chain, entries: Self.entries))))
        house.give(.received(Session(1), tell(2)))
        #expect(house.frontiers(Session(1)).max() == 2, "\(house.frontiers(Session(1)))")
        #expect(house.centre.awaited == [AuthorNumber(3)])
        let reads = house.deeds.contains { if case .readDownlink = $0 { true } else { false } }
        #expect(!reads, "nothing goes down meanwhile")
        // An operator does not wait for the other.
        house.seats[1].gathering?.isWaived = true
        house.give(.submit(Ticket(10), [.control(.started(nonceSalt: 2, software: "test"))]))
        #expect(house.frontiers(Session(1)).max() == 3)
        let read = house.deeds.contains { if case .readDownlink(Session(1), _, _, _) = $0 { true } else { false } }
        #expect(read, "and what waited goes down")
    }

    @Test func theDownlinkGoesBackToWhatStandsAndTheNodeBeginsAnew() {
        var bench = TerritoryBench(state: state(downlink: 9))
        _ = bench.run(.linkUp(Session(1)))
        let recovered = Recovered(generation: 1, author: 4, frontier: 0, downlink: 3, own: 7)
        let turn = bench.run(.received(Session(1), .recovered(recovered)))
        #expect(turn.state?.downlink == 3 && turn.state?.wantsIndex == true && turn.isDurable)
        let given = turn.taken.contains {
            if case .givenUp(LogAddress(author: .centre, index: 7)) = $0 { true } else { false }
        }
        #expect(given, "what the lost centre alone had written is given up")
        #expect(turn.promises.contains { if case .reopen = $0 { true } else { false } })
    }

    @Test func aNodeThatStandsThereTellsWhatItWasTold() {
        var bench = TerritoryBench(state: state(downlink: 3))
        _ = bench.run(.linkUp(Session(1)))
        let recovered = Recovered(generation: 1, author: 4, frontier: 5, downlink: 3, own: 7)
        let turn = bench.run(.received(Session(1), .recovered(recovered)))
        #expect(turn.promises.contains { if case .readTold(Session(1), after: 5) = $0 { true } else { false } })
        let told = Told(author: 4, through: 8, items: [[1]], isLast: true)
        let sent = bench.run(.toldRead(Session(1), [told]))
        #expect(sent.promises.contains { if case .send(Session(1), .told(told)) = $0 { true } else { false } })
    }

    private func state(downlink: DownlinkPosition) -> TerritoryState {
        var state = Territory.genesis(of: TerritoryBench.seat)
        state.downlink = downlink
        return state
    }
}
