package import Foundation
import Storage
package import Uplink
import Vault

/// What lies in a node's directory, and where.
package struct NodeDirectory: Sendable {
    package let root: URL

    package init(_ path: String) {
        root = URL(fileURLWithPath: path)
    }

    package var configuration: String { path("node.json") }
    package var store: String { path("store.sqlite") }
    package var keyring: String { path("keyring.sqlite") }
    package var index: String { path("index.sqlite") }
    package var epochSlot: String { path("epoch.slot") }
    /// The operator's secret, unless he keeps it elsewhere: whoever reads it and the slot opens the keyring.
    package var secret: String { path("secret") }
    package var privateKey: String { path("tls/key.pem") }
    /// Says that a store was made here: a store that is missing later is damage, and not a new node's.
    package var storeMark: String { path("store.made") }
    /// Tells whether the directory was copied (see `PlaceMark`).
    package var place: String { path("place") }
    /// The copy of the store that is made for followers who need one.
    package var storeCopy: String { path("store.copy") }
    /// A recovery of the centre from this node that is prepared, or under way.
    package var recoveryOrder: String { path("recovery.json") }
    /// Says that the centre went on without this node: it must never speak for it again.
    package var givenUp: String { path("given-up") }
    package var certificate: String { path("tls/cert.pem") }
    package var authority: String { path("tls/authority.pem") }

    private func path(_ name: String) -> String {
        root.appendingPathComponent(name).path
    }

    package var isInitialised: Bool {
        FileManager.default.fileExists(atPath: configuration)
    }

    /// Makes the folder, readable by its owner alone.
    func create() throws {
        for folder in [root, root.appendingPathComponent("tls")] {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
    }

    /// Writes a small file whole or not at all, with mode 0600, and durably: the name is there only after its bytes
    /// are.
    func write(_ bytes: [UInt8], to path: String) throws(StorageError) {
        try SmallFile.replace(path, with: bytes)
    }

    func read(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    }
}

/// `node.json`: who this node is. Written once, at `node init` or `node join`; addresses may be edited by the operator.
package struct NodeConfiguration: Codable, Sendable, Equatable {
    package enum Role: String, Codable, Sendable {
        case centre
        case territory
    }

    package var name: String
    package var role: Role
    /// The territory's code; `centre` at the centre.
    package var place: String
    /// Hex of the cluster's 128 random bits.
    package var cluster: String
    package var author: UInt32
    /// Counts the seatings of the territory; it stands in provisional numbers from the second on.
    package var seat: UInt32
    /// Where the node listens for other nodes (`HOST:PORT`); a territory listens for nobody.
    package var listen: String?
    /// Where the node serves `/v1` beside its socket.
    package var http: String?
    /// The addresses of the centre's nodes, as a territory knows them.
    package var centre: [String]
    /// The operator has said where the centre is reached (`--peer`): what it says of its own addresses is not used.
    package var centreIsPinned: Bool?
    /// At a territory: how often the centre was recovered after it lost its quorum, as this node has heard. Who speaks
    /// for an earlier one is not believed.
    package var centreGeneration: UInt32?
    /// At the centre: bytes of applied proposals after which the Raft log is cut; absent: 16 MiB.
    package var logStepBytes: Int?
    /// At a territory's node in place of others: the logs of the seats before, as the centre told at the seating.
    package var formers: [Former]?

    /// A `FormerLog`, as it is written.
    package struct Former: Codable, Sendable, Equatable {
        package var author: UInt32
        package var seat: UInt32
        package var last: UInt64
        package var told: UInt64

        package init(_ log: FormerLog) {
            author = log.author
            seat = log.seat
            last = log.last
            told = log.told
        }

        package var log: FormerLog { FormerLog(author: author, seat: seat, last: last, told: told) }
    }

    package init(
        name: String, role: Role, place: String, cluster: String, author: UInt32, seat: UInt32, listen: String?,
        http: String?, centre: [String], centreIsPinned: Bool? = nil
    ) {
        self.centreIsPinned = centreIsPinned
        self.name = name
        self.role = role
        self.place = place
        self.cluster = cluster
        self.author = author
        self.seat = seat
        self.listen = listen
        self.http = http
        self.centre = centre
    }

    package static func load(_ directory: NodeDirectory) throws -> NodeConfiguration {
        try JSONDecoder().decode(NodeConfiguration.self, from: Data(try directory.read(directory.configuration)))
    }

    func save(_ directory: NodeDirectory) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try directory.write([UInt8](try encoder.encode(self)), to: directory.configuration)
    }

    package var clusterBytes: [UInt8] { Hex.decode(cluster) ?? [] }
}
