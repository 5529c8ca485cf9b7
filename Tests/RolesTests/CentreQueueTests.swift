import Consensus
import Records
import Roles
import Testing
import Uplink
import Vault
import Wire

/// Which batches go into the log when there is no room for all.
@Suite struct CentreQueueTests {
    private let look = OwnAct.access(
        AccessEntry(officer: "root@socket", action: "person.find", subjects: [7], position: 1, block: nil))

    private static func entries(_ count: Int, bytes: Int) -> [[UInt8]] {
        Array(repeating: [UInt8](repeating: 1, count: bytes), count: count)
    }

    /// A leading centre with so many lines, sessions from 1 on.
    private func house(lines: Int) throws -> CentreHouse {
        var house = try CentreHouse(territories: lines)
        house.give(.tick)
        for place in 0..<lines { house.link(Session(UInt64(place + 1)), place: place) }
        return house
    }

    /// Gives batches of one line, each of six entries and 900 kB.
    private func send(_ count: Int, of place: Int, _ chains: inout [LogChain], _ house: inout CentreHouse) {
        for _ in 0..<count {
            let batch = CentreHouse.batch(
                after: &chains[place], entries: Self.entries(6, bytes: 150_000), by: house.seats[place].author)
            house.give(.received(Session(UInt64(place + 1)), .batch(batch)))
        }
    }

    private func authors(toApplyIn house: CentreHouse) -> [UInt32] {
        house.toApply.compactMap { entry in
            guard case .proposal(let bytes) = entry.payload, let proposal = try? Proposal(decoding: bytes),
                case .batch(let batch) = proposal.payload
            else { return nil }
            return batch.author.number
        }
    }

    @Test func theLineThatHasHadLeastGoesFirst() throws {
        var house = try house(lines: 3)
        var chains = house.seats.map { LogChain.genesis(cluster: CentreHouse.cluster, author: $0.author.number) }
        house.appliesAtOnce = false
        // The first has the log to itself; then two more come, and all wait for room.
        send(4, of: 0, &chains, &house)
        #expect(authors(toApplyIn: house) == [2, 2, 2])
        send(3, of: 1, &chains, &house)
        send(3, of: 2, &chains, &house)
        house.give(.applied(house.applyHeld()))
        #expect(authors(toApplyIn: house) == [3, 4, 2])
        house.give(.applied(house.applyHeld()))
        #expect(Set(authors(toApplyIn: house)) == [3, 4])
        house.give(.applied(house.applyHeld()))
        house.give(.applied(house.applyHeld()))
        #expect(house.seats.map(\.frontier) == [24, 18, 18])
    }

    @Test func whatHasRoomGoesInTheOrderItCame() throws {
        var house = try house(lines: 2)
        var chains = house.seats.map { LogChain.genesis(cluster: CentreHouse.cluster, author: $0.author.number) }
        house.appliesAtOnce = false
        send(2, of: 1, &chains, &house)
        send(1, of: 0, &chains, &house)
        #expect(authors(toApplyIn: house) == [3, 3, 2])
    }

    @Test func whileSomebodyAsksABatchGoesInPieces() throws {
        var house = try house(lines: 1)
        var chain = LogChain.genesis(cluster: CentreHouse.cluster, author: CentreHouse.territory.number)
        house.give(.submit(Ticket(1), [look]))
        house.appliesAtOnce = false
        let batch = CentreHouse.batch(after: &chain, entries: Self.entries(60, bytes: 10_000))
        house.give(.received(Session(1), .batch(batch)))
        let asked = house.toApply.reduce(0) { $0 + $1.cost }
        #expect(asked > 0)
        #expect(asked < CentreTurnLimits.proposedBytesWhileAsked + 1_000)
        // The act that is submitted now waits for these alone.
        house.give(.submit(Ticket(2), [look]))
        house.give(.applied(house.applyHeld()))
        #expect(house.answers(Ticket(2)).count == 1)
        #expect(house.seats[0].frontier < 60)
        for _ in 0..<30 where house.seats[0].frontier < 60 { house.give(.applied(house.applyHeld())) }
        house.give(.applied(house.applyHeld()))
        #expect(house.seats[0].frontier == 60)
        #expect(house.frontiers(Session(1)).last == 60)
    }

    /// Nor does it store more of the backlog; and a turn that stores pieces of it applies none, for each of the two is
    /// as long as somebody can wait.
    @Test func aTurnThatStoresForSomebodyPassesOverABacklogAndNeverTwiceInARow() throws {
        var house = try house(lines: 1)
        var chain = LogChain.genesis(cluster: CentreHouse.cluster, author: CentreHouse.territory.number)
        house.appliesAtOnce = false
        let alone = house.centre.step([.submit(Ticket(1), [look])], moment: house.moment)
        #expect(
            alone.applyBytes == CentreTurnLimits.appliedBytesWhileAsked,
            "what little waits is applied in the same turn")
        let batch = CentreHouse.batch(after: &chain, entries: Self.entries(60, bytes: 10_000))
        let stored = house.centre.step([.received(Session(1), .batch(batch))], moment: house.moment)
        #expect(stored.persist.flatMap(\.entries).count > 4)
        #expect(stored.applyBytes == 0)
        // Of those who come while more are under way some wait, and their turns apply.
        let turns = (UInt64(2)...7).map { number in
            let turn = house.centre.step([.submit(Ticket(number), [look])], moment: house.moment)
            return [turn.persist.flatMap(\.entries).count, turn.applyBytes / 1024]
        }
        #expect(turns == [[1, 0], [0, 128], [1, 0], [0, 128], [0, 128], [0, 128]])
        house.now += CentreTurnLimits.askedMilliseconds
        #expect(house.centre.step([], moment: house.moment).applyBytes == CentreTurnLimits.appliedBytes)
    }

    /// An entry of the log costs every voter a write: those who come while more are on their way share the next.
    @Test func actsThatComeWhileMoreAreUnderWayShareTheNextEntry() throws {
        var house = try house(lines: 1)
        func written(_ tickets: ClosedRange<UInt64>) -> [LogWrite] {
            house.centre.step(tickets.map { .submit(Ticket($0), [look]) }, moment: house.moment).persist
        }
        #expect(written(1...3).flatMap(\.entries).count == 1, "three tickets of one turn are one entry")
        #expect(written(4...5).isEmpty, "two wait for the three")
        let second = written(6...6)
        #expect(second.flatMap(\.entries).count == 1, "three are as many")
        #expect(written(7...7).isEmpty, "one waits for the six")
        // Once they are committed nobody waits for their being applied.
        let stored = second.map { CentreInput.stored($0.token) }
        #expect(house.centre.step(stored, moment: house.moment).apply.flatMap(\.entries).count == 2)
        #expect(house.centre.step([], moment: house.moment).persist.flatMap(\.entries).count == 1)
    }

    /// Its leader waits for the one, and nobody for the other.
    @Test func aFollowerStoresFirstAndAppliesWhatHasComeTogetherAtATickAtTheLatest() throws {
        var house = try CentreHouse(voters: [1, 2, 3])
        var stored: [CentreInput] = []
        func step(_ inputs: [CentreInput]) -> [Int] {
            let turn = house.centre.step(stored + inputs, moment: house.moment)
            stored = turn.persist.map { .stored($0.token) }
            return [turn.apply.count, turn.applyBytes, turn.appliesOn ? 1 : 0]
        }
        func entry(_ number: UInt64, bytes: Int = 100) -> CentreInput {
            let previous = Mark(index: LogIndex(number - 1), term: number == 1 ? 0 : 1)
            let entry = RaftEntry(
                index: LogIndex(number), term: 1, payload: .proposal([UInt8](repeating: 1, count: bytes)))
            let append = RaftMessage.Append(
                previous: previous, entries: [entry], commit: previous.index, told: previous.index)
            return .peer(RaftMessage(from: 2, to: 1, term: 1, body: .append(append)))
        }
        let all = CentreTurnLimits.appliedBytes
        #expect(step([entry(1)]) == [0, 0, 0])
        #expect(step([entry(2)]) == [1, 0, 0], "little is committed, and waits")
        #expect(step([entry(3), .tick]) == [1, 0, 1], "it stores first, also at a tick")
        #expect(step([]) == [0, all, 1], "and applies right after")
        #expect(step([entry(4)]) == [1, 0, 0])
        #expect(step([.tick]) == [0, all, 1])
        #expect(step([entry(5, bytes: CentreTurnLimits.gatheredBytes)])[1...] == [0, 0])
        #expect(step([entry(6)]) == [1, 0, 1], "much is applied by the turn that follows at once")
        #expect(step([entry(7)]) == [1, all, 1], "and that one does so whatever comes")
    }

    /// What is shown was read before; what stands before the look in the log need not be applied for it.
    @Test func aLookIsAnsweredWhenItIsCommittedAndNotOnlyWhenItIsApplied() throws {
        var house = try house(lines: 1)
        house.appliesAtOnce = false
        let seen = AccessEntry(officer: "root@socket", action: "person.find", subjects: [7], position: 1, block: nil)
        house.give(.submit(Ticket(8), [look]), .submit(Ticket(9), [.look(seen)]))
        let committed = house.deeds.compactMap { deed -> Ticket? in
            if case .committed(let ticket) = deed { ticket } else { nil }
        }
        #expect(committed == [Ticket(9)])
        #expect(house.answers(Ticket(8)).isEmpty)
        house.give(.applied(house.applyHeld()))
        #expect(house.answers(Ticket(8)).count == 1)
    }

    /// Nothing is shown on the word of a leader that may have none.
    @Test func aLookIsNotAnsweredWhereNobodyLeads() throws {
        var house = try CentreHouse()
        let seen = AccessEntry(officer: "root@socket", action: "person.find", subjects: [7], position: 1, block: nil)
        let turn = house.centre.step([.submit(Ticket(9), [.look(seen)])], moment: house.moment)
        #expect(!turn.deeds.contains { if case .committed = $0 { true } else { false } })
    }

    @Test func aWhileAfterTheLastQuestionBatchesGoWholeAgain() throws {
        var house = try house(lines: 1)
        var chain = LogChain.genesis(cluster: CentreHouse.cluster, author: CentreHouse.territory.number)
        house.give(.submit(Ticket(1), [look]))
        house.appliesAtOnce = false
        house.now += CentreTurnLimits.askedMilliseconds
        let batch = CentreHouse.batch(after: &chain, entries: Self.entries(60, bytes: 10_000))
        house.give(.received(Session(1), .batch(batch)))
        house.give(.applied(house.applyHeld()))
        #expect(house.seats[0].frontier == 60)
    }

    @Test func manyLinesShareWhatTheCentreHoldsInMemory() throws {
        let house = try house(lines: 8)
        let windows = (1...8).flatMap { number in
            house.sent(Session(UInt64(number))).compactMap { message -> UInt32? in
                if case .welcome(let welcome) = message { welcome.windowBytes } else { nil }
            }
        }
        #expect(windows.count == 8)
        #expect(windows.first == UplinkLimits.windowBytes)
        #expect(windows.last == UInt32(CentreTurnLimits.windowBytes / 8))
    }
}
