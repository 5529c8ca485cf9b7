import TestSupport
import Testing
import Vault
import Wire

struct BundleFrameTests {
    private static let reader = Secret([UInt8](repeating: 7, count: 32))
    private static let drawn = Secret([UInt8](repeating: 9, count: 32))

    static let entries = BundleEntries(
        previous: Digest.of([1]), digest: Digest.of([2]), isFenced: true, entries: [[10, 11], [12]])
    static let receipt = BundleReceipt(frontier: 41, digest: Digest.of([3]), items: [[5], [6, 7]])

    /// Sealed by fixed chance and signed by fixed bytes.
    static func frame(_ what: BundleFrame.What) -> BundleFrame {
        let body = what == .entries ? entries.encoded() : receipt.encoded()
        let reply = BundleFrame.Reply(downlink: 17, number: 3, key: [UInt8](repeating: 0x33, count: 32))
        var frame = BundleFrame(
            what, cluster: [UInt8](repeating: 1, count: 16), author: 7, first: 40, last: 41, keyNumber: 2,
            rawLength: UInt32(body.count), wallMilliseconds: 1_772_500_000_000,
            reply: what == .entries ? reply : .none, certificate: what == .entries ? [0x30, 0x03, 1, 2, 3] : [])
        if let reader, let drawn,
            let envelope = try? Envelope.seal(
                body, to: Envelope.publicKey(of: reader), drawn: drawn, head: frame.envelopeHead)
        {
            (frame.key, frame.sealed) = envelope
        }
        frame.signature = [0x30, 0x01, 0x02]
        return frame
    }

    static let samples: [(name: String, bytes: [UInt8])] = [
        ("bundle-entries", frame(.entries).bytes), ("bundle-receipt", frame(.receipt).bytes),
    ]

    @Test(arguments: [BundleFrame.What.entries, .receipt])
    func whatIsWrittenReadsBack(what: BundleFrame.What) throws {
        let frame = Self.frame(what)
        #expect(try BundleFrame(decoding: frame.bytes) == frame)
        let reader = try #require(Self.reader)
        let body = try Envelope.open(frame.sealed, key: frame.key, with: reader, head: frame.envelopeHead)
        switch what {
        case .entries: #expect(try BundleEntries(decoding: body) == Self.entries)
        case .receipt: #expect(try BundleReceipt(decoding: body) == Self.receipt)
        }
    }

    @Test func framesFollowEachOtherInAFile() throws {
        let (first, second) = (Self.frame(.entries).bytes, Self.frame(.receipt).bytes)
        let file = first + second
        #expect(try BundleFrame.length(of: file) == first.count)
        #expect(try BundleFrame.length(of: file[first.count...]) == second.count)
    }

    /// A frame is read as another one, or refused, but never as the same: what was signed is every byte before the
    /// signature.
    @Test func everyChangedByteIsRefusedOrChangesWhatIsSigned() throws {
        let frame = Self.frame(.entries)
        let bytes = frame.bytes
        for place in bytes.indices {
            var changed = bytes
            changed[place] ^= 0x40
            guard let read = try? BundleFrame(decoding: changed) else { continue }
            #expect(read.signed != frame.signed || read.signature != frame.signature, "byte \(place)")
        }
    }

    @Test func aFrameThatWasCutIsNamedSo() {
        let bytes = Self.frame(.entries).bytes
        for count in [1, 8, 90, 143, 144, 200, bytes.count - 1] {
            #expect(throws: BundleFrame.Failure.truncated) { try BundleFrame(decoding: Array(bytes.prefix(count))) }
        }
        #expect(throws: BundleFrame.Failure.notABundle) { try BundleFrame(decoding: Array("{\"a\":1}".utf8)) }
        #expect(throws: BundleFrame.Failure.notABundle) { try BundleFrame(decoding: []) }
        var newer = bytes
        newer[8] = 2
        #expect(throws: BundleFrame.Failure.unknownVersion(2)) { try BundleFrame(decoding: newer) }
    }

    @Test func lengthsBeyondTheLimitsAreRefusedBeforeTheyAreBelieved() {
        var bytes = Self.frame(.entries).bytes
        for place in 140..<144 { bytes[place] = 0xFF }
        #expect(throws: BundleFrame.Failure.malformed("its lengths are over the limit")) {
            try BundleFrame.length(of: bytes)
        }
        var longBody = Self.frame(.entries).bytes
        longBody[50] = 0xFF
        #expect(throws: BundleFrame.Failure.self) { try BundleFrame(decoding: longBody) }
    }

    @Test(arguments: 1...300 as ClosedRange<UInt64>)
    func noBytesTrapTheReader(seed: UInt64) {
        var dice = Dice(seed: seed)
        var bytes = Self.frame(dice.below(2) == 0 ? .entries : .receipt).bytes
        for _ in 0..<1 + dice.below(8) { bytes[dice.below(bytes.count)] = UInt8(truncatingIfNeeded: dice.next()) }
        if dice.below(2) == 0 { bytes.removeLast(dice.below(bytes.count)) }
        _ = try? BundleFrame(decoding: bytes)
        _ = try? BundleEntries(decoding: bytes)
        _ = try? BundleReceipt(decoding: bytes)
    }
}
