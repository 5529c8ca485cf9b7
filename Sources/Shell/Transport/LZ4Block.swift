import CLZ4

/// A dictionary made ready once, so that short blocks can point into it from their first byte.
package final class LZ4Dictionary: Sendable {
    /// LZ4 looks back 64 KiB at most: of a longer dictionary only the end counts.
    package static let limit = 64 << 10

    // Both are written in `init` alone and only read afterwards; compressing copies the stream first.
    private nonisolated(unsafe) let bytes: UnsafeMutableBufferPointer<CChar>
    private nonisolated(unsafe) let prepared: UnsafeMutablePointer<LZ4_stream_t>

    package init(_ dictionary: [UInt8]) {
        let used = dictionary.suffix(Self.limit)
        bytes = .allocate(capacity: max(1, used.count))
        _ = bytes.initialize(from: used.lazy.map { CChar(bitPattern: $0) })
        prepared = .allocate(capacity: 1)
        LZ4_initStream(prepared, MemoryLayout<LZ4_stream_t>.size)
        count = Int32(used.count)
        if count > 0 { LZ4_loadDict(prepared, bytes.baseAddress, count) }
    }

    deinit {
        bytes.deallocate()
        prepared.deallocate()
    }

    private let count: Int32

    /// Bytes written to `target`, or 0 where they do not fit.
    fileprivate func compress(_ plain: UnsafeRawBufferPointer, into target: UnsafeMutableBufferPointer<UInt8>) -> Int {
        let size = MemoryLayout<LZ4_stream_t>.size
        let alignment = MemoryLayout<LZ4_stream_t>.alignment
        return withUnsafeTemporaryAllocation(byteCount: size, alignment: alignment) { copy in
            copy.copyMemory(from: UnsafeRawBufferPointer(start: prepared, count: size))
            let stream = copy.baseAddress?.assumingMemoryBound(to: LZ4_stream_t.self)
            return target.withMemoryRebound(to: CChar.self) { target in
                Int(
                    LZ4_compress_fast_continue(
                        stream, plain.baseAddress?.assumingMemoryBound(to: CChar.self), target.baseAddress,
                        Int32(plain.count), Int32(target.count), 1))
            }
        }
    }

    fileprivate func expand(_ packed: UnsafeRawBufferPointer, into target: UnsafeMutableBufferPointer<UInt8>) -> Int {
        target.withMemoryRebound(to: CChar.self) { target in
            Int(
                LZ4_decompress_safe_usingDict(
                    packed.baseAddress?.assumingMemoryBound(to: CChar.self), target.baseAddress,
                    Int32(packed.count), Int32(target.count), bytes.baseAddress, count))
        }
    }
}

/// One block of its own: what is sealed. Stored as it is where LZ4 does not make it shorter, so the bytes are as long
/// as the plaintext exactly when they are the plaintext.
package enum LZ4Block {
    package static func compress(_ plain: [UInt8], dictionary: LZ4Dictionary) -> [UInt8] {
        guard plain.count > 1 else { return plain }
        var written = 0
        let packed = [UInt8](unsafeUninitializedCapacity: plain.count - 1) { target, count in
            written = plain.withUnsafeBytes { dictionary.compress($0, into: target) }
            count = written
        }
        return written > 0 ? packed : plain
    }

    /// - Parameter rawLength: what the block states; above `limit` nothing is allocated.
    package static func expand(
        _ packed: [UInt8], rawLength: Int, limit: Int, dictionary: LZ4Dictionary
    ) throws(TransportError) -> [UInt8] {
        guard rawLength <= limit, packed.count <= rawLength else { throw .badCompression }
        guard packed.count < rawLength else { return packed }
        var written = 0
        let plain = [UInt8](unsafeUninitializedCapacity: rawLength) { target, count in
            let whole = UnsafeMutableBufferPointer(rebasing: target[..<rawLength])
            written = packed.withUnsafeBytes { dictionary.expand($0, into: whole) }
            count = max(0, written)
        }
        guard written == rawLength else { throw .badCompression }
        return plain
    }
}
