import Records
import Roles
import Simulation
import Storage
import Uplink
import Vault

/// Who a territory's node is: the file beside its store that a seating rewrites.
struct NodeIdentityFile: Equatable {
    var seat: TerritorySeat
    var formers: [FormerLog]
}

/// What a territory's disk holds, as its commits said: what the store shows at a start must be the same. A value, so
/// that a copy of the disk has its own.
struct Shard {
    struct GrantedLeaf: Hashable {
        var author: AuthorNumber
        var leaf: UInt64
    }

    private(set) var seat: TerritorySeat
    /// The digest after each entry of the own log, and the entries.
    private(set) var chain: [Digest]
    private(set) var appended: [AppendedEntry] = []
    /// The downlink is stored up to here.
    private(set) var downlink: DownlinkPosition = 0
    var numbers = NumbersOnce()
    /// Its keyring's granted keys: durable before the entries that they open.
    var granted: [GrantedLeaf: Secret] = [:]
    /// Records it may correct: documents that opened one at this territory.
    private(set) var openings: [RecordID] = []
    private var origins: Set<Origin> = []

    init(_ seat: TerritorySeat) {
        self.seat = seat
        chain = [Territory.genesis(of: seat).digest]
    }

    var last: EntryIndex { EntryIndex(appended.count) }
    var digest: Digest { chain[chain.count - 1] }

    /// The node goes on under another seat, over the same files.
    mutating func begin(as seat: TerritorySeat) {
        self.seat = seat
        chain = [Territory.genesis(of: seat).digest]
        appended = []
        numbers = NumbersOnce()
        origins = []
    }

    /// - Returns: the entry as it stands in its branch of the log.
    mutating func append(_ entry: AppendedEntry) throws -> WrittenLogs.Line {
        let before = digest
        chain.append(LogChain.digest(after: before, entry.bytes))
        appended.append(entry)
        note(entry)
        if let origin = entry.entry.origin, !origins.insert(origin).inserted {
            throw Violation("I4", "entry \(origin.at.index) of author \(origin.at.author.number) is moved twice")
        }
        return WrittenLogs.Line(before: before, after: digest, appended: entry)
    }

    mutating func took(_ items: [TakenItem]) {
        for item in items {
            switch item {
            case .former(let entry, _): note(entry)
            // A holder may correct what others opened.
            case .entry(let entry, _, _):
                note(entry)
                downlink += 1
            default: if item.isOfDownlink { downlink += 1 }
            }
        }
    }

    private mutating func note(_ entry: AppendedEntry) {
        guard case .document(let document) = entry.entry.body, document.act == .register else { return }
        if !openings.contains(document.record) { openings.append(document.record) }
    }
}

extension TakenItem {
    /// It came on the downlink, which counts it.
    var isOfDownlink: Bool {
        switch self {
        case .receipts, .entry, .decision, .held, .bundleEpoch, .notice: true
        case .givenUp, .former, .setAside: false
        }
    }
}
