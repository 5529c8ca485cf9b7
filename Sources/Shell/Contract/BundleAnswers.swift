/// `POST /v1/bundles/export` and `/v1/bundles/receipt`: which part is wanted.
package struct BundlePartQuestion: ContractValue {
    /// Of a receipt: the territory's newest node, or this author.
    package var territory: String?
    package var author: UInt64?
    /// The `last` of the part before; absent: the first part.
    package var after: UInt64?
    /// The `until` of the first part.
    package var until: UInt64?
    /// About how many bytes of entries.
    package var bytes: UInt64?

    package init(
        territory: String? = nil, author: UInt64? = nil, after: UInt64? = nil, until: UInt64? = nil,
        bytes: UInt64? = nil
    ) {
        self.territory = territory
        self.author = author
        self.after = after
        self.until = until
        self.bytes = bytes
    }

    package init(json: JSONValue) throws(ContractError) {
        let fields = try JSONFields(json)
        try fields.refuseOthers(than: "territory", "author", "after", "until", "bytes")
        territory = try fields.optionalText("territory")
        author = try fields.optionalCount("author")
        after = try fields.optionalCount("after")
        until = try fields.optionalCount("until")
        bytes = try fields.optionalCount("bytes")
    }

    package var json: JSONValue {
        .members([
            "territory": territory.map { .string($0) } ?? .null, "author": .count(author), "after": .count(after),
            "until": .count(until), "bytes": .count(bytes),
        ])
    }
}

/// One frame, and where it stands among those that belong together.
package struct BundlePartAnswer: ContractValue {
    package var author: UInt64
    package var first: UInt64
    /// `first` - 1 where the frame holds nothing but its head.
    package var last: UInt64
    /// The frame with this `last` ends the bundle.
    package var until: UInt64
    package var frame: [UInt8]

    package init(author: UInt64, first: UInt64, last: UInt64, until: UInt64, frame: [UInt8]) {
        self.author = author
        self.first = first
        self.last = last
        self.until = until
        self.frame = frame
    }

    package init(json: JSONValue) throws(ContractError) {
        let fields = try JSONFields(json)
        author = try fields.count("author")
        first = try fields.count("first")
        last = try fields.count("last")
        until = try fields.count("until")
        guard let bytes = Hexadecimal.decode(try fields.text("frame")) else {
            throw ContractError(field: "frame", "Hexadecimal digits are expected.")
        }
        frame = bytes
    }

    package var json: JSONValue {
        .members([
            "author": .count(author), "first": .count(first), "last": .count(last), "until": .count(until),
            "frame": .string(Hexadecimal.encode(frame)),
        ])
    }
}

/// `POST /v1/bundles/import`: what became of one frame.
package struct BundleImportAnswer: ContractValue {
    package var author: UInt64
    package var territory: String
    package var first: UInt64
    package var last: UInt64
    /// `sound`, `taken` or `waits`.
    package var outcome: String
    package var frontier: UInt64
    /// Entries that lack before all that is staged can be taken.
    package var missing: [ClosedRange<UInt64>]
    package var downlink: UInt64

    package init(
        author: UInt64, territory: String, first: UInt64, last: UInt64, outcome: String, frontier: UInt64,
        missing: [ClosedRange<UInt64>], downlink: UInt64
    ) {
        self.author = author
        self.territory = territory
        self.first = first
        self.last = last
        self.outcome = outcome
        self.frontier = frontier
        self.missing = missing
        self.downlink = downlink
    }

    package init(json: JSONValue) throws(ContractError) {
        let fields = try JSONFields(json)
        author = try fields.count("author")
        territory = try fields.text("territory")
        first = try fields.count("first")
        last = try fields.count("last")
        outcome = try fields.text("outcome")
        frontier = try fields.count("frontier")
        missing = try fields.ranges("missing")
        downlink = try fields.count("downlink")
    }

    package var json: JSONValue {
        .members([
            "author": .count(author), "territory": .string(territory), "first": .count(first), "last": .count(last),
            "outcome": .string(outcome), "frontier": .count(frontier), "missing": .ranges(missing),
            "downlink": .count(downlink),
        ])
    }
}

/// `POST /v1/bundles/rekey`.
package struct BundleRekeyRequest: ContractValue {
    /// Bundles of all epochs before the new one are opened no more.
    package var isClosing: Bool

    package init(isClosing: Bool) { self.isClosing = isClosing }

    package init(json: JSONValue) throws(ContractError) {
        let fields = try JSONFields(json)
        try fields.refuseOthers(than: "closing")
        isClosing = try fields.flag("closing")
    }

    package var json: JSONValue { .members(["closing": .bool(isClosing)]) }
}

/// `GET /v1/bundles`.
package struct BundlesAnswer: ContractValue {
    package struct Staged: ContractValue {
        package var author: UInt64
        package var territory: String
        package var frontier: UInt64
        package var pieces: UInt64
        package var bytes: UInt64
        package var last: UInt64
        package var missing: [ClosedRange<UInt64>]

        package init(
            author: UInt64, territory: String, frontier: UInt64, pieces: UInt64, bytes: UInt64, last: UInt64,
            missing: [ClosedRange<UInt64>]
        ) {
            self.author = author
            self.territory = territory
            self.frontier = frontier
            self.pieces = pieces
            self.bytes = bytes
            self.last = last
            self.missing = missing
        }

        package init(json: JSONValue) throws(ContractError) {
            let fields = try JSONFields(json)
            author = try fields.count("author")
            territory = try fields.text("territory")
            frontier = try fields.count("frontier")
            pieces = try fields.count("pieces")
            bytes = try fields.count("bytes")
            last = try fields.count("last")
            missing = try fields.ranges("missing")
        }

        package var json: JSONValue {
            .members([
                "author": .count(author), "territory": .string(territory), "frontier": .count(frontier),
                "pieces": .count(pieces), "bytes": .count(bytes), "last": .count(last), "missing": .ranges(missing),
            ])
        }
    }

    package var epoch: UInt64
    package var openFrom: UInt64
    package var staged: [Staged]

    package init(epoch: UInt64, openFrom: UInt64, staged: [Staged]) {
        self.epoch = epoch
        self.openFrom = openFrom
        self.staged = staged
    }

    package init(json: JSONValue) throws(ContractError) {
        let fields = try JSONFields(json)
        epoch = try fields.count("epoch")
        openFrom = try fields.count("open_from")
        staged = try fields.values("staged")
    }

    package var json: JSONValue {
        .members(["epoch": .count(epoch), "open_from": .count(openFrom), "staged": .values(staged)])
    }
}

extension JSONValue {
    /// Ranges of entries: `[[3, 9], …]`, both ends included.
    static func ranges(_ ranges: [ClosedRange<UInt64>]) -> JSONValue {
        .array(ranges.map { .array([.count($0.lowerBound), .count($0.upperBound)]) })
    }
}

extension JSONFields {
    func ranges(_ name: String) throws(ContractError) -> [ClosedRange<UInt64>] {
        var ranges: [ClosedRange<UInt64>] = []
        for element in try list(name) {
            guard case .array(let ends) = element, ends.count == 2, case .integer(let first) = ends[0],
                case .integer(let last) = ends[1], first >= 0, last >= first
            else { throw ContractError(field: name, "Pairs of whole numbers are expected.") }
            ranges.append(UInt64(first)...UInt64(last))
        }
        return ranges
    }
}

/// Bytes as text within JSON.
package enum Hexadecimal {
    private static let digits = Array("0123456789abcdef".utf8)

    package static func encode(_ bytes: [UInt8]) -> String {
        String(unsafeUninitializedCapacity: bytes.count * 2) { text in
            for (place, byte) in bytes.enumerated() {
                text[place * 2] = digits[Int(byte >> 4)]
                text[place * 2 + 1] = digits[Int(byte & 15)]
            }
            return bytes.count * 2
        }
    }

    /// Nil for an odd number of digits or any other letter.
    package static func decode(_ text: String) -> [UInt8]? {
        let letters = Array(text.utf8)
        guard letters.count.isMultiple(of: 2) else { return nil }
        func value(_ letter: UInt8) -> UInt8? {
            switch letter {
            case 0x30...0x39: letter - 0x30
            case 0x61...0x66: letter - 0x57
            default: nil
            }
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(letters.count / 2)
        for place in stride(from: 0, to: letters.count, by: 2) {
            guard let high = value(letters[place]), let low = value(letters[place + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }
}
