/// Reads the protobuf wire format, field by field, over bytes that outlive it. Refuses overlong varints at once; order,
/// doubled fields and written-out zeros are found by encoding anew and comparing.
struct ProtoReader {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    private var end: Int

    struct Tag {
        var field: Int
        var form: UInt64
    }

    private init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        end = bytes.count
    }

    /// Reads all of `source`; what `body` leaves over is impossible, since it asks for tags until there are none.
    static func reading<Answer>(
        _ source: [UInt8], _ body: (inout ProtoReader) throws(WireError) -> Answer
    ) throws(WireError) -> Answer {
        let result = source.withUnsafeBytes { bytes -> Result<Answer, WireError> in
            var reader = ProtoReader(bytes)
            do throws(WireError) {
                return .success(try body(&reader))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// How many bytes of the source are read.
    var offset: Int { position }

    /// Whether the message at hand is read to its end.
    var isAtEnd: Bool { position >= end }

    /// The next field of the message at hand, or nil at its end.
    mutating func next() throws(WireError) -> Tag? {
        guard position < end else { return nil }
        let key = try varint()
        guard key >> 3 > 0, key >> 3 < 1 << 20 else { throw .unknownField(0, of: "message") }
        return Tag(field: Int(key >> 3), form: key & 7)
    }

    mutating func varint() throws(WireError) -> UInt64 {
        guard position < end else { throw .truncated }
        let first = bytes[position]
        position += 1
        guard first >= 0x80 else { return UInt64(first) }
        var value = UInt64(first & 0x7F)
        var shift: UInt64 = 7
        while true {
            guard position < end else { throw .truncated }
            let byte = bytes[position]
            position += 1
            // The tenth byte holds the 64th bit alone.
            guard shift < 63 || byte <= 1 else { throw .badVarint }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 {
                guard byte != 0 else { throw .badVarint }
                return value
            }
            shift += 7
            guard shift < 64 else { throw .badVarint }
        }
    }

    mutating func fixed64() throws(WireError) -> UInt64 {
        guard end - position >= 8 else { throw .truncated }
        defer { position += 8 }
        return UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
    }

    private mutating func span() throws(WireError) -> Range<Int> {
        let length = try varint()
        guard length <= UInt64(end - position) else { throw .truncated }
        let range = position..<position + Int(length)
        position = range.upperBound
        return range
    }

    mutating func blob() throws(WireError) -> [UInt8] {
        Array(UnsafeRawBufferPointer(rebasing: bytes[try span()]))
    }

    mutating func text() throws(WireError) -> String {
        let range = try span()
        let span = UnsafeRawBufferPointer(rebasing: bytes[range])
        guard let text = String(validating: span, as: UTF8.self) else { throw .badText }
        return text
    }

    /// A text of an entry's head: bounded more tightly than a field's value.
    mutating func shortText(_ field: String) throws(WireError) -> String {
        let text = try text()
        guard text.utf8.count <= Limits.textBytes else { throw .tooLarge(field, limit: Limits.textBytes) }
        return text
    }

    /// A message within: `body` sees its bytes alone.
    mutating func nested<Answer>(
        _ body: (inout ProtoReader) throws(WireError) -> Answer
    ) throws(WireError) -> Answer {
        let range = try span()
        let outer = end
        position = range.lowerBound
        end = range.upperBound
        let answer = try body(&self)
        position = range.upperBound
        end = outer
        return answer
    }

    mutating func integer<Number: FixedWidthInteger>(_ field: String) throws(WireError) -> Number {
        guard let number = Number(exactly: try varint()) else { throw .outOfRange(field) }
        return number
    }

    mutating func signed() throws(WireError) -> Int64 {
        let folded = try varint()
        return Int64(bitPattern: folded >> 1) ^ -Int64(bitPattern: folded & 1)
    }

    mutating func flag() throws(WireError) -> Bool {
        switch try varint() {
        case 0: return false
        case 1: return true
        default: throw .outOfRange("flag")
        }
    }
}
