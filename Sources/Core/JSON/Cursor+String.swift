extension Cursor {
    /// A string with its UTF-8, escapes and surrogates proved.
    mutating func string() throws(ScanProblem) {
        let start = at + 1
        at = start
        var hasEscapes = false
        scan: while true {
            guard at < count else { throw ScanProblem(.unfinished, at: at) }
            let byte = base[at]
            switch byte {
            case UInt8(ascii: "\""): break scan
            case UInt8(ascii: "\\"):
                hasEscapes = true
                try escape()
            case 0x20..<0x80: at += 1
            case 0: throw ScanProblem(.nul, at: at)
            case 1..<0x20: throw ScanProblem(.controlCharacter, at: at)
            default: try multibyte(byte)
            }
        }
        nodes.append(
            Tape.Node(
                kind: .string, hasEscapes: hasEscapes, start: UInt32(start), end: UInt32(at),
                next: UInt32(nodes.count + 1), count: 0))
        at += 1
    }

    /// One sequence of two to four bytes, as RFC 3629 allows them: no overlong form, no surrogate, none past U+10FFFF.
    @inline(__always)
    private mutating func multibyte(_ lead: UInt8) throws(ScanProblem) {
        if lead >= 0xC2, lead <= 0xDF {
            guard at + 1 < count, isContinuation(at + 1) else { throw ScanProblem(.invalidUTF8, at: at) }
            // U+0080…U+009F are control characters too.
            if lead == 0xC2, base[at + 1] < 0xA0 { throw ScanProblem(.controlCharacter, at: at) }
            at += 2
            return
        }
        try longMultibyte(lead)
    }

    private mutating func longMultibyte(_ lead: UInt8) throws(ScanProblem) {
        let problem = ScanProblem(.invalidUTF8, at: at)
        if lead >= 0xE0, lead <= 0xEF {
            guard at + 2 < count, isContinuation(at + 1), isContinuation(at + 2) else { throw problem }
            let second = base[at + 1]
            if lead == 0xE0, second < 0xA0 { throw problem }
            if lead == 0xED, second > 0x9F { throw problem }
            at += 3
        } else if lead >= 0xF0, lead <= 0xF4 {
            guard at + 3 < count, isContinuation(at + 1), isContinuation(at + 2), isContinuation(at + 3) else {
                throw problem
            }
            let second = base[at + 1]
            if lead == 0xF0, second < 0x90 { throw problem }
            if lead == 0xF4, second > 0x8F { throw problem }
            at += 4
        } else {
            throw problem
        }
    }

    @inline(__always)
    private func isContinuation(_ position: Int) -> Bool {
        base[position] & 0xC0 == 0x80
    }

    private mutating func escape() throws(ScanProblem) {
        guard at + 1 < count else { throw ScanProblem(.unfinished, at: at) }
        switch base[at + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "n"), UInt8(ascii: "t"),
            UInt8(ascii: "r"):
            at += 2
        // Backspace and form feed are control characters: no text of a card has them.
        case UInt8(ascii: "b"), UInt8(ascii: "f"): throw ScanProblem(.controlCharacter, at: at)
        case UInt8(ascii: "u"): try unicodeEscape()
        default: throw ScanProblem(.badEscape, at: at)
        }
    }

    private mutating func unicodeEscape() throws(ScanProblem) {
        let unit = try hexUnit(at: at)
        switch unit {
        case 0: throw ScanProblem(.nul, at: at)
        case 0x09, 0x0A, 0x0D: at += 6
        case 1..<0x20, 0x7F..<0xA0: throw ScanProblem(.controlCharacter, at: at)
        case 0xDC00...0xDFFF: throw ScanProblem(.loneSurrogate, at: at)
        case 0xD800...0xDBFF:
            guard at + 7 < count, base[at + 6] == UInt8(ascii: "\\"), base[at + 7] == UInt8(ascii: "u") else {
                throw ScanProblem(.loneSurrogate, at: at)
            }
            guard (0xDC00...0xDFFF).contains(try hexUnit(at: at + 6)) else {
                throw ScanProblem(.loneSurrogate, at: at)
            }
            at += 12
        default: at += 6
        }
    }

    /// The four digits of the `\uXXXX` that begins at `position`.
    private func hexUnit(at position: Int) throws(ScanProblem) -> UInt32 {
        guard position + 5 < count else { throw ScanProblem(.unfinished, at: count) }
        var unit: UInt32 = 0
        for offset in 2..<6 {
            guard let digit = hexDigit(base[position + offset]) else { throw ScanProblem(.badEscape, at: position) }
            unit = unit << 4 | digit
        }
        return unit
    }
}

/// The value of an ASCII hexadecimal digit.
func hexDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case 48...57: UInt32(byte - 48)
    case 65...70: UInt32(byte - 55)
    case 97...102: UInt32(byte - 87)
    default: nil
    }
}

extension Cursor {
    /// FNV-1a over a name as it reads when decoded, so that `a` and `\u0061` are one name.
    func hash(of node: Tape.Node) -> UInt32 {
        var hash: UInt32 = 0x811c_9dc5
        if node.hasEscapes {
            for byte in decoded(node) { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
        } else {
            for position in Int(node.start)..<Int(node.end) {
                hash = (hash ^ UInt32(base[position])) &* 0x0100_0193
            }
        }
        return hash
    }

    private func decoded(_ node: Tape.Node) -> [UInt8] {
        Tape.decoded(node, in: UnsafeBufferPointer(start: base, count: count))
    }

    private func sameName(_ left: Tape.Node, _ right: Tape.Node) -> Bool {
        if left.count != right.count { return false }
        return decoded(left) == decoded(right)
    }

    /// Narrow objects are compared pair by pair; wide ones by sorted hashes, so that no text costs quadratic time.
    mutating func refuseDoubles(in object: Int, members: Int) throws(ScanProblem) {
        if members <= 24 {
            var name = object + 1
            for _ in 0..<members {
                var other = Int(nodes[name + 1].next)
                while other < nodes.count {
                    if nodes[name].count == nodes[other].count, sameName(nodes[name], nodes[other]) {
                        throw ScanProblem(.duplicateName, at: Int(nodes[other].start) - 1)
                    }
                    other = Int(nodes[other + 1].next)
                }
                name = Int(nodes[name + 1].next)
            }
            return
        }
        scratch.removeAll(keepingCapacity: true)
        var name = object + 1
        for _ in 0..<members {
            scratch.append(UInt64(nodes[name].count) << 32 | UInt64(name))
            name = Int(nodes[name + 1].next)
        }
        scratch.sort()
        for index in 1..<scratch.count where scratch[index] >> 32 == scratch[index - 1] >> 32 {
            // Equal hashes stand side by side; three different names of one hash are looked at pair by pair.
            var before = index - 1
            while before >= 0, scratch[before] >> 32 == scratch[index] >> 32 {
                let left = nodes[Int(UInt32(truncatingIfNeeded: scratch[before]))]
                let right = nodes[Int(UInt32(truncatingIfNeeded: scratch[index]))]
                if sameName(left, right) { throw ScanProblem(.duplicateName, at: Int(right.start) - 1) }
                before -= 1
            }
        }
    }
}
