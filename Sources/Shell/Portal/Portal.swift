import Glibc
import Contract
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
package import Law
package import Logging
import NIOCore
package import Node
import ServiceLifecycle
import Synchronization

/// The node's HTTP API: on a Unix socket in its directory, and on the network where the node says so.
///
/// One `Service`: it serves until the group shuts down in order, lets requests in progress end, and takes its socket
/// away.
package struct Portal: Service {
    private let node: any NodeService
    private let answering: Answering
    private let logger: Logger
    private let onReady: @Sendable (Addresses) async -> Void

    /// Where the portal can be reached.
    package struct Addresses: Hashable, Sendable {
        package var socket: String
        /// `http://…` or `https://…`; nil where it serves the socket only.
        package var network: String?
    }

    /// - Parameters:
    ///   - today: the day in UTC+5.
    ///   - onReady: told once, when every listener is bound.
    package init(
        node: any NodeService, logger: Logger, today: @escaping @Sendable () -> Day,
        onReady: @escaping @Sendable (Addresses) async -> Void
    ) {
        self.node = node
        self.logger = logger
        self.onReady = onReady
        let answering = Answering(node: node, today: today)
        self.answering = answering
        node.onForwarded { request, asker in
            await Forwarding.answer(request, from: asker, by: answering)
        }
    }

    package func run() async throws {
        let identity = node.identity
        let network = try Network(identity)
        let socket = try SocketPath.prepare(directory: identity.directory)
        defer { SocketPath.remove(socket, directory: identity.directory) }
        let addresses = Addresses(socket: socket, network: network?.url)
        let waiting = Mutex(network == nil ? 1 : 2)
        // The socket's mode comes from the mask at its bind: there is no moment in which others could open it.
        let mask = umask(0o177)
        let bound: @Sendable () async -> Void = { [onReady] in
            let isLast = waiting.withLock { count in
                count -= 1
                return count == 0
            }
            if isLast { await onReady(addresses) }
        }
        var services: [any Service] = [
            application(.unixDomainSocket(path: socket), server: Self.http1, isOperator: true) {
                umask(mask)
                await bound()
            }
        ]
        if let network {
            services.append(
                application(
                    .hostname(network.host, port: network.port), server: try network.server(over: Self.http1),
                    isOperator: false, onBound: bound))
        }
        let group = ServiceGroup(configuration: .init(services: services, logger: logger))
        do {
            try await group.run()
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw NodeError(
                .conflict, "The address \(identity.http ?? socket) is in use.",
                remedy: "Give another --http, or stop what listens there.")
        }
    }

    private static let http1 = HTTPServerBuilder.http1(
        configuration: .init(
            idleTimeout: .seconds(Int64(Limits.idleSeconds)),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: Limits.headerBytes, maxHeaderListSize: Limits.headerBytes,
                maxHeaderFieldCount: Limits.headerFields)))

    private func application(
        _ address: BindAddress, server: HTTPServerBuilder, isOperator: Bool,
        onBound: @escaping @Sendable () async -> Void
    ) -> some Service {
        Application(
            responder: Responder(node: node, answering: answering, isOperator: isOperator),
            server: server,
            configuration: .init(
                address: address, availableConnectionsDelegate: MaximumAvailableConnections(Limits.connections)),
            onServerRunning: { _ in await onBound() },
            logger: logger)
    }
}

/// The address on the network: TLS, unless only this machine can reach it.
private struct Network {
    var host: String
    var port: Int
    var files: (certificate: String, key: String)?

    init?(_ identity: NodeIdentity) throws(NodeError) {
        guard let http = identity.http else { return nil }
        guard let colon = http.lastIndex(of: ":"), let port = Int(http[http.index(after: colon)...]),
            (0...65535).contains(port), colon != http.startIndex
        else {
            throw NodeError(.invalid, "The address \(http) is not HOST:PORT.", remedy: "Give it as 127.0.0.1:8080.")
        }
        host = String(http[..<colon]).trimming("[", "]")
        self.port = port
        let isLocal = host == "localhost" || host == "::1" || host.hasPrefix("127.")
        if !isLocal {
            guard let certificate = identity.certificateFile, let key = identity.keyFile else {
                throw NodeError(
                    .invalid, "\(http) can be reached from the network and there is no certificate to serve TLS with.",
                    remedy: "Listen on 127.0.0.1, or join the node first.")
            }
            files = (certificate, key)
        }
    }

    var url: String { "\(files == nil ? "http" : "https")://\(host):\(port)" }

    func server(over http: HTTPServerBuilder) throws -> HTTPServerBuilder {
        guard let files else { return http }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(files.certificate).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: files.key, format: .pem)))
        configuration.minimumTLSVersion = .tlsv13
        return try .tls(http, tlsConfiguration: configuration)
    }
}

extension String {
    fileprivate func trimming(_ open: Character, _ close: Character) -> String {
        first == open && last == close ? String(dropFirst().dropLast()) : self
    }
}
