import Records
import Uplink
import Vault

/// A batch whose entries travel without what the other end derives ↔ bytes (`Schema/message.proto`, field 30). Sent
/// only to a centre whose welcome says that it takes such batches.
enum SlimBatchCodec {
    private static let field = 30

    /// Nil where an entry cannot go so: the batch then goes as it is.
    static func encode(_ batch: Batch) -> [UInt8]? {
        var slim = batch
        for (place, entry) in batch.entries.enumerated() {
            guard let short = SlimEntry.slim(entry) else { return nil }
            slim.entries[place] = short
        }
        var writer = ProtoWriter(reserving: slim.entries.reduce(128) { $0 + $1.count + 4 })
        writer.nested(field) { $0.batch(slim) }
        return writer.bytes
    }

    /// Nil where the bytes are of another message. Whether the entries are those that were meant is for the batch's
    /// digest to say, which is over the whole ones.
    static func decode(_ bytes: [UInt8]) throws(WireError) -> UplinkMessage? {
        // Field and form of 30 take two bytes, which no other message begins with.
        guard bytes.count >= 2, bytes[1] == 1, bytes[0] == 0xF2 else { return nil }
        guard bytes.count <= Limits.frameBytes else { throw .tooLarge("message", limit: Limits.frameBytes) }
        return try ProtoReader.reading(bytes) { (reader: inout ProtoReader) throws(WireError) in
            guard let tag = try reader.next(), tag.form == ProtoWriter.lengthForm else { throw .missing("message") }
            var batch = try reader.batch()
            guard reader.isAtEnd else { throw .unknownField(0, of: "message") }
            batch.isSlim = true
            for place in batch.entries.indices { batch.entries[place] = SlimEntry.whole(batch.entries[place]) }
            return .batch(batch)
        }
    }
}

/// An entry without its record's id. The id of a record is a hash of its sender and the sender's document id, and both
/// stand in the entry that opens it: sixteen bytes that nothing compresses, a fifteenth of what a card costs the line.
///
/// The slim form is the entry's bytes with the field cut out and nothing else changed, lengths included. Entries of
/// other kinds, and amendments, which name a record that was opened elsewhere, are their own slim form.
enum SlimEntry {
    /// Tag and length of the field `record`, before its sixteen bytes.
    private static let head: [UInt8] = [2 << 3 | 2, 16]
    private static let length = 18

    /// Nil where the other end would take the bytes for a form they are not: no entry that this project writes.
    static func slim(_ entry: [UInt8]) -> [UInt8]? {
        guard let place = RecordPlace(in: entry) else { return entry }
        guard place.isThere else { return nil }
        let end = place.offset + length
        guard entry[(place.offset + head.count)..<end].elementsEqual(place.derived) else { return entry }
        var short: [UInt8] = []
        short.reserveCapacity(entry.count - length)
        short += entry[..<place.offset]
        short += entry[end...]
        return short
    }

    /// At most eighteen bytes longer than what is given; what cannot be read is left as it is.
    static func whole(_ slim: [UInt8]) -> [UInt8] {
        guard let place = RecordPlace(in: slim), !place.isThere else { return slim }
        var entry: [UInt8] = []
        entry.reserveCapacity(slim.count + length)
        entry += slim[..<place.offset]
        entry += head
        entry += place.derived
        entry += slim[place.offset...]
        return entry
    }
}

/// Where a document entry holds its record's id, or would, and the id that its sender and document id give.
private struct RecordPlace {
    var offset: Int
    var isThere: Bool
    var derived: [UInt8]

    /// Nil where the bytes are not the beginning of a document entry, whole or slim.
    init?(in entry: [UInt8]) {
        let found = try? ProtoReader.reading(entry) { (reader: inout ProtoReader) throws(WireError) in
            try reader.recordPlace()
        }
        guard let found else { return nil }
        self = found
    }

    fileprivate init(offset: Int, isThere: Bool, sender: String, document: String) {
        self.offset = offset
        self.isThere = isThere
        let id = RecordName.id(sender: sender, document: document)
        var writer = ProtoWriter(reserving: 16)
        writer.fixed64(id.high.byteSwapped)
        writer.fixed64(id.low.byteSwapped)
        derived = writer.bytes
    }
}

extension ProtoReader {
    /// The document's length counts the field that may be cut out, so its members are read up to the last that matters.
    fileprivate mutating func recordPlace() throws(WireError) -> RecordPlace? {
        while let tag = try next() {
            switch (tag.field, tag.form) {
            case (1, ProtoWriter.fixed64Form): _ = try fixed64()
            case (2, ProtoWriter.varintForm): _ = try varint()
            case (3, ProtoWriter.lengthForm):
                _ = try varint()
                return try recordPlaceOfDocument()
            default: return nil
            }
        }
        return nil
    }

    private mutating func recordPlaceOfDocument() throws(WireError) -> RecordPlace? {
        var place = offset
        var isThere = false
        var sender = ""
        var last = 0
        while true {
            let begin = offset
            guard let tag = try next(), tag.field > last else { return nil }
            last = tag.field
            switch (tag.field, tag.form) {
            case (1, ProtoWriter.varintForm):
                _ = try varint()
                place = offset
            case (2, ProtoWriter.lengthForm):
                guard begin == place, try blob().count == 16, offset == place + 18 else { return nil }
                isThere = true
            case (3, ProtoWriter.lengthForm): _ = try blob()
            case (4...6, ProtoWriter.varintForm): _ = try varint()
            case (7, ProtoWriter.lengthForm): sender = try shortText("sender")
            case (8, ProtoWriter.lengthForm):
                return RecordPlace(
                    offset: place, isThere: isThere, sender: sender, document: try shortText("document"))
            default: return nil
            }
        }
    }
}
