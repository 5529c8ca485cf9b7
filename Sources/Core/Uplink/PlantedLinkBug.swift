/// Bugs of the link that can be switched on, one at a time, to prove that the simulator finds them. Only where
/// `PLANTED` is defined, which is in the tests' second copy of this module; elsewhere `has` is a constant and the
/// branches are gone.
package enum PlantedLinkBug: String, CaseIterable, Sendable {
    /// A frontier is told when a batch has come, not when it is applied.
    case frontierToldBeforeQuorum
    /// A line is told how far its log came by a bundle, though that may be of another copy of it.
    case frontierOfAnotherTold
    /// Items of the downlink leave in another order than they stand.
    case downlinkOutOfOrder
    /// What comes down is taken before both logs are known to be one.
    case downlinkBeforeComparison
    /// A second copy of a node is let in with whatever pass it has.
    case cloneNotFenced
    /// A receipt is believed though its digest is not this log's.
    case receiptTrusted
    /// A piece of a bundle is believed though its entries do not lead to its digest.
    case pieceNotProven
}

#if PLANTED
extension PlantedLinkBug {
    /// What is planted in the run that this task carries out.
    @TaskLocal package static var current: PlantedLinkBug?
}

func has(_ bug: PlantedLinkBug) -> Bool { PlantedLinkBug.current == bug }
#else
@inline(__always)
func has(_ bug: PlantedLinkBug) -> Bool { false }
#endif
