/// Finds a byte string among a fixed set without making a `String`: open addressing over FNV-1a.
struct ByteTable: Sendable {
    private let bytes: [UInt8]
    /// Where key `i` begins in `bytes`; one more at the end.
    private let starts: [Int32]
    /// Key positions plus one by hash; 0 is free. Its length is a power of two.
    private let slots: [Int32]

    init(keys: [String]) {
        var bytes: [UInt8] = []
        var starts: [Int32] = [0]
        for key in keys {
            bytes.append(contentsOf: key.utf8)
            starts.append(Int32(bytes.count))
        }
        var capacity = 8
        while capacity < keys.count * 2 { capacity *= 2 }
        var slots = [Int32](repeating: 0, count: capacity)
        for (position, key) in keys.enumerated() {
            var slot = Int(truncatingIfNeeded: Self.hash(key.utf8)) & (capacity - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (capacity - 1) }
            slots[slot] = Int32(position + 1)
        }
        self.bytes = bytes
        self.starts = starts
        self.slots = slots
    }

    func position(of key: String) -> Int? {
        var key = key
        return key.withUTF8 { position(of: $0) }
    }

    func position(of key: UnsafeBufferPointer<UInt8>) -> Int? {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: Self.hash(key)) & mask
        while slots[slot] != 0 {
            let position = Int(slots[slot]) - 1
            if equals(key, at: position) { return position }
            slot = (slot + 1) & mask
        }
        return nil
    }

    private func equals(_ key: UnsafeBufferPointer<UInt8>, at position: Int) -> Bool {
        let start = Int(starts[position])
        guard Int(starts[position + 1]) - start == key.count else { return false }
        for offset in 0..<key.count where bytes[start + offset] != key[offset] { return false }
        return true
    }

    private static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        return hash ^ (hash >> 29)
    }
}
