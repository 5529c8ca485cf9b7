import Consensus
import Records
import Roles
import Simulation
import Storage
import Uplink
import Vault

/// I3, I4 and I5 at each turn: what is archived is a prefix of its author's log, each entry once and in order, and
/// every voter comes to the same at the same place of the Raft log.
struct AppliedAlike {
    private var words: [UInt64: String] = [:]
    /// Each voter's frontier of each author.
    private var frontiers: [UInt64: EntryIndex] = [:]
    private var digests: [UInt64: (id: ReplicaID, tables: [(name: String, digest: Digest)])] = [:]

    mutating func applied(
        _ result: CentreApplied, by host: CentreHost, _ archive: inout Archive, _ written: WrittenLogs
    ) throws {
        for one in result.entries {
            let index = one.mark.index.number
            let came = Self.words(one)
            if let before = words[index], before != came {
                throw Violation("I5", "at \(index) centre-\(host.id) comes to \(came), another came to \(before)")
            }
            words[index] = came
            guard case .advanced(let frontier) = one.result else { continue }
            try archive.advance(to: frontier.index, frontier.digest, of: frontier.author, written)
            let place = host.id.number << 32 | UInt64(frontier.author)
            guard frontier.index > frontiers[place] ?? 0 else {
                throw Violation("I4", "entry \(frontier.index) of author \(frontier.author) is applied again")
            }
            frontiers[place] = frontier.index
        }
    }

    /// A node starts with what its disk holds: a turn whose commit went with the power is applied again.
    mutating func starts(_ host: CentreHost) {
        frontiers = frontiers.filter { $0.key >> 32 != host.id.number }
        for seat in host.role?.seats.values.sorted(by: { $0.author < $1.author }) ?? [] {
            frontiers[host.id.number << 32 | UInt64(seat.author.number)] = seat.frontier
        }
    }

    /// A territory is told no frontier before it is applied, and so on a quorum.
    func told(_ state: TerritoryState, to host: TerritoryHost, _ archive: Archive) throws {
        guard state.frontier <= archive.last(of: host.seat.author.number) else {
            throw Violation("frontier", "\(host.label) is told \(state.frontier), which no quorum holds")
        }
    }

    /// Byte for byte: the rows of replicas at one applied index are the same.
    mutating func compare(_ host: CentreHost) throws {
        guard let store = host.store else { return }
        let (applied, tables) = try store.stateDigests()
        guard let other = digests[applied.number] else {
            digests[applied.number] = (host.id, tables)
            return
        }
        for (one, two) in zip(other.tables, tables) where one != two {
            throw Violation(
                "I5", "at \(applied) centre-\(other.id) and centre-\(host.id) differ in table \(two.name)")
        }
    }

    private static func words(_ one: CentreApplied.One) -> String {
        switch one.result {
        case .nothing: "\(one.mark) nothing"
        case .advanced(let frontier): "\(one.mark) advanced \(frontier.author) \(frontier.index) \(frontier.digest)"
        case .repeated(let frontier): "\(one.mark) repeated \(frontier.author) \(frontier.index)"
        case .rejected(let frontier, let reason): "\(one.mark) rejected \(frontier.author) \(frontier.index) \(reason)"
        case .own(let outcomes): "\(one.mark) own \(outcomes)"
        }
    }
}
