package import Records
package import Vault

/// The plaintext of a block. The content digest and the signature stand in slot 0 alone.
package struct BlockPlain: Hashable, Sendable {
    package var writes: [Write]
    /// SHA-256 of the document's canonical bytes: it can be guessed and checked, so it must not outlive the key.
    package var content: Digest?
    /// The sender's signature over the same bytes; empty where the sender does not sign.
    package var signature: [UInt8]

    package init(writes: [Write], content: Digest? = nil, signature: [UInt8] = []) {
        self.writes = writes
        self.content = content
        self.signature = signature
    }
}

/// Plaintext of blocks ↔ bytes. `BlockPlain`: 1 writes (see `WriteFields.swift`), 2 content (32 bytes), 3 signature.
package enum WritesCodec {
    package static func encode(_ plain: BlockPlain) -> [UInt8] {
        var writer = ProtoWriter(reserving: 256)
        writer.writes(1, plain.writes)
        if let content = plain.content { writer.blob(2, content.bytes) }
        writer.blob(3, plain.signature)
        return writer.bytes
    }

    /// Refused unless encoding what was read gives the very same bytes.
    package static func decode(_ bytes: [UInt8]) throws(WireError) -> BlockPlain {
        guard bytes.count <= Limits.blockBytes else { throw .tooLarge("block", limit: Limits.blockBytes) }
        let plain = try ProtoReader.reading(bytes) { (reader: inout ProtoReader) throws(WireError) in
            var plain = BlockPlain(writes: [])
            while let tag = try reader.next() {
                switch (tag.field, tag.form) {
                case (1, ProtoWriter.lengthForm):
                    guard plain.writes.count < Limits.writes else { throw .tooLarge("block", limit: Limits.writes) }
                    plain.writes.append(try reader.write(expected: plain.writes.nextPlace))
                case (2, ProtoWriter.lengthForm):
                    guard let content = Digest(try reader.blob()) else { throw .outOfRange("content") }
                    plain.content = content
                case (3, ProtoWriter.lengthForm):
                    plain.signature = try reader.blob()
                default: throw .unknownField(tag.field, of: "BlockPlain")
                }
            }
            return plain
        }
        guard encode(plain).isSame(as: bytes) else { throw .notCanonical }
        return plain
    }
}

extension [Write] {
    /// The place of the next write of this list, if it names none.
    var nextPlace: Int {
        last.map { Int($0.place) + 1 } ?? 0
    }
}
