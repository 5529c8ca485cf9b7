package import Vault

/// In place of a hello, or on a session that stands: this node's log cannot go on, and it asks to be seated under a new
/// author (design §7, behind and diverged). The same seed asks for the same author, however often it is asked.
package struct Reseat: Hashable, Sendable {
    /// What was found of the log.
    package enum Cause: UInt8, Hashable, Sendable, CaseIterable {
        case behind = 1
        case diverged = 2
    }

    package var cluster: [UInt8]
    package var version: UInt32
    /// The author whose log cannot go on, and where that log ends here.
    package var author: UInt32
    package var last: UInt64
    package var cause: Cause
    /// The seed of the new author's key tree.
    package var treeSeed: Secret
    package var wallMilliseconds: UInt64
    /// The newest pass it has: whoever has the centre's newest is no copy of the node that holds a line just now, but
    /// that node itself.
    package var pass: [UInt8]

    package init(
        cluster: [UInt8], version: UInt32, author: UInt32, last: UInt64, cause: Cause, treeSeed: Secret,
        wallMilliseconds: UInt64, pass: [UInt8] = []
    ) {
        self.pass = pass
        self.cluster = cluster
        self.version = version
        self.author = author
        self.last = last
        self.cause = cause
        self.treeSeed = treeSeed
        self.wallMilliseconds = wallMilliseconds
    }
}

/// The new seat, and the logs of the seats before it as the centre holds them: nothing is written to those any more.
package struct Reseated: Hashable, Sendable {
    package var author: UInt32
    package var seat: UInt32
    /// Ascending by author.
    package var formers: [FormerLog]

    package init(author: UInt32, seat: UInt32, formers: [FormerLog]) {
        self.author = author
        self.seat = seat
        self.formers = formers
    }
}

/// The log of a seat that is over, as the centre holds it.
package struct FormerLog: Hashable, Sendable {
    package var author: UInt32
    package var seat: UInt32
    package var last: UInt64
    /// The last index its node ever told of: what lies between was never sent, or not yet.
    package var told: UInt64

    package init(author: UInt32, seat: UInt32, last: UInt64, told: UInt64) {
        self.author = author
        self.seat = seat
        self.last = last
        self.told = told
    }
}

/// A node asks for entries of a former log of its territory, after one that it holds. Answered by a `Batch`, which
/// begins with the log's first entry where the digest is not the centre's.
package struct FormerAsk: Hashable, Sendable {
    package var author: UInt32
    package var after: UInt64
    package var digest: Digest
    package var maximumBytes: UInt32

    package init(author: UInt32, after: UInt64, digest: Digest, maximumBytes: UInt32) {
        self.author = author
        self.after = after
        self.digest = digest
        self.maximumBytes = maximumBytes
    }
}
