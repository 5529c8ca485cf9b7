import NIOConcurrencyHelpers
import NIOCore

/// Counts what a connection gives to TCP and takes from it. Stands next to the socket, so that nothing is left out: the
/// handshake, the records of TLS, the frames' heads.
final class LineMeter: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let counters: NIOLockedValueBox<Traffic>

    init(_ counters: NIOLockedValueBox<Traffic>) {
        self.counters = counters
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data).readableBytes
        counters.withLockedValue { $0.wireIn += bytes }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let bytes = unwrapOutboundIn(data).readableBytes
        counters.withLockedValue { $0.wireOut += bytes }
        context.write(data, promise: promise)
    }
}
