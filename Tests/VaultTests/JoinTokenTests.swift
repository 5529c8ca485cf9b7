import Crypto
import TestSupport
import Testing
import Vault

struct JoinTokenTests {
    static func sample(_ dice: inout Dice) throws -> JoinToken {
        JoinToken(
            cluster: dice.bytes(16), authority: Vault.Digest.of([1]), secret: try dice.secret(), role: .territory,
            territory: "KZ-75", name: "kz-75-1", expirySeconds: 1_800_000_000,
            addresses: ["127.0.0.1:7010", "centre-2.example:7010"])
    }

    @Test func aTokenIsOneWordThatReadsBack() throws {
        var dice = Dice(seed: 1)
        let token = try Self.sample(&dice)
        #expect(try JoinToken(word: token.word) == token)
        let allowed = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        #expect(token.word.allSatisfy { allowed.contains($0) })
    }

    @Test func aLostOrChangedLetterIsNoticed() throws {
        var dice = Dice(seed: 2)
        let word = Array(try Self.sample(&dice).word)
        for place in word.indices {
            var changed = word
            changed[place] = changed[place] == "A" ? "B" : "A"
            #expect(throws: JoinToken.Failure.self) { try JoinToken(word: String(changed)) }
        }
        for count in 0..<word.count {
            #expect(throws: JoinToken.Failure.self) { try JoinToken(word: String(word.prefix(count))) }
        }
        #expect(throws: JoinToken.Failure.malformed) { try JoinToken(word: String(word) + " ") }
    }

    @Test func ofALaterProgramSaysSo() throws {
        var bytes: [UInt8] = [2] + [UInt8](repeating: 0, count: 90)
        bytes += Vault.Digest.of(bytes).bytes.prefix(4)
        #expect(throws: JoinToken.Failure.unknownVersion(2)) { try JoinToken(word: Base64URL.encode(bytes)) }
    }

    @Test(arguments: 0...70) func base64ReadsBack(count: Int) {
        var dice = Dice(seed: UInt64(count))
        let bytes = dice.bytes(count)
        #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
    }

    @Test func signaturesOfSendersAreCheckedForBothKinds() throws {
        let message = Array("a document".utf8)
        let p256 = P256.Signing.PrivateKey()
        let first = try SenderKey(subjectPublicKeyInfo: Array(p256.publicKey.derRepresentation))
        let signature = try p256.signature(for: message)
        #expect(first.verifies(Array(signature.derRepresentation), over: message))
        #expect(first.verifies(Array(signature.rawRepresentation), over: message))
        #expect(!first.verifies(Array(signature.derRepresentation), over: message + [0]))
        #expect(!first.verifies([], over: message))
        let edwards = Curve25519.Signing.PrivateKey()
        let prefix: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]
        let second = try SenderKey(subjectPublicKeyInfo: prefix + Array(edwards.publicKey.rawRepresentation))
        #expect(second.verifies(Array(try edwards.signature(for: message)), over: message))
        #expect(!second.verifies(Array(signature.derRepresentation), over: message))
        #expect(throws: SenderKey.Failure.unknownKey) { try SenderKey(subjectPublicKeyInfo: prefix) }
    }
}
