import NIOCore
import NIOPosix
import NIOSSL
import Synchronization
import TestSupport

/// A peer of the node port that speaks TLS 1.3, shows no certificate and believes any: what a stranger can do.
final class Stranger {
    private let channel: any Channel
    private let heard: Heard

    private final class Heard: Sendable {
        let bytes = Mutex<[UInt8]>([])
    }

    private final class Collector: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        let heard: Heard

        init(_ heard: Heard) { self.heard = heard }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let piece = unwrapInboundIn(data)
            heard.bytes.withLock { $0.append(contentsOf: piece.readableBytesView) }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }

    init(port: Int) throws {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        configuration.minimumTLSVersion = .tlsv13
        let context = try NIOSSLContext(configuration: configuration)
        let heard = Heard()
        self.heard = heard
        channel = try ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let tls = try NIOSSLClientHandler(context: context, serverHostname: nil)
                    try channel.pipeline.syncOperations.addHandlers([tls])
                    try channel.pipeline.syncOperations.addHandler(Collector(heard))
                }
            }
            .connect(host: "127.0.0.1", port: port).wait()
    }

    /// Sends and waits until the node has closed the connection.
    /// - Returns: what the node said before; nil where it did not close within `seconds`.
    func sendAndWaitForClose(_ pieces: [[UInt8]], seconds: Int64 = 20) -> [UInt8]? {
        for piece in pieces {
            // A node that closes in the middle is what we want; a write that fails then is no news.
            channel.writeAndFlush(ByteBuffer(bytes: piece), promise: nil)
        }
        let limit = Limit()
        let timer = channel.eventLoop.scheduleTask(in: .seconds(seconds)) { [channel] in
            limit.pass()
            channel.close(promise: nil)
        }
        try? channel.closeFuture.wait()
        timer.cancel()
        return limit.isPassed ? nil : heard.bytes.withLock { $0 }
    }

    private final class Limit: Sendable {
        private let passed = Mutex(false)

        func pass() { passed.withLock { $0 = true } }
        var isPassed: Bool { passed.withLock { $0 } }
    }
}
