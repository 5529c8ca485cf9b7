import Crypto
import TestSupport
import Testing
import Vault

struct LogChainTests {
    let cluster = [UInt8](repeating: 7, count: 16)

    @Test func theChainIsTheHashItsDescriptionSays() {
        var chain = LogChain.genesis(cluster: cluster, author: 0x0102_0304)
        let genesis = SHA256.hash(data: Array("esep log".utf8) + cluster + [1, 2, 3, 4])
        #expect(chain.digest.bytes == Array(genesis))
        #expect(chain.index == 0)
        chain.extend([9, 9])
        #expect(chain.digest.bytes == Array(SHA256.hash(data: Array(genesis) + [9, 9])))
        #expect(chain.index == 1)
    }

    @Test func authorsAndClustersBeginDifferently() {
        let first = LogChain.genesis(cluster: cluster, author: 1)
        #expect(first != LogChain.genesis(cluster: cluster, author: 2))
        #expect(first != LogChain.genesis(cluster: [UInt8](repeating: 8, count: 16), author: 1))
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func aChangedByteChangesEveryLaterDigest(seed: UInt64) {
        var dice = Dice(seed: seed)
        var entries = (0..<8).map { _ in dice.bytes(1 + dice.below(60)) }
        let honest = Self.digests(of: entries, cluster)
        let broken = dice.below(entries.count)
        entries[broken][dice.below(entries[broken].count)] ^= 1 << UInt8(dice.below(8))
        let changed = Self.digests(of: entries, cluster)
        #expect(honest[..<broken] == changed[..<broken])
        for index in broken..<entries.count {
            #expect(honest[index] != changed[index], "seed \(seed)")
        }
    }

    private static func digests(of entries: [[UInt8]], _ cluster: [UInt8]) -> [Vault.Digest] {
        var chain = LogChain.genesis(cluster: cluster, author: 3)
        return entries.map {
            chain.extend($0)
            return chain.digest
        }
    }

    @Test func digestsReadBackAndAnyOtherLengthIsRefused() throws {
        let digest = Vault.Digest.of([1, 2, 3])
        #expect(Vault.Digest(digest.bytes) == digest)
        #expect(Vault.Digest(Array(digest.bytes.dropLast())) == nil)
        #expect(try #require(Hex.decode(digest.hex)) == digest.bytes)
        #expect(Hex.decode("0g") == nil)
        #expect(Hex.decode("abc") == nil)
    }

    @Test func aRecordsNameKeepsItsPartsApart() {
        let name = RecordName.id(sender: "ab", document: "c")
        #expect(name != RecordName.id(sender: "a", document: "bc"))
        #expect(name == RecordName.id(sender: "ab", document: "c"))
        var message = Array("esep record".utf8)
        message += [0, 0, 0, 2] + Array("ab".utf8) + [0, 0, 0, 1] + Array("c".utf8)
        let expected = Array(SHA256.hash(data: message))
        let high = expected[..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        #expect(name.high == high)
    }
}
