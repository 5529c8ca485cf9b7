import Law
import Records
import Roles
import Testing
import Uplink
import Vault
import Wire

@Suite struct TerritoryTests {
    typealias Bench = TerritoryBench

    @Test func numbersAreGaplessPerKindAndYear() {
        var bench = Bench()
        let first = bench.submit(Bench.draft("a"), Bench.draft("b", kind: "AD-1"), Bench.draft("c"))
        #expect(first.map(serial) == [1, 1, 2])
        // 31 December 2026 19:00 UTC is the new year at UTC+5.
        bench.moment.wallMilliseconds = 1_798_743_600_000
        let later = bench.submit(Bench.draft("d"), Bench.draft("e", kind: "AD-1"))
        #expect(later.map(serial) == [1, 1])
        #expect(later.map(year) == [2027, 2027])
        bench.moment.wallMilliseconds = 1_798_743_599_999 - 86_400_000
        #expect(bench.submit(Bench.draft("f")).map(year) == [2027], "stamps never go back over a year's end")
    }

    @Test func aRefusedDocumentTakesNoNumber() {
        var bench = Bench()
        _ = bench.submit(Bench.draft("a"))
        _ = bench.submit(Bench.draft("a", content: 2), Bench.draft("x", act: .correct, of: "nobody"))
        #expect(bench.submit(Bench.draft("b")).map(serial) == [2])
    }

    @Test func aRepeatedDocumentGetsTheSameNumber() {
        var bench = Bench()
        let first = bench.submit(Bench.draft("a"))
        let again = bench.submit(Bench.draft("a"))
        #expect(serial(first[0]) == serial(again[0]))
        #expect(
            again[0]
                == .repeated(at: LogAddress(author: AuthorNumber(4), index: 1), number: Serial(year: 2026, serial: 1)))
        #expect(bench.log.count == 1)
    }

    @Test func aRepeatWithinOneTurnIsSeen() {
        var bench = Bench()
        let outcomes = bench.submit(Bench.draft("a"), Bench.draft("a"), Bench.draft("a", content: 2))
        #expect(outcomes.map(serial) == [1, 1, nil])
        #expect(outcomes[2] == .refused(code: "V004", field: "doc_id"))
        #expect(bench.log.count == 1)
    }

    @Test func aCorrectionFindsItsRecordThroughAnEarlierCorrectionOfTheSameTurn() {
        var bench = Bench()
        let outcomes = bench.submit(
            Bench.draft("a"), Bench.draft("b", act: .correct, of: "a"), Bench.draft("c", act: .cancel, of: "b"))
        #expect(outcomes.map(serial) == [1, 2, 3])
        let known = bench.index[Bench.id("c")]
        #expect(known?.record == Bench.id("a"))
        #expect(known?.opening.index == 1)
        guard case .document(let document)? = bench.log.last?.entry.body else {
            Issue.record("the cancellation is a document")
            return
        }
        #expect(document.record == Bench.id("a"))
    }

    @Test func aCorrectionOfNobodysRecordIsRefused() {
        var bench = Bench()
        #expect(bench.submit(Bench.draft("b", act: .correct, of: "a")) == [.refused(code: "V011", field: "supersedes")])
        _ = bench.submit(Bench.draft("a"))
        #expect(
            bench.submit(Bench.draft("b", act: .correct, of: "a", kind: "AD-1"))
                == [.refused(code: "V011", field: "form_code")])
    }

    @Test func theStartStandsInTheLogBeforeWhatWasSealedUnderIt() {
        var bench = Bench()
        let turn = bench.run(.started(nonceSalt: 77, software: "1"), .submit(Ticket(1), [Bench.draft("a")]))
        #expect(turn.appended.map(\.at.index) == [1, 2])
        #expect(turn.appended[0].entry.body == .control(.started(nonceSalt: 77, software: "1")))
        #expect(turn.isDurable)
    }

    @Test func stampsRiseWithinAnAuthorWhateverTheClockDoes() {
        var bench = Bench()
        let walls: [Int64] = [0, 1_000, -50_000, -50_000, 3_600_000, -1]
        for (number, wall) in walls.enumerated() {
            bench.moment.wallMilliseconds = UInt64(1_772_348_400_000 + wall)
            let turn = bench.run(.submit(Ticket(1), [Bench.draft("\(number)a"), Bench.draft("\(number)b")]))
            #expect((number == 2) == !turn.remarks.isEmpty || number > 4, "turn \(number): \(turn.remarks)")
        }
        let stamps = bench.log.map(\.entry.stamp)
        #expect(zip(stamps, stamps.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test func theStateAfterATurnIsTheChainOverItsBytes() {
        var bench = Bench()
        let turn = bench.run(.submit(Ticket(1), (0..<10).map { Bench.draft("\($0)") }))
        var chain = LogChain.genesis(cluster: Bench.seat.cluster, author: 4)
        for entry in turn.appended {
            chain.extend(entry.bytes)
            #expect(EntryCodec.encode(entry.entry) == entry.bytes)
        }
        #expect(turn.state?.digest == chain.digest)
        #expect(turn.state?.last == chain.index)
    }

    @Test func aNodeGoesOnFromItsStoredState() {
        var bench = Bench()
        _ = bench.submit(Bench.draft("a"), Bench.draft("b"))
        var second = Bench(state: bench.role.state)
        second.index = bench.index
        #expect(second.submit(Bench.draft("b"), Bench.draft("c")).map(serial) == [2, 3])
        #expect(second.log.map(\.at.index) == [3])
    }

    @Test func whatATurnHasNoRoomForIsGivenToTheNext() {
        var bench = Bench()
        let many = (0..<TerritoryLimits.turnDrafts).map { Bench.draft("m\($0)") }
        let turn = bench.run([.submit(Ticket(1), many), .submit(Ticket(2), [Bench.draft("z")]), .tick])
        #expect(turn.appended.count == many.count)
        #expect(turn.deferred.count == 2)
        let next = bench.run(turn.deferred)
        #expect(bench.outcomes(next).map(serial) == [UInt32(many.count) + 1])
        #expect(next.deferred.isEmpty)
    }

    @Test func aFullDiskRefusesDocumentsKnowsRepeatsAndRecovers() {
        var bench = Bench()
        _ = bench.submit(Bench.draft("a"))
        _ = bench.run(.space(false))
        #expect(bench.submit(Bench.draft("a")).map(serial) == [1])
        #expect(bench.submit(Bench.draft("b")) == [.unavailable(.diskFull)])
        bench.moment.steadyMilliseconds += TerritoryLimits.probeMilliseconds
        let probe = bench.run(.tick)
        #expect(probe.deeds.contains { if case .probeSpace = $0 { true } else { false } })
        _ = bench.run(.space(true))
        #expect(bench.submit(Bench.draft("b")).map(serial) == [2])
    }

    @Test func anAccessIsRecordedBeforeItIsPromised() {
        var bench = Bench()
        let access = AccessEntry(officer: "o", action: "record.show", subjects: [], position: 0, block: nil)
        let turn = bench.run(.access(Ticket(8), access))
        #expect(turn.appended.map(\.entry.body) == [.access(access)])
        #expect(turn.isDurable)
        guard case .recorded(Ticket(8), let at)? = turn.promises.first else {
            Issue.record("the access is promised: \(turn.promises)")
            return
        }
        #expect(at.index == 1)
    }

    private func serial(_ outcome: SubmitOutcome) -> UInt32? {
        switch outcome {
        case .registered(_, let number), .repeated(_, let number): number.serial
        case .refused, .unavailable: nil
        }
    }

    private func year(_ outcome: SubmitOutcome) -> UInt16? {
        if case .registered(_, let number) = outcome { number.year } else { nil }
    }
}
