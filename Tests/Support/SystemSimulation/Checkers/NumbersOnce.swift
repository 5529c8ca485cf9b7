import Records
import Roles
import Simulation

/// Numbers, stamps and positions of one log, as its commits say: gapless, each once, never back.
struct NumbersOnce {
    private var serials: [String: UInt32] = [:]
    private var stamps: [UInt32: Stamp] = [:]
    private var seen: [UInt32: DownlinkPosition] = [:]

    mutating func wrote(_ entries: [AppendedEntry], _ name: String) throws {
        for entry in entries { try wrote(entry.at, entry.entry, name) }
    }

    mutating func wrote(_ at: LogAddress, _ entry: Entry, _ name: String) throws {
        let author = at.author.number
        // What was moved from another log keeps its stamp, and what its author had seen.
        guard entry.origin == nil else { return try gapless(at, entry, name) }
        guard entry.stamp > stamps[author] ?? Stamp(bits: 0) else {
            throw Violation("stamps", "\(name): entry \(at.index) is stamped before the one before it")
        }
        stamps[author] = entry.stamp
        guard entry.seen >= seen[author] ?? 0 else {
            throw Violation("seen", "\(name): entry \(at.index) has seen less than the one before it")
        }
        seen[author] = entry.seen
        try gapless(at, entry, name)
    }

    private mutating func gapless(_ at: LogAddress, _ entry: Entry, _ name: String) throws {
        let author = at.author.number
        guard case .document(let document) = entry.body else { return }
        let series = "\(author) \(document.kind) \(document.number.year)"
        let next = (serials[series] ?? 0) + 1
        guard document.number.serial == next else {
            throw Violation("numbers", "\(name): \(series) goes on with \(document.number.serial), not \(next)")
        }
        serials[series] = next
    }
}
