import Crypto

/// The digest chain of one author's log, standing after its entry `index`.
///
/// Genesis: SHA-256("esep log" ‖ cluster id ‖ author, 4 bytes big-endian).
/// Each entry: SHA-256(digest before ‖ the entry's bytes as received). The chain binds author, order and every byte, so
/// an entry carries neither its author nor its index (design §5).
package struct LogChain: Hashable, Sendable {
    /// The index of the last entry taken in; 0 before the first.
    package private(set) var index: UInt64
    package private(set) var digest: Digest

    /// A chain known to stand at `index` with `digest`, as read from a store that verified it.
    package init(index: UInt64, digest: Digest) {
        self.index = index
        self.digest = digest
    }

    package static func genesis(cluster: [UInt8], author: UInt32) -> LogChain {
        var hash = SHA256()
        hash.update(data: Array("esep log".utf8))
        hash.update(data: cluster)
        hash.update(data: bigEndianBytes(author))
        return LogChain(index: 0, digest: Digest(hash.finalize()))
    }

    package mutating func extend(_ bytes: [UInt8]) {
        digest = Self.digest(after: digest, bytes)
        index += 1
    }

    /// The digest after an entry, where its place is of no interest.
    package static func digest(after previous: Digest, _ bytes: [UInt8]) -> Digest {
        var hash = SHA256()
        previous.withBytes { hash.update(bufferPointer: $0) }
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return Digest(hash.finalize())
    }
}

package func bigEndianBytes(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { Array($0) }
}
