extension [UInt8] {
    /// Whether both hold the same bytes, eight at a time: every entry that is read is held against its own encoding,
    /// and `==` looks at each byte.
    func isSame(as other: [UInt8]) -> Bool {
        guard count == other.count else { return false }
        return withUnsafeBytes { ours in
            other.withUnsafeBytes { theirs in
                var offset = 0
                while offset + 8 <= ours.count {
                    let word = ours.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                    guard word == theirs.loadUnaligned(fromByteOffset: offset, as: UInt64.self) else { return false }
                    offset += 8
                }
                while offset < ours.count {
                    guard ours[offset] == theirs[offset] else { return false }
                    offset += 1
                }
                return true
            }
        }
    }
}
