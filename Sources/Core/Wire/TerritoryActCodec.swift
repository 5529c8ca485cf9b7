import Law
import Records

extension ProtoWriter {
    mutating func territoryAct(_ act: TerritoryAct) {
        number(1, act.verb.rawValue)
        text(2, act.territory)
        text(3, act.successor)
        text(4, act.name)
        nested(5) { $0.act(act.act) }
        number(6, act.rate)
        number(7, act.from)
        number(8, act.to)
    }

    mutating func transfer(_ transfer: RecordTransfer) {
        blob(1, transfer.record.bytes)
        text(2, transfer.to)
        for dot in transfer.releases { present(3, UInt64(dot.packed)) }
        nested(4) { $0.act(transfer.act) }
    }

    private mutating func act(_ act: Decision.Act) {
        text(1, act.number)
        number(2, Self.zigzag(Int64(act.date.number)))
        text(3, act.basis)
        text(4, act.officer)
    }
}

extension ProtoReader {
    mutating func territoryAct() throws(WireError) -> TerritoryAct {
        try nested { (reader: inout ProtoReader) throws(WireError) in
            var verb: TerritoryAct.Verb?
            var act = TerritoryAct(verb: .added, territory: "", act: Self.noAct)
            while let tag = try reader.next() {
                switch (tag.field, tag.form) {
                case (1, ProtoWriter.varintForm): verb = TerritoryAct.Verb(rawValue: try reader.integer("verb"))
                case (2, ProtoWriter.lengthForm): act.territory = try reader.shortText("territory")
                case (3, ProtoWriter.lengthForm): act.successor = try reader.shortText("successor")
                case (4, ProtoWriter.lengthForm): act.name = try reader.shortText("name")
                case (5, ProtoWriter.lengthForm): act.act = try reader.act()
                case (6, ProtoWriter.varintForm): act.rate = try reader.integer("rate")
                case (7, ProtoWriter.varintForm): act.from = try reader.integer("from")
                case (8, ProtoWriter.varintForm): act.to = try reader.integer("to")
                default: throw .unknownField(tag.field, of: "TerritoryAct")
                }
            }
            guard let verb else { throw .outOfRange("verb") }
            act.verb = verb
            return act
        }
    }

    mutating func transfer() throws(WireError) -> RecordTransfer {
        try nested { (reader: inout ProtoReader) throws(WireError) in
            var record: RecordID?
            var transfer = RecordTransfer(record: RecordID(high: 0, low: 0), to: "", act: Self.noAct)
            while let tag = try reader.next() {
                switch (tag.field, tag.form) {
                case (1, ProtoWriter.lengthForm): record = RecordID(bytes: try reader.blob())
                case (2, ProtoWriter.lengthForm): transfer.to = try reader.shortText("to")
                case (3, ProtoWriter.varintForm):
                    guard let packed = Int64(exactly: try reader.varint()), packed > 0 else { throw .outOfRange("dot") }
                    guard transfer.releases.count < Limits.replacedDots else {
                        throw .tooLarge("dots", limit: Limits.replacedDots)
                    }
                    transfer.releases.append(LogAddress(packed: packed))
                case (4, ProtoWriter.lengthForm): transfer.act = try reader.act()
                default: throw .unknownField(tag.field, of: "Transfer")
                }
            }
            guard let record else { throw .missing("record") }
            transfer.record = record
            return transfer
        }
    }

    private static var noAct: Decision.Act { Decision.Act(number: "", date: Day(0), basis: "", officer: "") }

    private mutating func act() throws(WireError) -> Decision.Act {
        try nested { (reader: inout ProtoReader) throws(WireError) in
            var act = Self.noAct
            while let tag = try reader.next() {
                switch (tag.field, tag.form) {
                case (1, ProtoWriter.lengthForm): act.number = try reader.shortText("act")
                case (2, ProtoWriter.varintForm):
                    guard let day = Int32(exactly: try reader.signed()) else { throw .outOfRange("date") }
                    act.date = Day(day)
                case (3, ProtoWriter.lengthForm): act.basis = try reader.shortText("basis")
                case (4, ProtoWriter.lengthForm): act.officer = try reader.shortText("officer")
                default: throw .unknownField(tag.field, of: "Act")
                }
            }
            return act
        }
    }
}

extension RecordID {
    /// 16 bytes, big-endian.
    fileprivate var bytes: [UInt8] {
        withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { Array($0) }
    }

    fileprivate init?(bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        self.init(
            high: bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) }, low: bytes[8...].reduce(0) { $0 << 8 | UInt64($1) })
    }
}
