/// One member of a Raft group as a value: `step(events) -> [effect]`. No clock, no chance, no disk, no network; the
/// same events give the same effects in every process.
///
/// Sections quoted are those of D. Ongaro's thesis, *Consensus: Bridging Theory and Practice*.
package struct Replica: Sendable {
    enum Role: Hashable, Sendable {
        /// Follows a leader, or waits for one. → `preCandidate` after silence; → `candidate` at the leader's own word.
        case follower
        /// Asks whether it would be elected, changing nothing. → `candidate`, → `follower`.
        case preCandidate(Ballot)
        /// Stands in a term of its own. → `leader`, → `follower`, → `preCandidate` after silence.
        case candidate(Ballot)
        /// `leading` is there. → `follower`.
        case leader
        /// Knows that its own data are lost. Silent for good.
        case damaged
    }

    package let id: ReplicaID
    package let limits: ReplicaLimits

    /// Durable once the write that holds them is stored; see `promises`.
    private(set) var term: Term
    var vote: ReplicaID?
    var log: RaftLog
    var memberships: MembershipHistory

    var role = Role.follower
    /// There exactly while `role` is `leader`.
    var leading: Leadership?
    /// The leader of this term, when known.
    var leader: ReplicaID?
    var ticksSinceHeard = 0
    /// Silence after which to stand, as last drawn.
    var electionTicks: Int

    /// Known to be on a quorum, and so never undone (§3.5).
    var commit: LogIndex
    /// The log is known to be the leader's up to here: an append of this term, in this run, has shown it.
    var proven: LogIndex = 0
    /// The log is durable up to here.
    var stable: LogIndex
    /// Handed out to be applied up to here.
    var handedOut: LogIndex

    /// What this step has changed and not yet handed out as a write.
    var unwritten = Unwritten()
    var writesInFlight: [WriteInFlight] = []
    var lastToken: WriteToken = 0
    var storedToken: WriteToken = 0
    /// What may be said only when a write is stored, in order.
    var promises: [Promise] = []

    var effects: [Effect] = []
    private var toldStanding: Standing?
    private var toldMembership: Membership?

    #if PLANTED
    /// The planted bug that is switched on, in builds for proving the simulator.
    package var planted: PlantedBug?
    #endif

    /// Throws if what the store handed in does not fit together: the node must not run on it.
    package init(id: ReplicaID, limits: ReplicaLimits, stored: StoredState) throws(Damage) {
        limits.check()
        try stored.check()
        self.id = id
        self.limits = limits
        term = stored.hardState.term
        vote = stored.hardState.vote
        log = RaftLog(base: stored.base.mark, last: stored.last, runs: stored.terms)
        memberships = MembershipHistory(base: stored.base, later: stored.memberships)
        electionTicks = 2 * limits.electionTicks - 1
        commit = stored.applied
        stable = stored.last
        handedOut = stored.applied
        drawElectionTicks()
    }

    /// The membership in force: the newest in the log, committed or not (§4.1).
    package var membership: Membership {
        if has(.membershipOnlyWhenCommitted) { return memberships.membership(at: commit) }
        return memberships.newest.membership
    }

    package var standing: Standing {
        let role: Standing.Role =
            switch self.role {
            case .follower: .follower
            case .preCandidate: .preCandidate
            case .candidate: .candidate
            case .leader: .leader
            case .damaged: .damaged
            }
        return Standing(role: role, term: term, leader: leader)
    }

    /// Takes all events of a turn, in order, and returns what to do. What the events changed leaves as one write, and
    /// each follower is sent to once, so a turn of a thousand proposals costs one transaction and one message.
    package mutating func step(_ events: [Event]) -> [Effect] {
        for event in events {
            handle(event)
        }
        settle()
        defer { effects.removeAll() }
        return effects
    }

    private mutating func handle(_ event: Event) {
        if case .damaged = role { return }
        switch event {
        case .tick: tick()
        case .electionTicks(let ticks): electionTicks = max(ticks, limits.electionTicks)
        case .received(let message): receive(message)
        case .stored(let token): stored(token)
        case .propose(let context, let payloads): propose(context: context, payloads: payloads)
        case .change(let context, let steps): change(context: context, steps: steps)
        case .transfer(let context, let target): transfer(context: context, to: target)
        case .read(let context): read(context: context)
        case .loaded(let to, let entries): loaded(to: to, entries: entries)
        case .snapshotReady(let to, let head): snapshotReady(to: to, head: head)
        case .snapshotFailed(let to): snapshotFailed(to: to)
        case .unreachable(let peer): unreachable(peer)
        case .compact(let index): compact(through: index)
        case .campaign: campaign()
        }
    }

    /// Turns what has changed into effects. Storing may at once release a promise that changes more (a sole voter's own
    /// vote), hence the loop.
    private mutating func settle() {
        repeat {
            write()
            keepPromises()
        } while unwritten.isDirty
        beginReads()
        replicate()
        handOut()
        log.shrinkCache(to: limits.cacheCost, through: min(stable, handedOut))
        if toldStanding != standing {
            toldStanding = standing
            effects.append(.became(standing))
        }
        if toldMembership != membership {
            toldMembership = membership
            effects.append(.membership(membership))
        }
    }

    /// Entries that are committed and stored here go out to be applied, once each, in order (§3.5). Stored here too,
    /// for the shell may read them from its rows.
    private mutating func handOut() {
        let last = min(commit, stable)
        guard last > handedOut else { return }
        let first = handedOut.next
        handedOut = last
        let entries = log.cache.slice(from: first, through: last) ?? []
        effects.append(.apply(Application(first: first, last: last, entries: entries)))
    }

    // MARK: - Term

    /// Takes a higher term and forgets the vote of the old one (§3.3). Never called with a lower one.
    mutating func enter(_ newTerm: Term) {
        precondition(newTerm >= term, "terms only rise")
        guard newTerm > term else { return }
        term = newTerm
        vote = nil
        proven = 0
        unwritten.hardState = true
    }

    /// Becomes a follower of `leader`, or of whoever will be, in `newTerm`. A leader's open requests are refused.
    mutating func follow(_ leader: ReplicaID?, in newTerm: Term) {
        enter(newTerm)
        role = .follower
        if let leading {
            self.leading = nil
            for context in leading.reads.all {
                effects.append(.refused(context: context, .notLeader(leader: leader)))
            }
        }
        self.leader = leader
        ticksSinceHeard = 0
        drawElectionTicks()
    }

    /// Chance is the shell's: it draws a silence from the range, so that two seldom stand at once (§3.4).
    mutating func drawElectionTicks() {
        effects.append(.drawElectionTicks(limits.electionTicks...2 * limits.electionTicks - 1))
    }

    /// Falls silent for good.
    mutating func fail(_ damage: Damage) {
        follow(nil, in: term)
        role = .damaged
        promises.removeAll()
        effects.append(.damaged(damage))
    }
}
