import Testing
import Vault

struct EnvelopeTests {
    private let reader = Secret([UInt8](repeating: 7, count: 32))
    private let drawn = Secret([UInt8](repeating: 9, count: 32))
    private let plain = Array("entries".utf8)

    private func sealed(head: [UInt8] = [1, 2]) throws -> (key: [UInt8], sealed: [UInt8]) {
        let (reader, drawn) = (try #require(reader), try #require(drawn))
        return try Envelope.seal(plain, to: Envelope.publicKey(of: reader), drawn: drawn, head: head)
    }

    @Test func theReaderOpensWhatWasSealedToItsPublicKey() throws {
        let envelope = try sealed()
        let opened = try Envelope.open(envelope.sealed, key: envelope.key, with: #require(reader), head: [1, 2])
        #expect(opened == plain)
    }

    @Test func theSameChanceGivesTheSameBytes() throws {
        let (first, second) = (try sealed(), try sealed())
        #expect(first.key == second.key && first.sealed == second.sealed)
    }

    @Test func nobodyElseOpensIt() throws {
        let envelope = try sealed()
        #expect(throws: SealingError.notAuthentic) {
            try Envelope.open(envelope.sealed, key: envelope.key, with: #require(drawn), head: [1, 2])
        }
    }

    @Test func underAnotherHeadItDoesNotOpen() throws {
        let envelope = try sealed()
        #expect(throws: SealingError.notAuthentic) {
            try Envelope.open(envelope.sealed, key: envelope.key, with: #require(reader), head: [1, 3])
        }
    }

    @Test func aChangedByteDoesNotOpenWhereverItLies() throws {
        let envelope = try sealed()
        let reader = try #require(reader)
        for place in envelope.sealed.indices {
            var changed = envelope.sealed
            changed[place] ^= 1
            #expect(throws: SealingError.notAuthentic) {
                try Envelope.open(changed, key: envelope.key, with: reader, head: [1, 2])
            }
        }
        for place in envelope.key.indices {
            var changed = envelope.key
            changed[place] ^= 1
            #expect(throws: SealingError.notAuthentic) {
                try Envelope.open(envelope.sealed, key: changed, with: reader, head: [1, 2])
            }
        }
        #expect(throws: SealingError.truncated) {
            try Envelope.open([1, 2, 3], key: envelope.key, with: reader, head: [1, 2])
        }
    }

    /// A point of small order agrees on nothing with anybody.
    @Test func aPublicKeyThatIsNoneIsRefused() throws {
        let drawn = try #require(drawn)
        #expect(throws: SealingError.notAuthentic) {
            try Envelope.seal(plain, to: [UInt8](repeating: 0, count: 32), drawn: drawn, head: [])
        }
    }
}
