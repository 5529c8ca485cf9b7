import Records
import Uplink
import Vault

/// Messages of a log that cannot go on ↔ bytes (`Schema/message.proto`, fields 24 to 27). Written by hand: a batch of a
/// former log is a megabyte that must not be copied through generated types.
enum ReseatCodec {
    private static let reseatField = 24
    private static let reseatedField = 25
    private static let askedField = 26
    private static let formerField = 27
    /// Former logs one answer may name: a territory is seated anew a few times in its life.
    private static let formersMax = 1 << 12

    /// Nil where the message is another.
    static func encode(_ message: UplinkMessage) -> [UInt8]? {
        var writer = ProtoWriter(reserving: 128)
        switch message {
        case .reseat(let reseat): writer.nested(reseatField) { $0.reseat(reseat) }
        case .reseated(let answer): writer.nested(reseatedField) { $0.reseated(answer) }
        case .formerAsked(let ask): writer.nested(askedField) { $0.ask(ask) }
        case .former(let batch): writer.nested(formerField) { $0.batch(batch) }
        default: return nil
        }
        return writer.bytes
    }

    /// Nil where the bytes are of another message.
    static func decode(_ bytes: [UInt8]) throws(WireError) -> UplinkMessage? {
        // Field and form of 24 to 27 take two bytes, which no other message begins with.
        guard bytes.count >= 2, bytes[1] == 1, [0xC2, 0xCA, 0xD2, 0xDA].contains(bytes[0]) else { return nil }
        guard bytes.count <= Limits.frameBytes else { throw .tooLarge("message", limit: Limits.frameBytes) }
        return try ProtoReader.reading(bytes) { (reader: inout ProtoReader) throws(WireError) in
            guard let tag = try reader.next(), tag.form == ProtoWriter.lengthForm else { throw .missing("message") }
            let message: UplinkMessage
            switch tag.field {
            case reseatField: message = .reseat(try reader.reseat())
            case reseatedField: message = .reseated(try reader.reseated(limit: formersMax))
            case askedField: message = .formerAsked(try reader.ask())
            case formerField: message = .former(try reader.batch())
            default: throw .unknownField(tag.field, of: "message")
            }
            guard reader.isAtEnd else { throw .unknownField(0, of: "message") }
            return message
        }
    }
}

extension ProtoWriter {
    fileprivate mutating func reseat(_ reseat: Reseat) {
        blob(1, reseat.cluster)
        number(2, reseat.version)
        number(3, reseat.author)
        number(4, reseat.last)
        number(5, reseat.cause.rawValue)
        blob(6, reseat.treeSeed.bytes)
        number(7, reseat.wallMilliseconds)
        if !reseat.pass.isEmpty { blob(8, reseat.pass) }
    }

    fileprivate mutating func reseated(_ answer: Reseated) {
        number(1, answer.author)
        number(2, answer.seat)
        for former in answer.formers { nested(3) { $0.former(former) } }
    }

    mutating func former(_ former: FormerLog) {
        number(1, former.author)
        number(2, former.seat)
        number(3, former.last)
        number(4, former.told)
    }

    fileprivate mutating func ask(_ ask: FormerAsk) {
        number(1, ask.author)
        number(2, ask.after)
        blob(3, ask.digest.bytes)
        number(4, ask.maximumBytes)
    }

    mutating func batch(_ batch: Batch) {
        number(1, batch.author)
        number(2, batch.first)
        blob(3, batch.digest.bytes)
        for entry in batch.entries {
            tag(4, Self.lengthForm)
            varint(UInt64(entry.count))
            append(entry)
        }
    }
}

extension ProtoReader {
    fileprivate mutating func reseat() throws(WireError) -> Reseat {
        var cluster: [UInt8] = []
        var version: UInt32 = 0
        var author: UInt32 = 0
        var last: UInt64 = 0
        var cause: Reseat.Cause?
        var seed: Secret?
        var wall: UInt64 = 0
        var pass: [UInt8] = []
        try members { (reader, field) throws(WireError) in
            switch field {
            case 1: cluster = try reader.shortBlob("cluster")
            case 2: version = try reader.integer("version")
            case 3: author = try reader.integer("author")
            case 4: last = try reader.varint()
            case 5: cause = Reseat.Cause(rawValue: try reader.integer("cause"))
            case 6: seed = Secret(try reader.blob())
            case 7: wall = try reader.varint()
            case 8: pass = try reader.shortBlob("pass")
            default: throw .unknownField(field, of: "Reseat")
            }
        }
        guard let cause, let seed, last < 1 << 40 else { throw .outOfRange("reseat") }
        return Reseat(
            cluster: cluster, version: version, author: try Proto.author(author).number, last: last, cause: cause,
            treeSeed: seed, wallMilliseconds: wall, pass: pass)
    }

    fileprivate mutating func reseated(limit: Int) throws(WireError) -> Reseated {
        var answer = Reseated(author: 0, seat: 0, formers: [])
        try members { (reader, field) throws(WireError) in
            switch field {
            case 1: answer.author = try reader.integer("author")
            case 2: answer.seat = try reader.integer("seat")
            case 3:
                guard answer.formers.count < limit else { throw .tooLarge("former logs", limit: limit) }
                answer.formers.append(try reader.former())
            default: throw .unknownField(field, of: "Reseated")
            }
        }
        _ = try Proto.author(answer.author)
        guard answer.seat > 0 else { throw .outOfRange("seat") }
        return answer
    }

    mutating func former() throws(WireError) -> FormerLog {
        var former = FormerLog(author: 0, seat: 0, last: 0, told: 0)
        try members { (reader, field) throws(WireError) in
            switch field {
            case 1: former.author = try reader.integer("author")
            case 2: former.seat = try reader.integer("seat")
            case 3: former.last = try reader.varint()
            case 4: former.told = try reader.varint()
            default: throw .unknownField(field, of: "Former")
            }
        }
        _ = try Proto.author(former.author)
        guard former.seat > 0, former.last < 1 << 40, former.told < 1 << 40 else { throw .outOfRange("former log") }
        return former
    }

    fileprivate mutating func ask() throws(WireError) -> FormerAsk {
        var (author, after, bytes) = (UInt32(0), UInt64(0), UInt32(0))
        var digest: Digest?
        try members { (reader, field) throws(WireError) in
            switch field {
            case 1: author = try reader.integer("author")
            case 2: after = try reader.varint()
            case 3: digest = Digest(try reader.blob())
            case 4: bytes = try reader.integer("bytes")
            default: throw .unknownField(field, of: "FormerAsk")
            }
        }
        guard let digest, after < 1 << 40 else { throw .outOfRange("former log") }
        return FormerAsk(
            author: try Proto.author(author).number, after: after, digest: digest, maximumBytes: bytes)
    }

    mutating func batch() throws(WireError) -> Batch {
        var (author, first) = (UInt32(0), UInt64(0))
        var digest: Digest?
        var entries: [[UInt8]] = []
        var total = 0
        try members { (reader, field) throws(WireError) in
            switch field {
            case 1: author = try reader.integer("author")
            case 2: first = try reader.varint()
            case 3: digest = Digest(try reader.blob())
            case 4:
                guard entries.count < Limits.batchEntries else { throw .tooLarge("batch", limit: Limits.batchEntries) }
                let entry = try reader.blob()
                guard entry.count <= Limits.decisionBytes else {
                    throw .tooLarge("entry", limit: Limits.decisionBytes)
                }
                total += entry.count
                guard total <= Limits.batchBytes + Limits.entryBytes else {
                    throw .tooLarge("batch", limit: Limits.batchBytes)
                }
                entries.append(entry)
            default: throw .unknownField(field, of: "Batch")
            }
        }
        guard let digest else { throw .missing("digest") }
        return Batch(
            author: try Proto.author(author).number, first: try Proto.index(first), entries: entries, digest: digest)
    }

    mutating func shortBlob(_ field: String) throws(WireError) -> [UInt8] {
        let bytes = try blob()
        guard bytes.count <= Limits.textBytes else { throw .tooLarge(field, limit: Limits.textBytes) }
        return bytes
    }

    /// Every field of the message within; the reader of a field must take its value.
    mutating func members(
        _ read: (inout ProtoReader, Int) throws(WireError) -> Void
    ) throws(WireError) {
        try nested { (reader: inout ProtoReader) throws(WireError) in
            while let tag = try reader.next() { try read(&reader, tag.field) }
        }
    }
}
