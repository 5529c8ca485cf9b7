import Records
import Uplink

/// What a recovered centre asks and its territories answer ↔ bytes (`Schema/message.proto`, fields 28 and 29;
/// `Schema/proposal.proto`, field 4). Written by hand, beside `ReseatCodec`.
enum GatheringCodec {
    private static let recoveredField = 28
    private static let toldField = 29

    /// Nil where the message is another.
    static func encode(_ message: UplinkMessage) -> [UInt8]? {
        var writer = ProtoWriter(reserving: 128)
        switch message {
        case .recovered(let recovered):
            writer.nested(recoveredField) { writer in
                writer.number(1, recovered.generation)
                writer.number(2, recovered.author)
                writer.number(3, recovered.frontier)
                writer.number(4, recovered.downlink)
                writer.number(5, recovered.own)
            }
        case .told(let told): writer.nested(toldField) { $0.told(told) }
        default: return nil
        }
        return writer.bytes
    }

    /// Nil where the bytes are of another message.
    static func decode(_ bytes: [UInt8]) throws(WireError) -> UplinkMessage? {
        // Field and form of 28 and 29 take two bytes, which no other message begins with.
        guard bytes.count >= 2, bytes[1] == 1, bytes[0] == 0xE2 || bytes[0] == 0xEA else { return nil }
        guard bytes.count <= Limits.frameBytes else { throw .tooLarge("message", limit: Limits.frameBytes) }
        return try ProtoReader.reading(bytes) { (reader: inout ProtoReader) throws(WireError) in
            guard let tag = try reader.next(), tag.form == ProtoWriter.lengthForm else { throw .missing("message") }
            let message: UplinkMessage =
                tag.field == recoveredField ? .recovered(try reader.recovered()) : .told(try reader.told())
            guard reader.isAtEnd else { throw .unknownField(0, of: "message") }
            return message
        }
    }
}

extension ProtoWriter {
    mutating func told(_ told: Told) {
        number(1, told.author)
        number(2, told.through)
        for item in told.items {
            tag(3, Self.lengthForm)
            varint(UInt64(item.count))
            append(item)
        }
        number(4, UInt64(told.isLast ? 1 : 0))
    }
}

extension ProtoReader {
    fileprivate mutating func recovered() throws(WireError) -> Recovered {
        var recovered = Recovered(generation: 0, author: 0, frontier: 0, downlink: 0, own: 0)
        try members { (reader, field) throws(WireError) in
            switch field {
            case 1: recovered.generation = try reader.integer("generation")
            case 2: recovered.author = try reader.integer("author")
            case 3: recovered.frontier = try reader.varint()
            case 4: recovered.downlink = try reader.varint()
            case 5: recovered.own = try reader.varint()
            default: throw .unknownField(field, of: "Recovered")
            }
        }
        _ = try Proto.author(recovered.author)
        guard recovered.frontier < 1 << 40, recovered.own < 1 << 40 else { throw .outOfRange("index") }
        return recovered
    }

    mutating func told() throws(WireError) -> Told {
        var told = Told(author: 0, through: 0, items: [], isLast: false)
        try members { (reader, field) throws(WireError) in
            switch field {
            case 1: told.author = try reader.integer("author")
            case 2: told.through = try reader.varint()
            case 3:
                guard told.items.count < Limits.downlinkItems else {
                    throw .tooLarge("told", limit: Limits.downlinkItems)
                }
                told.items.append(try reader.blob())
            case 4: told.isLast = try reader.varint() != 0
            default: throw .unknownField(field, of: "Told")
            }
        }
        _ = try Proto.author(told.author)
        guard told.through < 1 << 40 else { throw .outOfRange("through") }
        return told
    }
}

extension Proposal {
    private static let toldField = 4

    /// Nil where the payload is another.
    static func told(in bytes: [UInt8]) throws(WireError) -> Proposal? {
        guard bytes.count <= Limits.frameBytes else { throw .tooLarge("proposal", limit: Limits.frameBytes) }
        return try ProtoReader.reading(bytes) { (reader: inout ProtoReader) throws(WireError) -> Proposal? in
            var milliseconds: UInt64 = 0
            while let tag = try reader.next() {
                if tag.field == 1, tag.form == ProtoWriter.varintForm {
                    milliseconds = try reader.varint()
                    continue
                }
                guard tag.field == toldField, tag.form == ProtoWriter.lengthForm else { return nil }
                let told = try reader.told()
                guard reader.isAtEnd else { throw .unknownField(0, of: "proposal") }
                return Proposal(leaderMilliseconds: milliseconds, payload: .told(told))
            }
            return nil
        }
    }

    func encoded(_ told: Told) -> [UInt8] {
        var writer = ProtoWriter(reserving: 128)
        writer.number(1, leaderMilliseconds)
        writer.nested(Self.toldField) { $0.told(told) }
        return writer.bytes
    }
}
