package import Records

/// What a new holder is told of a record after its entries: how it is called, here and where it was opened.
package struct HeldRecord: Hashable, Sendable {
    package var opening: LogAddress
    /// Who opened it, and its how-manieth node.
    package var territory: String
    package var seat: UInt32
    package var kind: String
    package var provisional: Serial
    package var confirmed: Serial

    package init(
        opening: LogAddress, territory: String, seat: UInt32, kind: String, provisional: Serial, confirmed: Serial
    ) {
        self.opening = opening
        self.territory = territory
        self.seat = seat
        self.kind = kind
        self.provisional = provisional
        self.confirmed = confirmed
    }
}

/// Held ↔ bytes, item 4 of `Schema/downlink.proto`, by hand:
///
///     4 Held {1 author, 2 index, 3 territory, 4 seat, 5 kind, 6 year, 7 serial, 8 confirmed year, 9 confirmed serial}
extension HeldRecord {
    /// Field and form of the item: no other item begins so.
    static let mark: UInt8 = 4 << 3 | 2

    func encoded() -> [UInt8] {
        var writer = ProtoWriter(reserving: 64)
        writer.nested(4) { writer in
            writer.number(1, opening.author.number)
            writer.number(2, opening.index)
            writer.text(3, territory)
            writer.number(4, seat)
            writer.text(5, kind)
            writer.number(6, provisional.year)
            writer.number(7, provisional.serial)
            writer.number(8, confirmed.year)
            writer.number(9, confirmed.serial)
        }
        return writer.bytes
    }

    init(decoding bytes: [UInt8]) throws(WireError) {
        self = try ProtoReader.reading(bytes) { (reader: inout ProtoReader) throws(WireError) in
            guard let tag = try reader.next(), tag.field == 4, tag.form == ProtoWriter.lengthForm else {
                throw .missing("item")
            }
            let held = try reader.held()
            guard reader.isAtEnd else { throw .unknownField(0, of: "Held") }
            return held
        }
    }
}

extension ProtoReader {
    fileprivate mutating func held() throws(WireError) -> HeldRecord {
        try nested { (reader: inout ProtoReader) throws(WireError) in
            var (author, index) = (UInt32(0), UInt64(0))
            var held = HeldRecord(
                opening: LogAddress(author: .centre, index: 1), territory: "", seat: 0, kind: "",
                provisional: Serial(year: 0, serial: 0), confirmed: Serial(year: 0, serial: 0))
            while let tag = try reader.next() {
                switch (tag.field, tag.form) {
                case (1, ProtoWriter.varintForm): author = try reader.integer("author")
                case (2, ProtoWriter.varintForm): index = try reader.varint()
                case (3, ProtoWriter.lengthForm): held.territory = try reader.shortText("territory")
                case (4, ProtoWriter.varintForm): held.seat = try reader.integer("seat")
                case (5, ProtoWriter.lengthForm): held.kind = try reader.shortText("kind")
                case (6, ProtoWriter.varintForm): held.provisional.year = try reader.integer("year")
                case (7, ProtoWriter.varintForm): held.provisional.serial = try reader.integer("serial")
                case (8, ProtoWriter.varintForm): held.confirmed.year = try reader.integer("year")
                case (9, ProtoWriter.varintForm): held.confirmed.serial = try reader.integer("serial")
                default: throw .unknownField(tag.field, of: "Held")
                }
            }
            held.opening = LogAddress(author: try Proto.author(author), index: try Proto.index(index))
            return held
        }
    }
}
