/// Writing JSON: only what readers must agree on byte for byte.
package enum JSONWriting {
    /// Appends a string with its quotes and the least escapes: quote, backslash, and control characters.
    package static func append(_ text: String, to bytes: inout [UInt8]) {
        var text = text
        text.withUTF8 { append($0, to: &bytes) }
    }

    package static func append(_ text: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0x0A: bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "n")])
            case 0x0D: bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "r")])
            case 0x09: bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "t")])
            case 0..<0x20:
                let digits = Array("0123456789abcdef".utf8)
                bytes.append(contentsOf: Array("\\u00".utf8))
                bytes.append(digits[Int(byte >> 4)])
                bytes.append(digits[Int(byte & 15)])
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// A string as JSON, quotes included.
    package static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = []
        append(text, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Tape {
    /// Appends a scanned value in canonical form: members sorted by the bytes of their names, no white space, least
    /// escapes, numbers as they were written. `omitted` is a member name of the outermost object that is left out.
    package func appendCanonical(
        _ index: Int, in bytes: UnsafeBufferPointer<UInt8>, omitting omitted: StaticString? = nil,
        to canonical: inout [UInt8]
    ) {
        let node = nodes[index]
        switch node.kind {
        case .string:
            if node.hasEscapes {
                Self.decoded(node, in: bytes).withUnsafeBufferPointer { JSONWriting.append($0, to: &canonical) }
            } else {
                // Scanned without escapes: nothing in it needs one.
                canonical.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[Int(node.start) - 1...Int(node.end)]))
            }
        case .number, .true, .false, .null: canonical.append(contentsOf: Self.slice(node, in: bytes))
        case .array:
            canonical.append(UInt8(ascii: "["))
            var at = index + 1
            for element in 0..<Int(node.count) {
                if element > 0 { canonical.append(UInt8(ascii: ",")) }
                appendCanonical(at, in: bytes, to: &canonical)
                at = Int(nodes[at].next)
            }
            canonical.append(UInt8(ascii: "]"))
        case .object: appendObject(index, in: bytes, omitting: omitted, to: &canonical)
        }
    }

    private func appendObject(
        _ index: Int, in bytes: UnsafeBufferPointer<UInt8>, omitting omitted: StaticString?,
        to canonical: inout [UInt8]
    ) {
        var names: [Int] = []
        names.reserveCapacity(Int(nodes[index].count))
        var at = index + 1
        for _ in 0..<Int(nodes[index].count) {
            names.append(at)
            at = Int(nodes[at + 1].next)
        }
        names.sort { precedes(nodes[$0], nodes[$1], in: bytes) }
        canonical.append(UInt8(ascii: "{"))
        var isFirst = true
        for name in names {
            if let omitted, isNamed(nodes[name], omitted, in: bytes) { continue }
            if !isFirst { canonical.append(UInt8(ascii: ",")) }
            isFirst = false
            appendCanonical(name, in: bytes, to: &canonical)
            canonical.append(UInt8(ascii: ":"))
            appendCanonical(name + 1, in: bytes, to: &canonical)
        }
        canonical.append(UInt8(ascii: "}"))
    }

    private func precedes(_ left: Node, _ right: Node, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        if left.hasEscapes || right.hasEscapes {
            return Self.decoded(left, in: bytes).lexicographicallyPrecedes(Self.decoded(right, in: bytes))
        }
        let count = min(left.end - left.start, right.end - right.start)
        for offset in 0..<count {
            let (a, b) = (bytes[Int(left.start + offset)], bytes[Int(right.start + offset)])
            if a != b { return a < b }
        }
        return left.end - left.start < right.end - right.start
    }

    private func isNamed(_ node: Node, _ name: StaticString, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let raw = Self.slice(node, in: bytes)
        guard raw.count == name.utf8CodeUnitCount else { return false }
        for offset in 0..<raw.count where raw[offset] != name.utf8Start[offset] { return false }
        return true
    }
}
