import Consensus
import Records
import Roles
import Simulation
import Vault

/// A run as one number: the same seed must give the same in every process.
package struct SystemTrace: Sendable {
    package private(set) var digest: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func note(_ id: ReplicaID, _ time: UInt64, _ inputs: Int, _ turn: CentreTurn) {
        mix(id.number)
        mix(time)
        mix(UInt64(inputs))
        mix(UInt64(turn.deeds.count) << 32 | UInt64(turn.promises.count))
        for write in turn.persist { mix(write.token.number << 32 | UInt64(write.entries.count)) }
        for application in turn.apply { mix(application.last.number) }
    }

    mutating func note(_ author: AuthorNumber, _ time: UInt64, _ inputs: Int, _ turn: TerritoryTurn) {
        mix(UInt64(author.number) << 48)
        mix(time)
        mix(UInt64(inputs))
        mix(UInt64(turn.deeds.count) << 32 | UInt64(turn.promises.count))
        for byte in turn.state?.digest.bytes.prefix(8) ?? [] { mix(UInt64(byte)) }
    }

    mutating func note(_ applied: CentreApplied) {
        for seat in applied.seats { mix(UInt64(seat.author.number) << 40 | seat.frontier << 20 | seat.downlinkLast) }
    }

    private mutating func mix(_ number: UInt64) {
        digest = (digest ^ number) &* 0x0000_0100_0000_01b3
        digest ^= digest >> 31
    }
}
