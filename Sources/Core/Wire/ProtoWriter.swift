/// Writes the protobuf wire format canonically: the caller calls in ascending order of fields, zero values leave out
/// what proto3 leaves out, and every varint is the shortest.
struct ProtoWriter {
    private(set) var bytes: [UInt8]

    init(reserving count: Int) {
        bytes = []
        bytes.reserveCapacity(count)
    }

    // The four forms of a field that are used here.
    static let varintForm: UInt64 = 0
    static let fixed64Form: UInt64 = 1
    static let lengthForm: UInt64 = 2

    mutating func tag(_ field: Int, _ form: UInt64) {
        varint(UInt64(field) << 3 | form)
    }

    mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func fixed64(_ value: UInt64) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Bytes whose field and length are written.
    mutating func append(_ value: [UInt8]) {
        bytes.append(contentsOf: value)
    }

    /// Left out when zero.
    mutating func number(_ field: Int, _ value: some UnsignedInteger) {
        guard value != 0 else { return }
        present(field, UInt64(value))
    }

    /// Written even when zero: a member of a oneof, or an optional field.
    mutating func present(_ field: Int, _ value: UInt64) {
        tag(field, Self.varintForm)
        varint(value)
    }

    /// Left out when zero.
    mutating func fixed(_ field: Int, _ value: UInt64) {
        guard value != 0 else { return }
        tag(field, Self.fixed64Form)
        fixed64(value)
    }

    /// Left out when empty.
    mutating func text(_ field: Int, _ value: String) {
        guard !value.utf8.isEmpty else { return }
        presentText(field, value)
    }

    mutating func presentText(_ field: Int, _ value: String) {
        tag(field, Self.lengthForm)
        varint(UInt64(value.utf8.count))
        bytes.append(contentsOf: value.utf8)
    }

    /// Left out when empty.
    mutating func blob(_ field: Int, _ value: [UInt8]) {
        guard !value.isEmpty else { return }
        tag(field, Self.lengthForm)
        varint(UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    /// A message within: its length is put before it once it is known.
    mutating func nested(_ field: Int, _ body: (inout ProtoWriter) -> Void) {
        tag(field, Self.lengthForm)
        let start = bytes.count
        bytes.append(0)
        body(&self)
        var length = UInt64(bytes.count - start - 1)
        guard length >= 0x80 else {
            bytes[start] = UInt8(length)
            return
        }
        // Most messages within are short; a longer length moves what was written by one to three bytes.
        bytes[start] = UInt8(truncatingIfNeeded: length) | 0x80
        length >>= 7
        var rest: [UInt8] = []
        while length >= 0x80 {
            rest.append(UInt8(truncatingIfNeeded: length) | 0x80)
            length >>= 7
        }
        rest.append(UInt8(truncatingIfNeeded: length))
        bytes.insert(contentsOf: rest, at: start + 1)
    }

    static func zigzag(_ value: Int64) -> UInt64 {
        UInt64(bitPattern: value << 1 ^ value >> 63)
    }
}
