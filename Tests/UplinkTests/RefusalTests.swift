import Testing
import Uplink
import Vault

@Suite struct RefusalTests {
    @Test func aCopyThatSpeaksAfterAnotherIsFenced() {
        var original = Link(entries: 20)
        original.connect()
        original.settle()
        var copy = original
        original.cut()
        original.connect()
        original.settle()
        // The copy knows the pass from before: since then another was drawn and used.
        copy.cut()
        copy.passes = original.passes
        copy.archive = original.archive
        copy.connect()
        copy.settle()
        #expect(copy.fences.map(\.code) == [.cloned])
        guard case .refused(let refusal) = copy.sender.state else {
            Issue.record("a fenced sender is refused, not \(copy.sender.state)")
            return
        }
        #expect(refusal.code == .cloned)
    }

    @Test func aWelcomeThatWasLostLeavesThePassBeforeGood() {
        var link = Link(entries: 3)
        link.connect()
        link.settle()
        link.cut()
        link.connect()
        while link.toTerritory.isEmpty { _ = link.step() }
        link.cut()
        link.connect()
        link.settle()
        #expect(link.fences.isEmpty)
        #expect(link.isWhole)
    }

    @Test func aPassIsUsedAsSoonAsTheTerritorySpeaksAfterIt() {
        let first = PassRecord.admit(nil, shown: [], drawn: pass(1))
        #expect(first == PassRecord(current: pass(1), previous: [], isCurrentUsed: false))
        var used = PassRecord(current: pass(2), previous: pass(1), isCurrentUsed: false)
        #expect(PassRecord.admit(used, shown: pass(1), drawn: pass(3))?.previous == pass(1))
        used.isCurrentUsed = true
        #expect(PassRecord.admit(used, shown: pass(1), drawn: pass(3)) == nil)
        #expect(PassRecord.admit(used, shown: pass(2), drawn: pass(3))?.current == pass(3))
        #expect(PassRecord.admit(nil, shown: pass(9), drawn: pass(3)) == nil)
        #expect(PassRecord.admit(used, shown: [], drawn: pass(3)) == nil)
    }

    @Test func whatTheCentreSendsAheadOfTheComparisonHasALimit() {
        var link = Link(entries: 5)
        link.connect()
        link.settle()
        link.cut()
        link.append([9])
        link.connect()
        while link.digestReads.isEmpty, link.step() {}
        #expect(!link.digestReads.isEmpty)
        let message = UplinkMessage.downlink(
            Downlink(first: 1, items: [[UInt8](repeating: 0, count: UplinkLimits.downlinkBytes)]))
        for _ in 0..<UplinkLimits.unreadBytes / UplinkLimits.downlinkBytes {
            #expect(link.sender.received(message, now: link.now).isEmpty)
        }
        let closes = link.sender.received(message, now: link.now).contains { action in
            if case .close = action { true } else { false }
        }
        #expect(closes)
    }

    @Test func aNodeRestoredFromAnOlderCopyIsToldThatItIsBehind() {
        var link = Link(entries: 10)
        link.connect()
        link.settle()
        link.cut()
        link.log.removeLast(4)
        link.sender = UplinkSender(held: link.held, acknowledged: Link.end(of: link.log[..<3]))
        link.connect()
        link.settle()
        #expect(link.fences.map(\.code) == [.behind])
        #expect(link.archive.count == 10)
    }

    @Test func aNodeRestoredAndWrittenToHasDiverged() {
        for written in [2, 4, 9] {
            var link = Link(entries: 10)
            link.connect()
            link.settle()
            link.cut()
            link.log.removeLast(4)
            for number in 0..<written { link.log.append(Link.entry(number, filled: 0xEE)) }
            link.sender = UplinkSender(held: link.held, acknowledged: Link.end(of: link.log[..<3]))
            link.connect()
            link.settle()
            #expect(link.fences.map(\.code) == [.diverged], "after \(written) entries")
            #expect(link.archive == (0..<10).map { Link.entry($0) }, "the centre deletes nothing")
        }
    }

    @Test func aCentreThatLostEntriesIsSentThemAgain() {
        var link = Link(entries: 10)
        link.connect()
        link.settle()
        link.cut()
        link.archive.removeLast(4)
        link.connect()
        link.settle()
        #expect(link.isWhole)
        #expect(link.fences.isEmpty)
    }

    @Test func helloIsJudgedByClusterVersionAuthorAndName() {
        let hello = Hello(
            cluster: Link.cluster, version: UplinkLimits.version, author: Link.author, last: 0,
            digest: Link.end(of: []).digest, pass: [], downlink: 0, wallMilliseconds: 0)
        var other = hello
        other.cluster = [1]
        #expect(refusal(of: other) == .wrongCluster)
        other = hello
        other.version += 1
        #expect(refusal(of: other) == .wrongVersion)
        other = hello
        other.author += 1
        #expect(refusal(of: other) == .unknownAuthor)
        #expect(refusal(of: hello, certificate: "KZ-10") == .wrongName)
        #expect(refusal(of: hello) == nil)
    }

    @Test func aBatchThatDoesNotContinueWhatCameIsRefused() {
        #expect(refusal { $0.first += 1 } == .badBatch)
        #expect(refusal { $0.first -= 1 } == .badBatch)
        #expect(refusal { $0.author += 1 } == .badBatch)
        #expect(refusal { $0.entries[1][50] ^= 1 } == .badBatch)
        #expect(refusal { $0.entries.swapAt(0, 1) } == .badBatch)
        #expect(refusal { $0.entries.removeLast() } == .badBatch)
        #expect(refusal { $0.entries = [] } == .badBatch)
        #expect(refusal { _ in } == nil)
    }

    @Test func aBatchSentTwiceIsRefusedAndCountsOnce() {
        var link = Link(entries: 4)
        link.connect()
        func firstBatch() -> UplinkMessage? {
            link.toCentre.first { if case .batch = $0 { true } else { false } }
        }
        while firstBatch() == nil { _ = link.step() }
        link.toCentre += [firstBatch()].compactMap { $0 }
        link.settle()
        #expect(link.refusals.map(\.code) == [.badBatch])
        link.cut()
        link.connect()
        link.settle()
        #expect(link.isWhole)
    }

    @Test func nothingIsHeardBeforeAHello() {
        var receiver = UplinkReceiver(cluster: Link.cluster, territory: "KZ-75", now: 0)
        let actions = receiver.received(.keepAlive(wallMilliseconds: 0, backlog: 0), now: 1)
        #expect(actions.contains { if case .refused(let refusal) = $0 { refusal.code == .badMessage } else { false } })
    }

    @Test func aDownlinkPositionThatWasNeverSentIsRefused() {
        var link = Link(entries: 1)
        link.downlinkItems = [[1], [2]]
        link.connect()
        link.settle()
        #expect(link.takenItems == [[1], [2]])
        link.toCentre.append(.downlinkTaken(position: 3))
        link.settle()
        #expect(link.refusals.map(\.code) == [.badMessage])
    }

    private func pass(_ byte: UInt8) -> [UInt8] {
        [UInt8](repeating: byte, count: UplinkLimits.passBytes)
    }

    private func refusal(of hello: Hello, certificate: String = "KZ-75") -> Refusal.Code? {
        var link = Link(entries: 0)
        link.receiver = UplinkReceiver(cluster: Link.cluster, territory: certificate, now: 0)
        link.toCentre = [.hello(hello)]
        link.settle()
        return link.refusals.first?.code
    }

    /// What becomes of the first batch of a session after a change to it.
    private func refusal(_ change: (inout Batch) -> Void) -> Refusal.Code? {
        var link = Link(entries: 6)
        link.connect()
        while true {
            guard let message = link.toCentre.first, case .batch(var batch) = message else {
                _ = link.step()
                continue
            }
            change(&batch)
            link.toCentre[0] = .batch(batch)
            break
        }
        link.settle()
        return link.refusals.first?.code
    }
}
