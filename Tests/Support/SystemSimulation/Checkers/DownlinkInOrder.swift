import Records
import Roles
import Simulation
import Uplink
import Vault

/// The downlink of a territory is one sequence: every voter reads the same item at a position, what leaves on a line is
/// that item, and what a territory takes is the next.
struct DownlinkInOrder {
    private var items: [String: [DownlinkPosition: Digest]] = [:]

    mutating func read(_ territory: String, first: DownlinkPosition, _ read: [[UInt8]]) throws {
        for (offset, bytes) in read.enumerated() {
            let (position, digest) = (first + UInt64(offset), Digest.of(bytes))
            if let known = items[territory]?[position], known != digest {
                throw Violation("I5", "two voters hold different items at position \(position) of \(territory)")
            }
            items[territory, default: [:]][position] = digest
        }
    }

    func sent(_ territory: String, _ downlink: Downlink) throws {
        for (offset, bytes) in downlink.items.enumerated() {
            let position = downlink.first + UInt64(offset)
            guard items[territory]?[position] == Digest.of(bytes) else {
                throw Violation("downlink", "\(territory) is sent another item at position \(position)")
            }
        }
    }

    func took(_ turn: TerritoryTurn, after before: DownlinkPosition, _ host: TerritoryHost) throws {
        let position = turn.state?.downlink ?? before
        let taken = turn.taken.count(where: \.isOfDownlink)
        guard position == before + DownlinkPosition(taken) else {
            throw Violation(
                "downlink", "\(host.label) took \(taken) items and moved from \(before) to \(position)")
        }
    }
}
