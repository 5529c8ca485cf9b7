/// Bugs of the nodes' loop and of their disks, switched on one at a time to prove that the rung finds them: what would
/// go wrong if a turn were carried out otherwise than `TerritoryTurn` and `CentreTurn` demand.
package enum PlantedNodeBug: String, CaseIterable, Sendable {
    /// A territory's promises leave before its turn is committed.
    case territoryPromisesBeforeCommit
    /// The centre's promises leave before its turn is committed.
    case centrePromisesBeforeCommit
    /// What came down is stored with the turn after: a receipt is lost with a restart between the two.
    case receiptsStoredLater
    /// A turn that found the disk full is not taken back: the role goes on as if it had been stored.
    case fullTurnNotUndone
    /// What the index lacks after a start is not made good.
    case indexNotCompleted
}
