import Foundation
import Records
import Roles
import Storage
import Uplink
import Vault

extension House {
    /// Entries read from the other copy at a time.
    private static let bytesAtOnce = 1 << 20

    package func adopt(
        _ options: OpenOptions, from copy: String, isTrial: Bool
    ) async throws(NodeError) -> AdoptReport {
        let files = try OpenedFiles.open(options)
        let own = files.configuration
        let directory = NodeDirectory(copy)
        let other: NodeConfiguration
        do {
            other = try NodeConfiguration.load(directory)
        } catch {
            throw NodeError(
                .notFound, "\(copy) holds no node.", remedy: "Name the whole directory of the other copy.",
                field: "copy")
        }
        let known = [own.author] + (own.formers ?? []).map(\.author)
        guard own.role == .territory, other.cluster == own.cluster, other.place == own.place,
            known.contains(other.author)
        else {
            throw NodeError(
                .refused, "\(copy) is no copy of this node: it is author \(other.author) of \(other.place).",
                remedy: "Adopt the directory that was copied from this one, or the other way round.", field: "copy")
        }
        return try NodeError.translating { () throws(StorageError) in
            let lock = try DirectoryLock(directory: directory.root.path)
            defer { withExtendedLifetime(lock) {} }
            let store = try TerritoryStore(path: files.directory.store, seat: own.territorySeat, formers: own.logs)
            let foreign = try TerritoryStore(path: directory.store, seat: other.territorySeat, formers: other.logs)
            let report = try adopt(foreign, into: store, isTrial: isTrial)
            try foreign.close()
            try store.close()
            return report
        }
    }

    private func adopt(
        _ foreign: TerritoryStore, into store: TerritoryStore, isTrial: Bool
    ) throws(StorageError) -> AdoptReport {
        let state = foreign.recovered
        let common = Frontier(author: foreign.seat.author.number, index: state.frontier, digest: state.frontierDigest)
        var adoption = try store.beginAdoption(of: foreign.seat.author, after: common, isTrial: isTrial)
        while adoption.chain.index < state.last {
            let first = LogAddress(author: foreign.seat.author, index: adoption.chain.index + 1)
            let entries = try foreign.readLog(from: first.index, maximumBytes: Self.bytesAtOnce)
            let salt = try foreign.entry(first)?.nonceSalt ?? 0
            try store.adopt(entries, salt: salt, &adoption)
        }
        return AdoptReport(author: foreign.seat.author.number, last: state.last, entries: adoption.count)
    }
}

extension NodeConfiguration {
    var territorySeat: TerritorySeat {
        TerritorySeat(cluster: clusterBytes, territory: place, author: AuthorNumber(author), seat: seat)
    }

    /// The logs of the seats before.
    var logs: [FormerLog] { formers?.map(\.log) ?? [] }
}
