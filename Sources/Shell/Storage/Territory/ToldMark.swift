import Synchronization
import Vault

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What this node has told others of its log, beside the store and not in it: a store that was put back, or that lost
/// its write-ahead log, is then seen to be shorter than what was told.
///
///     offset  bytes  what, little-endian
///          0      8  author
///          8      8  index of the last entry told
///         16     16  the first half of SHA-256 over the 16 bytes before
///
/// Two such slots, written in turn: a torn write leaves the other. Not synced: after a loss of power an older mark may
/// stand here, which claims less and harms nothing.
final class ToldMark: Sendable {
    private let descriptor: Int32
    private let path: String
    private let turn = Mutex(0)
    private static let slotBytes = 32

    init(path: String) throws(StorageError) {
        self.path = path
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SmallFile.failure(path) }
    }

    deinit {
        close(descriptor)
    }

    /// The last index told of this author; 0 where nothing was.
    func told(author: UInt32) -> UInt64 {
        var last: UInt64 = 0
        for slot in 0..<2 {
            var bytes = [UInt8](repeating: 0, count: Self.slotBytes)
            let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, slot * $0.count) }
            guard count == Self.slotBytes, bytes == Self.slot(author: author, last: Self.index(bytes)) else { continue }
            last = max(last, Self.index(bytes))
        }
        return last
    }

    /// A mark that cannot be written is no reason to stop: it only makes a check weaker.
    func tell(author: UInt32, last: UInt64) {
        let bytes = Self.slot(author: author, last: last)
        turn.withLock { turn in
            turn = 1 - turn
            _ = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, turn * $0.count) }
        }
    }

    private static func index(_ bytes: [UInt8]) -> UInt64 {
        littleEndianWords(bytes)[1]
    }

    private static func slot(author: UInt32, last: UInt64) -> [UInt8] {
        let words = littleEndianBytes([UInt64(author), last])
        return words + Digest.of(words).bytes.prefix(16)
    }
}
