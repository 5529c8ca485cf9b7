import Foundation
import GRDB
import GRDBSQLite
import Law
import Records
import Roles
import Storage
import Synchronization
import Uplink
import Vault
import Wire

/// A directory for one test, gone with it.
final class Scratch {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("esep-storage-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func file(_ name: String) -> String { path + "/" + name }

    /// Every byte of every file here.
    func bytes() throws -> [UInt8] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted()
            .flatMap { [UInt8](try Data(contentsOf: URL(fileURLWithPath: file($0)))) }
    }
}

enum Fixture {
    static let owner = FileOwner(cluster: [UInt8](repeating: 1, count: 16), node: "territory KZ-75")
    static let seat = TerritorySeat(
        cluster: [UInt8](repeating: 1, count: 16), territory: "KZ-75", author: AuthorNumber(4), seat: 1)

    /// Numbers that look like digests.
    static func mixed(_ number: UInt64) -> UInt64 {
        var word = number &+ 0x9E37_79B9_7F4A_7C15
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }

    private static func word(_ number: Int) -> UInt64 { UInt64(bitPattern: Int64(number)) }

    static func identity(_ number: Int) -> RecordID {
        RecordID(high: mixed(word(number)), low: mixed(word(number) << 32 | 1))
    }

    static func token(_ number: Int) -> Token {
        Token(high: mixed(word(number) ^ 1 << 50), low: mixed(word(number) ^ 1 << 51))
    }

    static func draft(
        _ number: Int, act: DocumentAct = .register, of superseded: Int? = nil, sealedBytes: Int = 60, tokens: Int = 0
    ) -> Draft {
        let block = SealedBlock(
            leaf: word(number), slot: 0, rawLength: UInt32(sealedBytes),
            sealed: [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: sealedBytes))
        return Draft(
            act: act, record: identity(superseded ?? number), identity: identity(number),
            content: token(-number - 1), kind: number % 3 == 0 ? "CR-1" : "AD-1", edition: Day(20_000),
            sender: "SUBJ-1", document: "doc-\(number)", writes: [Write(field: 1, place: 0, value: .integer(5))],
            blocks: [block], tokens: (0..<tokens).map { token(number * 100 + $0) })
    }
}

/// A territory's role over a real store, with the index as a dictionary.
struct StoreBench {
    let store: TerritoryStore
    var role: Territory
    var index: [RecordID: KnownDocument] = [:]
    var steady: UInt64 = 0

    init(_ scratch: Scratch, seat: TerritorySeat = Fixture.seat, formers: [FormerLog] = []) throws {
        store = try TerritoryStore(path: scratch.file("store.sqlite"), seat: seat, formers: formers)
        role = Territory(seat: seat, state: store.recovered, told: store.toldIndex)
    }

    mutating func run(_ inputs: [TerritoryInput]) throws -> TerritoryTurn {
        var rows = TerritoryRows()
        for identity in role.reads(for: inputs) { rows.documents[identity] = index[identity] }
        let before = role
        steady += 1
        let moment = Moment(wallMilliseconds: 1_772_348_400_000 + steady, steadyMilliseconds: steady)
        let turn = role.step(inputs, rows: rows, at: moment)
        do {
            try store.commit(turn)
        } catch {
            role = before
            throw error
        }
        for entry in turn.appended { index[entry.indexed?.identity ?? Fixture.identity(-1)] = entry.indexed?.document }
        return turn
    }

    mutating func submit(_ drafts: [Draft]) throws -> [SubmitOutcome] {
        let turn = try run([.submit(Ticket(1), drafts)])
        for case .answer(_, let outcomes) in turn.promises { return outcomes }
        return []
    }
}

/// Counts the syncs of a connection's write-ahead log, and fails them on demand: stands between SQLite and the file.
final class SyncGauge: Sendable {
    private struct Watched {
        /// The address of SQLite's own table of calls.
        var methods: UInt
        var count = 0
        var fails = false
    }

    private static let watched = Mutex<[UInt: Watched]>([:])
    private let key: UInt

    /// Call inside a turn of the connection to watch.
    init(_ handle: OpaquePointer?) {
        var file: UnsafeMutablePointer<sqlite3_file>?
        sqlite3_file_control(handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file)
        guard let file, let methods = file.pointee.pMethods else { preconditionFailure("no write-ahead log is open") }
        let key = UInt(bitPattern: file)
        let table = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
        table.initialize(to: methods.pointee)
        table.pointee.xSync = { file, flags in
            let key = UInt(bitPattern: file)
            let (address, fails) = SyncGauge.watched.withLock { watched in
                watched[key]?.count += 1
                return (watched[key]?.methods ?? 0, watched[key]?.fails ?? false)
            }
            // SQLITE_IOERR_FSYNC, a macro Swift does not see.
            if fails { return SQLITE_IOERR | 4 << 8 }
            return UnsafePointer<sqlite3_io_methods>(bitPattern: address)?.pointee.xSync(file, flags) ?? SQLITE_IOERR
        }
        let address = UInt(bitPattern: methods)
        SyncGauge.watched.withLock { $0[key] = Watched(methods: address) }
        file.pointee.pMethods = UnsafePointer(table)
        self.key = key
    }

    var count: Int { Self.watched.withLock { $0[key]?.count ?? 0 } }

    func fail() { Self.watched.withLock { $0[key]?.fails = true } }
}
