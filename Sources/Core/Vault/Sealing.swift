import Crypto

/// The place a block is bound to: opened anywhere else, it does not open.
///
/// As additional data: record id (16 bytes) ‖ author (4) ‖ slot (2), big-endian.
package struct SealingPlace: Hashable, Sendable {
    package var recordHigh: UInt64
    package var recordLow: UInt64
    package var author: UInt32
    package var slot: UInt16

    package init(recordHigh: UInt64, recordLow: UInt64, author: UInt32, slot: UInt16) {
        self.recordHigh = recordHigh
        self.recordLow = recordLow
        self.author = author
        self.slot = slot
    }

    fileprivate func withBytes<Answer>(_ body: (UnsafeRawBufferPointer) throws -> Answer) rethrows -> Answer {
        try withUnsafeTemporaryAllocation(byteCount: 22, alignment: 8) { bytes in
            bytes.storeBytes(of: recordHigh.bigEndian, toByteOffset: 0, as: UInt64.self)
            bytes.storeBytes(of: recordLow.bigEndian, toByteOffset: 8, as: UInt64.self)
            bytes.storeBytes(of: author.bigEndian, toByteOffset: 16, as: UInt32.self)
            bytes.storeBytes(of: slot.bigEndian, toByteOffset: 20, as: UInt16.self)
            return try body(UnsafeRawBufferPointer(bytes))
        }
    }
}

/// Why sealed bytes do not open.
package enum SealingError: Error, Hashable, Sendable {
    /// Shorter than the tag alone.
    case truncated
    /// Another key, another place, or changed bytes: which of them cannot be told.
    case notAuthentic
}

/// AES-256-GCM over the compressed plaintext of a block (design §5).
///
/// Nonce, 12 bytes: the salt its author drew at the last start (8, big-endian) ‖ the low 4 bytes of the leaf's number.
/// Every leaf's key is used once; the salt keeps a crash, a restored or a copied directory from using one key and
/// nonce twice. What is stored is ciphertext ‖ tag (16); the nonce is derived again.
package enum Sealing {
    package static let tagLength = 16

    package static func seal(
        _ plain: [UInt8], key: Secret, leaf: UInt64, salt: UInt64, at place: SealingPlace
    ) throws(SealingError) -> [UInt8] {
        do {
            return try place.withBytes { place in
                let box = try AES.GCM.seal(
                    plain, using: key.symmetricKey, nonce: nonce(leaf: leaf, salt: salt), authenticating: place)
                return joined(box)
            }
        } catch {
            // AES-GCM refuses nothing below 64 GiB under a key of 32 bytes and a nonce of 12.
            preconditionFailure("sealing \(plain.count) bytes failed: \(error)")
        }
    }

    package static func open(
        _ sealed: [UInt8], key: Secret, leaf: UInt64, salt: UInt64, at place: SealingPlace
    ) throws(SealingError) -> [UInt8] {
        guard sealed.count >= tagLength else { throw .truncated }
        do {
            return try place.withBytes { place in
                let split = sealed.count - tagLength
                let box = try AES.GCM.SealedBox(
                    nonce: nonce(leaf: leaf, salt: salt), ciphertext: sealed[..<split], tag: sealed[split...])
                return Array(try AES.GCM.open(box, using: key.symmetricKey, authenticating: place))
            }
        } catch {
            throw .notAuthentic
        }
    }

    private static func nonce(leaf: UInt64, salt: UInt64) throws -> AES.GCM.Nonce {
        try withUnsafeTemporaryAllocation(byteCount: 12, alignment: 8) { bytes in
            bytes.storeBytes(of: salt.bigEndian, toByteOffset: 0, as: UInt64.self)
            bytes.storeBytes(of: UInt32(truncatingIfNeeded: leaf).bigEndian, toByteOffset: 8, as: UInt32.self)
            return try AES.GCM.Nonce(data: UnsafeRawBufferPointer(bytes))
        }
    }

    static func joined(_ box: AES.GCM.SealedBox) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(box.ciphertext.count + tagLength)
        bytes.append(contentsOf: box.ciphertext)
        bytes.append(contentsOf: box.tag)
        return bytes
    }
}
