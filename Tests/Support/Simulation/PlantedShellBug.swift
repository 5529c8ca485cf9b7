/// Bugs of the shell around a replica, switched on one at a time like `PlantedBug`: what would go wrong if the disk
/// were handled otherwise than `Replica.Effect` demands.
package enum PlantedShellBug: String, CaseIterable, Sendable {
    /// The applied index is stored in another transaction than the rows it speaks of (R13).
    case appliedIndexApart
    /// The hard state is stored in another transaction than the entries of the same write.
    case hardStateApart
    /// A write is reported as stored when it was handed to the disk, before the sync.
    case storedBeforeSync
    /// After a failed sync the node goes on and syncs again: the system has dropped the pages, and says "done".
    case failedSyncRetried
    /// A turn that found the disk full is not taken back: the role goes on as if it had been stored.
    case fullTurnNotUndone
    /// A row with a flipped bit is read as if it were whole.
    case damagedRowServed
    /// A node that lost its disk comes back under its old number.
    case lostDiskReturns
}
