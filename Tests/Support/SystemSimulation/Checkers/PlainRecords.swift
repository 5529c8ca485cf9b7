import Records
import Roles
import Simulation
import Vault

/// Every record as its writers meant it, the slow and plain way: from what stands in the archive, each origin once
/// (I4), with references to moved entries where those stand now.
struct PlainRecords {
    private(set) var records: [RecordID: PlainRecord] = [:]
    /// Entries that were moved and had been moved, or had arrived, before: nothing of them counts.
    private(set) var repeats: Set<LogAddress> = []
    private let written: WrittenLogs
    private let archive: Archive
    private let oracle: ClientOracle
    /// Where an entry that is named by its origin stands first.
    private var standing: [Digest: LogAddress] = [:]

    init(_ written: WrittenLogs, _ archive: Archive, _ oracle: ClientOracle) throws {
        self.written = written
        self.archive = archive
        self.oracle = oracle
        for line in archive.order {
            let first = root(of: line)
            if standing[first] == nil { standing[first] = line.appended.at } else { repeats.insert(line.appended.at) }
        }
        for line in archive.order where !repeats.contains(line.appended.at) {
            guard case .document(let document) = line.appended.entry.body else { continue }
            try add(line.appended.at, document, writes: try writes(of: line).map(settled))
        }
    }

    /// An entry of the centre, which nothing moves.
    mutating func add(_ at: LogAddress, _ document: DocumentEntry) throws {
        let meant = try meant(by: document, at)
        try add(at, document, writes: meant.writes.map(settled))
    }

    private mutating func add(_ at: LogAddress, _ document: DocumentEntry, writes: [Write]) throws {
        let act = try meant(by: document, at).act
        try records[document.record, default: PlainRecord()].add(at, act: act, writes)
    }

    /// Where the entry stands that was written as this digest, or that which it was moved from: nil where it is lost.
    func stands(_ digest: Digest) -> LogAddress? {
        written[digest].flatMap { standing[root(of: $0)] }
    }

    /// The digest of the entry that this one was first, before it was moved.
    private func root(of line: WrittenLogs.Line) -> Digest {
        guard let origin = line.appended.entry.origin, let digest = Digest(origin.digest),
            let before = written[digest]
        else { return line.after }
        return root(of: before)
    }

    private func meant(by document: DocumentEntry, _ at: LogAddress) throws -> ClientOracle.Meant {
        guard let meant = oracle.meant[SimulatedKeys.identity(document)] else {
            throw Violation("I2", "nobody handed in entry \(at.index) of author \(at.author.number)")
        }
        return meant
    }

    /// What it was shown, it replaces: named as it stood in the branch of the log that it was written to first.
    private func writes(of line: WrittenLogs.Line) throws -> [Write] {
        guard case .document(let document) = line.appended.entry.body else { return [] }
        let meant = try meant(by: document, line.appended.at)
        let root = root(of: line)
        return meant.writes.map { write in
            var write = write
            write.replaces = write.replaces.map { dot in
                // The entry that held the dot, in the branch where this was written.
                guard let own = written[root], dot.at.author == own.appended.at.author,
                    let named = written.line(at: dot.at.index, before: root),
                    let now = standing[self.root(of: named)]
                else { return dot }
                return Dot(at: now, place: dot.place)
            }
            return write
        }
    }

    /// A dot of an entry that came twice is a dot of the first.
    private func settled(_ write: Write) -> Write {
        var write = write
        write.replaces = write.replaces.map { dot in
            guard let log = archive.logs[dot.at.author.number], dot.at.index <= log.count, dot.at.index > 0,
                let now = standing[root(of: log[Int(dot.at.index) - 1])]
            else { return dot }
            return Dot(at: now, place: dot.place)
        }
        return write
    }
}
