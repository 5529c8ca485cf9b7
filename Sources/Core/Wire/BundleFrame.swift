package import Vault

/// One frame of a bundle, the file that carries a log, or its receipt, where there is no line. Each stands by itself:
/// who wrote it, for whom, and what of which log, so frames may come in any order and any number of times.
///
/// Numbers are big-endian:
///
///     offset  bytes  what
///          0      8  "esepbndl"
///          8      1  version: 1
///          9      1  1 entries of a territory's log, 2 a receipt of the centre
///         10     16  cluster id
///         26      4  author
///         30      8  the first entry (1), or the first downlink position (2)
///         38      8  the last one; first - 1 where the frame holds none
///         46      4  the centre's epoch it is sealed to (1), or the number of the territory's reply key (2)
///         50      4  bytes of the body before compression
///         54      8  the writer's clock, milliseconds since 1970
///         62      8  the downlink position the node has taken (1); 0 (2)
///         70      4  the number of the key the receipt is to be sealed to (1); 0 (2)
///         74     32  that key (1); zeros (2). In clear: a receipt can be written where the envelope opens no more
///        106     32  the key drawn for this envelope (see `Envelope`), whose head are bytes 0 to 105
///        138      2  bytes of the certificate
///        140      4  bytes of what is sealed
///        144      …  the certificate, DER: the node's own (1); none (2)
///          …      …  sealed: ciphertext and tag of the body, compressed with LZ4 where that makes it shorter
///          …      2  bytes of the signature
///          …      …  signature over `signed`, X9.62 DER: the node's (1), the cluster's authority's (2)
///
/// Valid when the lengths are within limits and end with the frame, the signature verifies, the envelope opens, and
/// the body is as it says. Anything else is refused whole: nothing of a frame is believed by halves.
package struct BundleFrame: Hashable, Sendable {
    package enum What: UInt8, Hashable, Sendable {
        case entries = 1
        case receipt = 2
    }

    package enum Failure: Error, Hashable, Sendable {
        /// Does not begin as a frame does.
        case notABundle
        /// Of a later program.
        case unknownVersion(UInt8)
        /// Ends before its frame does.
        case truncated
        /// A length beyond the limits, or ranges that cannot be.
        case malformed(String)
    }

    /// Where a receipt goes on from, and what it is sealed to.
    package struct Reply: Hashable, Sendable {
        package var downlink: UInt64
        package var number: UInt32
        package var key: [UInt8]

        package init(downlink: UInt64, number: UInt32, key: [UInt8]) {
            self.downlink = downlink
            self.number = number
            self.key = key
        }

        /// What stands in a receipt.
        package static let none = Reply(downlink: 0, number: 0, key: [UInt8](repeating: 0, count: Envelope.keyLength))
    }

    package static let headLength = 144
    /// Of the body before compression: a batch of the line's size with what goes beside it.
    package static let rawLimit = Limits.batchBytes + (64 << 10)
    package static let certificateLimit = 4 << 10
    package static let signatureLimit = 256
    /// The longest frame.
    package static let limit = headLength + certificateLimit + rawLimit + Envelope.tagLength + 2 + signatureLimit
    private static let magic = Array("esepbndl".utf8)
    private static let version: UInt8 = 1

    package var what: What
    package var cluster: [UInt8]
    package var author: UInt32
    package var first: UInt64
    package var last: UInt64
    package var keyNumber: UInt32
    package var rawLength: UInt32
    package var wallMilliseconds: UInt64
    package var reply: Reply
    package var key: [UInt8]
    package var certificate: [UInt8]
    package var sealed: [UInt8]
    package var signature: [UInt8]

    /// A frame before it is sealed and signed.
    package init(
        _ what: What, cluster: [UInt8], author: UInt32, first: UInt64, last: UInt64, keyNumber: UInt32,
        rawLength: UInt32, wallMilliseconds: UInt64, reply: Reply, certificate: [UInt8]
    ) {
        precondition(cluster.count == JoinToken.clusterLength && certificate.count <= Self.certificateLimit)
        precondition(reply.key.count == Envelope.keyLength, "a reply key has \(Envelope.keyLength) bytes")
        self.wallMilliseconds = wallMilliseconds
        self.reply = reply
        self.what = what
        self.cluster = cluster
        self.author = author
        self.first = first
        self.last = last
        self.keyNumber = keyNumber
        self.rawLength = rawLength
        self.certificate = certificate
        key = []
        sealed = []
        signature = []
    }

    /// What the envelope is bound to: bytes 0 to 105.
    package var envelopeHead: [UInt8] {
        var bytes = Self.magic + [Self.version, what.rawValue] + cluster
        bytes += bigEndianBytes(author)
        bytes += bigEndianBytes(first)
        bytes += bigEndianBytes(last)
        bytes += bigEndianBytes(keyNumber)
        bytes += bigEndianBytes(rawLength)
        bytes += bigEndianBytes(wallMilliseconds)
        bytes += bigEndianBytes(reply.downlink)
        bytes += bigEndianBytes(reply.number)
        return bytes + reply.key
    }

    private var unsigned: [UInt8] {
        var bytes = envelopeHead + key
        bytes += bigEndianBytes(UInt16(certificate.count))
        bytes += bigEndianBytes(UInt32(sealed.count))
        bytes += certificate
        bytes += sealed
        return bytes
    }

    /// What is signed: all bytes before the signature, by their digest, bound to this use.
    package var signed: [UInt8] { Array("esep bundle 1\n".utf8) + Digest.of(unsigned).bytes }

    package var bytes: [UInt8] { unsigned + bigEndianBytes(UInt16(signature.count)) + signature }

    package init(decoding bytes: [UInt8]) throws(Failure) {
        let ends = try Self.length(of: bytes)
        guard ends == bytes.count else { throw ends > bytes.count ? .truncated : .malformed("bytes follow the frame") }
        func number(_ at: Int, _ count: Int) -> UInt64 { bytes[at..<at + count].reduce(0) { $0 << 8 | UInt64($1) } }
        guard let what = What(rawValue: bytes[9]) else { throw .malformed("it is neither entries nor a receipt") }
        self.what = what
        cluster = Array(bytes[10..<26])
        author = UInt32(number(26, 4))
        first = number(30, 8)
        last = number(38, 8)
        keyNumber = UInt32(number(46, 4))
        rawLength = UInt32(number(50, 4))
        wallMilliseconds = number(54, 8)
        reply = Reply(downlink: number(62, 8), number: UInt32(number(70, 4)), key: Array(bytes[74..<106]))
        key = Array(bytes[106..<138])
        let certificateEnd = Self.headLength + Int(number(138, 2))
        let sealedEnd = certificateEnd + Int(number(140, 4))
        certificate = Array(bytes[Self.headLength..<certificateEnd])
        sealed = Array(bytes[certificateEnd..<sealedEnd])
        signature = Array(bytes[(sealedEnd + 2)...])
        guard first >= 1, first < 1 << 40, last < 1 << 40, last >= first - 1 else {
            throw .malformed("it says that it holds \(first) to \(last)")
        }
        guard author >= 1, author < 1 << 23 else { throw .malformed("no author has number \(author)") }
        guard rawLength <= Self.rawLimit, sealed.count >= Envelope.tagLength else {
            throw .malformed("its body of \(rawLength) bytes is over the limit, or cut short")
        }
    }

    /// How long the frame is that begins here; `bytes` may go on behind it, or hold no more than its head.
    ///
    /// - Throws: `truncated` where not even the head is whole, or the length of the signature lies beyond the end.
    package static func length(of bytes: some RandomAccessCollection<UInt8>) throws(Failure) -> Int {
        guard bytes.starts(with: magic.prefix(bytes.count)), !bytes.isEmpty else { throw .notABundle }
        guard bytes.count >= headLength else { throw .truncated }
        func number(_ at: Int, _ count: Int) -> Int {
            let start = bytes.index(bytes.startIndex, offsetBy: at)
            return bytes[start..<bytes.index(start, offsetBy: count)].reduce(0) { $0 << 8 | Int($1) }
        }
        guard number(8, 1) == Int(version) else { throw .unknownVersion(UInt8(number(8, 1))) }
        let (certificate, sealed) = (number(138, 2), number(140, 4))
        guard certificate <= certificateLimit, sealed <= rawLimit + Envelope.tagLength else {
            throw .malformed("its lengths are over the limit")
        }
        let signatureAt = headLength + certificate + sealed
        guard bytes.count >= signatureAt + 2 else { throw .truncated }
        let signature = number(signatureAt, 2)
        guard signature <= signatureLimit else { throw .malformed("its signature is over the limit") }
        return signatureAt + 2 + signature
    }
}

/// The body of a frame of entries: consecutive ones of one log, with the chain's digests at both ends.
///
///     1 digest before the first   2 digest after the last   3 fenced   4 entries
package struct BundleEntries: Hashable, Sendable {
    package var previous: Digest
    package var digest: Digest
    /// The centre has refused this log: it is taken only as one to be adopted.
    package var isFenced: Bool
    package var entries: [[UInt8]]

    package init(previous: Digest, digest: Digest, isFenced: Bool, entries: [[UInt8]]) {
        self.previous = previous
        self.digest = digest
        self.isFenced = isFenced
        self.entries = entries
    }

    package func encoded() -> [UInt8] {
        var writer = ProtoWriter(reserving: entries.reduce(256) { $0 + $1.count + 4 })
        writer.blob(1, previous.bytes)
        writer.blob(2, digest.bytes)
        if isFenced { writer.present(3, 1) }
        for entry in entries { writer.blob(4, entry) }
        return writer.bytes
    }

    package init(decoding bytes: [UInt8]) throws(WireError) {
        var digests: (before: Digest?, after: Digest?)
        var isFenced = false
        var entries: [[UInt8]] = []
        try ProtoReader.reading(bytes) { (reader: inout ProtoReader) throws(WireError) in
            while let tag = try reader.next() {
                switch (tag.field, tag.form) {
                case (1, ProtoWriter.lengthForm): digests.before = Digest(try reader.blob())
                case (2, ProtoWriter.lengthForm): digests.after = Digest(try reader.blob())
                case (3, ProtoWriter.varintForm): isFenced = try reader.flag()
                case (4, ProtoWriter.lengthForm):
                    guard entries.count < Limits.batchEntries else {
                        throw .tooLarge("entries", limit: Limits.batchEntries)
                    }
                    entries.append(try reader.blob())
                default: throw .unknownField(tag.field, of: "bundle")
                }
            }
        }
        guard let before = digests.before, let after = digests.after else { throw .missing("digest") }
        self.init(previous: before, digest: after, isFenced: isFenced, entries: entries)
    }
}

/// The body of a receipt: up to where the centre holds the log, and the downlink from where the territory stood.
///
///     1 frontier   2 the chain's digest there   3 downlink items
package struct BundleReceipt: Hashable, Sendable {
    package var frontier: UInt64
    package var digest: Digest
    package var items: [[UInt8]]

    package init(frontier: UInt64, digest: Digest, items: [[UInt8]]) {
        self.frontier = frontier
        self.digest = digest
        self.items = items
    }

    package func encoded() -> [UInt8] {
        var writer = ProtoWriter(reserving: items.reduce(128) { $0 + $1.count + 4 })
        writer.number(1, frontier)
        writer.blob(2, digest.bytes)
        for item in items { writer.blob(3, item) }
        return writer.bytes
    }

    package init(decoding bytes: [UInt8]) throws(WireError) {
        var frontier: UInt64 = 0
        var digest: Digest?
        var items: [[UInt8]] = []
        try ProtoReader.reading(bytes) { (reader: inout ProtoReader) throws(WireError) in
            while let tag = try reader.next() {
                switch (tag.field, tag.form) {
                case (1, ProtoWriter.varintForm): frontier = try reader.varint()
                case (2, ProtoWriter.lengthForm): digest = Digest(try reader.blob())
                case (3, ProtoWriter.lengthForm):
                    guard items.count < Limits.downlinkItems else {
                        throw .tooLarge("items", limit: Limits.downlinkItems)
                    }
                    items.append(try reader.blob())
                default: throw .unknownField(tag.field, of: "receipt")
                }
            }
        }
        guard let digest else { throw .missing("digest") }
        guard frontier < 1 << 40 else { throw .outOfRange("frontier") }
        self.init(frontier: frontier, digest: digest, items: items)
    }
}
