/// A blind token: the first 16 bytes of HMAC-SHA-256 over a normalised term, under a key of one node alone.
/// Nobody without that key can confirm a guess with it (design §5, the index).
package struct Token: Hashable, Comparable, Sendable {
    package var high: UInt64
    package var low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    package static func < (left: Token, right: Token) -> Bool {
        left.high == right.high ? left.low < right.low : left.high < right.high
    }
}
