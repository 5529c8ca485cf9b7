import Crypto
import TestSupport
import Testing
import Vault

/// The tree against a plain model: every leaf worked out from the seed, and a set of those that were punctured.
struct KeyTreeTests {
    static func plainLeaf(_ leaf: UInt64, seed: Secret) -> [UInt8] {
        var key = seed.bytes
        for depth in 0..<40 {
            key = Array(SHA256.hash(data: [leaf >> UInt64(39 - depth) & 1 == 1 ? 2 : 1] + key))
        }
        return key
    }

    /// Leaves near each other and far apart.
    static func leaves(_ dice: inout Dice, _ count: Int) -> [UInt64] {
        (0..<count).map { _ in
            dice.below(3) == 0 ? UInt64(dice.below(1 << 40)) : UInt64(dice.below(64))
        }
    }

    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func leavesAreThoseOfThePlainModelInAnyOrder(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let root = try dice.secret()
        var tree = KeyTree(seed: root)
        for leaf in Self.leaves(&dice, 40) + Array(1000..<1040) + [0, KeyTree.leafCount - 1] {
            #expect(tree.leafKey(leaf)?.bytes == Self.plainLeaf(leaf, seed: root), "seed \(seed), leaf \(leaf)")
        }
        #expect(tree.leafKey(KeyTree.leafCount) == nil)
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func exactlyThePuncturedLeavesAreLost(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let root = try dice.secret()
        var tree = KeyTree(seed: root)
        var punctured: Set<UInt64> = []
        // The store of nodes only does what each change says.
        var stored = Set(tree.nodes)
        for leaf in Self.leaves(&dice, 30) {
            _ = tree.leafKey(UInt64(dice.below(64)))
            let change = tree.puncture(leaf)
            #expect((change == nil) == punctured.contains(leaf))
            punctured.insert(leaf)
            stored.subtract(change?.removed ?? [])
            stored.formUnion(change?.added ?? [])
            #expect(tree.leafKey(leaf) == nil)
        }
        var read = try #require(KeyTree(nodes: Array(stored)))
        #expect(read.nodes == tree.nodes)
        #expect(tree.nodes.count <= 1 + 39 * punctured.count)
        for leaf in Array(0..<64) + Self.leaves(&dice, 30) + punctured.sorted() {
            let expected = punctured.contains(leaf) ? nil : Self.plainLeaf(leaf, seed: root)
            #expect(tree.leafKey(leaf)?.bytes == expected, "seed \(seed), leaf \(leaf)")
            #expect(read.leafKey(leaf)?.bytes == expected, "seed \(seed), leaf \(leaf)")
            #expect(tree.holds(leaf) == (expected != nil))
        }
    }

    @Test func aGrantedLeafOpensThatLeafAlone() throws {
        var dice = Dice(seed: 5)
        var own = KeyTree(seed: try dice.secret())
        var holder = try #require(KeyTree(nodes: []))
        let granted = own.leafKey(77)
        let key = try #require(granted)
        #expect(holder.leafKey(77) == nil)
        #expect(holder.grant(77, key)?.added.count == 1)
        #expect(holder.grant(77, key) == nil)
        #expect(holder.leafKey(77) == key)
        #expect(holder.leafKey(76) == nil)
        #expect(holder.leafKey(78) == nil)
        #expect(holder.puncture(77)?.removed.count == 1)
        #expect(holder.nodes == [])
    }

    @Test func nodesThatOverlapAreRefused() throws {
        var dice = Dice(seed: 6)
        let key = try dice.secret()
        #expect(KeyTree(nodes: [.init(depth: 0, place: 0, key: key), .init(depth: 40, place: 9, key: key)]) == nil)
        #expect(KeyTree(nodes: [.init(depth: 41, place: 0, key: key)]) == nil)
        #expect(KeyTree(nodes: [.init(depth: 1, place: 2, key: key)]) == nil)
    }
}
