/// Before the welcome, to a node whose centre was recovered with loss and has not heard yet what it told that node
/// (design §7, "centre behind"): up to where the centre that goes on held what the one before it told.
package struct Recovered: Hashable, Sendable {
    /// How often the centre was recovered.
    package var generation: UInt32
    package var author: UInt32
    /// The author's last entry that the centre still has: what comes after it is sent again.
    package var frontier: UInt64
    /// The last position of the territory's downlink that stands: later items were told by what is lost.
    package var downlink: UInt64
    /// The last entry of the centre's own log that stands.
    package var own: UInt64

    package init(generation: UInt32, author: UInt32, frontier: UInt64, downlink: UInt64, own: UInt64) {
        self.generation = generation
        self.author = author
        self.frontier = frontier
        self.downlink = downlink
        self.own = own
    }
}

/// What the node was told of entries that the centre has lost: they get the same numbers again. Items are opaque here
/// (`Wire.DownlinkItem`), ascending and without a gap from the entry after the frontier on.
package struct Told: Hashable, Sendable {
    package var author: UInt32
    /// The last entry it was told of, up to here.
    package var through: UInt64
    package var items: [[UInt8]]
    /// Nothing more was told.
    package var isLast: Bool

    package init(author: UInt32, through: UInt64, items: [[UInt8]], isLast: Bool) {
        self.author = author
        self.through = through
        self.items = items
        self.isLast = isLast
    }
}
