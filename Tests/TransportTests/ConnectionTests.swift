import TestSupport
import Testing
import Transport
import Uplink
import Vault
import Wire

@Suite(.serialized, .timeLimit(.minutes(2)))
struct ConnectionTests {
    /// Made once: the tests are about the line, not about making bytes.
    static let noise: [UInt8] = {
        var dice = Dice(seed: 1)
        let block = (0..<65_536).map { _ in UInt8(truncatingIfNeeded: dice.next()) }
        // Every 64 KiB are changed throughout, so LZ4 finds nothing in its window.
        return (0..<64).flatMap { step in block.map { $0 ^ UInt8(step) } }
    }()

    static func question(_ number: UInt64, _ count: Int = 10) -> Message {
        .uplink(.question(number: number, bytes: Array(noise.prefix(count))))
    }

    @Test func bothEndsKnowEachOtherByTheirCertificates() async throws {
        let cluster = try Cluster()
        let (listener, centre, caller) = try await cluster.pair(as: cluster.territory())
        #expect(centre.peer == PeerName(cluster: cluster.id, role: .territory, place: "KZ-75", name: "kz-75-1"))
        #expect(caller.peer == PeerName(cluster: cluster.id, role: .centre, place: "centre", name: "centre-1"))
        #expect(centre.greeting.version == Limits.version)
        caller.close("done")
        await centre.waitUntilClosed()
        await listener.close()
    }

    @Test(arguments: [Density.quick, .dense])
    func messagesArriveWholeAndInOrderBothWays(density: Density) async throws {
        let cluster = try Cluster()
        let (listener, centre, caller) = try await cluster.pair(as: cluster.territory(), density: density)
        var dice = Dice(seed: 8)
        let sent = (0..<60).map {
            Self.question(UInt64($0), [1, 50, 5_000, 70_000, 300_000, 3_000_000][dice.below(6)])
        }
        async let echo: Void = {
            for try await message in centre.messages { try await centre.send(message) }
        }()
        async let writing: Void = {
            for message in sent { try await caller.send(message) }
        }()
        var received: [Message] = []
        for try await message in caller.messages {
            received.append(message)
            if received.count == sent.count { break }
        }
        try await writing
        #expect(received == sent)
        let traffic = caller.traffic
        #expect(traffic.framesOut == sent.count + 1)
        #expect(traffic.rawOut == traffic.rawIn)
        #expect(traffic.wireOut < traffic.rawOut, "repeated words compress")
        caller.close("done")
        _ = try? await echo
        await listener.close()
    }

    /// The history runs round its room many times, with frames of all sizes among one another, stored ones too.
    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func denseFramesReadBackHoweverTheHistoryRunsRound(seed: UInt64) async throws {
        let cluster = try Cluster()
        let (listener, centre, caller) = try await cluster.pair(as: cluster.territory(), density: .dense)
        var dice = Dice(seed: seed)
        let sizes = [1, 20, 900, 30_000, 65_520, 65_536, 65_560, 200_000]
        let sent = (0..<120).map {
            Message.uplink(.question(number: UInt64($0), bytes: dice.material(sizes[dice.below(sizes.count)])))
        }
        async let writing: Void = {
            for message in sent { try await caller.send(message) }
        }()
        var received: [Message] = []
        for try await message in centre.messages {
            received.append(message)
            if received.count == sent.count { break }
        }
        try await writing
        #expect(received == sent, "seed \(seed)")
        await listener.close()
    }

    @Test func denseBytesAreFewerThanQuickOnes() async throws {
        var sent: [Density: Int] = [:]
        for density in [Density.quick, .dense] {
            let cluster = try Cluster()
            let (listener, centre, caller) = try await cluster.pair(as: cluster.territory(), density: density)
            var dice = Dice(seed: 6)
            let words = (0..<200).map { _ in (0..<12).map { _ in UInt8(truncatingIfNeeded: dice.next()) } }
            let text = (0..<40_000).flatMap { _ in words[dice.below(words.count)] }
            try await caller.send(.uplink(.question(number: 1, bytes: text)))
            for try await _ in centre.messages { break }
            sent[density] = caller.traffic.wireOut
            await listener.close()
        }
        let (quick, dense) = (try #require(sent[.quick]), try #require(sent[.dense]))
        #expect(dense * 10 < quick * 9, "\(dense) and \(quick)")
    }

    /// All that TCP carries counts: the handshake, the records of TLS and the frames' heads.
    @Test func bothEndsCountTheSameBytesOnTheLine() async throws {
        let cluster = try Cluster()
        let (listener, centre, caller) = try await cluster.pair(as: cluster.territory())
        let before = caller.traffic.wireOut
        #expect(before > 500, "certificates were shown")
        try await caller.send(Self.question(1, 50_000))
        for try await _ in centre.messages { break }
        #expect(caller.traffic.wireOut - before > 50_000 + 9 + 3 * 22)
        #expect(centre.traffic.wireIn == caller.traffic.wireOut)
        await listener.close()
    }

    @Test func aSlowReaderHoldsTheSenderBack() async throws {
        let cluster = try Cluster()
        let (listener, centre, caller) = try await cluster.pair(as: cluster.territory())
        let total = 200
        let sending = Task {
            for number in 0..<total { try await caller.send(Self.question(UInt64(number), 400_000)) }
        }
        // Nobody reads yet: 80 MB do not fit into sockets and 8 messages, so the sender has to stand still. What the
        // reader then finds is complete.
        var numbers: [UInt64] = []
        for try await case .uplink(.question(let number, _)) in centre.messages {
            numbers.append(number)
            if numbers.count == 1 { #expect(caller.traffic.framesOut < total) }
            if numbers.count == total { break }
        }
        try await sending.value
        #expect(numbers == Array(0..<UInt64(total)))
        await listener.close()
    }

    @Test func controlGoesBeforeDataThatWaits() async throws {
        let cluster = try Cluster()
        let (listener, centre, caller) = try await cluster.pair(as: cluster.territory())
        // Nobody reads yet: 8 of them wait for the reader and some 10 MB fit into sockets. The rest waits here, however
        // slowly this is posted.
        for number in 1...15 { caller.post(Self.question(UInt64(number), 4_000_000), .data) }
        caller.post(Self.question(99), .control)
        var order: [UInt64] = []
        for try await case .uplink(.question(let number, _)) in centre.messages {
            order.append(number)
            if order.count == 16 { break }
        }
        let place = try #require(order.firstIndex(of: 99))
        #expect(place < 15, "\(order)")
        #expect(order.filter { $0 != 99 } == Array(1...15))
        await listener.close()
    }

    @Test func aSenderThatOutrunsTheLineIsClosedAndNotBuffered() async throws {
        let cluster = try Cluster()
        let (listener, centre, caller) = try await cluster.pair(as: cluster.territory())
        for number in 1...60 { caller.post(Self.question(UInt64(number), 4_000_000), .data) }
        await caller.waitUntilClosed()
        await #expect(throws: TransportError.backlogFull) {
            for try await _ in caller.messages {}
        }
        _ = centre
        await listener.close()
    }

    @Test func aPeerThatFallsSilentIsLetGo() async throws {
        let cluster = try Cluster()
        var configuration = Configuration()
        configuration.silenceMilliseconds = 100
        let (listener, centre, caller) = try await cluster.pair(as: cluster.territory(), configuration: configuration)
        await #expect(throws: TransportError.silent(milliseconds: 100)) {
            for try await _ in centre.messages {}
        }
        await caller.waitUntilClosed()
        await listener.close()
    }

    @Test func aMessageAboveTheFrameIsRefusedAtItsSender() async throws {
        let cluster = try Cluster()
        let (listener, centre, caller) = try await cluster.pair(as: cluster.territory())
        await #expect(throws: TransportError.self) {
            let large = [UInt8](repeating: 1, count: Limits.frameBytes)
            try await caller.send(.uplink(.question(number: 1, bytes: large)))
        }
        try await caller.send(Self.question(2))
        var iterator = centre.messages.makeAsyncIterator()
        #expect(try await iterator.next() == Self.question(2))
        await listener.close()
    }

    @Test func nobodyThereSaysSo() async throws {
        let cluster = try Cluster()
        let listener = try await cluster.listen()
        let port = listener.port
        await listener.close()
        let error = await #expect(throws: TransportError.self) {
            try await cluster.dial(port, as: cluster.territory())
        }
        guard case .cannotReach = try #require(error) else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func aPortInUseSaysSo() async throws {
        let cluster = try Cluster()
        let listener = try await cluster.listen()
        await #expect(throws: TransportError.self) {
            try await Transport.Listener.bind(host: "127.0.0.1", port: listener.port, identity: cluster.centre())
        }
        await listener.close()
    }
}
