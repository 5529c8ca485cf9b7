import Records
import Roles
import Simulation

/// I7 on the downlink: a territory is sent entries, and so keys, of the records that were opened there, or at a body
/// that it may succeed, and of no others.
enum HoldersAlone {
    static func took(_ turn: TerritoryTurn, _ host: TerritoryHost, _ archive: Archive) throws {
        for case .entry(let entry, _, _) in turn.taken {
            guard case .document(let document) = entry.entry.body,
                archive.mayHold(document.record, host.name)
            else {
                throw Violation("I7", "\(host.label) is sent entry \(entry.at.index) on a record that it does not hold")
            }
        }
    }
}
