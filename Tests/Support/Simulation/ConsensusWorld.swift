package import Consensus

/// The consensus rung: replicas over simulated stores and lines, in virtual time, from one seed. A phase under
/// faults, then a phase of healing that must end with everybody at one index. Any checker's finding ends it.
package final class ConsensusWorld {
    enum Item {
        case tick(ReplicaID, run: Int)
        case turn(ReplicaID, run: Int)
        case synced(ReplicaID, run: Int, count: Int)
        case arrives(Envelope)
        case event(ReplicaID, run: Int, Replica.Event)
        case snapshotMade(ReplicaID, run: Int, to: ReplicaID)
        case snapshotDue(ReplicaID, run: Int, to: ReplicaID)
        case restart(ReplicaID)
        case fault
        case propose
        case read
        case heal
        case quiet(ReplicaID, run: Int)
    }

    package let seed: UInt64
    package let mix: FaultMix
    package internal(set) var trace = Trace()
    var planted: PlantedBug?
    var chance: SplitMix
    var agenda = Agenda<Item>()
    var network = SimulatedNetwork()
    var nodes: [ReplicaID: SimulatedNode] = [:]
    /// All numbers ever given, in order: nothing may depend on the order of a dictionary.
    var ids: [ReplicaID] = []
    var isHealing = false
    var healingSince: UInt64 = 0
    /// The index to reach after the faults ended.
    var goal: LogIndex?
    var nextContext: UInt64 = 1
    var staged: [Staged: AppliedState] = [:]

    var elections = ElectionSafety()
    var appendOnly = LeaderAppendOnly()
    var matching = LogMatching()
    var history = CommittedHistory()
    var completeness = LeaderCompleteness()
    var quorums = CommittedOnQuorum()
    var promises = PromisesAreStored()
    var stable = StableIsDurable()
    var equality = ReplicaEquality()
    var oracle = ClientOracle()

    /// Whether this build has the planted bugs.
    package static var canPlant: Bool {
        #if PLANTED
        true
        #else
        false
        #endif
    }

    package init(seed: UInt64, planted: PlantedBug? = nil) {
        self.seed = seed
        self.planted = planted
        chance = SplitMix(seed: seed)
        mix = FaultMix(&chance)
        let voters = (1...mix.voters).map { ReplicaID(UInt64($0)) }
        for id in voters {
            add(id, SimulatedStore.Image(founding: voters))
        }
    }

    /// Runs to the end. Nil: all promises were kept, and the group healed within its time.
    package func run() -> Violation? {
        agenda.add(.fault, after: mix.faultInterval)
        agenda.add(.propose, after: mix.proposeInterval)
        agenda.add(.read, after: mix.readInterval)
        agenda.add(.heal, after: mix.duration)
        do throws(Violation) {
            while let item = agenda.next() {
                try happen(item)
                if try isHealed() { break }
            }
            try oracle.check(history)
        } catch {
            return error
        }
        return nil
    }

    package var virtualSeconds: Double { Double(agenda.now) / 1_000_000 }
    package var committed: Int { history.lines.count }
    package var acknowledgedWrites: Int { oracle.writes }
    package var answeredReads: Int { oracle.reads }

    private func happen(_ item: Item) throws(Violation) {
        switch item {
        case .tick(let id, let run):
            guard isUp(id, run) else { return }
            enqueue(.tick, for: id)
            agenda.add(item, after: mix.tick)
        case .turn(let id, let run): try turn(id, run)
        case .synced(let id, let run, let count): synced(id, run, count)
        case .arrives(let envelope): arrives(envelope)
        case .event(let id, let run, let event):
            if isUp(id, run) { enqueue(event, for: id) }
        case .snapshotMade(let id, let run, let to): snapshotMade(id, run, to)
        case .snapshotDue(let id, let run, let to): snapshotDue(id, run, to)
        case .restart(let id): try start(id)
        case .fault: fault()
        case .propose: propose()
        case .read: read()
        case .heal: try heal()
        case .quiet(let id, let run):
            if isUp(id, run) { nodes[id]?.slowness = 1 }
        }
    }

    // MARK: - Nodes

    func add(_ id: ReplicaID, _ image: SimulatedStore.Image) {
        nodes[id] = SimulatedNode(image)
        ids.append(id)
        agenda.add(.restart(id), after: 0)
    }

    func isUp(_ id: ReplicaID, _ run: Int) -> Bool {
        guard let node = nodes[id] else { return false }
        return node.replica != nil && node.run == run
    }

    private func start(_ id: ReplicaID) throws(Violation) {
        guard let node = nodes[id], node.replica == nil else { return }
        do throws(Replica.Damage) {
            var replica = try Replica(id: id, limits: mix.limits, stored: node.store.current.stored)
            #if PLANTED
            replica.planted = planted
            #endif
            _ = replica.step([])
            nodes[id]?.replica = replica
        } catch {
            throw Violation("restart", "\(id) does not start from what it stored: \(error)")
        }
        nodes[id]?.run += 1
        trace.note(.start, id, agenda.now)
        drawElectionTicks(mix.limits.electionTicks...2 * mix.limits.electionTicks - 1, for: id)
        agenda.add(.tick(id, run: node.run), after: chance.next(in: 1...mix.tick))
    }

    func drawElectionTicks(_ range: ClosedRange<Int>, for id: ReplicaID) {
        enqueue(.electionTicks(chance.next(in: range)), for: id)
    }

    func enqueue(_ event: Replica.Event, for id: ReplicaID) {
        guard let node = nodes[id], node.replica != nil else { return }
        nodes[id]?.inbox.append(event)
        guard !node.hasTurn else { return }
        nodes[id]?.hasTurn = true
        agenda.add(.turn(id, run: node.run), after: chance.next(in: mix.turn))
    }

    /// One turn: all events that wait, one step, and its effects.
    private func turn(_ id: ReplicaID, _ run: Int) throws(Violation) {
        guard isUp(id, run), let pausedUntil = nodes[id]?.pausedUntil else { return }
        guard agenda.now >= pausedUntil else {
            agenda.add(.turn(id, run: run), after: Int(pausedUntil - agenda.now))
            return
        }
        guard let turn = step(id) else { return }
        trace.note(.step, id, agenda.now)
        try check(turn)
        for effect in turn.effects {
            trace.note(effect, id)
            try carryOut(effect, of: turn)
        }
        sync(id)
    }

    /// The step itself. The replica is changed where it lies: a second copy would make every change copy its log.
    private func step(_ id: ReplicaID) -> Turn? {
        guard let node = nodes[id], let before = node.replica?.standing, let commitBefore = node.replica?.commitIndex
        else { return nil }
        let inbox = node.inbox
        node.hasTurn = false
        node.inbox = []
        let effects = node.replica?.step(inbox) ?? []
        guard let now = node.replica?.standing else { return nil }
        return Turn(id: id, before: before, now: now, commitBefore: commitBefore, effects: effects)
    }

    private func check(_ turn: Turn) throws(Violation) {
        let id = turn.id
        guard let node = nodes[id], let replica = node.replica else { return }
        if let sentence = replica.brokenInvariant() {
            throw Violation("invariants", "\(id): \(sentence)")
        }
        if turn.now.role == .damaged {
            throw Violation("no false alarm", "\(id) believes its data lost")
        }
        try stable.holds(replica, durable: node.store.durable)
        guard turn.now.role == .leader else { return }
        guard turn.before.role == .leader, turn.before.term == turn.now.term else {
            try elections.leads(id, in: turn.now.term)
            try promises.leads(id, in: turn.now.term, replica.membership, durable: node.store.durable)
            try completeness.leads(replica, in: turn.now.term, history: history)
            return
        }
        let commit = replica.commitIndex
        if commit > turn.commitBefore, commit > replica.baseMark.index, let term = replica.term(at: commit) {
            try quorums.commits(Mark(index: commit, term: term), by: id, in: turn.now.term, replica.membership) {
                self.nodes[$0]?.store.durable
            }
        }
    }
}

/// What one step of a node was.
struct Turn {
    var id: ReplicaID
    var before: Replica.Standing
    var now: Replica.Standing
    var commitBefore: LogIndex
    var effects: [Replica.Effect]
}
