import Crypto

/// How a record gets its id from the sender's name and the sender's document id (design §5, record id).
package enum RecordName {
    /// The first 16 bytes, big-endian, of SHA-256("esep record" ‖ for each part: length, 4 bytes big-endian ‖ UTF-8).
    ///
    /// The length before each part keeps ("ab", "c") apart from ("a", "bc").
    package static func id(sender: String, document: String) -> (high: UInt64, low: UInt64) {
        var hash = SHA256()
        hash.update(data: Array("esep record".utf8))
        for part in [sender, document] {
            let bytes = Array(part.utf8)
            hash.update(data: bigEndianBytes(UInt32(bytes.count)))
            hash.update(data: bytes)
        }
        return hash.finalize().withUnsafeBytes { bytes in
            (
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
    }
}
