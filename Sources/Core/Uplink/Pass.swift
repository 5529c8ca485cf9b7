/// The passes of one author, as the centre keeps them (design §7, "cloned").
///
/// 1. At each hello that is let in, the centre draws a new pass and stores it before the welcome leaves.
/// 2. A hello is let in with the last pass. It is also let in with the one before, as long as the last was never used:
///    the welcome that carried it may have been lost.
/// 3. A pass counts as used once the territory speaks after the welcome that carried it: it does so only when it has
///    stored the pass.
/// 4. Any other pass is a second copy of the directory: fenced.
package struct PassRecord: Hashable, Sendable {
    package var current: [UInt8]
    /// The pass the current one was drawn at; empty at the first.
    package var previous: [UInt8]
    package var isCurrentUsed: Bool

    package init(current: [UInt8], previous: [UInt8], isCurrentUsed: Bool) {
        self.current = current
        self.previous = previous
        self.isCurrentUsed = isCurrentUsed
    }

    /// The record after a hello with `shown` was let in and `drawn` was drawn at it; nil where it must be fenced.
    package static func admit(_ record: PassRecord?, shown: [UInt8], drawn: [UInt8]) -> PassRecord? {
        precondition(drawn.count == UplinkLimits.passBytes, "a pass has \(UplinkLimits.passBytes) bytes")
        guard let record else {
            return shown.isEmpty ? PassRecord(current: drawn, previous: [], isCurrentUsed: false) : nil
        }
        let isKnown =
            has(.cloneNotFenced) || shown == record.current || (shown == record.previous && !record.isCurrentUsed)
        return isKnown ? PassRecord(current: drawn, previous: shown, isCurrentUsed: false) : nil
    }
}
