import Law
import Records
import Roles
import Wire

/// Reads records back from the archive, on the writing connection within a turn or on a reader.
struct CentreReading {
    let store: CentreStore
    let connection: Connection

    /// A record as its rows say, with every entry opened as far as keys are held.
    struct Record {
        var anchor: Int64
        var kind: String
        var territory: String
        var number: Serial
        /// The day it counts from.
        var day: Day
        var documents: [CentreDocument]
    }

    func record(_ anchor: Int64) throws -> Record? {
        let select = try connection.statement(
            "SELECT kind, territory, year, serial, day FROM record WHERE at = ?")
        select.bind(1, anchor)
        guard try select.next() else { return nil }
        var record = Record(
            anchor: anchor, kind: select.text(0), territory: select.text(1),
            number: Serial(year: UInt16(select.integer(2)), serial: UInt32(select.integer(3))),
            day: Day(Int32(select.integer(4))), documents: [])
        select.reset()
        var entries: [(at: Int64, confirmed: Serial)] = [(anchor, record.number)]
        let amendments = try connection.statement(
            "SELECT at, year, serial FROM amendment WHERE record = ? ORDER BY at")
        amendments.bind(1, anchor)
        while try amendments.next() {
            entries.append(
                (
                    amendments.integer(0),
                    Serial(year: UInt16(amendments.integer(1)), serial: UInt32(amendments.integer(2)))
                ))
        }
        for (at, confirmed) in entries {
            if let document = try document(at, confirmed: confirmed) { record.documents.append(document) }
        }
        return record
    }

    /// Nil where the entry is no document.
    func document(_ at: Int64, confirmed: Serial) throws -> CentreDocument? {
        let address = LogAddress(packed: at)
        let entry = try entry(address)
        guard case .document(let document) = entry.body else { return nil }
        let suspect = try connection.statement("SELECT 1 FROM suspect WHERE at = ?")
        suspect.bind(1, at)
        let isSuspect = try suspect.next()
        suspect.reset()
        return CentreDocument(
            at: address, stamp: entry.stamp, isSuspect: isSuspect, entry: document,
            opened: store.opening.open(document, at: address, salt: try salt(of: address)), confirmed: confirmed)
    }

    func entry(_ at: LogAddress) throws -> Entry {
        guard let bytes = try bytes(at) else {
            throw StorageError.damaged(file: connection.file, what: "entry \(at.index) of author \(at.author.number)")
        }
        do {
            return try EntryCodec.decode(bytes)
        } catch {
            throw StorageError.damaged(
                file: connection.file, what: "entry \(at.index) of author \(at.author.number): \(error)")
        }
    }

    func bytes(_ at: LogAddress) throws -> [UInt8]? {
        let select = try connection.statement("SELECT bytes FROM archive WHERE at = ?")
        select.bind(1, at.packed)
        defer { select.reset() }
        return try select.next() ? select.bytes(0) : nil
    }

    /// The random number of the author's nonces when it wrote the entry: of its last start before.
    func salt(of at: LogAddress) throws -> UInt64 {
        let select = try connection.statement("SELECT salt FROM salt WHERE at BETWEEN ? AND ? ORDER BY at DESC LIMIT 1")
        select.bind(1, LogAddress(author: at.author, index: 0).packed)
        select.bind(2, at.packed)
        defer { select.reset() }
        return try select.next() ? UInt64(bitPattern: select.integer(0)) : 0
    }
}
