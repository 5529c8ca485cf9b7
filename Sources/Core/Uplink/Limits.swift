/// How much and how long: one place for both ends of the link.
package enum UplinkLimits {
    /// The version of the messages this program speaks.
    package static let version: UInt32 = 1
    /// The most bytes of entries in one batch (design §5, frame): some 1,500 documents, a sync's cost spread thin. More
    /// would only stand in memory several times over at the centre: received, proposed, prepared, applied.
    package static let batchBytes = 1 << 20
    /// The least a batch shrinks to on a slow line: two seconds of 64 kbit/s.
    package static let leastBatchBytes = 16 << 10
    /// What a session begins with, before the line has shown what it carries.
    package static let firstBatchBytes = 32 << 10
    /// The most entries in one batch: digests of this many are computed within some 20 ms.
    package static let batchEntries = 16_384
    /// Batches a territory may have under way: one on the line, one being applied, one to keep the line from resting.
    /// More would only queue up before a slow line, and everything else behind them.
    package static let batchesUnderWay = 3
    /// Bytes of entries a territory may have under way.
    package static let windowBytes: UInt32 = 3 << 20
    /// The least of it, where many lines share the centre's memory: two seconds of a megabit.
    package static let leastWindowBytes: UInt32 = 256 << 10
    /// Bytes of downlink items the centre sends ahead of their acknowledgement.
    package static let downlinkWindowBytes = 2 << 20
    /// Bytes of downlink items a territory keeps back until both logs are compared: the window, and the message that
    /// may pass it by an item larger than a message is meant to be.
    package static let unreadBytes = downlinkWindowBytes + 2 * downlinkBytes
    /// The most bytes of items in one downlink message.
    package static let downlinkBytes = 512 << 10
    /// The most items in one downlink message.
    package static let downlinkItems = 1 << 12
    /// Bytes of receipts in one `told`: some 100,000 entries.
    package static let toldBytes = 512 << 10
    /// The position a hello names when the node cannot take its downlink yet: it gets former logs back first.
    package static let noDownlink: UInt64 = .max
    /// Bytes of a pass.
    package static let passBytes = 16
    /// A batch acknowledged sooner than this doubles the next ones: the line carries more.
    package static let quickMilliseconds: UInt64 = 1_000
    /// A batch acknowledged later than this halves the next ones, so that a batch is about two seconds of the line.
    package static let slowMilliseconds: UInt64 = 4_000
    /// A side that has said nothing for so long says that it lives.
    package static let keepAliveMilliseconds: UInt64 = 3_000
    /// A side that has not been heard for so long counts as gone.
    package static let deadMilliseconds: UInt64 = 9_000
    /// The pause before dialling again doubles from the first to the last of these.
    package static let dialPauses: ClosedRange<UInt64> = 200...5_000
    /// The pause after a refusal that only an operator can end.
    package static let refusedPause: ClosedRange<UInt64> = 15_000...30_000
}
