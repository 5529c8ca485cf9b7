package import Consensus

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Copies of the store for followers that are too far behind for the log, and how one takes the place of another.
extension CentreStore {
    /// Copies the index to a new file, to go with a copy of the store: a follower that had to make it good from two
    /// hundred thousand documents would be behind for a minute. Made before the copy of the store it holds nothing
    /// that this does not; what it lacks the follower fills in.
    package func copyIndex(to path: String) throws(StorageError) {
        try index.copy(to: path)
    }

    /// Copies the store to a new file in small steps between turns; sending goes from the copy.
    ///
    /// - Returns: the applied index of the copy.
    package func copy(to path: String) throws(StorageError) -> LogIndex {
        try SmallFile.remove([path, path + "-wal", path + "-shm", path + "-journal"])
        try file.copy(to: path)
        let copy = try DatabaseFile(path: path, schema: CentreSchema.schema, owner: owner, promise: .rebuildable)
        let applied = try copy.turn { connection in
            // The log is the leader's own and is not sent; neither are the passes it drew.
            try connection.execute("DELETE FROM raft_log")
            try connection.execute("UPDATE author SET pass = NULL, previous_pass = NULL, pass_used = 0")
            return try Self.applied(connection)
        }
        try copy.closeWhole()
        return applied
    }
}

/// A whole copy that waits beside the store to take its place.
///
/// The plan is crash-safe: the copy is prepared and synced under its own name; then a plan file says that it is to
/// replace the store; only then does anything of the old store go. A start that finds a plan carries it out first.
package struct StagedStore: Sendable {
    let store: String
    package let path: String
    /// Where a copy of the leader's index waits, if one came.
    package let indexPath: String
    private let index: String
    private let plan: String

    /// - Parameters:
    ///   - store: the path of the node's store.
    ///   - index: that of its index.
    package init(store: String, index: String) {
        self.store = store
        self.index = index
        path = store + ".staged"
        indexPath = index + ".staged"
        plan = store + ".plan"
    }

    /// Makes the copy a store of this replica: its own term and vote, an empty log after the copy's head.
    package func prepare(_ write: LogWrite, owner: FileOwner) throws(StorageError) {
        guard let head = write.install else { preconditionFailure("a store is replaced by an install alone") }
        let file = try DatabaseFile(path: path, schema: CentreSchema.schema, owner: owner, promise: .durable)
        try file.turn { connection in
            let applied = try CentreStore.applied(connection)
            guard applied == head.mark.index else {
                throw StorageError.damaged(
                    file: path, what: "it is as of \(applied), and was sent as of \(head.mark.index)")
            }
            try RaftLogTable(connection: connection).perform(write)
        }
        try file.closeWhole()
        try SmallFile.sync(path)
        try SmallFile.replace(plan, with: Array("replace\n".utf8))
    }

    /// Puts the staged copy in the store's place, where there is a plan. The store must be closed.
    ///
    /// - Returns: whether there was one.
    @discardableResult
    package func carryOutPlan() throws(StorageError) -> Bool {
        guard SmallFile.exists(plan) else { return false }
        if SmallFile.exists(indexPath) {
            try NodeIndex.remove(path: index)
            guard rename(indexPath, index) == 0 else { throw SmallFile.failure(index) }
        }
        if SmallFile.exists(path) {
            // A log of the old store beside the new one would be read into it.
            try SmallFile.remove([store + "-wal", store + "-shm", path + "-wal", path + "-shm"])
            guard rename(path, store) == 0 else { throw SmallFile.failure(store) }
            try SmallFile.syncFolder(of: store)
        }
        try SmallFile.remove([plan])
        return true
    }
}
