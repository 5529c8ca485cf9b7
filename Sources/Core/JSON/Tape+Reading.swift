extension Tape {
    /// A string's bytes as they read, escapes undone.
    package static func decoded(_ node: Node, in bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        let raw = slice(node, in: bytes)
        guard node.hasEscapes else { return Array(raw) }
        var text: [UInt8] = []
        text.reserveCapacity(raw.count)
        var at = 0
        while at < raw.count {
            guard raw[at] == UInt8(ascii: "\\") else {
                text.append(raw[at])
                at += 1
                continue
            }
            switch raw[at + 1] {
            case UInt8(ascii: "n"): text.append(0x0A)
            case UInt8(ascii: "r"): text.append(0x0D)
            case UInt8(ascii: "t"): text.append(0x09)
            case UInt8(ascii: "u"):
                at = appendUnicode(raw, at, to: &text)
                continue
            default: text.append(raw[at + 1])
            }
            at += 2
        }
        return text
    }

    package static func slice(_ node: Node, in bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: bytes[Int(node.start)..<Int(node.end)])
    }

    package static func string(_ node: Node, in bytes: UnsafeBufferPointer<UInt8>) -> String {
        node.hasEscapes
            ? String(decoding: decoded(node, in: bytes), as: UTF8.self)
            : String(decoding: slice(node, in: bytes), as: UTF8.self)
    }

    /// A number without fraction and exponent that fits into 64 bits.
    package static func integer(_ node: Node, in bytes: UnsafeBufferPointer<UInt8>) -> Int64? {
        let raw = slice(node, in: bytes)
        let negative = raw.first == UInt8(ascii: "-")
        guard raw.count <= 20 else { return nil }
        var number: Int64 = 0
        for byte in raw.dropFirst(negative ? 1 : 0) {
            guard byte &- 48 <= 9 else { return nil }
            let (product, overflow) = number.multipliedReportingOverflow(by: 10)
            let (difference, underflow) = product.subtractingReportingOverflow(Int64(byte &- 48))
            if overflow || underflow { return nil }
            number = difference
        }
        // Counted downwards, so that the least integer fits.
        if negative { return number }
        return number == .min ? nil : -number
    }

    /// The value node of a member of an object, by its name.
    package func member(
        _ name: StaticString, of object: Int, in bytes: UnsafeBufferPointer<UInt8>
    ) -> Int? {
        guard nodes[object].kind == .object else { return nil }
        var at = object + 1
        let end = Int(nodes[object].next)
        while at < end {
            let found = Self.slice(nodes[at], in: bytes)
            if found.count == name.utf8CodeUnitCount, found.elementsEqual(name.asBuffer) { return at + 1 }
            at = Int(nodes[at + 1].next)
        }
        return nil
    }

    private static func appendUnicode(_ raw: UnsafeBufferPointer<UInt8>, _ at: Int, to text: inout [UInt8]) -> Int {
        var scalar = unit(raw, at)
        var next = at + 6
        if (0xD800...0xDBFF).contains(scalar) {
            scalar = 0x10000 + (scalar - 0xD800) << 10 + (unit(raw, next) - 0xDC00)
            next += 6
        }
        // The scanner has proved that this is a scalar value.
        if let scalar = Unicode.Scalar(scalar) {
            text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
        return next
    }

    private static func unit(_ raw: UnsafeBufferPointer<UInt8>, _ at: Int) -> UInt32 {
        var unit: UInt32 = 0
        for offset in 2..<6 { unit = unit << 4 | (hexDigit(raw[at + offset]) ?? 0) }
        return unit
    }
}

extension StaticString {
    fileprivate var asBuffer: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount)
    }
}
