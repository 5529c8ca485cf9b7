import Law
import Records
import SwiftProtobuf
import TestSupport
import Testing
import Vault
import Wire

struct EntryCodecTests {
    @Test(arguments: 1...300 as ClosedRange<UInt64>)
    func whatIsWrittenReadsBack(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let entry = dice.entry()
        let bytes = EntryCodec.encode(entry)
        #expect(try EntryCodec.decode(bytes) == entry, "seed \(seed)")
        let plain = BlockPlain(writes: dice.writes(), content: Digest.of(bytes), signature: dice.bytes(dice.below(80)))
        #expect(try WritesCodec.decode(WritesCodec.encode(plain)) == plain, "seed \(seed)")
    }

    @Test(arguments: Samples.entries.map(\.entry))
    func theFixedEntriesReadBack(entry: Entry) throws {
        #expect(try EntryCodec.decode(EntryCodec.encode(entry)) == entry)
    }

    /// The schema is the format: swift-protobuf's own reader and writer, generated from it, agree with ours to the
    /// byte.
    @Test(arguments: 1...300 as ClosedRange<UInt64>)
    func theGeneratedReaderGivesTheSameBytes(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let bytes = EntryCodec.encode(dice.entry())
        let read = try ProtoEntry(serializedBytes: bytes)
        #expect(try read.serializedBytes() as [UInt8] == bytes, "seed \(seed)")
        let plain = WritesCodec.encode(BlockPlain(writes: dice.writes()))
        #expect(try ProtoBlockPlain(serializedBytes: plain).serializedBytes() as [UInt8] == plain, "seed \(seed)")
    }

    @Test(arguments: Samples.entries.map(\.entry))
    func theGeneratedReaderAgreesOnEveryBody(entry: Entry) throws {
        let bytes = EntryCodec.encode(entry)
        let read = try ProtoEntry(serializedBytes: bytes)
        #expect(read.stamp == entry.stamp.bits)
        #expect(try read.serializedBytes() as [UInt8] == bytes)
    }

    /// What decodes encodes to the same bytes, whatever was done to them on the way; and nothing traps.
    @Test(arguments: 1...400 as ClosedRange<UInt64>)
    func changedBytesAreRefusedOrHaveOneForm(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let honest = EntryCodec.encode(dice.entry())
        for _ in 0..<50 {
            var bytes = honest
            switch dice.below(4) {
            case 0: bytes[dice.below(bytes.count)] = UInt8(truncatingIfNeeded: dice.next())
            case 1: bytes.insert(UInt8(truncatingIfNeeded: dice.next()), at: dice.below(bytes.count))
            case 2: bytes.removeLast(1 + dice.below(bytes.count))
            default: bytes.append(contentsOf: bytes.prefix(dice.below(40)))
            }
            if let entry = try? EntryCodec.decode(bytes) {
                #expect(EntryCodec.encode(entry) == bytes, "seed \(seed)")
            }
            if let plain = try? WritesCodec.decode(bytes) {
                #expect(WritesCodec.encode(plain) == bytes, "seed \(seed)")
            }
        }
    }

    @Test func aDoubledFieldIsRefused() {
        let bytes = EntryCodec.encode(Samples.started)
        // The generated reader takes both and keeps the last.
        #expect(throws: WireError.notCanonical) { try EntryCodec.decode(Array(bytes[..<9]) + bytes) }
    }

    @Test func anOverlongNumberIsRefused() throws {
        var bytes = EntryCodec.encode(Samples.document)
        let seen = try #require(bytes.indices.first { bytes[$0...].starts(with: [0x10, 41]) })
        bytes.replaceSubrange(seen + 1...seen + 1, with: [41 | 0x80, 0])
        #expect(throws: WireError.badVarint) { try EntryCodec.decode(bytes) }
    }

    @Test func aZeroWrittenOutIsRefused() {
        let bytes = EntryCodec.encode(Samples.started)
        #expect(throws: WireError.notCanonical) { try EntryCodec.decode(bytes[..<9] + [0x10, 0] + bytes[9...]) }
    }

    @Test func fieldsOutOfOrderAreRefused() {
        let bytes = EntryCodec.encode(Samples.started)
        #expect(throws: WireError.notCanonical) { try EntryCodec.decode(Array(bytes[9...] + bytes[..<9])) }
    }

    @Test func anEntryThatClaimsToWriteAnAccountIsRefused() {
        let bytes = EntryCodec.encode(Samples.started)
        // Field 7 and on: no such body is known, so none can be smuggled in beside a known one either.
        for field in [7, 8, 15] as [UInt8] {
            #expect(throws: WireError.unknownBody) { try EntryCodec.decode([field << 3 | 2, 2, 8, 1]) }
            #expect(throws: WireError.unknownBody) { try EntryCodec.decode(bytes + [field << 3 | 2, 2, 8, 1]) }
        }
        #expect(throws: WireError.unknownBody) { try EntryCodec.decode([]) }
    }

    /// An origin alone is no entry, and one that names no place is none.
    @Test(arguments: [[], [0x08, 4], [0x08, 4, 0x10, 9], [0x08, 4, 0x10, 9, 0x1A, 1, 7]] as [[UInt8]])
    func anOriginNamesAnEntryOrTheEntryIsRefused(origin: [UInt8]) {
        let bytes = EntryCodec.encode(Samples.started) + [6 << 3 | 2, UInt8(origin.count)] + origin
        #expect(throws: WireError.outOfRange("origin")) { try EntryCodec.decode(bytes) }
    }

    @Test func anUnknownFieldInsideIsRefused() {
        let document: [UInt8] = [0x08, 1, 0x12, 16] + [UInt8](repeating: 1, count: 16)
        #expect((try? EntryCodec.decode([0x1A, 20] + document)) != nil)
        #expect(throws: WireError.unknownField(11, of: "Document")) {
            try EntryCodec.decode([0x1A, 22] + document + [0x58, 1])
        }
    }

    @Test func limitsAreHeld() {
        #expect(throws: WireError.tooLarge("entry", limit: Limits.entryBytes)) {
            try EntryCodec.decode([UInt8](repeating: 0, count: Limits.entryBytes + 1))
        }
        var deep = Value.unknown
        for _ in 0...Limits.groupDepth {
            deep = .group([.init(field: 1, value: deep)])
        }
        let plain = WritesCodec.encode(BlockPlain(writes: [Write(field: 1, place: 0, value: deep)]))
        #expect(throws: WireError.tooLarge("groups within groups", limit: Limits.groupDepth)) {
            try WritesCodec.decode(plain)
        }
        // A length that reaches beyond the bytes takes no memory.
        #expect(throws: WireError.truncated) { try EntryCodec.decode([0x1A, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]) }
    }

    @Test func aDotOutsideTheLogIsRefused() {
        // Write {field 1, replaces (author 0, index 1, place 0)}: packing it would trap.
        let bytes: [UInt8] = [0x0A, 7, 0x08, 1, 0x5A, 3, 0, 1, 0]
        #expect(throws: WireError.outOfRange("dot")) { try WritesCodec.decode(bytes) }
    }

    @Test func placesInOrderCostNothing() {
        let inOrder = (0..<10).map { Write(field: 1, place: UInt16($0), value: .flag(true)) }
        let apart = (0..<10).map { Write(field: 1, place: UInt16($0 * 2 + 1), value: .flag(true)) }
        let costs = [inOrder, apart].map { WritesCodec.encode(BlockPlain(writes: $0)).count }
        #expect(costs == [60, 80])
    }
}
