import NIOCore
import NIOPosix
import NIOSSL
import TestSupport
import Testing
import Transport
import Uplink
import Vault
import Wire

/// What comes to an open port: noise, other protocols, lies about lengths, trickles.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct HostileTests {
    /// Opens a plain TCP connection to a fresh listener, sends these bytes, and returns why the listener refused it.
    static func told(
        _ bytes: [UInt8], configuration: Configuration = Configuration()
    ) async throws -> TransportError {
        let cluster = try Cluster()
        let refusals = Refusals()
        let listener = try await cluster.listen(configuration: configuration, onRefusal: refusals.tell)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: listener.port).get()
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
        let reason = try await refusals.first()
        try await channel.closeFuture.get()
        await listener.close()
        return reason
    }

    @Test func anHTTPRequestIsRefusedAtOnce() async throws {
        let reason = try await Self.told(Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
        guard case .refused = reason else {
            Issue.record("\(reason)")
            return
        }
    }

    @Test func noiseIsRefusedAtOnce() async throws {
        var dice = Dice(seed: 1)
        let noise = (0..<4_000).map { _ in UInt8(truncatingIfNeeded: dice.next()) }
        guard case .refused = try await Self.told([0x47] + noise) else {
            Issue.record("noise was not refused")
            return
        }
    }

    @Test func aHandshakeThatDoesNotComeIsNotWaitedForLong() async throws {
        // The start of a TLS record, and then nothing.
        let reason = try await Self.told([0x16, 0x03, 0x01], configuration: Cluster.impatient)
        #expect(reason == .refused("no TLS handshake within 300 ms"))
    }

    /// A TLS client of the test's own making; `write` is what it sends once the handshake is done.
    static func overTLS(
        _ cluster: Cluster, _ listener: Transport.Listener, maximum: TLSVersion? = nil, write: [UInt8]
    ) async throws -> any Channel {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.certificateVerification = .none
        tls.maximumTLSVersion = maximum
        let identity = try cluster.territory()
        tls.certificateChain = try identity.certificates.map {
            .certificate(try NIOSSLCertificate(bytes: $0, format: .der))
        }
        tls.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: Array(identity.keyPEM.utf8), format: .pem))
        let context = try NIOSSLContext(configuration: tls)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        NIOSSLClientHandler(context: context, serverHostname: nil))
                }
            }
            .connect(host: "127.0.0.1", port: listener.port).get()
        if !write.isEmpty { channel.writeAndFlush(ByteBuffer(bytes: write), promise: nil) }
        return channel
    }

    static func toldOverTLS(
        _ bytes: [UInt8], maximum: TLSVersion? = nil, configuration: Configuration = Configuration()
    ) async throws -> TransportError {
        let cluster = try Cluster()
        let refusals = Refusals()
        let listener = try await cluster.listen(configuration: configuration, onRefusal: refusals.tell)
        let channel = try await overTLS(cluster, listener, maximum: maximum, write: bytes)
        let reason = try await refusals.first()
        channel.close(promise: nil)
        await listener.close()
        return reason
    }

    @Test func tls12IsRefused() async throws {
        guard case .refused(let why) = try await Self.toldOverTLS([], maximum: .tlsv12) else {
            Issue.record("TLS 1.2 was not refused")
            return
        }
        #expect(!why.contains("greeting"), "refused in the handshake: \(why)")
    }

    @Test func aHeaderThatClaimsGigabytesIsRefusedByItself() async throws {
        let claim: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 1, 0xFF, 0xFF, 0xFF, 0xFF]
        guard case .badFrame = try await Self.toldOverTLS(claim) else {
            Issue.record("the header was taken")
            return
        }
    }

    @Test func headersThatCannotBeTrueAreRefused() async throws {
        let lies: [[UInt8]] = [
            [0, 0, 0, 5, 0, 0, 0, 0, 6],  // stored with two lengths
            [0, 0, 0, 5, 7, 0, 0, 0, 5],  // no such codec
            [0, 0, 0, 5, 1, 0, 0, 0, 5],  // linked and not shorter
            [0, 0, 0, 0, 0, 0, 0, 0, 0],  // nothing at all
            [0, 0, 0, 1, 1, 0, 0, 0x10, 0],  // 4,096 from one
        ]
        for lie in lies {
            guard case .badFrame = try await Self.toldOverTLS(lie) else {
                Issue.record("\(lie) was taken")
                continue
            }
        }
    }

    @Test func aBodyThatDoesNotExpandAsStatedIsRefused() async throws {
        // 20 bytes that claim to become 4,000: within LZ4's reach, but these do not.
        let bomb: [UInt8] = [0, 0, 0, 20, 1, 0, 0, 0x0F, 0xA0] + [UInt8](repeating: 0xFF, count: 20)
        #expect(try await Self.toldOverTLS(bomb) == .badCompression)
    }

    @Test func aTrickledGreetingIsNotWaitedForLong() async throws {
        // A true header of 60 bytes, and one byte of them.
        let start: [UInt8] = [0, 0, 0, 60, 0, 0, 0, 0, 60, 1]
        var configuration = Configuration()
        configuration.greetingMilliseconds = 300
        let reason = try await Self.toldOverTLS(start, configuration: configuration)
        #expect(reason == .refused("no greeting within 300 ms"))
    }

    @Test func anotherFirstMessageOrClusterOrVersionIsRefused() async throws {
        func stored(_ message: Message) -> [UInt8] {
            let bytes = message.encoded()
            let length = withUnsafeBytes(of: UInt32(bytes.count).bigEndian) { Array($0) }
            return length + [0] + length + bytes
        }
        let cluster = [UInt8](repeating: 1, count: 16)
        let keepAlive = stored(.uplink(.keepAlive(wallMilliseconds: 1, backlog: 0)))
        guard case .badMessage = try await Self.toldOverTLS(keepAlive) else {
            Issue.record("a session began without a greeting")
            return
        }
        let later = stored(.greeting(Greeting(version: Limits.version + 1, cluster: cluster, software: "")))
        #expect(try await Self.toldOverTLS(later) == .wrongVersion(Limits.version + 1))
        let other = stored(
            .greeting(Greeting(version: Limits.version, cluster: cluster.map { $0 + 1 }, software: "")))
        #expect(try await Self.toldOverTLS(other) == .wrongCluster)
    }
}
