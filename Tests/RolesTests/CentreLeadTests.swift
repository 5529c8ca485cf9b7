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

    /// Answers what a leader of three sends to the second, until nothing more comes.
    private func answerAsSecond(_ house: inout CentreHouse) {
        for _ in 0..<50 {
            let replies = house.deeds.compactMap { deed -> CentreInput? in
                guard case .sendPeer(let message) = deed, message.to == 2 else { return nil }
                let body: RaftMessage.Body
                var term = message.term
                switch message.body {
                case .askPreVote: (term, body) = (term.next, .preVote(granted: true))
                case .askVote: body = .vote(granted: true)
                case .append(let append):
                    body = .appended(match: append.entries.last?.index ?? append.previous.index)
                case .heartbeat(let heartbeat): body = .heartbeatHeard(round: heartbeat.round)
                default: return nil
                }
                return .peer(RaftMessage(from: 2, to: 1, term: term, body: body))
            }
            house.deeds = []
            if replies.isEmpty { return }
            house.give(replies)
        }
    }

    private func lead(_ house: inout CentreHouse) {
        for _ in 0..<200 where !house.centre.isLeader || house.centre.openTerm == nil {
            house.give(.tick)
            answerAsSecond(&house)
        }
        #expect(house.centre.openTerm != nil)
    }

    /// A place that was lost to another leader may be given anew before anything is applied there.
    @Test func whatWasLostWithTheLeadIsAnsweredAndHoldsUpNobodyInTheNext() throws {
        var house = try CentreHouse(voters: [1, 2, 3])
        lead(&house)
        let before = house.centre.replica.lastMark
        house.deeds = []
        house.give(.submit(Ticket(11), [look]))
        house.give(.submit(Ticket(12), [look]))
        house.give([.submit(Ticket(13), [look]), .submit(Ticket(14), [look])])
        #expect(house.centre.replica.lastMark.index.number == before.index.number + 3)
        // Nobody else has them, and another comes to lead with a log that ends after one entry of its own.
        house.deeds = []
        let term = Term(house.centre.standing.term.number + 1)
        let theirs = RaftEntry(index: before.index.next, term: term, payload: .proposal([]))
        let append = RaftMessage.Append(
            previous: before, entries: [theirs], commit: before.index, told: before.index)
        house.give(.peer(RaftMessage(from: 2, to: 1, term: term, body: .append(append))))
        #expect(house.centre.replica.lastMark == theirs.mark)
        house.deeds = []
        lead(&house)
        for ticket in 11...14 { #expect(house.answers(Ticket(UInt64(ticket))).count == 1, "\(ticket)") }
        let written = own(house).count
        house.give(.submit(Ticket(15), [look]))
        #expect(own(house).count == written + 1, "it waits for nobody")
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
