/// The cluster as this node knows it.
package enum ClusterStatus: Hashable, Sendable {
    case centre(CentreStatus)
    case territory(TerritoryStatus)
}

package struct CentreStatus: Hashable, Sendable {
    package struct Member: Hashable, Sendable {
        package var name: String
        /// `voter` or `learner`.
        package var role: String
        /// `leader`, `follower`, `candidate`, `unreachable`.
        package var state: String
        /// The Raft index it has applied.
        package var applied: UInt64

        package init(name: String, role: String, state: String, applied: UInt64) {
            self.name = name
            self.role = role
            self.state = state
            self.applied = applied
        }
    }

    /// Nil while there is none.
    package var leader: String?
    package var term: UInt64
    package var members: [Member]
    package var territories: [TerritoryView]

    package init(leader: String?, term: UInt64, members: [Member], territories: [TerritoryView]) {
        self.leader = leader
        self.term = term
        self.members = members
        self.territories = territories
    }
}

/// A territory as the centre sees it.
package struct TerritoryView: Hashable, Sendable {
    package var territory: String
    package var node: String
    /// `connected`, `away`, `never-seen`, `fenced`.
    package var state: String
    package var frontier: UInt64
    /// Entries it said it still had to send; nil: not heard yet.
    package var backlog: UInt64?
    /// Seconds since it was last heard; nil: never.
    package var lastContactSeconds: UInt64?
    package var seating: SeatingView?

    package init(
        territory: String, node: String, state: String, frontier: UInt64, backlog: UInt64?,
        lastContactSeconds: UInt64?, seating: SeatingView? = nil
    ) {
        self.seating = seating
        self.territory = territory
        self.node = node
        self.state = state
        self.frontier = frontier
        self.backlog = backlog
        self.lastContactSeconds = lastContactSeconds
    }
}

package struct TerritoryStatus: Hashable, Sendable {
    package var territory: String
    /// The last entry of its log, and up to where the centre holds it.
    package var last: UInt64
    package var frontier: UInt64
    package var backlog: UInt64
    package var isConnected: Bool
    /// Where the centre is dialled.
    package var centreAddress: String
    package var seating: SeatingView?

    package init(
        territory: String, last: UInt64, frontier: UInt64, backlog: UInt64, isConnected: Bool, centreAddress: String,
        seating: SeatingView? = nil
    ) {
        self.seating = seating
        self.territory = territory
        self.last = last
        self.frontier = frontier
        self.backlog = backlog
        self.isConnected = isConnected
        self.centreAddress = centreAddress
    }
}

package struct NodeStatus: Hashable, Sendable {
    package var version: String
    /// `serving`, `starting`, `read-only`, `stopping`.
    package var state: String
    /// Why it is read-only; empty where it is not.
    package var reason: String
    package var uptimeSeconds: UInt64
    package var records: UInt64
    package var entries: UInt64
    /// Bytes of frames before compression and on the line, since the node started.
    package var lineBytesRaw: UInt64
    package var lineBytesSent: UInt64
    package var residentBytes: UInt64
    package var diskFreeBytes: UInt64
    /// Days until the node's certificate ends.
    package var certificateDays: Int
    /// Messages and connections of other nodes that were refused since the start: all that changed nothing.
    package var refusedMessages: UInt64 = 0
    package var seating: SeatingView?

    package init(
        version: String, state: String, reason: String, uptimeSeconds: UInt64, records: UInt64, entries: UInt64,
        lineBytesRaw: UInt64, lineBytesSent: UInt64, residentBytes: UInt64, diskFreeBytes: UInt64,
        certificateDays: Int
    ) {
        self.version = version
        self.state = state
        self.reason = reason
        self.uptimeSeconds = uptimeSeconds
        self.records = records
        self.entries = entries
        self.lineBytesRaw = lineBytesRaw
        self.lineBytesSent = lineBytesSent
        self.residentBytes = residentBytes
        self.diskFreeBytes = diskFreeBytes
        self.certificateDays = certificateDays
    }
}

package struct TokenRequest: Hashable, Sendable {
    /// `territory`, or `centre` for another node of the centre.
    package var role: String
    package var territory: String
    package var ttlSeconds: UInt64

    package init(role: String, territory: String, ttlSeconds: UInt64) {
        self.role = role
        self.territory = territory
        self.ttlSeconds = ttlSeconds
    }
}

package struct IssuedToken: Hashable, Sendable {
    package var token: String
    /// Milliseconds since 1970 (UTC).
    package var expiresMilliseconds: UInt64

    package init(token: String, expiresMilliseconds: UInt64) {
        self.token = token
        self.expiresMilliseconds = expiresMilliseconds
    }
}

package struct JournalFilter: Hashable, Sendable {
    package var officer: String?
    package var action: String?
    /// Lines about the subjects of this IIN or BIN.
    package var iin: String?
    /// The latest this many, told oldest first.
    package var limit: Int

    package init(officer: String? = nil, action: String? = nil, iin: String? = nil, limit: Int) {
        self.officer = officer
        self.action = action
        self.iin = iin
        self.limit = limit
    }
}

/// One access or control entry.
package struct JournalLine: Hashable, Sendable {
    package var author: String
    package var index: UInt64
    package var atMilliseconds: UInt64
    package var officer: String
    /// `person.find`, `record.show`, `token.issued`, `node.started`, …
    package var action: String
    /// The random numbers of the subjects named.
    package var subjects: [UInt64]
    package var basis: String
    package var purpose: String
    /// The Raft index the answer was read at; 0 where none was.
    package var position: UInt64

    package init(
        author: String, index: UInt64, atMilliseconds: UInt64, officer: String, action: String, subjects: [UInt64],
        basis: String, purpose: String, position: UInt64
    ) {
        self.author = author
        self.index = index
        self.atMilliseconds = atMilliseconds
        self.officer = officer
        self.action = action
        self.subjects = subjects
        self.basis = basis
        self.purpose = purpose
        self.position = position
    }
}
