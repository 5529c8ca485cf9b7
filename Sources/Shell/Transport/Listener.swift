import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import NIOSSL

/// Takes connections of other nodes.
package final class Listener: Sendable {
    /// Each connection once its greeting is read. One task reads this; it ends when the listener is closed.
    package let connections: AsyncStream<Connection>
    /// The port that was bound: of use where 0 was asked for.
    package let port: Int

    private let channel: any Channel
    private let state: State
    private let continuation: AsyncStream<Connection>.Continuation

    /// What new connections are made with, and how many there are.
    private final class State: Sendable {
        struct Current {
            var tls: NIOSSLContext
            var authorities: [[UInt8]]
            var connections = 0
            var strangers = 0
        }

        let current: NIOLockedValueBox<Current>

        init(_ current: Current) {
            self.current = NIOLockedValueBox(current)
        }
    }

    /// One connection's place in the count: a stranger's until its certificate is verified.
    private final class Place: Sendable {
        private let state: State
        private let stranger = NIOLockedValueBox(true)

        init?(in state: State, _ configuration: Configuration) {
            let taken = state.current.withLockedValue { current in
                guard current.connections < configuration.connectionLimit,
                    current.strangers < configuration.strangerLimit
                else { return false }
                current.connections += 1
                current.strangers += 1
                return true
            }
            guard taken else { return nil }
            self.state = state
        }

        func isNamed() {
            guard stranger.withLockedValue({ was in (was, was = false).0 }) else { return }
            state.current.withLockedValue { $0.strangers -= 1 }
        }

        func free() {
            isNamed()
            state.current.withLockedValue { $0.connections -= 1 }
        }
    }

    private init(
        channel: any Channel, port: Int, state: State, connections: AsyncStream<Connection>,
        continuation: AsyncStream<Connection>.Continuation
    ) {
        self.channel = channel
        self.port = port
        self.state = state
        self.connections = connections
        self.continuation = continuation
    }

    /// - Parameter onRefusal: told for each connection that did not become one: where from, and why.
    package static func bind(
        host: String, port: Int, identity: Identity, configuration: Configuration = Configuration(),
        onRefusal: @escaping @Sendable (_ address: String, _ reason: TransportError) -> Void = { _, _ in }
    ) async throws(TransportError) -> Listener {
        let tls = try SessionPipeline.serverContext(identity)
        let state = State(State.Current(tls: tls, authorities: identity.authorities))
        let (connections, continuation) = AsyncStream<Connection>.makeStream()
        let cluster = identity.cluster
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.backlog, value: 128)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                let address = channel.remoteAddress.map { "\($0)" } ?? "unknown"
                return channel.eventLoop.makeCompletedFuture {
                    guard let place = Place(in: state, configuration) else {
                        let refusal = TransportError.tooManyConnections(limit: configuration.connectionLimit)
                        onRefusal(address, refusal)
                        throw refusal
                    }
                    channel.closeFuture.whenComplete { _ in place.free() }
                    let (tls, authorities) = state.current.withLockedValue { ($0.tls, $0.authorities) }
                    try SessionPipeline.add(
                        to: channel, .server, tls: tls,
                        verifier: PeerVerifier(cluster: cluster, trust: .authorities(authorities)),
                        configuration: configuration
                    ) { outcome in
                        switch outcome {
                        case .success(let connection):
                            if connection.peer != nil { place.isNamed() }
                            continuation.yield(connection)
                        case .failure(let reason):
                            onRefusal(address, reason)
                        }
                    }
                }
            }
        do {
            let channel = try await bootstrap.bind(host: host, port: port).get()
            return Listener(
                channel: channel, port: channel.localAddress?.port ?? port, state: state, connections: connections,
                continuation: continuation)
        } catch {
            throw .cannotBind(address: "\(host):\(port)", reason: "\(error)")
        }
    }

    /// New connections are made with this identity; those that are open stay.
    package func use(_ identity: Identity) throws(TransportError) {
        let tls = try SessionPipeline.serverContext(identity)
        state.current.withLockedValue {
            $0.tls = tls
            $0.authorities = identity.authorities
        }
    }

    /// Takes no more connections. Those that are open are their holders' to close.
    package func close() async {
        // A listener that is down already is as good.
        try? await channel.close().get()
        continuation.finish()
    }
}
