import Law
import Records

// The reading half of `EntryCodec`, in the order of the description there.

extension ProtoReader {
    mutating func entry() throws(WireError) -> Entry {
        var stamp = Stamp(bits: 0)
        var seen: DownlinkPosition = 0
        var body: Entry.Body?
        var origin: Origin?
        while let tag = try next() {
            switch (tag.field, tag.form) {
            case (1, ProtoWriter.fixed64Form): stamp = Stamp(bits: try fixed64())
            case (2, ProtoWriter.varintForm): seen = try varint()
            case (3, ProtoWriter.lengthForm): body = .document(try document())
            case (4, ProtoWriter.lengthForm): body = .access(try access())
            case (5, ProtoWriter.lengthForm): body = .control(try control())
            case (6, ProtoWriter.lengthForm): origin = try self.origin()
            default: throw .unknownBody
            }
        }
        guard let body else { throw .unknownBody }
        return Entry(stamp: stamp, seen: seen, body: body, origin: origin)
    }

    private mutating func origin() throws(WireError) -> Origin {
        try nested { (reader: inout ProtoReader) throws(WireError) in
            var author: UInt32 = 0
            var index: UInt64 = 0
            var digest: [UInt8] = []
            while let tag = try reader.next() {
                switch (tag.field, tag.form) {
                case (1, ProtoWriter.varintForm): author = try reader.integer("author")
                case (2, ProtoWriter.varintForm): index = try reader.varint()
                case (3, ProtoWriter.lengthForm): digest = try reader.blob()
                default: throw .unknownField(tag.field, of: "Origin")
                }
            }
            guard author > 0, author < 1 << 23, index > 0, index < 1 << 40, digest.count == 32 else {
                throw .outOfRange("origin")
            }
            return Origin(at: LogAddress(author: AuthorNumber(author), index: index), digest: digest)
        }
    }

    private mutating func document() throws(WireError) -> DocumentEntry {
        try nested { (reader: inout ProtoReader) throws(WireError) in
            var act: DocumentAct?
            var record: RecordID?
            var document = DocumentEntry(
                act: .register, record: RecordID(high: 0, low: 0), kind: "", edition: Day(0),
                number: Serial(year: 0, serial: 0), sender: "", document: "", writes: [], blocks: [])
            while let tag = try reader.next() {
                switch (tag.field, tag.form) {
                case (1, ProtoWriter.varintForm): act = DocumentAct(rawValue: try reader.integer("act"))
                case (2, ProtoWriter.lengthForm): record = try reader.record()
                case (3, ProtoWriter.lengthForm): document.kind = try reader.shortText("kind")
                case (4, ProtoWriter.varintForm):
                    guard let day = Int32(exactly: try reader.signed()) else { throw .outOfRange("edition") }
                    document.edition = Day(day)
                case (5, ProtoWriter.varintForm): document.number.year = try reader.integer("year")
                case (6, ProtoWriter.varintForm): document.number.serial = try reader.integer("serial")
                case (7, ProtoWriter.lengthForm): document.sender = try reader.shortText("sender")
                case (8, ProtoWriter.lengthForm): document.document = try reader.shortText("document")
                case (9, ProtoWriter.lengthForm):
                    guard document.writes.count < Limits.writes else {
                        throw .tooLarge("entry", limit: Limits.writes)
                    }
                    document.writes.append(try reader.write(expected: document.writes.nextPlace))
                case (10, ProtoWriter.lengthForm):
                    guard document.blocks.count < Limits.blocks else { throw .tooLarge("blocks", limit: Limits.blocks) }
                    document.blocks.append(try reader.block())
                default: throw .unknownField(tag.field, of: "Document")
                }
            }
            guard let act else { throw .outOfRange("act") }
            guard let record else { throw .missing("record") }
            document.act = act
            document.record = record
            return document
        }
    }

    private mutating func record() throws(WireError) -> RecordID {
        try nested { (reader: inout ProtoReader) throws(WireError) in
            let record = RecordID(high: try reader.fixed64().byteSwapped, low: try reader.fixed64().byteSwapped)
            guard reader.isAtEnd else { throw .outOfRange("record") }
            return record
        }
    }

    private mutating func block() throws(WireError) -> SealedBlock {
        try nested { (reader: inout ProtoReader) throws(WireError) in
            var block = SealedBlock(leaf: 0, slot: 0, rawLength: 0, sealed: [])
            while let tag = try reader.next() {
                switch (tag.field, tag.form) {
                case (1, ProtoWriter.varintForm): block.leaf = try reader.varint()
                case (2, ProtoWriter.varintForm): block.slot = try reader.integer("slot")
                case (3, ProtoWriter.varintForm): block.rawLength = try reader.integer("raw length")
                case (4, ProtoWriter.lengthForm): block.sealed = try reader.blob()
                default: throw .unknownField(tag.field, of: "Block")
                }
            }
            guard block.leaf < 1 << 40 else { throw .outOfRange("leaf") }
            // Stated lengths are trusted by whoever expands the block, so they are bounded here.
            guard block.rawLength <= Limits.blockBytes else { throw .tooLarge("block", limit: Limits.blockBytes) }
            return block
        }
    }

    private mutating func access() throws(WireError) -> AccessEntry {
        try nested { (reader: inout ProtoReader) throws(WireError) in
            var access = AccessEntry(officer: "", action: "", subjects: [], position: 0, block: nil)
            while let tag = try reader.next() {
                switch (tag.field, tag.form) {
                case (1, ProtoWriter.lengthForm): access.officer = try reader.shortText("officer")
                case (2, ProtoWriter.lengthForm): access.action = try reader.shortText("action")
                case (3, ProtoWriter.lengthForm): access.subjects = try reader.subjects()
                case (4, ProtoWriter.varintForm): access.position = try reader.varint()
                case (5, ProtoWriter.lengthForm): access.block = try reader.block()
                default: throw .unknownField(tag.field, of: "Access")
                }
            }
            return access
        }
    }

    private mutating func subjects() throws(WireError) -> [UInt64] {
        try nested { (reader: inout ProtoReader) throws(WireError) in
            var subjects: [UInt64] = []
            while !reader.isAtEnd {
                guard subjects.count < Limits.subjects else { throw .tooLarge("subjects", limit: Limits.subjects) }
                subjects.append(try reader.fixed64())
            }
            return subjects
        }
    }

    private mutating func control() throws(WireError) -> ControlEntry {
        try nested { (reader: inout ProtoReader) throws(WireError) in
            var control: ControlEntry?
            while let tag = try reader.next() {
                switch (tag.field, tag.form) {
                case (1, ProtoWriter.lengthForm): control = try reader.started()
                case (2, ProtoWriter.lengthForm): control = try reader.tokenIssued()
                case (3, ProtoWriter.lengthForm): control = try reader.seated()
                case (4, ProtoWriter.lengthForm): control = .decision(try reader.decision())
                case (15, ProtoWriter.lengthForm): control = try reader.member()
                case (16, ProtoWriter.lengthForm): control = .recovered(try reader.recovered())
                case (18, ProtoWriter.lengthForm): control = .bundleEpoch(try reader.bundleEpoch())
                case (21, ProtoWriter.lengthForm): control = try reader.reseated()
                case (19, ProtoWriter.lengthForm): control = .territory(try reader.territoryAct())
                case (20, ProtoWriter.lengthForm): control = .transferred(try reader.transfer())
                default: throw .unknownField(tag.field, of: "Control")
                }
            }
            guard let control else { throw .unknownBody }
            return control
        }
    }

    private mutating func started() throws(WireError) -> ControlEntry {
        try nested { (reader: inout ProtoReader) throws(WireError) in
            var salt: UInt64 = 0
            var software = ""
            while let tag = try reader.next() {
                switch (tag.field, tag.form) {
                case (1, ProtoWriter.fixed64Form): salt = try reader.fixed64()
                case (2, ProtoWriter.lengthForm): software = try reader.shortText("software")
                default: throw .unknownField(tag.field, of: "Started")
                }
            }
            return .started(nonceSalt: salt, software: software)
        }
    }

    private mutating func tokenIssued() throws(WireError) -> ControlEntry {
        try nested { (reader: inout ProtoReader) throws(WireError) in
            var hash: [UInt8] = []
            var texts = ["", "", ""]
            var expires: UInt64 = 0
            while let tag = try reader.next() {
                switch (tag.field, tag.form) {
                case (1, ProtoWriter.lengthForm): hash = try reader.blob()
                case (2, ProtoWriter.lengthForm): texts[0] = try reader.shortText("role")
                case (3, ProtoWriter.lengthForm): texts[1] = try reader.shortText("territory")
                case (4, ProtoWriter.varintForm): expires = try reader.varint()
                case (5, ProtoWriter.lengthForm): texts[2] = try reader.shortText("officer")
                default: throw .unknownField(tag.field, of: "TokenIssued")
                }
            }
            return .tokenIssued(hash: hash, role: texts[0], territory: texts[1], expires: expires, officer: texts[2])
        }
    }

    private mutating func seated() throws(WireError) -> ControlEntry {
        try nested { (reader: inout ProtoReader) throws(WireError) in
            var tokenHash: [UInt8] = []
            var texts = ["", "", ""]
            var author: UInt32 = 0
            var seat: UInt32 = 0
            while let tag = try reader.next() {
                switch (tag.field, tag.form) {
                case (1, ProtoWriter.lengthForm): tokenHash = try reader.blob()
                case (2, ProtoWriter.lengthForm): texts[0] = try reader.shortText("name")
                case (3, ProtoWriter.lengthForm): texts[1] = try reader.shortText("role")
                case (4, ProtoWriter.lengthForm): texts[2] = try reader.shortText("territory")
                case (5, ProtoWriter.varintForm): author = try reader.integer("author")
                case (6, ProtoWriter.varintForm): seat = try reader.integer("seat")
                default: throw .unknownField(tag.field, of: "Seated")
                }
            }
            // Both are 0 in a proposal: they are given when it is applied.
            guard author < 1 << 23 else { throw .outOfRange("author") }
            return .seated(
                tokenHash: tokenHash, name: texts[0], role: texts[1], territory: texts[2],
                author: AuthorNumber(author), seat: seat)
        }
    }

    private mutating func reseated() throws(WireError) -> ControlEntry {
        try nested { (reader: inout ProtoReader) throws(WireError) in
            var hash: [UInt8] = []
            var texts = ["", ""]
            var cause: ReseatCause?
            var numbers: [UInt32] = [0, 0, 0]
            while let tag = try reader.next() {
                switch (tag.field, tag.form) {
                case (1, ProtoWriter.lengthForm): hash = try reader.blob()
                case (2, ProtoWriter.lengthForm): texts[0] = try reader.shortText("name")
                case (3, ProtoWriter.lengthForm): texts[1] = try reader.shortText("territory")
                case (4, ProtoWriter.varintForm): numbers[0] = try reader.integer("former")
                case (5, ProtoWriter.varintForm): cause = ReseatCause(rawValue: try reader.integer("cause"))
                case (6, ProtoWriter.varintForm): numbers[1] = try reader.integer("author")
                case (7, ProtoWriter.varintForm): numbers[2] = try reader.integer("seat")
                default: throw .unknownField(tag.field, of: "Reseated")
                }
            }
            guard let cause else { throw .outOfRange("cause") }
            // Author and seat are 0 in a proposal: they are given when it is applied.
            guard numbers[0] < 1 << 23, numbers[1] < 1 << 23 else { throw .outOfRange("author") }
            return .reseated(
                secretHash: hash, name: texts[0], territory: texts[1], former: AuthorNumber(numbers[0]), cause: cause,
                author: AuthorNumber(numbers[1]), seat: numbers[2])
        }
    }

    private mutating func member() throws(WireError) -> ControlEntry {
        try nested { (reader: inout ProtoReader) throws(WireError) in
            var texts = ["", "", "", ""]
            var number: UInt64 = 0
            while let tag = try reader.next() {
                switch (tag.field, tag.form) {
                case (1, ProtoWriter.lengthForm): texts[0] = try reader.shortText("action")
                case (2, ProtoWriter.varintForm): number = try reader.varint()
                case (3, ProtoWriter.lengthForm): texts[1] = try reader.shortText("name")
                case (4, ProtoWriter.lengthForm): texts[2] = try reader.shortText("address")
                case (5, ProtoWriter.lengthForm): texts[3] = try reader.shortText("officer")
                default: throw .unknownField(tag.field, of: "Member")
                }
            }
            return .member(action: texts[0], number: number, name: texts[1], address: texts[2], officer: texts[3])
        }
    }

    private mutating func recovered() throws(WireError) -> Recovery {
        try nested { (reader: inout ProtoReader) throws(WireError) in
            var recovery = Recovery(generation: 0, number: 0, name: "", address: "", kept: 0, officer: "")
            while let tag = try reader.next() {
                switch (tag.field, tag.form) {
                case (1, ProtoWriter.varintForm): recovery.generation = try reader.integer("generation")
                case (2, ProtoWriter.varintForm): recovery.number = try reader.integer("number")
                case (3, ProtoWriter.lengthForm): recovery.name = try reader.shortText("name")
                case (4, ProtoWriter.lengthForm): recovery.address = try reader.shortText("address")
                case (5, ProtoWriter.varintForm): recovery.kept = try reader.varint()
                case (6, ProtoWriter.lengthForm): recovery.officer = try reader.shortText("officer")
                default: throw .unknownField(tag.field, of: "Recovered")
                }
            }
            guard recovery.number > 0, recovery.number < 1 << 23 else { throw .outOfRange("number") }
            return recovery
        }
    }
}
