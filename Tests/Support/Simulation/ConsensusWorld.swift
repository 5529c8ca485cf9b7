package import Consensus

/// The consensus rung: replicas over simulated stores and lines, in virtual time, from one seed. A phase under
/// faults, then a phase of healing that must end with everybody at one index. Any checker's finding ends it.
package final class ConsensusWorld {
    enum Item {
        case tick(SimulatedNode, run: Int)
        case turn(SimulatedNode, run: Int)
        case synced(SimulatedNode, run: Int, count: Int)
        case arrives(Envelope)
        case snapshotMade(SimulatedNode, run: Int, to: ReplicaID)
        case snapshotDue(SimulatedNode, run: Int, to: ReplicaID)
        case restart(SimulatedNode)
        case calms(SimulatedNode, run: Int, Passing)
        case mended(from: ReplicaID, to: ReplicaID)
        case fault
        case propose
        case read
        case repair
        case heal
    }

    /// Troubles that end by themselves.
    enum Passing { case slowDisk, slowProcess, lateLines, clock }

    package let seed: UInt64
    package let mix: FaultMix
    package internal(set) var trace = Trace()
    /// Called with what happens, where somebody wants to read it.
    package var tell: ((String) -> Void)?
    /// Where the run ended without a verdict on progress: what is left is no quorum.
    package internal(set) var hasLostQuorum = false

    let planted: PlantedBug?
    let shellBug: PlantedShellBug?
    let reduction: Reduction
    /// Chance of lines, disks and clients; faults have dice of their own.
    var chance: SplitMix
    package let faults: [Fault]
    var nextFault = 0
    var agenda = Agenda<Item>()
    var network = SimulatedNetwork()
    /// By number, from 1.
    var nodes: [SimulatedNode] = []
    var isHealing = false
    var healingSince: UInt64 = 0
    /// The index to reach after the faults ended.
    var goal: LogIndex?
    var nextContext: UInt64 = 1
    var staged: [Staged: AppliedState] = [:]
    var rollback: Rollback?
    /// Members who may be lost for good without more: they count as lost already.
    var doomed: Set<ReplicaID> = []
    /// So many messages of what is sent from now on will come once more, much later.
    var replays = 0
    private var spareInbox: [Replica.Event] = []

    var elections = ElectionSafety()
    var appendOnly = LeaderAppendOnly()
    var matching = LogMatching()
    var history = CommittedHistory()
    var completeness = LeaderCompleteness()
    var quorums = CommittedOnQuorum()
    var promises = PromisesAreStored()
    var stable = StableIsDurable()
    var equality = ReplicaEquality()
    var traffic = BoundedTraffic()
    var oracle = ClientOracle()

    /// Whether this build has the planted bugs.
    package static var canPlant: Bool {
        #if PLANTED
        true
        #else
        false
        #endif
    }

    package init(
        seed: UInt64, reduction: Reduction = .none, planted: PlantedBug? = nil, shellBug: PlantedShellBug? = nil
    ) {
        self.seed = seed
        self.planted = planted
        self.shellBug = shellBug
        self.reduction = reduction
        var dice = SplitMix(seed: seed)
        chance = SplitMix(seed: dice.next())
        mix = FaultMix(&dice, reduction)
        faults = mix.drawFaults(&dice)
        let voters = (1...mix.voters).map { ReplicaID(UInt64($0)) }
        for _ in voters {
            seat(SimulatedStore.Image(founding: voters))
        }
    }

    /// Runs to the end. Nil: all promises were kept, and the group healed within its time.
    package func run() -> Violation? {
        scheduleFault()
        agenda.add(.propose, after: mix.proposeInterval)
        agenda.add(.read, after: mix.readInterval)
        agenda.add(.heal, after: mix.duration)
        do throws(Violation) {
            while let item = agenda.next() {
                try happen(item)
                if isHealing, try isHealed() { break }
            }
        } catch {
            say("\(error)")
            return error
        }
        return nil
    }

    package var now: UInt64 { agenda.now }
    package var virtualSeconds: Double { Double(agenda.now) / 1_000_000 }
    package var committed: Int { history.count }
    package var acknowledgedWrites: Int { oracle.writes }
    package var answeredReads: Int { oracle.reads }
    /// How many faults have come so far.
    package var faultsMet: Int { nextFault }

    func say(_ sentence: @autoclosure () -> String) {
        guard let tell else { return }
        let milliseconds = agenda.now / 1000
        let fraction = String(1000 + milliseconds % 1000).dropFirst()
        tell("\(milliseconds / 1000).\(fraction) s  \(sentence())")
    }

    private func happen(_ item: Item) throws(Violation) {
        switch item {
        case .tick(let node, let run):
            guard node.run == run, node.isUp else { return }
            enqueue(.tick, for: node)
            agenda.add(item, after: node.tick)
        case .turn(let node, let run): try turn(node, run)
        case .synced(let node, let run, let count): try synced(node, run, count)
        case .arrives(let envelope): arrives(envelope)
        case .snapshotMade(let node, let run, let to): snapshotMade(node, run, to)
        case .snapshotDue(let node, let run, let to):
            // A copy that has not been acknowledged in its time counts as lost.
            if node.run == run { enqueue(.snapshotFailed(to: to), for: node) }
        case .restart(let node): try start(node)
        case .calms(let node, let run, let passing):
            if node.run == run { calm(node, passing) }
        case .mended(let from, let to): network.mendLine(from: from, to: to)
        case .fault: try fault()
        case .propose: propose()
        case .read: read()
        case .repair: repair()
        case .heal: heal()
        }
    }

    /// No faults now: they are over, or a rolled back disk must be found out before anything else fails.
    var isGentle: Bool { isHealing || rollback != nil }

    // MARK: - Nodes

    func node(_ id: ReplicaID) -> SimulatedNode? {
        id.number >= 1 && id.number <= UInt64(nodes.count) ? nodes[Int(id.number) - 1] : nil
    }

    @discardableResult
    func seat(_ image: SimulatedStore.Image) -> ReplicaID {
        let id = ReplicaID(UInt64(nodes.count) + 1)
        let skew = mix.tick * mix.skewPerMille / 1000
        let tick = mix.tick + (skew == 0 ? 0 : chance.next(in: -skew...skew))
        let node = SimulatedNode(id, image, tick: tick)
        nodes.append(node)
        agenda.add(.restart(node), after: 0)
        return id
    }

    private func start(_ node: SimulatedNode) throws(Violation) {
        guard !node.isUp, !node.isDead else { return }
        if node.store.isDamagedAtStart, shellBug != .damagedRowServed {
            return bury(node, "finds a damaged row at its start")
        }
        do throws(Replica.Damage) {
            var replica = try Replica(id: node.id, limits: mix.limits, stored: node.store.current.stored)
            #if PLANTED
            replica.planted = planted
            #endif
            _ = replica.step([])
            node.start(replica)
        } catch {
            throw Violation("restart", "\(node.id) does not start from what it stored: \(error)")
        }
        node.run += 1
        node.standing = node.replica.standing
        node.glance = node.replica.glance()
        node.membership = node.replica.membership
        trace.note(.start, node.id, agenda.now)
        say("\(node.id) starts")
        drawElectionTicks(mix.limits.electionTicks...2 * mix.limits.electionTicks - 1, for: node)
        agenda.add(.tick(node, run: node.run), after: chance.next(in: 1...node.tick))
    }

    func drawElectionTicks(_ range: ClosedRange<Int>, for node: SimulatedNode) {
        enqueue(.electionTicks(chance.next(in: range)), for: node)
    }

    func enqueue(_ event: Replica.Event, for node: SimulatedNode) {
        guard node.isUp else { return }
        node.inbox.append(event)
        guard !node.hasTurn else { return }
        node.hasTurn = true
        var delay = isGentle ? min(1_000, mix.turn.upperBound) : mix.turn.upperBound
        if node.sluggishness > 0 { delay += node.sluggishness }
        agenda.add(.turn(node, run: node.run), after: delay == 0 ? 0 : chance.next(below: delay + 1))
    }

    /// One turn: all events that wait, one step, and its effects.
    private func turn(_ node: SimulatedNode, _ run: Int) throws(Violation) {
        guard node.run == run, node.isUp, node.hasTurn else { return }
        guard agenda.now >= node.pausedUntil else {
            return agenda.add(.turn(node, run: run), after: Int(node.pausedUntil - agenda.now))
        }
        if agenda.now < node.fullUntil, try turnOnFullDisk(node) { return }
        let turn = step(node)
        trace.note(.step, node.id, agenda.now)
        try check(turn)
        var carriedOut = 0
        for effect in turn.effects {
            trace.note(effect)
            if carriedOut == node.endsAfterEffects {
                say("\(node.id) ends within its turn, after \(carriedOut) of \(turn.effects.count) effects")
                return try crash(node, restartAfter: chance.next(in: 100...2_000_000))
            }
            carriedOut += 1
            try carryOut(effect, of: turn)
            guard node.isUp else { return }
        }
        node.endsAfterEffects = nil
        sync(node)
        if let rollback, rollback.id == node.id { try judgeRollback(rollback, node) }
    }

    /// The step itself, on the replica where it lies: a second copy would make every change copy its log.
    private func step(_ node: SimulatedNode) -> Turn {
        node.hasTurn = false
        swap(&node.inbox, &spareInbox)
        let before = node.standing
        let commitBefore = node.glance.commit
        let membershipBefore = node.membership
        let effects = node.replica.step(spareInbox)
        spareInbox.removeAll(keepingCapacity: true)
        for case .became(let standing) in effects { node.standing = standing }
        for case .membership(let membership) in effects { node.membership = membership }
        node.glance = node.replica.glance()
        return Turn(
            node: node, before: before, commitBefore: commitBefore, membershipBefore: membershipBefore,
            effects: effects)
    }

    /// A turn that finds the disk full: what promises nothing has left by then; the role is put back to what it was,
    /// and the same inputs come first when there is space. False where the turn stores nothing.
    private func turnOnFullDisk(_ node: SimulatedNode) throws(Violation) -> Bool {
        let before = node.replica
        let inputs = node.inbox
        let effects = node.replica.step(inputs)
        let stores = effects.contains { effect in
            switch effect {
            case .persist, .apply: true
            default: false
            }
        }
        if stores, shellBug == .fullTurnNotUndone {
            node.inbox = []
        } else {
            node.replica = before
        }
        guard stores else { return false }
        say("\(node.id) finds its disk full")
        for case .send(let message) in effects { try send(message, from: node) }
        node.pausedUntil = max(node.pausedUntil, node.fullUntil)
        agenda.add(.turn(node, run: node.run), after: Int(node.fullUntil - agenda.now))
        return true
    }

    private func check(_ turn: Turn) throws(Violation) {
        let node = turn.node
        let now = node.standing
        if let sentence = node.glance.brokenInvariant {
            throw Violation("invariants", "\(node.id): \(sentence)")
        }
        if now.role == .damaged, rollback?.id != node.id {
            throw Violation("no false alarm", "\(node.id) believes its data lost")
        }
        try stable.holds(node)
        guard now.role == .leader else { return }
        guard turn.before.role == .leader, turn.before.term == now.term else {
            say("\(node.id) leads term \(now.term)")
            try elections.leads(node.id, in: now.term)
            try promises.leads(node.id, in: now.term, node.membership, durable: node.store.durable)
            try completeness.leads(node.replica, in: now.term, history: history)
            return
        }
        let commit = node.glance.commit
        if commit > turn.commitBefore, commit > node.glance.base, let term = node.glance.termAtCommit {
            // A turn may commit by one membership and then write the next.
            try quorums.commits(
                Mark(index: commit, term: term), by: node.id, in: now.term, [node.membership, turn.membershipBefore],
                node: self.node)
        }
    }
}

/// What one step of a node was.
struct Turn {
    var node: SimulatedNode
    var before: Replica.Standing
    var commitBefore: LogIndex
    var membershipBefore: Membership
    var effects: [Replica.Effect]
}

/// Names a snapshot's data that have arrived whole.
struct Staged: Hashable {
    var id: ReplicaID
    var mark: Mark
}

/// A disk that was put back to an earlier day, until its node has either been found out or holds again all that it
/// had promised. Until then it counts as failed, and nothing else fails: that is the budget.
struct Rollback {
    var id: ReplicaID
    var since: UInt64
    var promised: LogIndex
    var term: Term
}
