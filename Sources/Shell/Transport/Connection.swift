import NIOConcurrencyHelpers
import NIOCore
package import Wire

/// Bytes that went over one connection, both ways. Wire bytes are all that TCP carries: handshake, TLS records, frames.
package struct Traffic: Hashable, Sendable {
    package var wireIn = 0
    package var rawIn = 0
    package var wireOut = 0
    package var rawOut = 0
    package var framesIn = 0
    /// Of the frame that is on its way: bytes that are here.
    package var pendingIn = 0
    package var framesOut = 0

    package init() {}
}

/// Which of what waits to be sent goes first.
package enum Priority: Hashable, Sendable {
    /// Consensus, hellos, frontiers, acknowledgements.
    case control
    /// Batches, snapshots, answers.
    case data
}

/// A peer whose greeting has been read: version and cluster are ours, its certificate (if it showed one) is verified.
package final class Connection: Sendable {
    /// Who its certificate says it is; nil where it showed none: then it can send join requests and nothing else.
    package let peer: PeerName?
    package let greeting: Greeting
    /// Where it speaks from, for the log.
    package let remoteAddress: String
    /// What it sends, in order. Read by one task; while that task does not ask, no more is taken from the line.
    package let messages: Messages

    private let channel: any Channel
    private let handler: NIOLoopBound<SessionHandler>
    private let counters: NIOLockedValueBox<Traffic>

    init(
        peer: PeerName?, greeting: Greeting, channel: any Channel, messages: Messages, handler: SessionHandler,
        counters: NIOLockedValueBox<Traffic>
    ) {
        self.peer = peer
        self.greeting = greeting
        self.channel = channel
        self.messages = messages
        self.handler = NIOLoopBound(handler, eventLoop: channel.eventLoop)
        self.counters = counters
        remoteAddress = channel.remoteAddress.map { "\($0)" } ?? "unknown"
    }

    package var traffic: Traffic {
        counters.withLockedValue { $0 }
    }

    /// Returns once the message has left this queue for the line, so a sender that waits holds one message in memory.
    package func send(_ message: Message, _ priority: Priority = .data) async throws(TransportError) {
        let bytes = try Self.bytes(of: message)
        let promise = channel.eventLoop.makePromise(of: Void.self)
        enqueue(bytes, priority, promise)
        do {
            try await promise.futureResult.get()
        } catch {
            throw error as? TransportError ?? .closed("\(error)")
        }
    }

    /// Sends without waiting, in order with `send`. Beyond `Configuration.backlogBytes` the connection is closed: the
    /// caller bounds what it has under way.
    package func post(_ message: Message, _ priority: Priority = .data) {
        do throws(TransportError) {
            enqueue(try Self.bytes(of: message), priority, nil)
        } catch {
            close("\(error)")
        }
    }

    private func enqueue(_ bytes: [UInt8], _ priority: Priority, _ promise: EventLoopPromise<Void>?) {
        channel.eventLoop.execute { [handler] in
            handler.value.enqueue(bytes, priority, promise)
        }
    }

    private static func bytes(of message: Message) throws(TransportError) -> [UInt8] {
        let bytes = message.encoded()
        guard bytes.count <= Limits.frameBytes else {
            throw .badMessage("\(bytes.count) bytes where a frame holds \(Limits.frameBytes)")
        }
        return bytes
    }

    /// From now on messages of the consensus go to `taker` as they are read, on the line's own thread, and come among
    /// `messages` no longer: each costs a change of threads less. What waits for the taker is bounded by what Raft lets
    /// be under way.
    package func deliverConsensus(to taker: @escaping @Sendable (Message) -> Void) {
        channel.eventLoop.execute { [handler] in handler.value.deliverConsensus(to: taker) }
    }

    /// Ends the connection after what was already handed to the line. `messages` ends with this reason.
    package func close(_ reason: String) {
        channel.eventLoop.execute { [handler] in
            handler.value.end(.closed(reason))
        }
    }

    /// Returns when the connection is down, for whatever reason.
    package func waitUntilClosed() async {
        // The close future of a channel never fails.
        try? await channel.closeFuture.get()
    }
}

/// The inbound messages of one connection. Ends by throwing a `TransportError` that says why; by returning nil where
/// the peer closed in order.
package struct Messages: AsyncSequence, Sendable {
    package typealias Element = Message
    typealias Producer = NIOThrowingAsyncSequenceProducer<
        [UInt8], any Error, NIOAsyncSequenceProducerBackPressureStrategies.HighLowWatermark, InboundDelegate
    >

    let frames: Producer
    let strangerMayOnlyJoin: Bool

    package struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var frames: Producer.AsyncIterator
        fileprivate let strangerMayOnlyJoin: Bool

        package mutating func next() async throws(TransportError) -> Message? {
            let bytes: [UInt8]?
            do {
                bytes = try await frames.next()
            } catch {
                throw error as? TransportError ?? .closed("\(error)")
            }
            guard let bytes else { return nil }
            return try Messages.message(bytes, strangerMayOnlyJoin: strangerMayOnlyJoin)
        }
    }

    package func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(frames: frames.makeAsyncIterator(), strangerMayOnlyJoin: strangerMayOnlyJoin)
    }

    private static func message(_ bytes: [UInt8], strangerMayOnlyJoin: Bool) throws(TransportError) -> Message {
        let message: Message
        do throws(WireError) {
            message = try Message(decoding: bytes)
        } catch {
            throw .badMessage("\(error)")
        }
        if strangerMayOnlyJoin {
            guard case .join = message else { throw .strangerMayOnlyJoin }
        }
        return message
    }
}

/// Tells the session that the reader wants more, or has gone.
struct InboundDelegate: NIOAsyncSequenceProducerDelegate {
    let eventLoop: any EventLoop
    let handler: NIOLoopBound<SessionHandler>

    func produceMore() {
        eventLoop.execute { handler.value.produceMore() }
    }

    func didTerminate() {
        eventLoop.execute { handler.value.end(.closed("nobody reads it any more")) }
    }
}
