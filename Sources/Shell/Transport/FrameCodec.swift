import NIOCore
import Wire

/// The frame, integers big-endian:
///
///     offset  bytes  what
///          0      4  length of the body on the wire
///          4      1  codec: 0 stored, 1 LZ4 linked to the frames before it
///          5      4  length of the body once expanded
///          9         body
///
/// Valid when the expanded length is 1 to the limit, and the length on the wire equals it (stored) or is less, yet not
/// less than LZ4 can need for it (1 in 255). All of that stands in the header, so a lying one costs nine bytes: memory
/// is taken for bytes that have arrived, and for an expansion they can really have.
enum Frame {
    static let headLength = 9
    static let stored: UInt8 = 0
    static let linked: UInt8 = 1
    /// LZ4 gives at most 255 bytes for one, and a little at the start.
    static let greatestExpansion = 255
}

/// Bytes from the line → whole messages' bytes.
final class FrameDecoder: ByteToMessageDecoder {
    typealias InboundOut = [UInt8]

    /// The largest expanded frame taken now: small until the peer has shown who it is.
    var limit = Limits.strangerFrameBytes
    /// Told how much of a frame is here that is not whole yet.
    var onPart: (@Sendable (Int) -> Void)?
    private var expander = LinkedExpander()
    private let count: @Sendable (_ raw: Int) -> Void

    /// - Parameter count: told the expanded length of each frame.
    init(count: @escaping @Sendable (_ raw: Int) -> Void) {
        self.count = count
    }

    func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
        guard let frame = try next(&buffer) else {
            onPart?(buffer.readableBytes)
            return .needMoreData
        }
        context.fireChannelRead(wrapInboundOut(frame))
        return .continue
    }

    func decodeLast(
        context: ChannelHandlerContext, buffer: inout ByteBuffer, seenEOF: Bool
    ) throws -> DecodingState {
        while try decode(context: context, buffer: &buffer) == .continue {}
        return .needMoreData
    }

    /// The next whole frame, or nil while one is on its way.
    func next(_ buffer: inout ByteBuffer) throws(TransportError) -> [UInt8]? {
        let start = buffer.readerIndex
        guard let head = buffer.getInteger(at: start, as: UInt32.self),
            let codec = buffer.getInteger(at: start + 4, as: UInt8.self),
            let raw = buffer.getInteger(at: start + 5, as: UInt32.self)
        else { return nil }
        let length = Int(head)
        let rawLength = Int(raw)
        guard 1...limit ~= rawLength else { throw .badFrame("\(rawLength) bytes where at most \(limit) are taken") }
        switch codec {
        case Frame.stored:
            guard length == rawLength else { throw .badFrame("stored with two lengths, \(length) and \(rawLength)") }
        case Frame.linked:
            guard length > 0, length < rawLength, rawLength <= length * Frame.greatestExpansion else {
                throw .badFrame("\(length) bytes cannot expand to \(rawLength)")
            }
        default: throw .badFrame("codec \(codec)")
        }
        guard buffer.readableBytes >= Frame.headLength + length else { return nil }
        buffer.moveReaderIndex(forwardBy: Frame.headLength)
        let plain = try expand(buffer, codec: codec, length: length, rawLength: rawLength)
        buffer.moveReaderIndex(forwardBy: length)
        count(rawLength)
        return plain
    }

    private func expand(
        _ buffer: ByteBuffer, codec: UInt8, length: Int, rawLength: Int
    ) throws(TransportError) -> [UInt8] {
        let result = buffer.withUnsafeReadableBytes { readable -> Result<[UInt8], TransportError> in
            let body = UnsafeRawBufferPointer(rebasing: readable[..<length])
            guard codec == Frame.linked else { return .success(expander.store(body)) }
            do throws(TransportError) {
                return .success(try expander.expand(body, rawLength: rawLength))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}

/// Messages' bytes → bytes for the line.
struct FrameEncoder: ~Copyable {
    private var compressor: LinkedCompressor

    init(_ density: Density) {
        compressor = LinkedCompressor(density)
    }

    /// Stored where LZ4 does not make it shorter; history either way, at both ends.
    mutating func encode(_ plain: [UInt8], allocator: ByteBufferAllocator) -> ByteBuffer {
        precondition(1...Limits.frameBytes ~= plain.count, "a frame of \(plain.count) bytes")
        let bound = LinkedCompressor.bound(plain.count)
        var buffer = allocator.buffer(capacity: Frame.headLength + bound)
        buffer.writeRepeatingByte(0, count: Frame.headLength)
        let packed = plain.withUnsafeBytes { plain in
            buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: bound) { target in
                compressor.compress(plain, into: UnsafeMutableRawBufferPointer(rebasing: target[..<bound]))
            }
        }
        // A frame that would break the receiver's rule on expansion is sent as it is, like one that did not shrink.
        let shrank = packed < plain.count && plain.count <= packed * Frame.greatestExpansion
        if !shrank {
            buffer.moveWriterIndex(to: Frame.headLength)
            buffer.writeBytes(plain)
        }
        buffer.setInteger(UInt32(shrank ? packed : plain.count), at: 0)
        buffer.setInteger(shrank ? Frame.linked : Frame.stored, at: 4)
        buffer.setInteger(UInt32(plain.count), at: 5)
        return buffer
    }
}
