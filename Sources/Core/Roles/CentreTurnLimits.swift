import Uplink

/// How much the centre takes on at once.
package enum CentreTurnLimits {
    /// Bytes of proposals that are neither applied nor refused. What is prepared holds about ten times as much memory,
    /// and a question waits for a turn over it.
    package static let proposedBytes = 3 << 20
    /// The same while somebody asks something: most of what he waits for is applied after them.
    package static let proposedBytesWhileAsked = 512 << 10
    /// Bytes of proposals that one turn applies.
    package static let appliedBytes = 1 << 20
    /// Bytes of the centre's own acts from which on they are prepared beside the turns.
    static let preparedBytes = 16 << 10
    /// Bytes of entries in one piece of a batch then: whoever comes while it is applied waits for its end.
    package static let pieceBytes = 32 << 10
    /// Bytes of pieces that one turn applies then, where nobody comes meanwhile.
    package static let appliedBytesWhileAsked = 128 << 10
    /// Bytes under way from which on a turn that stores for somebody applies nothing: about what one of them costs.
    package static let passedOverBytes = 16 << 10
    /// Bytes of committed entries that a follower lets come together before it applies them.
    package static let gatheredBytes = 64 << 10
    /// Acts that wait for those under way, at the most: so many share an entry well enough.
    package static let ticketsHeld = 256
    /// How long after a question more are expected.
    package static let askedMilliseconds: UInt64 = 1_000
    /// Bytes of entries that all lines together may have under way: they lie in memory here until they are applied.
    package static let windowBytes = 16 << 20

    /// What each of so many lines may have under way, told at its welcome.
    static func window(ofEach lines: Int) -> UInt32 {
        let share = UInt32(clamping: windowBytes / max(1, lines))
        return min(UplinkLimits.windowBytes, max(UplinkLimits.leastWindowBytes, share))
    }

    /// Bytes of applied proposals after which the Raft log is cut.
    package static let logBytes = 16 << 20
    /// Bytes of the Raft log that are kept for followers who are heard; whoever lacks more is sent a copy.
    package static let logBytesForFollowers = 256 << 20
    /// Bytes of it that are kept, at the most, while a copy is on its way.
    package static let logBytesForCopies = 1 << 30
    /// Bytes of the centre's own entries in one proposal.
    package static let ownBytes = 4 << 20
    /// Bytes of proposals under way beyond which acts of the centre are refused. Below what the log takes at once, so
    /// that it refuses none that has drawn a number.
    package static let waitingBytes = 16 << 20
}
