/// A position in one text while it is scanned. Recursion is bounded by the depth limit.
struct Cursor {
    let base: UnsafePointer<UInt8>
    let count: Int
    var at = 0
    var nodes: ContiguousArray<Tape.Node>
    var scratch: ContiguousArray<UInt64>

    init(
        base: UnsafePointer<UInt8>, count: Int, nodes: ContiguousArray<Tape.Node>, scratch: ContiguousArray<UInt64>
    ) {
        self.base = base
        self.count = count
        self.nodes = nodes
        self.scratch = scratch
    }

    @inline(__always)
    mutating func skipSpace() {
        while at < count {
            let byte = base[at]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            at += 1
        }
    }

    mutating func value(depth: Int) throws(ScanProblem) {
        guard at < count else { throw ScanProblem(.unfinished, at: at) }
        switch base[at] {
        case UInt8(ascii: "\""): try string()
        case UInt8(ascii: "{"):
            guard depth <= Tape.depthLimit else { throw ScanProblem(.tooDeep, at: at) }
            try object(depth: depth)
        case UInt8(ascii: "["):
            guard depth <= Tape.depthLimit else { throw ScanProblem(.tooDeep, at: at) }
            try array(depth: depth)
        case UInt8(ascii: "t"): try literal("true", .true)
        case UInt8(ascii: "f"): try literal("false", .false)
        case UInt8(ascii: "n"): try literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number()
        case 0: throw ScanProblem(.nul, at: at)
        default: throw ScanProblem(.unexpectedByte, at: at)
        }
    }

    private mutating func object(depth: Int) throws(ScanProblem) {
        let own = nodes.count
        add(.object, start: at)
        at += 1
        skipSpace()
        var members: UInt32 = 0
        if at < count, base[at] == UInt8(ascii: "}") {
            at += 1
        } else {
            while true {
                skipSpace()
                guard at < count else { throw ScanProblem(.unfinished, at: at) }
                guard base[at] == UInt8(ascii: "\"") else { throw unexpected() }
                let name = nodes.count
                try string()
                nodes[name].count = hash(of: nodes[name])
                skipSpace()
                guard at < count else { throw ScanProblem(.unfinished, at: at) }
                guard base[at] == UInt8(ascii: ":") else { throw unexpected() }
                at += 1
                skipSpace()
                try value(depth: depth + 1)
                members += 1
                if try closes(UInt8(ascii: "}")) { break }
            }
            try refuseDoubles(in: own, members: Int(members))
        }
        finish(own, members)
    }

    private mutating func array(depth: Int) throws(ScanProblem) {
        let own = nodes.count
        add(.array, start: at)
        at += 1
        skipSpace()
        var elements: UInt32 = 0
        if at < count, base[at] == UInt8(ascii: "]") {
            at += 1
        } else {
            while true {
                skipSpace()
                try value(depth: depth + 1)
                elements += 1
                if try closes(UInt8(ascii: "]")) { break }
            }
        }
        finish(own, elements)
    }

    /// After a member or an element: true at the closing bracket, false at a comma.
    private mutating func closes(_ bracket: UInt8) throws(ScanProblem) -> Bool {
        skipSpace()
        guard at < count else { throw ScanProblem(.unfinished, at: at) }
        let byte = base[at]
        guard byte == bracket || byte == UInt8(ascii: ",") else { throw unexpected() }
        at += 1
        return byte == bracket
    }

    private mutating func literal(_ word: StaticString, _ kind: Tape.Kind) throws(ScanProblem) {
        let length = word.utf8CodeUnitCount
        for offset in 0..<length {
            guard at + offset < count else { throw ScanProblem(.unfinished, at: at + offset) }
            guard base[at + offset] == word.utf8Start[offset] else {
                throw ScanProblem(.unexpectedByte, at: at + offset)
            }
        }
        add(kind, start: at)
        at += length
        nodes[nodes.count - 1].end = UInt32(at)
    }

    /// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`
    private mutating func number() throws(ScanProblem) {
        let start = at
        if base[at] == UInt8(ascii: "-") { at += 1 }
        let digits = skipDigits()
        guard digits > 0 else { throw ScanProblem(.badNumber, at: start) }
        guard digits == 1 || base[at - digits] != UInt8(ascii: "0") else { throw ScanProblem(.badNumber, at: start) }
        if at < count, base[at] == UInt8(ascii: ".") {
            at += 1
            guard skipDigits() > 0 else { throw ScanProblem(.badNumber, at: start) }
        }
        if at < count, base[at] | 0x20 == UInt8(ascii: "e") {
            at += 1
            if at < count, base[at] == UInt8(ascii: "+") || base[at] == UInt8(ascii: "-") { at += 1 }
            guard skipDigits() > 0 else { throw ScanProblem(.badNumber, at: start) }
        }
        add(.number, start: start)
        nodes[nodes.count - 1].end = UInt32(at)
    }

    private mutating func skipDigits() -> Int {
        let start = at
        while at < count, base[at] &- 48 <= 9 { at += 1 }
        return at - start
    }

    private func unexpected() -> ScanProblem {
        ScanProblem(base[at] == 0 ? .nul : .unexpectedByte, at: at)
    }

    @inline(__always)
    mutating func add(_ kind: Tape.Kind, start: Int) {
        nodes.append(
            Tape.Node(
                kind: kind, hasEscapes: false, start: UInt32(start), end: UInt32(start),
                next: UInt32(nodes.count + 1), count: 0))
    }

    private mutating func finish(_ own: Int, _ children: UInt32) {
        nodes[own].end = UInt32(at)
        nodes[own].next = UInt32(nodes.count)
        nodes[own].count = children
    }
}
