import Law
import Records

// Writes and values, as they stand in clear in an entry and inside blocks (`Schema/entry.proto`):
//
//     Write    1 varint   field
//              2 varint   place; absent where it follows the place of the write before (0 for the first)
//              3 … 10     the value, at most one of:
//                3 text   4 integer (zigzag)   5 decimal {1 unscaled (zigzag), 2 scale}   6 day (zigzag)
//                7 time (zigzag)   8 flag   9 group {1 members: each {1 field, 3 … 10}}   10 unknown (1)
//             11 packed   replaces: author, index, place of each dot in turn

extension ProtoWriter {
    mutating func writes(_ field: Int, _ writes: [Write]) {
        var expected = 0
        for write in writes {
            nested(field) { writer in
                writer.number(1, write.field)
                if Int(write.place) != expected { writer.present(2, UInt64(write.place)) }
                if let value = write.value { writer.value(value) }
                if !write.replaces.isEmpty {
                    writer.nested(11) { writer in
                        for dot in write.replaces {
                            writer.varint(UInt64(dot.at.author.number))
                            writer.varint(dot.at.index)
                            writer.varint(UInt64(dot.place))
                        }
                    }
                }
            }
            expected = Int(write.place) + 1
        }
    }

    private mutating func value(_ value: Value) {
        switch value {
        case .text(let text): presentText(3, text)
        case .integer(let integer): present(4, Self.zigzag(integer))
        case .decimal(let unscaled, let scale):
            nested(5) { writer in
                writer.number(1, Self.zigzag(unscaled))
                writer.number(2, scale)
            }
        case .day(let day): present(6, Self.zigzag(Int64(day.number)))
        case .time(let milliseconds): present(7, Self.zigzag(milliseconds))
        case .flag(let flag): present(8, flag ? 1 : 0)
        case .group(let members):
            nested(9) { writer in
                for member in members {
                    writer.nested(1) { writer in
                        writer.number(1, member.field)
                        writer.value(member.value)
                    }
                }
            }
        case .unknown: present(10, 1)
        }
    }
}

extension ProtoReader {
    /// One write; `expected` is the place it has if it names none.
    mutating func write(expected: Int) throws(WireError) -> Write {
        try nested { (reader: inout ProtoReader) throws(WireError) in
            var field: FieldNumber = 0
            var place = expected
            var value: Value?
            var replaces: [Dot] = []
            while let tag = try reader.next() {
                switch (tag.field, tag.form) {
                case (1, ProtoWriter.varintForm): field = try reader.integer("field")
                case (2, ProtoWriter.varintForm): place = Int(try reader.integer("place") as UInt16)
                case (11, ProtoWriter.lengthForm): replaces = try reader.dots()
                default: value = try reader.value(tag, depth: 0)
                }
            }
            guard place <= UInt16.max else { throw .outOfRange("place") }
            guard value != nil || !replaces.isEmpty else { throw .missing("value") }
            return Write(field: field, place: UInt16(place), value: value, replaces: replaces)
        }
    }

    private mutating func dots() throws(WireError) -> [Dot] {
        try nested { (reader: inout ProtoReader) throws(WireError) in
            var dots: [Dot] = []
            while !reader.isAtEnd {
                guard dots.count < Limits.replacedDots else { throw .tooLarge("replaces", limit: Limits.replacedDots) }
                let at = try reader.address()
                dots.append(Dot(at: at, place: try reader.integer("place")))
            }
            return dots
        }
    }

    private mutating func address() throws(WireError) -> LogAddress {
        let author: UInt32 = try integer("author")
        let index = try varint()
        guard author > 0, author < 1 << 23, index > 0, index < 1 << 40 else { throw .outOfRange("dot") }
        return LogAddress(author: AuthorNumber(author), index: index)
    }

    private mutating func value(_ tag: Tag, depth: Int) throws(WireError) -> Value {
        switch (tag.field, tag.form) {
        case (3, ProtoWriter.lengthForm): return .text(try text())
        case (4, ProtoWriter.varintForm): return .integer(try signed())
        case (5, ProtoWriter.lengthForm): return try decimal()
        case (6, ProtoWriter.varintForm):
            guard let number = Int32(exactly: try signed()) else { throw .outOfRange("day") }
            return .day(Day(number))
        case (7, ProtoWriter.varintForm): return .time(try signed())
        case (8, ProtoWriter.varintForm): return .flag(try flag())
        case (9, ProtoWriter.lengthForm): return .group(try members(depth: depth + 1))
        case (10, ProtoWriter.varintForm):
            guard try flag() else { throw .notCanonical }
            return .unknown
        default: throw .unknownField(tag.field, of: "Write")
        }
    }

    private mutating func decimal() throws(WireError) -> Value {
        try nested { (reader: inout ProtoReader) throws(WireError) in
            var unscaled: Int64 = 0
            var scale: UInt8 = 0
            while let tag = try reader.next() {
                switch (tag.field, tag.form) {
                case (1, ProtoWriter.varintForm): unscaled = try reader.signed()
                case (2, ProtoWriter.varintForm): scale = try reader.integer("scale")
                default: throw .unknownField(tag.field, of: "Decimal")
                }
            }
            // 10^18 is the largest power of ten in 64 bits.
            guard scale <= 18 else { throw .outOfRange("scale") }
            return .decimal(unscaled: unscaled, scale: scale)
        }
    }

    private mutating func members(depth: Int) throws(WireError) -> [Value.Member] {
        guard depth <= Limits.groupDepth else { throw .tooLarge("groups within groups", limit: Limits.groupDepth) }
        return try nested { (reader: inout ProtoReader) throws(WireError) in
            var members: [Value.Member] = []
            while let tag = try reader.next() {
                guard tag.field == 1, tag.form == ProtoWriter.lengthForm else {
                    throw .unknownField(tag.field, of: "Group")
                }
                guard members.count < Limits.writes else { throw .tooLarge("group", limit: Limits.writes) }
                members.append(try reader.member(depth: depth))
            }
            return members
        }
    }

    private mutating func member(depth: Int) throws(WireError) -> Value.Member {
        try nested { (reader: inout ProtoReader) throws(WireError) in
            var field: FieldNumber = 0
            var value: Value?
            while let tag = try reader.next() {
                if tag.field == 1, tag.form == ProtoWriter.varintForm {
                    field = try reader.integer("field")
                } else {
                    value = try reader.value(tag, depth: depth)
                }
            }
            guard let value else { throw .missing("value") }
            return Value.Member(field: field, value: value)
        }
    }
}
