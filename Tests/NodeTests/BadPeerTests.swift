import Consensus
import Foundation
import Logging
import Node
import Records
import ServiceLifecycle
import Storage
import Synchronization
import TestSupport
import Testing
import Transport
import Uplink
import Vault
import Wire

/// What other nodes must not say to a node of the centre: each refused, counted, told once a minute for each of them,
/// and without any effect. Real TLS to a real node; who speaks has a certificate of the real authority, unless the test
/// is about just that.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct BadPeerTests {
    /// Warnings and worse, as they were logged.
    final class Heard: Sendable {
        private let lines = Mutex<[String]>([])

        func add(_ line: String) { lines.withLock { $0.append(line) } }

        func refusals(of sender: String) -> [String] {
            lines.withLock { $0.filter { $0.contains("is refused") && $0.contains(sender) } }
        }
    }

    struct Handler: LogHandler {
        let heard: Heard
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.notice

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            heard.add("\(event.message) \(event.metadata.map { "\($0)" } ?? "")")
        }
    }

    /// A centre of one that serves in this process, and its authority's key.
    final class Centre {
        let folder: TemporaryFolder
        let port: Int
        let heard = Heard()
        let house: House
        let node: any RunningNode
        let cluster: [UInt8]
        let authority: Authority
        private let running: Task<Void, any Error>

        static let now = UInt64(Date().timeIntervalSince1970)

        init() async throws {
            let folder = try TemporaryFolder()
            self.folder = folder
            port = try Ports.free()
            let heard = heard
            house = House(logger: Logger(label: "test") { _ in Handler(heard: heard) })
            let path = folder.path("centre-1")
            let made = try await house.initCentre(
                InitOptions(
                    directory: path, name: "centre-1", listen: "127.0.0.1:\(port)", http: nil, secretFile: nil))
            cluster = try #require(Hex.decode(made.cluster))
            let directory = NodeDirectory(path)
            let keyring = try Keyring(
                path: directory.keyring, slot: directory.epochSlot,
                owner: FileOwner(cluster: cluster, node: "centre centre"),
                secret: try TestFile.bytes(directory.secret),
                draw: { count in (0..<count).map { _ in UInt8.random(in: 0...255) } })
            let key = String(decoding: try #require(try keyring.secret("authority")), as: UTF8.self)
            try keyring.close()
            let pem = String(decoding: try TestFile.bytes(directory.authority), as: UTF8.self)
            let base64 = pem.split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
            authority = try Authority(
                cluster: cluster, certificate: [UInt8](try #require(Data(base64Encoded: base64))), keyPEM: key)
            let node = try await house.open(OpenOptions(directory: path))
            self.node = node
            running = Task { try await node.run() }
            try await until("it leads, and its start and its address are applied") {
                let standing = try await self.standing()
                return standing.leader == "centre-1" && standing.members.allSatisfy { $0.applied >= 3 }
            }
        }

        func close() async throws {
            await node.stop()
            try await running.value
        }

        func standing() async throws -> CentreStatus {
            guard case .centre(let status) = try await node.clusterStatus() else { throw Wrong() }
            return status
        }

        struct Wrong: Error {}

        func until(_ what: String, _ holds: () async throws -> Bool) async throws {
            for _ in 0..<400 {
                if try await holds() { return }
                try await Task.sleep(for: .milliseconds(25))
            }
            Issue.record("asked in vain: \(what)")
        }

        func refused() async throws -> UInt64 { try await node.nodeStatus().refusedMessages }

        /// An identity of the cluster's authority, or of another.
        func identity(number: UInt64, name: String, by other: Authority? = nil) throws -> Identity {
            let authority = other ?? authority
            let key = try NodeKey.make(name: name)
            let certificate = try authority.sign(
                request: key.signingRequest,
                as: PeerName(cluster: cluster, role: .centre, place: "centre.\(number)", name: name),
                nowSeconds: Self.now)
            return try Identity(
                cluster: cluster, certificates: [certificate, authority.certificate], keyPEM: key.keyPEM,
                authorities: [self.authority.certificate])
        }

        func dial(_ identity: Identity) async throws -> Transport.Connection {
            try await Dialer.connect(
                host: "127.0.0.1", port: port, cluster: cluster, identity: identity,
                trust: .authorities([authority.certificate]))
        }

        /// Says all this on one line, and waits until as many messages are refused.
        func say(_ messages: [Message], as identity: Identity) async throws {
            let before = try await refused()
            let line = try await dial(identity)
            for message in messages { line.post(message, .control) }
            try await until("\(messages.count) are refused") {
                try await refused() >= before + UInt64(messages.count)
            }
            #expect(try await refused() == before + UInt64(messages.count))
            line.close("said")
        }

        /// A second node, seated and added as a learner, and never started: the test speaks in its place.
        func learner() async throws -> UInt64 {
            let token = try await node.issueToken(
                TokenRequest(role: "centre", territory: "", ttlSeconds: 600), caller: Self.operatorsOwn)
            _ = try await house.join(
                JoinOptions(
                    directory: folder.path("centre-2"), token: token.token, name: "centre-2",
                    listen: "127.0.0.1:\(try Ports.free())", http: nil, peer: nil, secretFile: nil))
            _ = try await node.change(
                MemberChange(verb: .add, nodes: ["centre-2"], isDryRun: false, force: ""), caller: Self.operatorsOwn)
            return try #require(try await node.members().first { $0.name == "centre-2" }).number
        }

        static let operatorsOwn = Caller(officer: "operator", basis: "", purpose: "")
    }

    static func raft(
        from: UInt64 = 9, to: UInt64 = 1, term: UInt64, _ body: RaftMessage.Body
    ) -> Message {
        .consensus(RaftMessage(from: ReplicaID(from), to: ReplicaID(to), term: Term(term), body: body))
    }

    static func append(at index: UInt64, term: UInt64) -> RaftMessage.Body {
        let previous = Mark(index: LogIndex(index), term: Term(term))
        return .append(
            .init(
                previous: previous,
                entries: [RaftEntry(index: previous.index.next, term: Term(term), payload: .proposal([1]))],
                commit: previous.index.next, told: 0))
    }

    @Test func aNumberThatTheGroupNeverHadChangesNothingWhateverItSays() async throws {
        let centre = try await Centre()
        let before = try await centre.standing()
        let stranger = try centre.identity(number: 9, name: "centre-9")
        let last = Mark(index: LogIndex(1 << 40), term: 40)
        let digest = Digest.of([1])
        try await centre.say(
            [
                Self.raft(term: before.term + 3, .askVote(last: last, transfer: true)),
                Self.raft(term: before.term + 3, .askPreVote(last: last)),
                Self.raft(term: before.term + 3, Self.append(at: 1, term: 1)),
                Self.raft(term: before.term + 3, .heartbeat(.init(commit: 3, told: 0, round: 1))),
                Self.raft(term: before.term + 3, .standNow),
                Self.raft(term: before.term, .staleTerm),
                .peer(.keys(number: 1, KeyringCopy(secrets: [.init(name: "authority", bytes: [1])]))),
                .peer(.keysWanted), .peer(.copyWanted(digest: digest, offset: 0)),
                .peer(
                    .copyOffered(
                        StoreCopy(
                            head: SnapshotHead(mark: last, membership: Membership(voters: [9])), bytes: 1,
                            digest: digest))),
            ], as: stranger)
        let after = try await centre.standing()
        #expect(after.term == before.term && after.leader == "centre-1")
        #expect(after.members.map(\.applied) == before.members.map(\.applied))
        #expect(centre.heard.refusals(of: "number 9").count + centre.heard.refusals(of: "centre-9").count == 1)
        try await centre.close()
    }

    @Test func whoSpeaksUnderAnotherNumberOrNameThanItsCertificatesIsRefused() async throws {
        let centre = try await Centre()
        let term = try await centre.standing().term
        let nine = try centre.identity(number: 9, name: "centre-9")
        let lies: [Message] = [
            Self.raft(from: 1, term: term, .staleTerm), Self.raft(from: 2, term: term + 1, Self.append(at: 1, term: 1)),
            Self.raft(to: 5, term: term, .vote(granted: true)),
            .peer(.state(PeerState(replica: 1, name: "centre-9", address: "h:1", applied: 1, term: 1, leader: 9))),
            .peer(
                .state(
                    PeerState(
                        replica: 9, name: "centre-1", address: "h:1", applied: 1, term: 1, leader: 9, generation: 7))),
        ]
        try await centre.say(lies + lies + lies, as: nine)
        #expect(centre.heard.refusals(of: "centre-9").count == 1)
        #expect(try await centre.standing().term == term)
        // Nobody may show the node's own number, whatever signed it.
        let line = try await centre.dial(try centre.identity(number: 1, name: "centre-1"))
        await line.waitUntilClosed()
        try await centre.close()
    }

    @Test func aMembersImpossibleTermsAndIndicesAreRefusedAndWhatItRepeatsChangesNothing() async throws {
        let centre = try await Centre()
        let number = try await centre.learner()
        let identity = try centre.identity(number: number, name: "centre-2")
        let before = try await centre.standing()
        let term = before.term
        try await centre.say(
            [
                Self.raft(from: number, term: 1 << 50, .staleTerm),
                Self.raft(from: number, term: 1 << 50, Self.append(at: 1, term: 1 << 50)),
                Self.raft(from: number, term: term, .appended(match: LogIndex(1 << 40))),
                Self.raft(from: number, term: term, Self.append(at: 1, term: term)),
                Self.raft(from: number, term: term, .heartbeat(.init(commit: 1, told: 0, round: 1))),
            ], as: identity)
        // Old and repeated words are no fault of anybody's: they are taken for what they are.
        let line = try await centre.dial(identity)
        for _ in 0..<200 {
            line.post(Self.raft(from: number, term: term, .appended(match: 0)), .control)
            line.post(Self.raft(from: number, term: 0, .vote(granted: true)), .control)
        }
        line.close("said")
        // Numbers above what is ever counted do not even decode: the line ends.
        let refused = try await centre.refused()
        let broken = try await centre.dial(identity)
        broken.post(Self.raft(from: number, term: 1 << 60, .staleTerm), .control)
        await broken.waitUntilClosed()
        try await centre.until("it is counted") { try await centre.refused() == refused + 1 }
        let after = try await centre.standing()
        #expect(after.term == term && after.leader == "centre-1")
        #expect(centre.heard.refusals(of: "centre-2").count == 1)
        try await centre.close()
    }

    @Test func whatNoNodeOfTheCentreSendsToAnotherEndsTheLine() async throws {
        let centre = try await Centre()
        let nine = try centre.identity(number: 9, name: "centre-9")
        let before = try await centre.refused()
        let wrong: [Message] = [
            .uplink(.keepAlive(wallMilliseconds: 1, backlog: 0)), .centre(CentreMap(addresses: [], isLeader: true)),
        ]
        for message in wrong {
            let line = try await centre.dial(nine)
            line.post(message, .control)
            await line.waitUntilClosed()
        }
        try await centre.until("both are counted") { try await centre.refused() == before + 2 }
        #expect(centre.heard.refusals(of: "centre-9").count == 1)
        try await centre.close()
    }

    @Test func aCertificateOfAnotherClustersAuthorityIsCountedAndToldOnceForItsMachine() async throws {
        let centre = try await Centre()
        let before = try await centre.refused()
        let foreign = try Authority(cluster: centre.cluster, nowSeconds: Centre.now)
        let identity = try centre.identity(number: 9, name: "centre-9", by: foreign)
        for _ in 0..<5 {
            await #expect(throws: TransportError.self) { try await centre.dial(identity) }
        }
        try await centre.until("each is counted") { try await centre.refused() == before + 5 }
        #expect(centre.heard.refusals(of: "127.0.0.1").count == 1)
        try await centre.close()
    }
}
