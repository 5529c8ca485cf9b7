import TestSupport
import Testing
import Transport
import Uplink
import Vault
import Wire

@Suite(.serialized, .timeLimit(.minutes(2)))
struct TrustTests {
    static func join(_ cluster: Cluster) throws -> Message {
        let secret = try #require(Secret([UInt8](repeating: 1, count: 32)))
        return .join(
            JoinRequest(
                cluster: cluster.id, secret: secret, name: "", signingRequest: [1], treeSeed: secret, address: "",
                wallMilliseconds: 1))
    }

    /// Dials and expects to be refused; returns what the listener was told.
    static func refusal(of identity: Identity?, at cluster: Cluster, trust: Trust? = nil) async throws -> TransportError
    {
        let refusals = Refusals()
        let listener = try await cluster.listen(onRefusal: refusals.tell)
        await #expect(throws: TransportError.self) {
            try await cluster.dial(listener.port, as: identity, trust: trust)
        }
        let reason = try await refusals.first()
        await listener.close()
        return reason
    }

    @Test func aCertificateOfAnotherAuthorityIsRefused() async throws {
        let cluster = try Cluster()
        let other = try Cluster(1).territory()
        let reason = try await Self.refusal(of: other, at: cluster)
        guard case .refused = reason else {
            Issue.record("\(reason)")
            return
        }
    }

    @Test func anExpiredCertificateIsRefused() async throws {
        let cluster = try Cluster()
        let old = try cluster.identity(
            .territory, place: "KZ-75", name: "kz-75-1", nowSeconds: Cluster.now - 86_400, lifeSeconds: 3_600)
        let reason = try await Self.refusal(of: old, at: cluster)
        #expect("\(reason)".contains("xpired"), "\(reason)")
    }

    @Test func anAuthorityThatIsNotTheTokensIsRefusedByTheJoiner() async throws {
        let cluster = try Cluster()
        let reason = try await Self.refusal(of: nil, at: cluster, trust: .pinned(Digest.of([1])))
        guard case .refused = reason else {
            Issue.record("\(reason)")
            return
        }
    }

    @Test func aCentreOfAnotherClusterIsRefusedByTheCaller() async throws {
        let cluster = try Cluster(1)
        let stranger = try Cluster(2)
        let listener = try await stranger.listen()
        await #expect(throws: TransportError.self) {
            try await cluster.dial(listener.port, as: cluster.territory())
        }
        await listener.close()
    }

    @Test func aStrangerMayJoinAndNothingElse() async throws {
        let cluster = try Cluster()
        let pin = Trust.pinned(cluster.authority.fingerprint)
        let (listener, centre, caller) = try await cluster.pair(as: nil, trust: pin)
        #expect(centre.peer == nil)
        #expect(caller.peer?.role == .centre)
        let request = try Self.join(cluster)
        try await caller.send(request)
        try await caller.send(.uplink(.keepAlive(wallMilliseconds: 1, backlog: 0)))
        var iterator = centre.messages.makeAsyncIterator()
        #expect(try await iterator.next() == request)
        await #expect(throws: TransportError.strangerMayOnlyJoin) { try await iterator.next() }
        await listener.close()
    }

    @Test func aStrangersFramesAreSmall() async throws {
        let cluster = try Cluster()
        let pin = Trust.pinned(cluster.authority.fingerprint)
        let (listener, centre, caller) = try await cluster.pair(as: nil, trust: pin)
        try await caller.send(.uplink(.question(number: 1, bytes: [UInt8](repeating: 0, count: 100_000))))
        await #expect(throws: TransportError.self) {
            for try await _ in centre.messages {}
        }
        await caller.waitUntilClosed()
        await listener.close()
    }

    @Test func strangersAreCountedApartFromPeers() async throws {
        let cluster = try Cluster()
        let refusals = Refusals()
        var configuration = Configuration()
        configuration.strangerLimit = 1
        let listener = try await cluster.listen(configuration: configuration, onRefusal: refusals.tell)
        let pin = Trust.pinned(cluster.authority.fingerprint)
        let peer = try await cluster.dial(listener.port, as: cluster.territory())
        let stranger = try await cluster.dial(listener.port, as: nil, trust: pin)
        await #expect(throws: TransportError.self) { try await cluster.dial(listener.port, as: nil, trust: pin) }
        #expect(try await refusals.first() == .tooManyConnections(limit: configuration.connectionLimit))
        stranger.close("done")
        peer.close("done")
        await listener.close()
    }

    @Test func aNewIdentityServesNewConnections() async throws {
        let cluster = try Cluster()
        let listener = try await cluster.listen()
        try listener.use(cluster.identity(.centre, place: "centre", name: "centre-9"))
        let caller = try await cluster.dial(listener.port, as: cluster.territory())
        #expect(caller.peer?.name == "centre-9")
        caller.close("done")
        await listener.close()
    }

    @Test func theAuthorityReadsBackFromItsKeyAndCertificate() throws {
        let cluster = try Cluster()
        let read = try Authority(
            cluster: cluster.id, certificate: cluster.authority.certificate, keyPEM: cluster.authority.keyPEM())
        #expect(read.fingerprint == cluster.authority.fingerprint)
        let other = try Cluster()
        #expect(throws: TransportError.self) {
            try Authority(
                cluster: cluster.id, certificate: cluster.authority.certificate, keyPEM: other.authority.keyPEM())
        }
    }

    @Test func aRequestOfAChangedKeyOrAnotherNameIsNotSigned() throws {
        let cluster = try Cluster()
        let name = PeerName(cluster: cluster.id, role: .territory, place: "KZ-75", name: "kz-75-1")
        var request = try NodeKey.make(name: "kz-75-1").signingRequest
        request[request.count - 1] ^= 1
        #expect(throws: TransportError.self) {
            try cluster.authority.sign(request: request, as: name, nowSeconds: Cluster.now)
        }
        let good = try NodeKey.make(name: "kz-75-1").signingRequest
        var foreign = name
        foreign.cluster = [UInt8](repeating: 9, count: 16)
        var slashed = name
        slashed.name = "a/b"
        for wrong in [foreign, slashed] {
            #expect(throws: TransportError.self) {
                try cluster.authority.sign(request: good, as: wrong, nowSeconds: Cluster.now)
            }
        }
    }

    @Test func namesReadBackAndOthersAreRefused() {
        let name = PeerName(
            cluster: [UInt8](repeating: 1, count: 16), role: .territory, place: "KZ-75", name: "kz-75-1")
        #expect(PeerName(uri: name.uri) == name)
        for wrong in [
            "", "esep:", name.uri + "/", name.uri + "/x", name.uri.uppercased(), " " + name.uri,
            name.uri.replacing("territory", with: "officer"), name.uri.replacing("KZ-75", with: ""),
            name.uri.replacing("esep", with: "http"),
        ] {
            #expect(PeerName(uri: wrong) == nil, "\(wrong)")
        }
    }
}
