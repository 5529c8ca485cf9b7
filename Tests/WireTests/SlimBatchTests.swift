import Law
import Records
import TestSupport
import Testing
import Uplink
import Vault
import Wire

/// Batches whose entries travel without what the other end derives.
@Suite struct SlimBatchTests {
    /// As a territory writes it: what opens a record bears the id that its sender and document id give.
    static func opening(_ dice: inout Dice) -> Entry {
        var entry = dice.entry()
        guard case .document(var document) = entry.body else { return entry }
        document.document += "1"
        let id = RecordName.id(sender: document.sender, document: document.document)
        document.act = .register
        document.record = RecordID(high: id.high, low: id.low)
        entry.body = .document(document)
        return entry
    }

    static func batch(_ entries: [[UInt8]], isSlim: Bool = true) -> Batch {
        Batch(
            author: 7, first: 1, entries: entries,
            digest: entries.reduce(Digest.of([9])) { LogChain.digest(after: $0, $1) }, isSlim: isSlim)
    }

    static let sample: Message = {
        var dice = Dice(seed: 1)
        return .uplink(.batch(batch([EntryCodec.encode(opening(&dice)), EntryCodec.encode(dice.entry())])))
    }()

    @Test(arguments: 1...50 as ClosedRange<UInt64>)
    func entriesOfEveryKindComeBackWhole(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        var entries = Samples.entries.map(\.entry)
        for _ in 0..<20 {
            entries.append(Self.opening(&dice))
            entries.append(dice.entry())
        }
        let message = Message.uplink(.batch(Self.batch(entries.map { EntryCodec.encode($0) })))
        #expect(try Message(decoding: message.encoded()) == message, "seed \(seed)")
    }

    @Test func eachOpeningIsShorterByTheIdOfItsRecord() throws {
        var dice = Dice(seed: 3)
        let entries = (0..<100).map { _ in EntryCodec.encode(Self.opening(&dice)) }
        let slim = Message.uplink(.batch(Self.batch(entries))).encoded()
        let plain = Message.uplink(.batch(Self.batch(entries, isSlim: false))).encoded()
        // Lengths before entries may be shorter by a byte as well.
        #expect((plain.count - 1_900...plain.count - 1_800 + 8).contains(slim.count))
    }

    @Test func anAmendmentNamesItsRecordInFull() throws {
        var dice = Dice(seed: 4)
        var entry = Self.opening(&dice)
        guard case .document(var document) = entry.body else { return }
        document.act = .correct
        document.document += "-2"
        entry.body = .document(document)
        let bytes = EntryCodec.encode(entry)
        let sent = Message.uplink(.batch(Self.batch([bytes]))).encoded()
        #expect(sent.firstRange(of: bytes) != nil)
    }

    /// Bytes that lack the record's field already are nothing a log holds; the other end must not put one in.
    @Test func whatWouldBeMistakenForTheSlimFormTravelsAsItIs() throws {
        var dice = Dice(seed: 5)
        let entry = EntryCodec.encode(Self.opening(&dice))
        let message = Message.uplink(.batch(Self.batch([entry])))
        let sent = message.encoded()
        // What the line carries for the one entry is such a thing.
        let lacking = Array(sent.suffix(entry.count - 18))
        #expect(!entry.elementsEqual(lacking))
        let odd = Message.uplink(.batch(Self.batch([lacking])))
        let read = try Message(decoding: odd.encoded())
        guard case .uplink(.batch(let batch)) = read else {
            Issue.record("another message came out")
            return
        }
        #expect(batch.entries == [lacking])
        #expect(!batch.isSlim)
    }

    /// Changed bytes are refused, or are entries that the batch's digest disowns; none grows by more than its id.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func changedBytesNeitherTrapNorPass(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let entries = (0..<5).map { _ in EntryCodec.encode(Self.opening(&dice)) }
        let batch = Self.batch(entries)
        let honest = Message.uplink(.batch(batch)).encoded()
        for _ in 0..<500 {
            var bytes = honest
            for _ in 0...dice.below(3) { bytes[dice.below(bytes.count)] = UInt8(truncatingIfNeeded: dice.next()) }
            if dice.below(4) == 0 { bytes.removeLast(dice.below(bytes.count)) }
            guard case .uplink(.batch(let read))? = try? Message(decoding: bytes) else { continue }
            #expect(read.entries.reduce(0) { $0 + $1.count } <= bytes.count + 18 * read.entries.count)
            guard read.entries != entries else { continue }
            let digest = read.entries.reduce(Digest.of([9])) { LogChain.digest(after: $0, $1) }
            #expect(digest != batch.digest, "seed \(seed)")
        }
    }

    @Test func aCentreThatDoesNotSaySoIsTakenNotToReadThem() throws {
        let plain = Message.uplink(MessageTests.uplink[1]).encoded()
        guard case .uplink(.welcome(var welcome)) = try Message(decoding: plain) else {
            Issue.record("no welcome")
            return
        }
        #expect(!welcome.takesSlimBatches)
        welcome.takesSlimBatches = true
        let said = Message.uplink(.welcome(welcome))
        #expect(try Message(decoding: said.encoded()) == said)
    }
}
