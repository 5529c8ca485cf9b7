/// What only a leader keeps. Gone when it steps down: all of it can be found out anew.
struct Leadership: Hashable, Sendable {
    struct Transfer: Hashable, Sendable {
        var target: ReplicaID
        var ticks = 0
    }

    /// The no-op with which the term began. Committed, it makes the leader *established*.
    let firstOfTerm: LogIndex
    /// All other members, sorted.
    var followers: [Progress] = []
    var transfer: Transfer?
    /// The cost of this term's entries above the commit index.
    var uncommittedCost = 0
    var ticksSinceHeartbeat = 0
    var ticksSinceQuorumCheck = 0
    var reads = ReadRounds()

    init(firstOfTerm: LogIndex) {
        self.firstOfTerm = firstOfTerm
    }

    /// Followers as the membership says; who stays keeps his progress.
    mutating func follow(_ membership: Membership, except own: ReplicaID, next: LogIndex) {
        followers = membership.members.filter { $0 != own }.map { id in
            followers.first { $0.id == id } ?? Progress(id: id, next: next)
        }
    }

    func place(of id: ReplicaID) -> Int? { followers.firstIndex { $0.id == id } }

    func match(of id: ReplicaID) -> LogIndex { place(of: id).map { followers[$0].match } ?? 0 }
}

/// Reads that wait for the proof that their leader still leads (thesis §6.4). One round at a time is on its way; what
/// comes meanwhile waits for the next, so a read costs no message of its own under load.
struct ReadRounds: Hashable, Sendable {
    /// The number of the round on its way, or of the last one. Within a term it only rises.
    private(set) var round: UInt64 = 0
    private(set) var open: [UInt64] = []
    private(set) var index: LogIndex = 0
    private(set) var waiting: [UInt64] = []

    static let waitingMax = 100_000

    var all: [UInt64] { open + waiting }

    mutating func wait(_ context: UInt64) {
        waiting.append(context)
    }

    /// Opens the next round for all who wait, at the given commit index. False if none is due.
    mutating func begin(at commit: LogIndex) -> Bool {
        guard open.isEmpty, !waiting.isEmpty else { return false }
        round += 1
        index = commit
        swap(&open, &waiting)
        return true
    }

    mutating func close() -> [UInt64] {
        defer { open = [] }
        return open
    }
}
