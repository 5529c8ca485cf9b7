package import Records
package import Uplink
package import Vault

/// What the centre's replicas agree on: the payload of one line of the Raft log.
package struct Proposal: Hashable, Sendable {
    /// The leader's clock when it proposed, milliseconds since 1970: dates what applying it does, alike on all voters.
    package var leaderMilliseconds: UInt64
    package var payload: Payload

    package enum Payload: Hashable, Sendable {
        /// Consecutive entries of a territory's author, checked against its frontier again when applied.
        case batch(Batch)
        /// Entries of the centre's author: index and digest are given at apply.
        case own([[UInt8]])
        /// What a territory was told of entries that the centre has lost.
        case told(Told)
    }

    package struct Batch: Hashable, Sendable {
        package var author: AuthorNumber
        package var first: EntryIndex
        /// The chain's digest before the first entry.
        package var previous: Digest
        package var entries: [[UInt8]]
        /// The chain's digest after the last entry.
        package var digest: Digest

        package init(
            author: AuthorNumber, first: EntryIndex, previous: Digest, entries: [[UInt8]], digest: Digest
        ) {
            self.author = author
            self.first = first
            self.previous = previous
            self.entries = entries
            self.digest = digest
        }
    }

    package init(leaderMilliseconds: UInt64, payload: Payload) {
        self.leaderMilliseconds = leaderMilliseconds
        self.payload = payload
    }
}
