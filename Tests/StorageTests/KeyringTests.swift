import Foundation
import Storage
import Testing
import Vault

@Suite struct KeyringTests {
    static let cost = EpochSlot.Cost(logRounds: 10, blockSize: 8, parallelism: 1)

    @Test func seedsGrantsAndSecretsComeBackAfterAReopening() throws {
        let scratch = try Scratch()
        let ring = try open(scratch)
        let seed = try secret(1)
        try ring.plant(author: 4, seed: seed)
        try ring.grant([(author: 9, leaf: 70, key: try secret(2))])
        let index = try ring.lastingSecret("index")
        #expect(try ring.lastingSecret("index") == index)
        try ring.close()
        let again = try open(scratch)
        var whole = KeyTree(seed: seed)
        #expect(try again.leafKey(author: 4, leaf: 12_345) == whole.leafKey(12_345))
        #expect(try again.leafKey(author: 9, leaf: 70) == secret(2))
        #expect(try again.leafKey(author: 9, leaf: 71) == nil)
        #expect(try again.lastingSecret("index") == index)
        #expect(try again.trees().map(\.author) == [4, 9])
    }

    @Test func keysCopiedToAnotherNodeOpenTheSameAndLeaveOutWhatWasPunctured() throws {
        let (scratch, other) = (try Scratch(), try Scratch())
        let ring = try open(scratch)
        try ring.plant(author: 4, seed: try secret(1))
        try ring.plant(author: 6, seed: try secret(2))
        try ring.puncture(author: 4, leaves: [1_000])
        try ring.store([1, 2], name: "authority")
        try ring.store([3], name: "index")
        let copy = try ring.copy { $0 == "authority" }
        let far = try open(other)
        try far.plant(author: 6, seed: try secret(9))
        #expect(try far.merge(copy) == [4])
        #expect(try far.merge(copy) == [])
        #expect(try far.leafKey(author: 4, leaf: 1_000) == nil)
        #expect(try far.leafKey(author: 4, leaf: 1_001) == ring.leafKey(author: 4, leaf: 1_001))
        // A tree that is here already is not replaced.
        #expect(try far.leafKey(author: 6, leaf: 5) != ring.leafKey(author: 6, leaf: 5))
        #expect(try far.secret("authority") == [1, 2])
        #expect(try far.secret("index") == nil)
    }

    @Test func aPuncturedLeafIsGoneAloneAndNeverTakenAgain() throws {
        let scratch = try Scratch()
        let ring = try open(scratch)
        try ring.plant(author: 4, seed: try secret(1))
        let lost = try #require(try ring.leafKey(author: 4, leaf: 1_000))
        let kept = try ring.leafKey(author: 4, leaf: 1_001)
        try ring.puncture(author: 4, leaves: [1_000, 5])
        #expect(try ring.leafKey(author: 4, leaf: 1_000) == nil)
        #expect(try ring.leafKey(author: 4, leaf: 5) == nil)
        #expect(try ring.leafKey(author: 4, leaf: 1_001) == kept)
        try ring.grant([(author: 4, leaf: 1_000, key: lost)])
        #expect(try ring.leafKey(author: 4, leaf: 1_000) == nil)
        #expect(throws: StorageError.self) { try ring.plant(author: 4, seed: try secret(1)) }
    }

    @Test func anotherSecretOfTheOperatorOpensNothing() throws {
        let scratch = try Scratch()
        try open(scratch).close()
        #expect(throws: StorageError.wrongSecret(file: scratch.file("epoch.slot"))) {
            try open(scratch, secret: [9, 9])
        }
        try FileManager.default.removeItem(atPath: scratch.file("epoch.slot"))
        let error = try #require(throws: StorageError.self) { try open(scratch) }
        #expect(error.isFatal, "a keyring without its slot is not given a new epoch: \(error)")
    }

    @Test func noKeyStandsInAnyFile() throws {
        let scratch = try Scratch()
        let ring = try open(scratch)
        let seed = try secret(1)
        try ring.plant(author: 4, seed: seed)
        let leaf = try #require(try ring.leafKey(author: 4, leaf: 3))
        try ring.puncture(author: 4, leaves: [3])
        try ring.store([UInt8](repeating: 0xAB, count: 40), name: "authority")
        try ring.vacuum()
        let bytes = Data(try scratch.bytes())
        for marker in [seed.bytes, leaf.bytes, [UInt8](repeating: 0xAB, count: 40)] {
            #expect(bytes.range(of: Data(marker)) == nil)
        }
    }

    private func secret(_ byte: UInt8) throws -> Secret {
        try #require(Secret([UInt8](repeating: byte, count: Secret.byteCount)))
    }

    private func open(_ scratch: Scratch, secret: [UInt8] = [1, 2, 3]) throws -> Keyring {
        try Keyring(
            path: scratch.file("keyring.sqlite"), slot: scratch.file("epoch.slot"), owner: Fixture.owner,
            secret: secret, cost: Self.cost,
            draw: { count in (0..<count).map { _ in UInt8.random(in: 0...255) } })
    }
}
