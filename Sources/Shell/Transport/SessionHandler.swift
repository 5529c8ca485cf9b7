import NIOConcurrencyHelpers
import NIOCore
import NIOTLS
import Wire

/// Times and sizes of connections.
package struct Configuration: Sendable {
    /// From the connection's first byte to the end of the TLS handshake.
    package var handshakeMilliseconds: Int64 = 5_000
    /// From there to the peer's greeting, however it trickles.
    package var greetingMilliseconds: Int64 = 5_000
    /// Reaching the peer at all.
    package var connectMilliseconds: Int64 = 5_000
    /// A peer that says nothing for so long is gone; both ends send keep-alives far more often.
    package var silenceMilliseconds: Int64 = 60_000
    /// What may wait to be sent.
    package var backlogBytes = 8 * Limits.frameBytes
    package var connectionLimit = 1_024
    /// Of them, peers that have not shown a certificate, or not yet.
    package var strangerLimit = 64
    package var software = "esep"
    /// How this end compresses what it sends.
    package var density = Density.quick

    package init() {}
}

/// One connection, from the TCP connect on: it greets, waits for the greeting, then passes frames both ways.
///
/// *handshaking* → *greeting* (TLS done) → *open* (greeting read) → *ended*; each may go to *ended*.
final class SessionHandler: ChannelDuplexHandler {
    typealias InboundIn = [UInt8]
    typealias OutboundIn = Never
    typealias OutboundOut = ByteBuffer

    private enum State {
        case handshaking
        case greeting
        case open(Messages.Producer.Source)
        case ended
    }

    private struct Waiting {
        var bytes: [UInt8]
        var promise: EventLoopPromise<Void>?
    }

    private let cluster: [UInt8]
    private let configuration: Configuration
    private let isServer: Bool
    private let peer: PeerBox
    private let decoder: FrameDecoder
    private let counters: NIOLockedValueBox<Traffic>
    /// Told once: the connection, or why there is none.
    private var onOutcome: ((Result<Connection, TransportError>) -> Void)?

    private var state = State.handshaking
    private var wasUp = false
    private var context: ChannelHandlerContext?
    private var encoder: FrameEncoder
    private var control = CircularBuffer<Waiting>()
    private var data = CircularBuffer<Waiting>()
    private var waitingBytes = 0
    private var deadline: Scheduled<Void>?
    private var watch: RepeatedTask?
    private var lastHeard = NIODeadline.now()
    private var mayRead = true
    private var readIsHeld = false
    /// Takes messages of the consensus beside the reader of all others. Let go of at the end: it holds the connection.
    private var consensusTaker: (@Sendable (Message) -> Void)?

    init(
        cluster: [UInt8], configuration: Configuration, isServer: Bool, peer: PeerBox, decoder: FrameDecoder,
        counters: NIOLockedValueBox<Traffic>, onOutcome: @escaping (Result<Connection, TransportError>) -> Void
    ) {
        self.cluster = cluster
        self.configuration = configuration
        encoder = FrameEncoder(configuration.density)
        self.isServer = isServer
        self.peer = peer
        self.decoder = decoder
        self.counters = counters
        self.onOutcome = onOutcome
    }

    // MARK: The connection's life

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func channelActive(context: ChannelHandlerContext) {
        wasUp = true
        let milliseconds = configuration.handshakeMilliseconds
        setDeadline(context, milliseconds, .refused("no TLS handshake within \(milliseconds) ms"))
        context.fireChannelActive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        // Whoever could not even reach the peer hears that from the attempt itself.
        if !wasUp { onOutcome = nil }
        end(.closed("the connection is down"))
        self.context = nil
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent, case .handshaking = state {
            state = .greeting
            let milliseconds = configuration.greetingMilliseconds
            setDeadline(context, milliseconds, .refused("no greeting within \(milliseconds) ms"))
            let greeting = Greeting(version: Limits.version, cluster: cluster, software: configuration.software)
            enqueue(Message.greeting(greeting).encoded(), .control, nil)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        lastHeard = .now()
        switch state {
        case .handshaking: end(.refused("bytes before the handshake"))
        case .greeting: greeted(context, by: frame)
        case .open(let source):
            if let consensusTaker, Message.isConsensus(frame) { return deliver(frame, to: consensusTaker) }
            switch source.yield(frame) {
            case .produceMore: break
            case .stopProducing: mayRead = false
            case .dropped: end(.closed("nobody reads it any more"))
            }
        case .ended: break
        }
    }

    func deliverConsensus(to taker: @escaping @Sendable (Message) -> Void) {
        guard case .open = state else { return }
        consensusTaker = taker
    }

    private func deliver(_ frame: [UInt8], to taker: @Sendable (Message) -> Void) {
        do throws(WireError) {
            taker(try Message(decoding: frame))
        } catch {
            end(.badMessage("\(error)"))
        }
    }

    private func greeted(_ context: ChannelHandlerContext, by frame: [UInt8]) {
        guard case .greeting(let greeting)? = try? Message(decoding: frame) else {
            return end(.badMessage("the first message is not a greeting"))
        }
        guard greeting.version == Limits.version else { return end(.wrongVersion(greeting.version)) }
        guard greeting.cluster == cluster else { return end(.wrongCluster) }
        let name: PeerName?
        switch peer.result {
        case .success(let verified): name = verified
        case .failure(let refusal): return end(refusal)
        case nil: name = nil
        }
        guard isServer || name != nil else { return end(.refused("the peer showed no certificate")) }
        if name != nil { decoder.limit = Limits.frameBytes }
        deadline?.cancel()
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        let made = Messages.Producer.makeSequence(
            elementType: [UInt8].self, failureType: (any Error).self,
            backPressureStrategy: .init(lowWatermark: 2, highWatermark: 8), finishOnDeinit: false,
            delegate: InboundDelegate(eventLoop: context.eventLoop, handler: bound))
        state = .open(made.source)
        watchSilence(context)
        onOutcome?(
            .success(
                Connection(
                    peer: name, greeting: greeting, channel: context.channel,
                    messages: Messages(frames: made.sequence, strangerMayOnlyJoin: isServer && name == nil),
                    handler: self, counters: counters)))
        onOutcome = nil
    }

    /// The refusal of a certificate explains more than the handshake error that follows from it.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if case .failure(let refusal)? = peer.result {
            end(refusal)
        } else if let known = error as? TransportError {
            end(known)
        } else if case .handshaking = state {
            end(.refused("\(error)"))
        } else {
            end(.closed("\(error)"))
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(.closed("the peer closed the connection"))
        context.fireChannelInactive()
    }

    /// Ends the session once; later reasons are told nobody.
    func end(_ reason: TransportError) {
        let before = state
        if case .ended = before { return }
        state = .ended
        consensusTaker = nil
        deadline?.cancel()
        watch?.cancel()
        if case .open(let source) = before { source.finish(reason) }
        for waiting in control + data {
            waiting.promise?.fail(reason)
        }
        control.removeAll()
        data.removeAll()
        waitingBytes = 0
        onOutcome?(.failure(reason))
        onOutcome = nil
        context?.close(promise: nil)
    }

    private func setDeadline(_ context: ChannelHandlerContext, _ milliseconds: Int64, _ reason: TransportError) {
        deadline?.cancel()
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(milliseconds)) { self.end(reason) }
    }

    private func watchSilence(_ context: ChannelHandlerContext) {
        lastHeard = .now()
        let limit = TimeAmount.milliseconds(configuration.silenceMilliseconds)
        let interval = TimeAmount.nanoseconds(max(1_000_000, limit.nanoseconds / 4))
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        watch = context.eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
            // While we do not read, the silence is ours.
            let session = bound.value
            if session.mayRead, .now() - session.lastHeard > limit {
                session.end(.silent(milliseconds: session.configuration.silenceMilliseconds))
            }
        }
    }

    // MARK: Reading, as fast as the reader asks

    func read(context: ChannelHandlerContext) {
        if mayRead {
            context.read()
        } else {
            readIsHeld = true
        }
    }

    func produceMore() {
        guard !mayRead else { return }
        mayRead = true
        lastHeard = .now()
        if readIsHeld {
            readIsHeld = false
            context?.read()
        }
    }

    // MARK: Sending, control before data

    func enqueue(_ bytes: [UInt8], _ priority: Priority, _ promise: EventLoopPromise<Void>?) {
        if case .ended = state {
            promise?.fail(TransportError.closed("the connection is down"))
            return
        }
        guard waitingBytes + bytes.count <= configuration.backlogBytes else {
            promise?.fail(TransportError.backlogFull)
            return end(.backlogFull)
        }
        waitingBytes += bytes.count
        switch priority {
        case .control: control.append(Waiting(bytes: bytes, promise: promise))
        case .data: data.append(Waiting(bytes: bytes, promise: promise))
        }
        drain()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        drain()
        context.fireChannelWritabilityChanged()
    }

    private static let flushBytes = 32 << 10

    private func drain() {
        guard let context else { return }
        // What is not flushed lies in the TLS handler, where the channel does not see it and stays writable: so small
        // frames share a flush, and nothing large goes on without one.
        var unflushed = 0
        while context.channel.isWritable, let next = control.popFirst() ?? data.popFirst() {
            waitingBytes -= next.bytes.count
            let frame = encoder.encode(next.bytes, allocator: context.channel.allocator)
            counters.withLockedValue {
                $0.rawOut += next.bytes.count
                $0.framesOut += 1
            }
            let size = frame.readableBytes
            context.write(wrapOutboundOut(frame), promise: nil)
            next.promise?.succeed()
            unflushed += size
            if unflushed >= Self.flushBytes {
                context.flush()
                unflushed = 0
            }
        }
        if unflushed > 0 { context.flush() }
    }
}
