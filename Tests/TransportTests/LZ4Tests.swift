import TestSupport
import Testing
import Transport
import Wire

extension Dice {
    /// Bytes that LZ4 finds something in, and bytes it does not.
    mutating func material(_ count: Int) -> [UInt8] {
        if below(3) == 0 { return (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) } }
        let words = (0..<20).map { _ in (0..<8).map { _ in UInt8(truncatingIfNeeded: next()) } }
        var bytes: [UInt8] = []
        while bytes.count < count { bytes += words[below(words.count)] }
        return Array(bytes.prefix(count))
    }
}

struct LZ4Tests {
    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func aBlockReadsBackWithItsDictionary(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let dictionary = LZ4Dictionary(dice.material(dice.below(100_000)))
        let plain = dice.material(dice.below(5_000))
        let packed = LZ4Block.compress(plain, dictionary: dictionary)
        #expect(packed.count <= plain.count)
        #expect(
            try LZ4Block.expand(packed, rawLength: plain.count, limit: 5_000, dictionary: dictionary) == plain,
            "seed \(seed)")
    }

    @Test func aDictionaryMakesShortBlocksShorter() {
        let text = Array("surname given_name patronymic birth_date citizenship sex residence".utf8)
        let with = LZ4Block.compress(text, dictionary: LZ4Dictionary(text))
        let without = LZ4Block.compress(text, dictionary: LZ4Dictionary([]))
        #expect(with.count * 3 < without.count)
    }

    @Test func aBlockThatClaimsTooMuchIsRefusedBeforeMemoryIsTaken() {
        let dictionary = LZ4Dictionary([])
        #expect(throws: TransportError.badCompression) {
            try LZ4Block.expand([1], rawLength: Int.max, limit: Limits.blockBytes, dictionary: dictionary)
        }
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func changedBlocksAreRefusedOrKeepTheirLength(seed: UInt64) {
        var dice = Dice(seed: seed)
        let dictionary = LZ4Dictionary(dice.material(3_000))
        let plain = dice.material(2_000)
        let packed = LZ4Block.compress(plain, dictionary: dictionary)
        for _ in 0..<200 {
            var changed = packed
            changed[dice.below(changed.count)] = UInt8(truncatingIfNeeded: dice.next())
            let read = try? LZ4Block.expand(changed, rawLength: 2_000, limit: 4_000, dictionary: dictionary)
            #expect(read == nil || read?.count == 2_000)
        }
    }
}
