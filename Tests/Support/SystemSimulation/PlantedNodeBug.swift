package import Records
package import Roles
package import Simulation
package import Storage
package import Uplink

/// Bugs of the nodes' loop and of their disks, switched on one at a time to prove that the rung finds them: what would
/// go wrong if a turn were carried out otherwise than `TerritoryTurn` and `CentreTurn` demand.
package enum PlantedNodeBug: String, CaseIterable, Sendable {
    /// A territory's promises leave before its turn is committed.
    case territoryPromisesBeforeCommit
    /// What came down is stored with the turn after: a receipt is lost with a restart between the two.
    case receiptsStoredLater
    /// A turn that found the disk full is not taken back: the role goes on as if it had been stored.
    case fullTurnNotUndone
    /// What the index lacks after a start is not made good.
    case indexNotCompleted
    /// Copies of one directory ask for a new seat with the same secret.
    case seedSharedByCopies
    /// Where the files lie is forgotten when a new seat is taken, so that its first start believes what it finds.
    case placeForgottenAtSeat
}

/// Everything that can be planted in this rung. Bugs of the modules under it are in the tests' second copy of them
/// alone; those of the nodes' loop are the simulator's own.
package enum PlantedSystemBug: Sendable {
    case merge(PlantedMergeBug)
    case link(PlantedLinkBug)
    case role(PlantedRoleBug)
    case store(PlantedStoreBug)
    case node(PlantedNodeBug)

    package var name: String {
        switch self {
        case .merge(let bug): bug.rawValue
        case .link(let bug): bug.rawValue
        case .role(let bug): bug.rawValue
        case .store(let bug): bug.rawValue
        case .node(let bug): bug.rawValue
        }
    }

    package static let all: [PlantedSystemBug] =
        PlantedMergeBug.allCases.map { .merge($0) } + PlantedLinkBug.allCases.map { .link($0) }
        + PlantedRoleBug.allCases.map { .role($0) } + PlantedStoreBug.allCases.map { .store($0) }
        + PlantedNodeBug.allCases.map { .node($0) }
}

extension SystemWorld {
    /// Whether the modules under this rung have bugs that can be switched on.
    package static var canPlant: Bool {
        #if PLANTED
        true
        #else
        false
        #endif
    }

    var nodeBug: PlantedNodeBug? {
        if case .node(let bug) = planted { bug } else { nil }
    }

    /// Nil: all promises were kept, and the system healed within its time. Files are made for the run and removed.
    package func run() -> Violation? {
        #if PLANTED
        switch planted {
        case .merge(let bug): PlantedMergeBug.$current.withValue(bug) { story() }
        case .link(let bug): PlantedLinkBug.$current.withValue(bug) { story() }
        case .role(let bug): PlantedRoleBug.$current.withValue(bug) { story() }
        case .store(let bug): PlantedStoreBug.$current.withValue(bug) { story() }
        case .node, nil: story()
        }
        #else
        story()
        #endif
    }
}
