import NIOCore
import NIOPosix

/// Calls other nodes.
package enum Dialer {
    /// Returns when the peer's certificate is verified and its greeting read: only then is it connected, since in TLS
    /// 1.3 a client that is refused sees a completed handshake.
    ///
    /// - Parameter identity: nil before joining; then trust is pinned, and the peer takes a join request alone.
    package static func connect(
        host: String, port: Int, cluster: [UInt8], identity: Identity?, trust: Trust,
        configuration: Configuration = Configuration()
    ) async throws(TransportError) -> Connection {
        let address = "\(host):\(port)"
        let tls = try SessionPipeline.clientContext(identity, trust: trust)
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        let outcome = eventLoop.makePromise(of: Connection.self)
        let bootstrap = ClientBootstrap(group: eventLoop)
            .connectTimeout(.milliseconds(configuration.connectMilliseconds))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try SessionPipeline.add(
                        to: channel, .client, tls: tls, verifier: PeerVerifier(cluster: cluster, trust: trust),
                        configuration: configuration
                    ) { result in
                        switch result {
                        case .success(let connection): outcome.succeed(connection)
                        case .failure(let reason): outcome.fail(reason)
                        }
                    }
                }
            }
        bootstrap.connect(host: host, port: port).whenFailure { error in
            outcome.fail(TransportError.cannotReach(address: address, reason: "\(error)"))
        }
        do {
            return try await outcome.futureResult.get()
        } catch {
            throw error as? TransportError ?? .cannotReach(address: address, reason: "\(error)")
        }
    }
}
