import Crypto

/// A node of a key tree that is held: from it every leaf below can be derived.
package struct KeyNode: Hashable, Sendable {
    /// Steps from the root: 0 is the root, `KeyTree.depth` a leaf.
    package var depth: UInt8
    /// The node's place within its depth, counted from the left.
    package var place: UInt64
    package var key: Secret

    package init(depth: UInt8, place: UInt64, key: Secret) {
        self.depth = depth
        self.place = place
        self.key = key
    }

    /// The leaves below: as numbers of leaves.
    package var leaves: ClosedRange<UInt64> {
        let span = UInt64(KeyTree.depth - Int(depth))
        return place << span...(place << span | (1 << span - 1))
    }
}

/// A puncturable key (after Goldreich, Goldwasser and Micali; design §5).
///
/// 1. The root is the author's secret seed. The left and right child of a node are SHA-256 of one label byte and the
///    node's key. Leaf `n` of 2^40, counted from the left, is the key of the author's block with running number `n`.
/// 2. What is held is a *set of nodes*, none above another. At first it is the root; a granted leaf key is a node of
///    full depth; so an author's own tree, a punctured tree and single keys handed over are one and the same thing.
/// 3. To puncture leaf `n`: the node above it goes, the siblings along its path stay. From what stays `n` cannot be
///    derived again, every other leaf can. One puncture adds at most 39 nodes; a leaf held singly just goes.
/// 4. The path to the leaf asked for last is kept, so leaves taken in order cost about two hashes each.
package struct KeyTree: Sendable {
    package static let depth = 40
    /// One past the last leaf.
    package static let leafCount: UInt64 = 1 << 40

    /// The nodes held, in ascending order of their leaves.
    package private(set) var nodes: [KeyNode]
    /// Which of `nodes` the cached path starts at, and the keys from there down to the leaf.
    private var pathStart: KeyNode?
    private var pathLeaf: UInt64 = 0
    private var path: [Secret] = []

    package init(seed: Secret) {
        nodes = [KeyNode(depth: 0, place: 0, key: seed)]
    }

    /// Nil where a node lies outside the tree or two of them cover one leaf. No node at all is a tree without keys.
    package init?(nodes: [KeyNode]) {
        guard nodes.allSatisfy({ Int($0.depth) <= Self.depth && $0.place < 1 << UInt64($0.depth) }) else { return nil }
        let ordered = nodes.sorted { $0.leaves.lowerBound < $1.leaves.lowerBound }
        for (left, right) in zip(ordered, ordered.dropFirst())
        where left.leaves.upperBound >= right.leaves.lowerBound {
            return nil
        }
        self.nodes = ordered
    }

    /// What a puncture or a grant changed: the store of the nodes does the same.
    package struct Change: Hashable, Sendable {
        package var removed: [KeyNode]
        package var added: [KeyNode]
    }

    /// The key of a block, or nil where it was punctured or never given.
    package mutating func leafKey(_ leaf: UInt64) -> Secret? {
        guard let held = position(covering: leaf) else { return nil }
        let top = nodes[held]
        let steps = Self.depth - Int(top.depth)
        var valid = 0
        if pathStart == top, !path.isEmpty {
            // The keys above the highest bit in which the two leaves differ are common to both paths.
            let differing = UInt64.bitWidth - (leaf ^ pathLeaf).leadingZeroBitCount
            valid = steps - differing
        } else {
            pathStart = top
            path.removeAll(keepingCapacity: true)
            path.append(top.key)
        }
        pathLeaf = leaf
        path.removeLast(path.count - 1 - valid)
        for step in path.count - 1..<steps {
            path.append(Self.child(of: path[step], right: Self.isRight(leaf, below: Int(top.depth) + step)))
        }
        return path[steps]
    }

    /// Whether a leaf can be derived, without deriving it.
    package func holds(_ leaf: UInt64) -> Bool {
        position(covering: leaf) != nil
    }

    /// Takes a leaf away for ever; nil where it was not held.
    @discardableResult
    package mutating func puncture(_ leaf: UInt64) -> Change? {
        guard let held = position(covering: leaf) else { return nil }
        let top = nodes[held]
        var siblings: [KeyNode] = []
        var key = top.key
        for depth in Int(top.depth)..<Self.depth {
            let right = Self.isRight(leaf, below: depth)
            let below = leaf >> UInt64(Self.depth - depth - 1)
            siblings.append(
                KeyNode(depth: UInt8(depth + 1), place: below ^ 1, key: Self.child(of: key, right: !right)))
            key = Self.child(of: key, right: right)
        }
        siblings.sort { $0.leaves.lowerBound < $1.leaves.lowerBound }
        nodes.replaceSubrange(held...held, with: siblings)
        // The cached path leads over keys that are gone.
        pathStart = nil
        path.removeAll()
        return Change(removed: [top], added: siblings)
    }

    /// Takes in a single leaf key that its holder granted; nil where the leaf is covered already.
    @discardableResult
    package mutating func grant(_ leaf: UInt64, _ key: Secret) -> Change? {
        precondition(leaf < Self.leafCount, "leaf \(leaf) is outside the key tree")
        guard position(covering: leaf) == nil else { return nil }
        let node = KeyNode(depth: UInt8(Self.depth), place: leaf, key: key)
        let place = nodes.firstPosition { $0.leaves.lowerBound > leaf }
        nodes.insert(node, at: place)
        return Change(removed: [], added: [node])
    }

    private func position(covering leaf: UInt64) -> Int? {
        let after = nodes.firstPosition { $0.leaves.lowerBound > leaf }
        guard after > 0, nodes[after - 1].leaves.contains(leaf) else { return nil }
        return after - 1
    }

    private static func isRight(_ leaf: UInt64, below depth: Int) -> Bool {
        leaf >> UInt64(Self.depth - depth - 1) & 1 == 1
    }

    private static func child(of key: Secret, right: Bool) -> Secret {
        withUnsafeTemporaryAllocation(byteCount: 1 + Secret.byteCount, alignment: 1) { bytes in
            bytes[0] = right ? 2 : 1
            key.withBytes { UnsafeMutableRawBufferPointer(rebasing: bytes[1...]).copyMemory(from: $0) }
            return Secret(SHA256.hash(data: UnsafeRawBufferPointer(bytes)))
        }
    }
}

extension [KeyNode] {
    /// The first position whose node satisfies a predicate that is false up to some node and true from there on.
    fileprivate func firstPosition(where isAfter: (KeyNode) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if isAfter(self[middle]) {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return low
    }
}
