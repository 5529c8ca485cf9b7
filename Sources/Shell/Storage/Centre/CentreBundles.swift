import Consensus
package import Records
import Roles
import Wire

/// The keys that bundles are sealed to, as the centre's log has them.
extension CentreApply {
    /// Numbers follow each other: of two that were drawn at once, the second is refused.
    func begin(_ epoch: BundleEpoch, at: LogAddress, index: LogIndex) throws -> OwnOutcome {
        let last = try CentreStore.bundleEpochs(connection).last?.number ?? 0
        guard epoch.number == last + 1 else {
            return .refused(
                code: "bundle-epoch", reason: "epoch \(last + 1) of the bundles' keys comes next, not \(epoch.number)")
        }
        let insert = try connection.statement(
            "INSERT INTO bundle_epoch(number, key, open_from, at) VALUES(?, ?, ?, ?)")
        insert.bind(1, Int64(epoch.number))
        insert.bind(2, epoch.key)
        insert.bind(3, Int64(epoch.openFrom))
        insert.bind(4, at.packed)
        try insert.run()
        for territory in Set(authors.values.map(\.territory)).sorted() where hasDownlink(territory) {
            try send(entry: at, to: territory)
        }
        return .recorded(at: at, index: index)
    }
}

extension CentreStore {
    /// All epochs there were, ascending; the last is the one in force.
    package func bundleEpochs() throws(StorageError) -> [BundleEpoch] {
        try file.read { try Self.bundleEpochs($0) }
    }

    static func bundleEpochs(_ connection: Connection) throws -> [BundleEpoch] {
        let select = try connection.statement("SELECT number, key, open_from FROM bundle_epoch ORDER BY number")
        var epochs: [BundleEpoch] = []
        while try select.next() {
            epochs.append(
                BundleEpoch(
                    number: UInt32(clamping: select.integer(0)), key: select.bytes(1),
                    openFrom: UInt32(clamping: select.integer(2)), officer: ""))
        }
        return epochs
    }
}
