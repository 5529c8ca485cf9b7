import Foundation
import Records
import Roles
import Storage
import Uplink

extension House {
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
            let adoption = try store.adopt(foreign, isTrial: isTrial)
            let last = foreign.recovered.last
            try foreign.close()
            try store.close()
            return AdoptReport(author: other.author, last: last, entries: adoption.count)
        }
    }
}

extension NodeConfiguration {
    var territorySeat: TerritorySeat {
        TerritorySeat(cluster: clusterBytes, territory: place, author: AuthorNumber(author), seat: seat)
    }

    /// The logs of the seats before.
    var logs: [FormerLog] { formers?.map(\.log) ?? [] }
}
