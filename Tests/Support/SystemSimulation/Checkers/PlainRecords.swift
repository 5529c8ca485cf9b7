import Records
import Roles
import Simulation
import Vault

/// Every record as its writers meant it, the slow and plain way: from what stands in the archive, each entry once,
/// moved or not (I4), with references to moved entries where those stand now.
struct PlainRecords {
    private(set) var records: [RecordID: PlainRecord] = [:]
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
            if let stands = standing[first] {
                let at = line.appended.at
                throw Violation("I4", "entry \(at.index) of author \(at.author.number) stands at \(stands) already")
            }
            standing[first] = line.appended.at
        }
        for line in archive.order {
            guard case .document(let document) = line.appended.entry.body else { continue }
            try add(line.appended.at, document, writes: try writes(of: line))
        }
    }

    /// An entry of the centre, which nothing moves.
    mutating func add(_ at: LogAddress, _ document: DocumentEntry) throws {
        let meant = try meant(by: document, at)
        try add(at, document, writes: meant.writes)
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
}
