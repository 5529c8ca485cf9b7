import Law
import Records
import Roles
import Testing
import Uplink
import Vault
import Wire

/// Whether a node gives numbers after a start: its files may have been put back.
@Suite struct FootingTests {
    typealias Bench = TerritoryBench

    private func started(_ footing: Footing, state: TerritoryState? = nil) -> (Bench, TerritoryTurn) {
        var bench = Bench()
        bench.role = Territory(
            seat: Bench.seat, state: state ?? Territory.genesis(of: Bench.seat), footing: footing)
        let turn = bench.run(.started(nonceSalt: 1, software: "test"))
        return (bench, turn)
    }

    private func isSettled(_ turn: TerritoryTurn) -> Bool {
        turn.promises.contains { if case .settled = $0 { true } else { false } }
    }

    private func question(_ turn: TerritoryTurn) -> Reseat? {
        for case .send(_, .reseat(let reseat)) in turn.promises { return reseat }
        return nil
    }

    @Test func aNodeGivesNoNumberBeforeTheCentresFirstWord() {
        var (bench, turn) = started(.unproved)
        #expect(!isSettled(turn) && turn.appended.isEmpty)
        #expect(bench.submit(Bench.draft("a")) == [.unavailable(.starting)])
        #expect(bench.outcomes(bench.run(.access(Ticket(2), .sample))) == [.unavailable(.starting)])
        #expect(isSettled(bench.connect(Session(1))))
        #expect(
            bench.submit(Bench.draft("a")) == [
                .registered(
                    at: LogAddress(author: Bench.seat.author, index: 2),
                    number: Serial(year: 2026, serial: 1))
            ])
        #expect(bench.log.count == 2, "the start stands first: \(bench.log.map(\.entry.body))")
    }

    @Test func aNodeWithoutALineGoesOn() {
        var (bench, _) = started(.unproved)
        #expect(isSettled(bench.run(.dialFailed)))
        #expect(bench.role.unavailability == nil)
        (bench, _) = started(.unproved)
        _ = bench.run(.linkUp(Session(1)))
        #expect(bench.role.unavailability == .starting, "a line that stands has said nothing yet")
        #expect(isSettled(bench.run(.linkDown(Session(1)))))
        #expect(bench.role.unavailability == nil)
        (bench, _) = started(.unproved)
        bench.moment.steadyMilliseconds += TerritoryLimits.firstWordMilliseconds - 1_000
        #expect(!isSettled(bench.run(.tick)))
        bench.moment.steadyMilliseconds += 1_000
        let turn = bench.run(.tick)
        #expect(isSettled(turn) && turn.remarks.contains { $0.contains("without the centre's word") })
        #expect(bench.role.unavailability == nil)
    }

    @Test func aLogThatIsBehindGivesNoNumberThoughItsFilesSayNothing() {
        var (bench, _) = started(.unproved)
        _ = bench.run(.linkUp(Session(1)))
        let turn = bench.run(.received(Session(1), .refused(Refusal(code: .behind, reason: "older"))))
        #expect(isSettled(turn) && turn.appended.isEmpty)
        #expect(bench.submit(Bench.draft("a")) == [.unavailable(.fenced("older"))])
    }

    @Test func copiedFilesGiveNoNumberWhateverTheLineDoes() {
        var (bench, turn) = started(.copied)
        #expect(isSettled(turn), "it is decided: none")
        _ = bench.run(.dialFailed)
        bench.moment.steadyMilliseconds += 60_000
        _ = bench.run(.tick)
        guard case .unavailable(.fenced)? = bench.submit(Bench.draft("a")).first else {
            Issue.record("it is refused")
            return
        }
        #expect(bench.log.isEmpty)
    }

    @Test func copiedFilesAskForANewSeatOnceAllTheyHoldIsAtTheCentre() {
        var before = Bench()
        _ = before.submit(Bench.draft("a"), Bench.draft("b"))
        var (bench, turn) = started(.copied, state: before.role.state)
        #expect(turn.deeds.contains { if case .drawSeed = $0 { true } else { false } })
        guard let seed = Secret([UInt8](repeating: 7, count: 32)) else { return }
        _ = bench.run(.seed(seed))
        #expect(question(bench.connect(Session(1))) == nil, "what was promised is sent first")
        let sent = bench.run(.logRead(Session(1), first: 1, entries: before.log.map(\.bytes)))
        #expect(question(sent) == nil)
        let frontier = Frontier(author: 4, index: 2, digest: bench.role.state.digest)
        let asked = bench.run(.received(Session(1), .frontier(frontier)))
        guard let reseat = question(asked) else {
            Issue.record("it asks: \(asked.promises)")
            return
        }
        #expect(reseat.last == 2 && reseat.treeSeed == seed && reseat.pass == bench.role.state.pass)
        guard case .send(_, .reseat)? = asked.promises.last else {
            Issue.record("nothing follows it on that session: \(asked.promises)")
            return
        }
        // What the centre had sent before it read the question changes nothing.
        let late = bench.run(.received(Session(1), .keepAlive(wallMilliseconds: 1, backlog: 0)))
        #expect(late.promises.isEmpty && late.deeds.isEmpty)
        let answer = Reseated(author: 9, seat: 2, formers: [FormerLog(author: 4, seat: 1, last: 2, told: 2)])
        let seated = bench.run(.received(Session(1), .reseated(answer)))
        #expect(seated.promises.contains { if case .reseated(answer) = $0 { true } else { false } })
    }
}

extension AccessEntry {
    fileprivate static let sample = AccessEntry(
        officer: "o", action: "record.show", subjects: [], position: 0, block: nil)
}
