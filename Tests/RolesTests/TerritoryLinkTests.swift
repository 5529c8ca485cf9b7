import Law
import Records
import Roles
import Testing
import Uplink
import Vault
import Wire

@Suite struct TerritoryLinkTests {
    typealias Bench = TerritoryBench
    let session = Session(1)

    @Test func helloAndBatchesLeaveOnlyAsPromises() {
        var bench = Bench()
        _ = bench.submit(Bench.draft("a"), Bench.draft("b"))
        let up = bench.run(.linkUp(session))
        guard case .send(session, .hello(let hello))? = up.promises.first else {
            Issue.record("the hello is a promise: \(up.promises)")
            return
        }
        #expect(hello.last == 2)
        #expect(hello.digest == bench.role.state.digest)
    }

    @Test func thePassIsStoredInTheTurnAfterWhichShippingBegins() {
        var bench = Bench()
        _ = bench.submit(Bench.draft("a"))
        let turn = bench.connect(session)
        let welcomed = bench.role.state
        #expect(welcomed.pass == [UInt8](repeating: 9, count: UplinkLimits.passBytes))
        #expect(turn.promises.contains { if case .readLog(session, 1, _) = $0 { true } else { false } })
    }

    @Test func aBatchIsSentAndItsFrontierKept() {
        var bench = Bench()
        _ = bench.submit(Bench.draft("a"), Bench.draft("b"))
        _ = bench.connect(session)
        let sent = bench.run(.logRead(session, first: 1, entries: bench.log.map(\.bytes)))
        guard case .send(_, .batch(let batch))? = sent.promises.first else {
            Issue.record("the batch is sent: \(sent.promises)")
            return
        }
        #expect(batch.digest == bench.role.state.digest)
        let frontier = Frontier(author: 4, index: 2, digest: batch.digest)
        let told = bench.run(.received(session, .frontier(frontier)))
        #expect(told.state?.frontier == 2)
        #expect(!told.isDurable, "a frontier promises nothing")
        #expect(bench.role.status().backlog == 0)
    }

    @Test func aFencedNodeTakesNoDocumentsAndSaysWhy() {
        var bench = Bench()
        _ = bench.submit(Bench.draft("a"))
        _ = bench.run(.linkUp(session))
        let turn = bench.run(.received(session, .refused(Refusal(code: .cloned, reason: "a copy"))))
        #expect(turn.state?.fence == "a copy")
        #expect(turn.isDurable)
        #expect(bench.submit(Bench.draft("b")) == [.unavailable(.fenced("a copy"))])
        let again = Bench(state: bench.role.state)
        #expect(again.role.unavailability == .fenced("a copy"), "a fence outlives a restart")
    }

    @Test func theDownlinkIsTakenInOrderOnceAndAcknowledgedAfterTheTurn() {
        var bench = Bench()
        _ = bench.submit(Bench.draft("a"), Bench.draft("b"))
        _ = bench.connect(session)
        let items = [receipt(first: 1, [11, 12]), DownlinkItem.notice(Notice(code: "n", text: "t")).encoded()]
        let turn = bench.run(.received(session, .downlink(Downlink(first: 1, items: items))))
        #expect(turn.taken.count == 2)
        #expect(turn.state?.downlink == 2)
        #expect(turn.isDurable)
        #expect(turn.promises.contains { if case .send(_, .downlinkTaken(position: 2)) = $0 { true } else { false } })
        let again = bench.run(.received(session, .downlink(Downlink(first: 1, items: items))))
        #expect(again.taken.isEmpty)
        let gap = bench.run(.received(session, .downlink(Downlink(first: 4, items: items))))
        #expect(gap.taken.isEmpty)
        #expect(gap.promises.contains { if case .close = $0 { true } else { false } })
    }

    /// The centre's log may hold other entries at these places: their receipts would be written against the wrong ones.
    @Test func whatComesDownBeforeBothLogsAreComparedIsTakenAfterIt() {
        var bench = Bench()
        _ = bench.submit(Bench.draft("a"), Bench.draft("b"))
        var other = bench
        let begin = Territory.genesis(of: Bench.seat).digest
        let welcome = Welcome(
            frontier: Frontier(author: 4, index: 1, digest: LogChain.digest(after: begin, bench.log[0].bytes)),
            pass: [UInt8](repeating: 9, count: UplinkLimits.passBytes), wallMilliseconds: 5,
            windowBytes: UplinkLimits.windowBytes, downlinkLast: 1)
        let downlink = Downlink(first: 1, items: [receipt(first: 1, [11])])
        _ = bench.run(.linkUp(session))
        let welcomed = bench.run(.received(session, .welcome(welcome)), .received(session, .downlink(downlink)))
        #expect(welcomed.taken.isEmpty && bench.role.state.downlink == 0)
        let agreed = bench.run(.digestRead(session, welcome.frontier))
        #expect(agreed.taken.count == 1 && agreed.state?.downlink == 1)
        // The same where the logs differ.
        _ = other.run(.linkUp(session))
        _ = other.run(.received(session, .welcome(welcome)), .received(session, .downlink(downlink)))
        let differs = other.run(.digestRead(session, Frontier(author: 4, index: 1, digest: begin)))
        #expect(differs.taken.isEmpty && other.role.state.downlink == 0)
        #expect(other.role.state.fence != nil)
    }

    @Test func aForeignCorrectionIsLinkedToTheRecordAndSeenByLaterOnes() {
        var bench = Bench()
        _ = bench.submit(Bench.draft("a"))
        _ = bench.connect(session)
        let document = DocumentEntry(
            act: .correct, record: Bench.id("a"), kind: "CR-1", edition: .init(20_000),
            number: Serial(year: 2026, serial: 1), sender: "CENTRE", document: "k", writes: [], blocks: [])
        let entry = Entry(stamp: Stamp(milliseconds: 5), seen: 0, body: .document(document))
        let at = LogAddress(author: .centre, index: 30)
        let foreign = ForeignEntry(at: at, bytes: EntryCodec.encode(entry), nonceSalt: 6, granted: [])
        let downlink = Downlink(first: 1, items: [DownlinkItem.entry(foreign).encoded()])
        let turn = bench.run(.received(session, .downlink(downlink)))
        guard case .entry(let taken, nonceSalt: 6, _)? = turn.taken.first else {
            Issue.record("the entry is taken: \(turn.taken)")
            return
        }
        #expect(taken.at == at)
        #expect(taken.indexed?.document.opening.index == 1)
        #expect(bench.submit(Bench.draft("c", act: .correct, of: "a")).count == 1)
        #expect(bench.log.last?.entry.seen == 1, "an entry names the downlink its author had taken")
    }

    @Test func anUnreadableItemEndsTheSessionAndChangesNothing() {
        var bench = Bench()
        _ = bench.connect(session)
        let turn = bench.run(.received(session, .downlink(Downlink(first: 1, items: [[0xFF, 0xFF]]))))
        #expect(turn.taken.isEmpty)
        #expect(bench.role.state.downlink == 0)
        #expect(turn.promises.contains { if case .close(session, _) = $0 { true } else { false } })
        #expect(turn.deeds.contains { if case .dial = $0 { true } else { false } })
    }

    @Test func aNewerConnectionTakesTheOldersPlace() {
        var bench = Bench()
        _ = bench.connect(session)
        let turn = bench.run(.linkUp(Session(2)))
        #expect(turn.promises.contains { if case .close(session, _) = $0 { true } else { false } })
        let late = bench.run(.linkDown(session))
        #expect(late.deeds.isEmpty, "the older connection's end is of no interest")
        let down = bench.run(.linkDown(Session(2)))
        #expect(down.deeds.contains { if case .dial = $0 { true } else { false } })
    }

    @Test func aNodeThatCannotReachTheCentreRegistersOn() {
        var bench = Bench()
        for _ in 0..<5 { #expect(!bench.run(.dialFailed).deeds.isEmpty) }
        #expect(bench.submit(Bench.draft("a")).count == 1)
        #expect(bench.role.status().backlog == 1)
    }

    private func receipt(first: EntryIndex, _ confirmed: [UInt32]) -> [UInt8] {
        DownlinkItem.receipts(
            Receipts(author: AuthorNumber(4), first: first, year: 2026, confirmed: confirmed, findings: [])
        ).encoded()
    }
}
