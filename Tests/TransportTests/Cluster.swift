import Foundation
import TestSupport
import Testing
import Transport
import Vault
import Wire

/// An authority, a centre that listens on loopback, and whoever calls it.
struct Cluster {
    let id: [UInt8]
    let authority: Authority

    static let now = UInt64(Date().timeIntervalSince1970)

    init(_ number: UInt8 = 1) throws {
        id = [UInt8](repeating: number, count: 16)
        authority = try Authority(cluster: id, nowSeconds: Self.now)
    }

    func identity(
        _ role: PeerName.Role, place: String, name: String, nowSeconds: UInt64 = now,
        lifeSeconds: UInt64 = Authority.nodeLifeSeconds
    ) throws -> Identity {
        let key = try NodeKey.make(name: name)
        let certificate = try authority.sign(
            request: key.signingRequest, as: PeerName(cluster: id, role: role, place: place, name: name),
            nowSeconds: nowSeconds, lifeSeconds: lifeSeconds)
        return try Identity(
            cluster: id, certificates: [certificate, authority.certificate], keyPEM: key.keyPEM,
            authorities: [authority.certificate])
    }

    func centre() throws -> Identity {
        try identity(.centre, place: "centre", name: "centre-1")
    }

    func territory() throws -> Identity {
        try identity(.territory, place: "KZ-75", name: "kz-75-1")
    }

    /// A short deadline, for the test that waits for it.
    static var impatient: Configuration {
        var configuration = Configuration()
        configuration.handshakeMilliseconds = 300
        return configuration
    }

    func listen(
        configuration: Configuration = Configuration(),
        onRefusal: @escaping @Sendable (String, TransportError) -> Void = { _, _ in }
    ) async throws -> Transport.Listener {
        try await Transport.Listener.bind(
            host: "127.0.0.1", port: 0, identity: centre(), configuration: configuration, onRefusal: onRefusal)
    }

    func dial(
        _ port: Int, as identity: Identity?, trust: Trust? = nil, configuration: Configuration = Configuration()
    ) async throws -> Connection {
        try await Dialer.connect(
            host: "127.0.0.1", port: port, cluster: id, identity: identity,
            trust: trust ?? .authorities([authority.certificate]), configuration: configuration)
    }

    /// Both ends of one connection.
    /// - Parameter density: of what the caller sends.
    func pair(
        as identity: Identity?, trust: Trust? = nil, configuration: Configuration = Configuration(),
        density: Density = .quick
    ) async throws -> (listener: Transport.Listener, centre: Connection, caller: Connection) {
        let listener = try await listen(configuration: configuration)
        async let accepted = Self.first(of: listener)
        var calling = Configuration()
        calling.density = density
        let caller = try await dial(listener.port, as: identity, trust: trust, configuration: calling)
        return (listener, try #require(await accepted), caller)
    }

    static func first(of listener: Transport.Listener) async -> Connection? {
        var iterator = listener.connections.makeAsyncIterator()
        return await iterator.next()
    }
}

/// Reasons as they come in, to be awaited one by one.
struct Refusals: Sendable {
    let stream: AsyncStream<TransportError>
    let tell: @Sendable (String, TransportError) -> Void

    init() {
        let (stream, continuation) = AsyncStream<TransportError>.makeStream()
        self.stream = stream
        tell = { _, reason in continuation.yield(reason) }
    }

    func first() async throws -> TransportError {
        var iterator = stream.makeAsyncIterator()
        return try #require(await iterator.next())
    }
}
