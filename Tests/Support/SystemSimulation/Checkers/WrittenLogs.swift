import Records
import Roles
import Simulation
import Vault

/// Every entry that any copy of a node ever committed, by the digest of the chain after it. A log whose files were put
/// back and written to has branches; a digest names its branch whole.
struct WrittenLogs {
    struct Line {
        var before: Digest
        var after: Digest
        var appended: AppendedEntry
    }

    private var lines: [Digest: Line] = [:]

    mutating func wrote(_ line: Line) { lines[line.after] = line }

    subscript(digest: Digest) -> Line? { lines[digest] }

    /// The entries from after `last` to the one that this digest stands after, in their order; nil where that branch
    /// was never written.
    func branch(to digest: Digest, of author: UInt32, after last: EntryIndex = 0) -> [Line]? {
        var found: [Line] = []
        var digest = digest
        while let line = lines[digest], line.appended.at.author.number == author, line.appended.at.index > last {
            found.append(line)
            digest = line.before
        }
        guard let first = found.last, first.appended.at.index == last + 1 else { return nil }
        return found.reversed()
    }

    /// What an entry's branch holds at an earlier place of its log.
    func line(at index: EntryIndex, before digest: Digest) -> Line? {
        var line = lines[digest]
        while let one = line, one.appended.at.index > index { line = lines[one.before] }
        guard let line, line.appended.at.index == index else { return nil }
        return line
    }
}

/// The centre's archive as it grows, by what its voters say they applied: a prefix of one branch of each log (I3).
struct Archive {
    /// The lines of each author, in their order.
    private(set) var logs: [UInt32: [WrittenLogs.Line]] = [:]
    /// All of them, in the order in which they were applied.
    private(set) var order: [WrittenLogs.Line] = []
    /// The territories that opened a record: its holders.
    private(set) var openers: [RecordID: Set<String>] = [:]
    /// Of a body that was or may be closed: who succeeds it, by the acts that were asked for.
    var heirs: [String: Set<String>] = [:]
    /// Of which territory an author is.
    var territories: [UInt32: String] = [:]

    mutating func advance(to index: EntryIndex, _ digest: Digest, of author: UInt32, _ written: WrittenLogs) throws {
        let held = logs[author] ?? []
        guard index > held.count else {
            guard index > 0, held[Int(index) - 1].after == digest else {
                throw Violation("I3", "two voters hold different logs of author \(author) at \(index)")
            }
            return
        }
        guard let more = written.branch(to: digest, of: author, after: EntryIndex(held.count)),
            more.last?.appended.at.index == index
        else { throw Violation("I3", "the archive of author \(author) is at \(index) what no node ever wrote") }
        if let last = held.last, more.first?.before != last.after {
            throw Violation("I3", "the archive of author \(author) is no longer what it was before \(held.count + 1)")
        }
        logs[author] = held + more
        order += more
        guard let territory = territories[author] else { return }
        for line in more {
            if case .document(let document) = line.appended.entry.body, document.act == .register {
                openers[document.record, default: []].insert(territory)
            }
        }
    }

    /// Whether a territory opened the record, or succeeds one that did, directly or not.
    func mayHold(_ record: RecordID, _ territory: String) -> Bool {
        holders(of: record) { heirs[$0] ?? [] }.contains(territory)
    }

    /// - Parameter next: who holds in a territory's place.
    private func holders(of record: RecordID, _ next: (String) -> Set<String>) -> Set<String> {
        var holders = openers[record] ?? []
        var fresh = holders
        while !fresh.isEmpty {
            fresh = Set(fresh.flatMap(next)).subtracting(holders)
            holders.formUnion(fresh)
        }
        return holders
    }

    /// Who opened a record, less the bodies that were closed, and who holds it in their place.
    ///
    /// - Parameter closed: each with its successor, or nothing.
    func holders(of record: RecordID, closed: [String: String]) -> Set<String> {
        holders(of: record) { closed[$0].map { [$0] } ?? [] }.filter { !$0.isEmpty && closed[$0] == nil }
    }

    /// Whether this very entry stands in the archive.
    func holds(_ at: LogAddress, _ digest: Digest) -> Bool {
        guard let log = logs[at.author.number], at.index > 0, at.index <= log.count else { return false }
        return log[Int(at.index) - 1].after == digest
    }

    func last(of author: UInt32) -> EntryIndex { EntryIndex(logs[author]?.count ?? 0) }
}
