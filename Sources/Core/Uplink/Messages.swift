package import Vault

/// What the two ends of a territory's link say to each other, in the order a session sees it:
/// `hello` → `welcome` or `refused`; then batches and frontiers one way, downlink items and their acknowledgements the
/// other, keep-alives both ways. Authors, indices and positions are plain integers here: this module knows no records.
package enum UplinkMessage: Hashable, Sendable {
    case hello(Hello)
    case welcome(Welcome)
    case refused(Refusal)
    case batch(Batch)
    case frontier(Frontier)
    case downlink(Downlink)
    /// The territory has stored the downlink up to here.
    case downlinkTaken(position: UInt64)
    /// Sent when a side has been silent for a while. `backlog` is what the territory has not yet been told is safe;
    /// the centre sends 0.
    case keepAlive(wallMilliseconds: UInt64, backlog: UInt64)
    /// A national question a territory forwards for one of its callers. The bytes are opaque here and never stored.
    case question(number: UInt64, bytes: [UInt8])
    /// The answer to the question of that number, on the session that asked. Never stored.
    case answer(number: UInt64, bytes: [UInt8])
    /// In place of a hello; answered by `reseated` or `refused`, and the session ends.
    case reseat(Reseat)
    case reseated(Reseated)
    /// One at a time, each answered by `former`.
    case formerAsked(FormerAsk)
    case former(Batch)
    /// Before a welcome, once, after the centre was recovered with loss; answered by `told`, several where it is long.
    case recovered(Recovered)
    case told(Told)
}

/// The territory's first words.
package struct Hello: Hashable, Sendable {
    package var cluster: [UInt8]
    package var version: UInt32
    package var author: UInt32
    package var last: UInt64
    package var digest: Digest
    /// The pass the centre drew at the hello before; empty at the first.
    package var pass: [UInt8]
    /// What is taken of the downlink; `UplinkLimits.noDownlink` of a node that cannot take any yet.
    package var downlink: UInt64
    package var wallMilliseconds: UInt64

    package init(
        cluster: [UInt8], version: UInt32, author: UInt32, last: UInt64, digest: Digest, pass: [UInt8],
        downlink: UInt64, wallMilliseconds: UInt64
    ) {
        self.cluster = cluster
        self.version = version
        self.author = author
        self.last = last
        self.digest = digest
        self.pass = pass
        self.downlink = downlink
        self.wallMilliseconds = wallMilliseconds
    }
}

/// The centre's answer: where to go on from, and the pass for the next hello.
package struct Welcome: Hashable, Sendable {
    package var frontier: Frontier
    package var pass: [UInt8]
    package var wallMilliseconds: UInt64
    /// How many bytes of entries the territory may have under way, sent and not yet covered by a frontier.
    package var windowBytes: UInt32
    /// The last downlink position the centre has for this territory.
    package var downlinkLast: UInt64
    /// The centre reads batches in the slim form: a node that knows it sends them so.
    package var takesSlimBatches: Bool

    package init(
        frontier: Frontier, pass: [UInt8], wallMilliseconds: UInt64, windowBytes: UInt32, downlinkLast: UInt64,
        takesSlimBatches: Bool = false
    ) {
        self.takesSlimBatches = takesSlimBatches
        self.frontier = frontier
        self.pass = pass
        self.wallMilliseconds = wallMilliseconds
        self.windowBytes = windowBytes
        self.downlinkLast = downlinkLast
    }
}

/// Why a hello, or anything after it, is refused. The session ends after it.
package struct Refusal: Hashable, Sendable, Error {
    package enum Code: UInt8, Hashable, Sendable, CaseIterable {
        case wrongCluster = 1
        case wrongVersion = 2
        case unknownAuthor = 3
        /// The certificate names another territory than the author's.
        case wrongName = 4
        /// The centre holds entries the territory lacks: it was restored from an older copy.
        case behind = 5
        /// Both hold an index with different digests.
        case diverged = 6
        /// The pass is neither the last nor an unused one before it: a second copy of the directory speaks.
        case cloned = 7
        case badBatch = 8
        case notLeader = 9
        case overloaded = 10
        /// A message that may not stand here: before its turn, out of order, or larger than agreed.
        case badMessage = 11
        /// The body was closed, or goes on with another node: this one is heard no more.
        case retired = 12
    }

    package var code: Code
    /// A sentence for the operator: what was seen and what to do next.
    package var reason: String

    package init(code: Code, reason: String) {
        self.code = code
        self.reason = reason
    }
}

/// Consecutive entries of one author, first index and the chain's digest after the last. The digests between are
/// derived.
package struct Batch: Hashable, Sendable {
    package var author: UInt32
    package var first: UInt64
    package var entries: [[UInt8]]
    package var digest: Digest
    /// How it travels: without what the other end derives. The entries here are whole either way.
    package var isSlim: Bool

    package init(author: UInt32, first: UInt64, entries: [[UInt8]], digest: Digest, isSlim: Bool = false) {
        self.isSlim = isSlim
        self.author = author
        self.first = first
        self.entries = entries
        self.digest = digest
    }
}

/// Up to where the centre holds an author's log on a quorum.
package struct Frontier: Hashable, Sendable {
    package var author: UInt32
    package var index: UInt64
    package var digest: Digest

    package init(author: UInt32, index: UInt64, digest: Digest) {
        self.author = author
        self.index = index
        self.digest = digest
    }
}

/// Consecutive items of a territory's downlink. An item's bytes are opaque here (`Wire.DownlinkItem`).
package struct Downlink: Hashable, Sendable {
    package var first: UInt64
    package var items: [[UInt8]]

    package init(first: UInt64, items: [[UInt8]]) {
        self.first = first
        self.items = items
    }
}
