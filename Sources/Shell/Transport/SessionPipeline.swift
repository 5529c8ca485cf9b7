import NIOConcurrencyHelpers
import NIOCore
import NIOSSL
import Wire

/// The one way a channel becomes a session: TLS, frames, session.
enum SessionPipeline {
    static func serverContext(_ identity: Identity) throws(TransportError) -> NIOSSLContext {
        try CertificateBytes.rethrowing {
            var tls = TLSConfiguration.makeServerConfiguration(
                certificateChain: try chain(identity),
                privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(identity.keyPEM.utf8), format: .pem)))
            // A peer without a certificate may come in, to join; one that shows a certificate must prove it.
            tls.certificateVerification = .optionalVerification
            tls.trustRoots = try roots(identity.authorities)
            return try context(tls)
        }
    }

    static func clientContext(_ identity: Identity?, trust: Trust) throws(TransportError) -> NIOSSLContext {
        try CertificateBytes.rethrowing {
            var tls = TLSConfiguration.makeClientConfiguration()
            if let identity {
                tls.certificateChain = try chain(identity)
                tls.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: Array(identity.keyPEM.utf8), format: .pem))
            }
            // Peers are named by URI, not by host: `PeerVerifier` checks that.
            tls.certificateVerification = .noHostnameVerification
            switch trust {
            case .authorities(let authorities): tls.trustRoots = try roots(authorities)
            case .pinned: tls.trustRoots = .certificates([])
            }
            return try context(tls)
        }
    }

    private static func context(_ configuration: TLSConfiguration) throws -> NIOSSLContext {
        var tls = configuration
        // The library's helpers allow TLS 1.0.
        tls.minimumTLSVersion = .tlsv13
        return try NIOSSLContext(configuration: tls)
    }

    private static func chain(_ identity: Identity) throws -> [NIOSSLCertificateSource] {
        try identity.certificates.map { .certificate(try NIOSSLCertificate(bytes: $0, format: .der)) }
    }

    private static func roots(_ authorities: [[UInt8]]) throws -> NIOSSLTrustRoots {
        .certificates(try authorities.map { try NIOSSLCertificate(bytes: $0, format: .der) })
    }

    enum Side {
        case server
        case client
    }

    /// Called on the channel's event loop.
    static func add(
        to channel: any Channel, _ side: Side, tls: NIOSSLContext, verifier: PeerVerifier,
        configuration: Configuration, onOutcome: @escaping (Result<Connection, TransportError>) -> Void
    ) throws {
        let peer = PeerBox()
        let counters = NIOLockedValueBox(Traffic())
        let decoder = FrameDecoder { raw in
            counters.withLockedValue {
                $0.rawIn += raw
                $0.framesIn += 1
            }
        }
        decoder.onPart = { bytes in counters.withLockedValue { $0.pendingIn = bytes } }
        // What the dialing side waits for may be large from the start: it knows whom it called.
        if side == .client { decoder.limit = Limits.frameBytes }
        let session = SessionHandler(
            cluster: verifier.cluster, configuration: configuration, isServer: side == .server, peer: peer,
            decoder: decoder, counters: counters, onOutcome: onOutcome)
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(LineMeter(counters))
        switch side {
        case .server:
            try pipeline.addHandler(
                NIOSSLServerHandler(context: tls, customVerificationCallback: peer.callback(verifier)))
        case .client:
            try pipeline.addHandler(
                NIOSSLClientHandler(
                    context: tls, serverHostname: nil, customVerificationCallback: peer.callback(verifier)))
        }
        try pipeline.addHandler(ByteToMessageHandler(decoder))
        try pipeline.addHandler(session)
    }
}
