import CLZ4

/// The last 64 KiB and room to go on behind them. Blocks up to that size are laid one behind the other, so LZ4 finds
/// what went before without a copy; when the room is used up, the last 64 KiB move to the front.
private struct History: ~Copyable {
    static let window = 64 << 10
    static let capacity = 4 * window

    let bytes: UnsafeMutablePointer<CChar>
    var end = 0

    init() {
        bytes = .allocate(capacity: Self.capacity)
    }

    deinit {
        bytes.deallocate()
    }

    /// Where the next `count` bytes go; at most `window`.
    mutating func room(for count: Int) -> UnsafeMutablePointer<CChar> {
        if end + count > Self.capacity {
            bytes.update(from: bytes + (end - Self.window), count: Self.window)
            end = Self.window
        }
        return bytes + end
    }

    /// Keeps the end of a block that lies elsewhere and is at least as long as the window.
    mutating func replace(with block: UnsafeRawBufferPointer) {
        let tail = block.suffix(Self.window)
        UnsafeMutableRawBufferPointer(start: bytes, count: tail.count)
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: tail))
        end = tail.count
    }
}

/// How much is spent on a connection's bytes. Either end reads what either makes.
package enum Density: Hashable, Sendable {
    /// 16 KiB of state, 0.7 GB/s: between nodes of the centre, and from the centre to its many territories.
    case quick
    /// 256 KiB of state, an eighth as fast, an eighth less on the line: from a territory, which has one line, and often
    /// a slow one.
    case dense
}

/// LZ4's own state of a stream, in one of its two encoders.
private enum Encoder {
    case quick(UnsafeMutablePointer<LZ4_stream_t>)
    case dense(UnsafeMutablePointer<LZ4_streamHC_t>)

    /// Finds nearly all there is: the deepest level spends three times as long for a hundredth of the bytes.
    private static let level: Int32 = 4

    init(_ density: Density) {
        switch density {
        case .quick:
            let stream = UnsafeMutablePointer<LZ4_stream_t>.allocate(capacity: 1)
            LZ4_initStream(stream, MemoryLayout<LZ4_stream_t>.size)
            self = .quick(stream)
        case .dense:
            let stream = UnsafeMutablePointer<LZ4_streamHC_t>.allocate(capacity: 1)
            LZ4_initStreamHC(stream, MemoryLayout<LZ4_streamHC_t>.size)
            LZ4_resetStreamHC_fast(stream, Self.level)
            self = .dense(stream)
        }
    }

    func free() {
        switch self {
        case .quick(let stream): stream.deallocate()
        case .dense(let stream): stream.deallocate()
        }
    }

    func compress(
        _ plain: UnsafePointer<CChar>?, _ count: Int, into output: UnsafeMutablePointer<CChar>?, room: Int
    ) -> Int32 {
        switch self {
        case .quick(let stream):
            LZ4_compress_fast_continue(stream, plain, output, Int32(count), Int32(room), 1)
        case .dense(let stream): LZ4_compress_HC_continue(stream, plain, output, Int32(count), Int32(room))
        }
    }

    /// Moves the end of what was compressed to where it will not be overwritten.
    func keep(_ window: Int, at place: UnsafeMutablePointer<CChar>) -> Int {
        switch self {
        case .quick(let stream): Int(LZ4_saveDict(stream, place, Int32(window)))
        case .dense(let stream): Int(LZ4_saveDictHC(stream, place, Int32(window)))
        }
    }
}

/// The sending half of a connection's compression: every frame may point back into the frames before it.
struct LinkedCompressor: ~Copyable {
    private let encoder: Encoder
    private var history = History()

    init(_ density: Density) {
        encoder = Encoder(density)
    }

    deinit {
        encoder.free()
    }

    static func bound(_ count: Int) -> Int {
        Int(LZ4_compressBound(Int32(count)))
    }

    /// Writes at most `bound(plain.count)` bytes and returns how many. What was given is history from now on, whether
    /// the caller sends the result or the bytes as they were.
    mutating func compress(_ plain: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) -> Int {
        let output = target.baseAddress?.assumingMemoryBound(to: CChar.self)
        let written: Int32
        if plain.count <= History.window {
            if history.end + plain.count > History.capacity {
                history.end = encoder.keep(History.window, at: history.bytes)
            }
            let place = history.bytes + history.end
            UnsafeMutableRawBufferPointer(start: place, count: plain.count).copyMemory(from: plain)
            written = encoder.compress(place, plain.count, into: output, room: target.count)
            history.end += plain.count
        } else {
            written = encoder.compress(
                plain.baseAddress?.assumingMemoryBound(to: CChar.self), plain.count, into: output, room: target.count)
            history.end = encoder.keep(History.window, at: history.bytes)
        }
        precondition(written > 0, "LZ4 failed within its own bound: \(plain.count) bytes")
        return Int(written)
    }
}

/// The receiving half. Frames must come in the order they were compressed in, the stored ones too.
struct LinkedExpander: ~Copyable {
    private var history = History()

    /// - Parameter rawLength: checked against the limit by the caller, before this takes memory for it.
    mutating func expand(_ packed: UnsafeRawBufferPointer, rawLength: Int) throws(TransportError) -> [UInt8] {
        let input = packed.baseAddress?.assumingMemoryBound(to: CChar.self)
        if rawLength <= History.window {
            let place = history.room(for: rawLength)
            let known = min(history.end, History.window)
            let written = LZ4_decompress_safe_usingDict(
                input, place, Int32(packed.count), Int32(rawLength), place - known, Int32(known))
            guard Int(written) == rawLength else { throw .badCompression }
            history.end += rawLength
            return Array(UnsafeRawBufferPointer(start: place, count: rawLength))
        }
        let known = min(history.end, History.window)
        var written: Int32 = 0
        let plain = [UInt8](unsafeUninitializedCapacity: rawLength) { target, count in
            written = target.withMemoryRebound(to: CChar.self) { target in
                LZ4_decompress_safe_usingDict(
                    input, target.baseAddress, Int32(packed.count), Int32(rawLength),
                    history.bytes + (history.end - known), Int32(known))
            }
            count = max(0, Int(written))
        }
        guard plain.count == rawLength else { throw .badCompression }
        plain.withUnsafeBytes { history.replace(with: $0) }
        return plain
    }

    /// Takes in a frame that was sent as it is.
    mutating func store(_ plain: UnsafeRawBufferPointer) -> [UInt8] {
        if plain.count <= History.window {
            let place = history.room(for: plain.count)
            UnsafeMutableRawBufferPointer(start: place, count: plain.count).copyMemory(from: plain)
            history.end += plain.count
        } else {
            history.replace(with: plain)
        }
        return Array(plain)
    }
}
