import Consensus
import Records
import TestSupport
import Testing
import Uplink
import Vault
import Wire

struct MessageTests {
    static let secret = Secret([UInt8](repeating: 4, count: 32))
    static let cluster = [UInt8](repeating: 1, count: 16)
    static let digest = Digest.of([9])

    static let raft: [RaftMessage.Body] = [
        .askPreVote(last: Mark(index: 4, term: 2)), .preVote(granted: false),
        .preVote(granted: true),
        .askVote(last: .zero, transfer: true), .vote(granted: true),
        .append(
            .init(
                previous: Mark(index: 4, term: 2),
                entries: [
                    RaftEntry(index: 5, term: 3, payload: .nothing),
                    RaftEntry(index: 6, term: 3, payload: .proposal([1, 2])),
                    RaftEntry(index: 7, term: 3, payload: .membership(Membership(voters: [1, 2], learners: [3]))),
                ], commit: 4, told: 3)),
        .append(.init(previous: .zero, entries: [], commit: 0, told: 0)),
        .appended(match: 0), .appendRefused(at: 9, hint: Mark(index: 3, term: 1)),
        .heartbeat(.init(commit: 5, told: 4, round: 77)), .heartbeatHeard(round: 0), .staleTerm,
        .snapshot(SnapshotHead(mark: Mark(index: 90, term: 4), membership: Membership(voters: [1]))), .standNow,
    ]

    static let uplink: [UplinkMessage] = [
        .hello(
            Hello(
                cluster: cluster, version: 1, author: 7, last: 0, digest: digest, pass: [], downlink: 3,
                wallMilliseconds: 5)),
        .welcome(
            Welcome(
                frontier: Frontier(author: 7, index: 0, digest: digest), pass: [1], wallMilliseconds: 6,
                windowBytes: 1 << 20, downlinkLast: 44)),
        .refused(Refusal(code: .diverged, reason: "index 4 differs")),
        .batch(Batch(author: 7, first: 1, entries: [[1], [], [2, 3]], digest: digest)),
        .frontier(Frontier(author: 7, index: 9, digest: digest)), .downlink(Downlink(first: 1, items: [[5]])),
        .downlinkTaken(position: 3), .keepAlive(wallMilliseconds: 1, backlog: 2),
        .question(number: 1, bytes: [1]), .answer(number: 1, bytes: []),
    ]

    static let joining: [Message] =
        [
            .greeting(Greeting(version: 1, cluster: cluster, software: "1.0")),
            .joined(
                JoinAnswer(
                    certificates: [[1], [2]], cluster: cluster, name: "kz-75-1", role: "territory",
                    territory: "KZ-75", author: 4, seat: 1, catalogue: [],
                    peers: [.init(name: "centre-1", address: "127.0.0.1:1")])),
            .joinRefused(JoinRefusal(code: .usedToken, reason: "used")),
            .query(Query(id: 3, officer: "a", method: "GET", path: "/v1/persons?iin=1", body: [])),
            .answer(Answer(id: 3, status: 200, body: Array("{}".utf8))),
        ]
        + (secret.map {
            [
                .join(
                    JoinRequest(
                        cluster: cluster, secret: $0, name: "", signingRequest: [1, 2], treeSeed: $0, address: "",
                        wallMilliseconds: 8))
            ]
        } ?? [])

    static let all: [Message] =
        joining + uplink.map { .uplink($0) }
        + raft.map { .consensus(RaftMessage(from: 1, to: 2, term: 3, body: $0)) }
        + [.bundleKey(BundleKey(number: 2, key: [UInt8](repeating: 0x55, count: 32)))]

    static let reseating: [UplinkMessage] =
        (secret.map {
            [
                .reseat(
                    Reseat(
                        cluster: cluster, version: 1, author: 7, last: 50, cause: .diverged, treeSeed: $0,
                        wallMilliseconds: 9))
            ]
        } ?? [])
        + [
            .reseated(
                Reseated(
                    author: 9, seat: 2,
                    formers: [
                        FormerLog(author: 4, seat: 1, last: 0, told: 3),
                        FormerLog(author: 7, seat: 2, last: 80, told: 90),
                    ])),
            .formerAsked(FormerAsk(author: 7, after: 0, digest: digest, maximumBytes: 1 << 16)),
            .former(Batch(author: 7, first: 41, entries: [[1], [2, 3]], digest: digest)),
        ]

    @Test(arguments: reseating) func everyMessageOfAReseatingReadsBack(message: UplinkMessage) throws {
        #expect(try Message(decoding: Message.uplink(message).encoded()) == .uplink(message))
    }

    static let gathering: [UplinkMessage] = [
        .recovered(Recovered(generation: 2, author: 7, frontier: 0, downlink: 41, own: 9)),
        .told(Told(author: 7, through: 80, items: [[1, 2], [3]], isLast: false)),
        .told(Told(author: 7, through: 0, items: [], isLast: true)),
    ]

    @Test(arguments: gathering) func everyMessageOfAGatheringReadsBack(message: UplinkMessage) throws {
        #expect(try Message(decoding: Message.uplink(message).encoded()) == .uplink(message))
        guard case .told(let told) = message else { return }
        let proposal = Proposal(leaderMilliseconds: 5, payload: .told(told))
        #expect(try Proposal(decoding: proposal.encoded()) == proposal)
        #expect(Proposal.ownEntries(in: proposal.encoded()) == nil)
    }

    @Test(arguments: all) func everyMessageReadsBack(message: Message) throws {
        #expect(try Message(decoding: message.encoded()) == message)
    }

    @Test(arguments: Samples.proposals.map(\.proposal)) func aProposalReadsBack(proposal: Proposal) throws {
        #expect(try Proposal(decoding: proposal.encoded()) == proposal)
    }

    @Test(arguments: Samples.downlink.map(\.item)) func aDownlinkItemReadsBack(item: DownlinkItem) throws {
        #expect(try DownlinkItem(decoding: item.encoded()) == item)
    }

    @Test func neighbouringConfirmedNumbersCostAByteEach() {
        let receipts = Receipts(
            author: AuthorNumber(7), first: 1, year: 2026, confirmed: Array(5_000_000..<5_001_000), findings: [])
        #expect(DownlinkItem.receipts(receipts).encoded().count < 1_030)
    }

    @Test func questionsAndAnswersHaveBytesOfTheirOwn() throws {
        let query = Query(id: 1, officer: "o", method: "POST", path: "/v1", body: [1])
        #expect(try Query(decoding: query.encoded()) == query)
        let answer = Answer(id: 1, status: 404, body: [1])
        #expect(try Answer(decoding: answer.encoded()) == answer)
    }

    /// Changed bytes never trap: they are refused, or are another message.
    @Test(arguments: all) func changedBytesDoNotTrap(message: Message) throws {
        let honest = message.encoded()
        var dice = Dice(seed: UInt64(honest.count))
        for _ in 0..<2_000 {
            var bytes = honest
            for _ in 0...dice.below(3) {
                bytes[dice.below(bytes.count)] = UInt8(truncatingIfNeeded: dice.next())
            }
            if let read = try? Message(decoding: bytes) { _ = read.encoded() }
            if let read = try? Proposal(decoding: bytes) { _ = read.encoded() }
            if let read = try? DownlinkItem(decoding: bytes) { _ = read.encoded() }
        }
    }

    @Test func nothingAndNoiseAreRefused() {
        #expect(throws: WireError.missing("message")) { try Message(decoding: []) }
        #expect(throws: WireError.self) { try Message(decoding: Array("GET / HTTP/1.1\r\n\r\n".utf8)) }
        let oversize = [UInt8](repeating: 0, count: Limits.frameBytes + 1)
        #expect(throws: WireError.tooLarge("message", limit: Limits.frameBytes)) { try Message(decoding: oversize) }
    }
}
