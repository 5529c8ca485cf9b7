import Crypto

/// 32 secret bytes: a tree's seed or node, a block's key, an epoch key, an operator's secret. Never printed.
package struct Secret: Hashable, Sendable, CustomStringConvertible {
    package static let byteCount = 32

    private var word0: UInt64
    private var word1: UInt64
    private var word2: UInt64
    private var word3: UInt64

    /// Nil unless there are exactly 32 bytes.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self = bytes.withUnsafeBytes { Secret(loading: $0) }
    }

    init(_ digest: SHA256.Digest) {
        self = digest.withUnsafeBytes { Secret(loading: $0) }
    }

    private init(loading bytes: UnsafeRawBufferPointer) {
        word0 = bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)
        word1 = bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        word2 = bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
        word3 = bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
    }

    package var bytes: [UInt8] {
        withBytes { Array($0) }
    }

    package func withBytes<Answer>(_ body: (UnsafeRawBufferPointer) throws -> Answer) rethrows -> Answer {
        try withUnsafeBytes(of: (word0, word1, word2, word3), body)
    }

    var symmetricKey: SymmetricKey {
        withBytes { SymmetricKey(data: $0) }
    }

    /// Secrets reach no log: a text made of one says only what it is.
    package var description: String { "secret" }
}
