import Law
import Records
import Roles
import Testing
import Uplink
import Vault
import Wire

struct TerritoryBundleTests {
    typealias Bench = TerritoryBench

    private let receipts = DownlinkItem.receipts(
        Receipts(author: Bench.seat.author, first: 1, year: 2026, confirmed: [7, 8], findings: []))

    private func refusals(_ turn: TerritoryTurn) -> [String?] {
        turn.promises.compactMap { promise -> String?? in
            if case .carried(_, let refusal) = promise { .some(refusal) } else { nil }
        }
    }

    @Test func aReceiptMovesTheFrontierAndBringsTheDownlink() {
        var bench = Bench()
        _ = bench.submit(Bench.draft("a"), Bench.draft("b"))
        let frontier = Frontier(author: 4, index: 2, digest: bench.role.state.digest)
        let turn = bench.run(.carried(Ticket(1), frontier, Downlink(first: 1, items: [receipts.encoded()])))
        #expect(refusals(turn) == [nil])
        #expect(turn.isDurable && turn.taken.count == 1)
        #expect(turn.state?.frontier == 2 && turn.state?.downlink == 1)
        #expect(bench.role.status().backlog == 0)
        // Again: nothing comes twice.
        let again = bench.run(.carried(Ticket(2), frontier, Downlink(first: 1, items: [receipts.encoded()])))
        #expect(refusals(again) == [nil] && again.taken.isEmpty)
    }

    @Test func anOlderReceiptTakesNothingBack() {
        var bench = Bench()
        _ = bench.submit(Bench.draft("a"))
        let early = Frontier(author: 4, index: 1, digest: bench.role.state.digest)
        _ = bench.submit(Bench.draft("b"))
        let late = Frontier(author: 4, index: 2, digest: bench.role.state.digest)
        _ = bench.run(.carried(Ticket(1), late, Downlink(first: 1, items: [])))
        _ = bench.run(.carried(Ticket(2), early, Downlink(first: 1, items: [])))
        #expect(bench.role.state.frontier == 2)
    }

    @Test func aReceiptWithAGapBeforeItIsRefused() {
        var bench = Bench()
        let frontier = Frontier(author: 4, index: 0, digest: bench.role.state.digest)
        let turn = bench.run(.carried(Ticket(1), frontier, Downlink(first: 3, items: [receipts.encoded()])))
        #expect(refusals(turn).first??.contains("1 was expected") == true)
        #expect(turn.taken.isEmpty && bench.role.state.downlink == 0)
    }

    @Test func aFenceIsNotEndedByAReceipt() {
        var bench = Bench()
        _ = bench.submit(Bench.draft("a"))
        _ = bench.run(.linkUp(Session(1)))
        _ = bench.run(.received(Session(1), .refused(Refusal(code: .cloned, reason: "a copy"))))
        let frontier = Frontier(author: 4, index: 1, digest: bench.role.state.digest)
        _ = bench.run(.carried(Ticket(1), frontier, Downlink(first: 1, items: [])))
        #expect(bench.role.state.fence == "a copy")
    }

    /// The line's centre has sent less than the receipt brought: it must not hear of more than it sent.
    @Test func aLineThatLagsBehindTheReceiptIsAnsweredForWhatItSent() {
        var bench = Bench()
        _ = bench.submit(Bench.draft("a"), Bench.draft("b"))
        let session = Session(1)
        _ = bench.connect(session)
        let frontier = Frontier(author: 4, index: 2, digest: bench.role.state.digest)
        let notice = DownlinkItem.notice(Notice(code: "N", text: "n")).encoded()
        _ = bench.run(.carried(Ticket(1), frontier, Downlink(first: 1, items: [receipts.encoded(), notice])))
        let turn = bench.run(.received(session, .downlink(Downlink(first: 1, items: [receipts.encoded()]))))
        #expect(turn.taken.isEmpty)
        #expect(
            turn.promises.contains { if case .send(_, .downlinkTaken(position: 1)) = $0 { true } else { false } })
    }

    @Test func aNewKeyForBundlesComesDownAsAnEntryOfTheCentre() {
        var bench = Bench()
        let epoch = BundleEpoch(number: 2, key: [UInt8](repeating: 5, count: 32), openFrom: 1, officer: "o")
        let bytes = EntryCodec.encode(Entry(stamp: Stamp(bits: 9), seen: 0, body: .control(.bundleEpoch(epoch))))
        let item = DownlinkItem.entry(
            ForeignEntry(at: LogAddress(author: .centre, index: 3), bytes: bytes, nonceSalt: 0, granted: []))
        let frontier = Frontier(author: 4, index: 0, digest: bench.role.state.digest)
        let turn = bench.run(.carried(Ticket(1), frontier, Downlink(first: 1, items: [item.encoded()])))
        #expect(turn.taken.contains { if case .bundleEpoch(epoch) = $0 { true } else { false } })
    }
}
