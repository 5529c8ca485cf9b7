import Crypto
import TestSupport
import Testing
import Vault

struct SealingTests {
    let place = SealingPlace(recordHigh: 1, recordLow: 2, author: 3, slot: 4)

    @Test func aBlockIsAESOverTheNonceAndPlaceTheDescriptionSays() throws {
        var dice = Dice(seed: 1)
        let key = try dice.secret()
        let leaf: UInt64 = 0x12_3456_789A
        let sealed = try Sealing.seal([1, 2, 3], key: key, leaf: leaf, salt: 0x0807_0605_0403_0201, at: place)
        let nonce: [UInt8] = [8, 7, 6, 5, 4, 3, 2, 1, 0x34, 0x56, 0x78, 0x9A]
        let bound: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 3, 0, 4]
        let box = try AES.GCM.seal(
            [1, 2, 3] as [UInt8], using: SymmetricKey(data: key.bytes), nonce: AES.GCM.Nonce(data: nonce),
            authenticating: bound)
        #expect(sealed == Array(box.ciphertext) + Array(box.tag))
    }

    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func aBlockOpensOnlyUnchangedAndInItsPlace(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let key = try dice.secret()
        let plain = dice.bytes(dice.below(500))
        let sealed = try Sealing.seal(plain, key: key, leaf: 5, salt: 9, at: place)
        #expect(sealed.count == plain.count + Sealing.tagLength)
        #expect(try Sealing.open(sealed, key: key, leaf: 5, salt: 9, at: place) == plain)
        var other = place
        other.slot = 5
        var record = place
        record.recordLow = 3
        var author = place
        author.author = 4
        for wrong in [other, record, author] {
            #expect(throws: SealingError.notAuthentic) {
                try Sealing.open(sealed, key: key, leaf: 5, salt: 9, at: wrong)
            }
        }
        #expect(throws: SealingError.notAuthentic) { try Sealing.open(sealed, key: key, leaf: 6, salt: 9, at: place) }
        #expect(throws: SealingError.notAuthentic) { try Sealing.open(sealed, key: key, leaf: 5, salt: 8, at: place) }
        var changed = sealed
        changed[dice.below(changed.count)] ^= 1
        #expect(throws: SealingError.notAuthentic) { try Sealing.open(changed, key: key, leaf: 5, salt: 9, at: place) }
        #expect(throws: SealingError.truncated) {
            try Sealing.open(Array(sealed.prefix(15)), key: key, leaf: 5, salt: 9, at: place)
        }
    }

    @Test func aTokenIsTheKeyedHashOfDomainAndTerm() throws {
        var dice = Dice(seed: 2)
        let secret = try dice.secret()
        let key = BlindIndexKey(secret)
        let code = HMAC<SHA256>.authenticationCode(
            for: [3] + Array("iinX1".utf8), using: SymmetricKey(data: secret.bytes))
        let high = Array(code)[..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        #expect(key.token("iin", "X1").high == high)
        #expect(key.token("iin", "X1") == key.token("iin", bytes: Array("X1".utf8)))
        #expect(key.token("iin", "X1") != key.token("ii", "nX1"))
        #expect(key.token("iin", "X1") != BlindIndexKey(try dice.secret()).token("iin", "X1"))
    }

    @Test func secretsPrintNothingOfThemselves() throws {
        var dice = Dice(seed: 3)
        #expect("\(try dice.secret())" == "secret")
    }
}

struct EpochTests {
    let cost = EpochSlot.Cost(logRounds: 10, blockSize: 8, parallelism: 1)

    @Test func aWrappedRowOpensUnderItsEpochAndNameAlone() throws {
        var dice = Dice(seed: 4)
        let epoch = EpochKey(number: 3, key: try dice.secret())
        let wrapped = try epoch.wrap([1, 2, 3], name: "author 7", nonce: dice.bytes(12))
        #expect(try epoch.unwrap(wrapped, name: "author 7") == [1, 2, 3])
        #expect(throws: SealingError.notAuthentic) { try epoch.unwrap(wrapped, name: "author 8") }
        let next = EpochKey(number: 4, key: epoch.key)
        #expect(throws: SealingError.notAuthentic) { try next.unwrap(wrapped, name: "author 7") }
        #expect(throws: SealingError.truncated) { try epoch.unwrap([1], name: "author 7") }
    }

    @Test func theSlotOpensWithTheOperatorsSecretAlone() throws {
        var dice = Dice(seed: 5)
        let epoch = EpochKey(number: 258, key: try dice.secret())
        let secret = dice.bytes(32)
        let slot = EpochSlot.seal(epoch, secret: secret, salt: dice.bytes(32), nonce: dice.bytes(12), cost: cost)
        #expect(slot.count == EpochSlot.byteCount)
        #expect(try EpochSlot.open(slot, secret: secret) == epoch)
        #expect(throws: EpochSlot.Failure.wrongSecret) { try EpochSlot.open(slot, secret: secret + [0]) }
        #expect(throws: EpochSlot.Failure.malformed) { try EpochSlot.open(Array(slot.dropLast()), secret: secret) }
        for place in [0, 8, 9, 20, 46, 50, 70, 100] {
            var changed = slot
            changed[place] ^= 1
            #expect(throws: EpochSlot.Failure.self, "byte \(place)") { try EpochSlot.open(changed, secret: secret) }
        }
        var greedy = slot
        greedy[9] = 40
        #expect(throws: EpochSlot.Failure.malformed) { try EpochSlot.open(greedy, secret: secret) }
    }
}
