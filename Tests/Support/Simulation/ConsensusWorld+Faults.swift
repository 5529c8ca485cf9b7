import Consensus

/// What goes wrong.
extension ConsensusWorld {
    func scheduleFault() {
        while nextFault < faults.count, !reduction.keeps(faults[nextFault]) { nextFault += 1 }
        guard nextFault < faults.count else { return }
        agenda.add(.fault, after: Int(faults[nextFault].time) - Int(agenda.now))
    }

    func fault() throws(Violation) {
        guard !isHealing, nextFault < faults.count else { return }
        let fault = faults[nextFault]
        nextFault += 1
        scheduleFault()
        guard rollback == nil else { return }
        var dice = fault.dice
        let node = target(&dice)
        let shown = "fault \(fault.number), \(fault.kind.rawValue)"
        switch fault.kind {
        case .crash, .crashAndRestartAtOnce, .crashWithinTurn, .pause, .slowProcess:
            try process(fault.kind, node, &dice, shown)
        case .slowDisk, .writeError, .failedSync, .diskFull, .bitFlip, .diskLost, .diskRolledBack:
            try disk(fault.kind, node, &dice, shown)
        case .clockRate, .clockJump: clock(fault.kind, node, &dice, shown)
        case .partition, .heal, .halfOpen, .clog, .lineDown, .oldMessages:
            lines(fault.kind, node, &dice, shown)
        case .compact, .transfer, .change, .campaign: operate(fault.kind, node, &dice, shown)
        }
    }

    private func target(_ dice: inout SplitMix) -> SimulatedNode {
        let any = nodes[dice.next(below: nodes.count)]
        return dice.chance(perMille: mix.leaderPerMille) ? leader ?? any : any
    }

    // MARK: - Process

    private func process(
        _ kind: Fault.Kind, _ node: SimulatedNode, _ dice: inout SplitMix, _ shown: String
    ) throws(Violation) {
        switch kind {
        case .crash, .crashAndRestartAtOnce:
            let pause = dice.next(in: kind == .crash ? 100_000...6_000_000 : 100...50_000)
            guard node.isUp else { return }
            // A process that ends closes its lines; a machine that ends falls silent.
            let isHeard = dice.chance(perMille: 500)
            let lines = isHeard ? ", its lines with it" : ""
            say("\(shown): \(node.id) ends\(lines), up again after \(pause / 1000) ms")
            try crash(node, restartAfter: pause)
            if isHeard {
                for other in nodes where other.id != node.id { enqueue(.unreachable(node.id), for: other) }
            }
        case .crashWithinTurn:
            node.endsAfterEffects = dice.next(below: 6)
            say("\(shown): \(node.id) ends after \(node.endsAfterEffects ?? 0) effects of a turn")
        case .pause:
            let pause = dice.next(in: 100_000...5_000_000)
            say("\(shown): \(node.id) stands still for \(pause / 1000) ms")
            node.pausedUntil = agenda.now + UInt64(pause)
        default:
            node.sluggishness = dice.spread(from: 10_000, to: 1_000_000)
            say("\(shown): \(node.id) needs up to \(node.sluggishness / 1000) ms for a turn")
            agenda.add(.calms(node, run: node.run, .slowProcess), after: dice.next(in: 100_000...5_000_000))
        }
    }

    /// The machine stops between any two of the operations that are not synced yet.
    func crash(_ node: SimulatedNode, restartAfter delay: Int) throws(Violation) {
        guard node.isUp else { return }
        try node.store.crash(kept: chance.next(in: 0...node.store.unsynced.count))
        node.end()
        trace.note(.crash, node.id, agenda.now)
        agenda.add(.restart(node), after: delay)
    }

    /// Gone for good.
    func bury(_ node: SimulatedNode, _ why: String) {
        say("\(node.id) \(why): it is gone for good")
        node.end()
        node.isDead = true
        node.hasLostData = true
        trace.note(.crash, node.id, agenda.now)
        agenda.add(.repair, after: 1_000_000)
    }

    // MARK: - Disk

    private func disk(
        _ kind: Fault.Kind, _ node: SimulatedNode, _ dice: inout SplitMix, _ shown: String
    ) throws(Violation) {
        guard !node.isDead else { return }
        switch kind {
        case .slowDisk:
            node.slowness = dice.spread(from: 2, to: 100)
            say("\(shown): the disk of \(node.id) is \(node.slowness) times slower")
            agenda.add(.calms(node, run: node.run, .slowDisk), after: dice.next(in: 100_000...5_000_000))
        case .writeError:
            say("\(shown): the next write of \(node.id) fails")
            node.failsWrite = true
        case .failedSync:
            say("\(shown): the next sync of \(node.id) fails")
            node.failsSync = true
        case .diskFull:
            let pause = dice.next(in: 100_000...5_000_000)
            say("\(shown): the disk of \(node.id) is full for \(pause / 1000) ms")
            node.fullUntil = agenda.now + UInt64(pause)
        case .bitFlip:
            guard mayLose(node.id), let index = node.store.flip(&dice) else { return }
            say("\(shown): a bit flips in row \(index) of \(node.id)")
            doomed.insert(node.id)
        case .diskLost:
            guard mayLose(node.id) else { return }
            guard shellBug == .lostDiskReturns else { return bury(node, "loses its disk (\(shown))") }
            node.end()
            node.store = SimulatedStore(SimulatedStore.Image(founding: []))
            agenda.add(.restart(node), after: dice.next(in: 1_000...500_000))
        default: rollBack(node, shown)
        }
    }

    /// Whether the group still decides without this member, whichever membership is in force anywhere.
    func mayLose(_ id: ReplicaID) -> Bool {
        guard doomed.insert(id).inserted else { return true }
        let keeps = nodes.allSatisfy { $0.isDead || hasQuorum($0.membership) }
        if !keeps { doomed.remove(id) }
        return keeps
    }

    func hasQuorum(_ membership: Membership) -> Bool {
        membership.isEmpty
            || Quorum.holds(membership) { id in !doomed.contains(id) && node(id)?.isDead == false }
    }

    /// A voter rolled back in silence counts as failed until it holds again what it had promised: nothing else may fail
    /// meanwhile, the group must have a leader that everybody hears, and what it forgets must stand on a quorum without
    /// it. It votes, after all: a half-open line had kept another from the same entries, and the two of them chose each
    /// other.
    private func rollBack(_ node: SimulatedNode, _ shown: String) {
        guard let leader, leader.id != node.id, node.isUp, leader.membership.isMember(node.id),
            !leader.membership.isJoint
        else { return }
        let others = nodes.filter { !$0.isDead && leader.membership.isMember($0.id) }
        let isCalm = others.allSatisfy { other in
            other.isUp && other.standing.term == leader.standing.term && other.standing.leader == leader.id
                && !other.isSyncing && other.pausedUntil <= agenda.now && other.fullUntil <= agenda.now
                && other.membership == leader.membership && other.sluggishness == 0
        }
        let promised = node.promised
        guard isCalm, standsWithout(node, upTo: promised, leader.membership), mayLose(node.id) else { return }
        let term = node.standing.term
        guard node.store.rollBack() else { return }
        node.hasLostData = true
        say("\(shown): the disk of \(node.id) is put back to \(node.store.current.last), promised \(promised)")
        node.end()
        trace.note(.crash, node.id, agenda.now)
        rollback = Rollback(id: node.id, since: agenda.now, promised: promised, term: term)
        for other in nodes { for passing in [Passing.slowDisk, .lateLines, .clock] { calm(other, passing) } }
        network.heal()
        agenda.add(.restart(node), after: 1_000)
    }

    private func standsWithout(_ node: SimulatedNode, upTo index: LogIndex, _ membership: Membership) -> Bool {
        let mark = node.store.durable.mark(at: index)
        return Quorum.holds(membership) { id in
            guard id != node.id, let other = self.node(id) else { return false }
            let durable = other.store.durable
            return durable.base.mark.index >= index || mark.map { durable.mark(at: index) == $0 } ?? false
        }
    }

    /// Ends the rollback's time when the node is found out, or holds again what it had promised.
    func judgeRollback(_ open: Rollback, _ node: SimulatedNode) throws(Violation) {
        if node.standing.role == .damaged {
            rollback = nil
            return bury(node, "knows that its data are lost")
        }
        let durable = node.store.durable
        // A leader that has forgotten its log so far cannot tell: then what the node itself knows to be committed does.
        let holds =
            durable.base.mark.index >= open.promised
            || durable.mark(at: open.promised).map { mark in
                node.glance.commit >= mark.index || leader?.replica.holds(mark) ?? false
            } ?? false
        if node.standing.leader != nil, node.standing.term >= open.term, holds {
            say("\(node.id) holds again what it had promised")
            rollback = nil
            node.hasLostData = false
            doomed.remove(node.id)
        }
    }

    // MARK: - Clock

    private func clock(_ kind: Fault.Kind, _ node: SimulatedNode, _ dice: inout SplitMix, _ shown: String) {
        if kind == .clockRate {
            node.tick = mix.tick * dice.next(in: 500...2_000) / 1_000
            say("\(shown): a tick of \(node.id) takes \(node.tick / 1000) ms")
            agenda.add(.calms(node, run: node.run, .clock), after: dice.next(in: 1_000_000...10_000_000))
        } else {
            let ticks = dice.next(in: 1...3 * mix.limits.electionTicks)
            say("\(shown): the clock of \(node.id) jumps by \(ticks) ticks")
            for _ in 0..<ticks { enqueue(.tick, for: node) }
        }
    }

    func calm(_ node: SimulatedNode, _ passing: Passing) {
        switch passing {
        case .slowDisk: node.slowness = 1
        case .slowProcess: node.sluggishness = 0
        case .lateLines: network.clog(node.id, by: 0)
        case .clock: node.tick = mix.tick
        }
    }

    // MARK: - Lines

    private func lines(_ kind: Fault.Kind, _ node: SimulatedNode, _ dice: inout SplitMix, _ shown: String) {
        let other = nodes[dice.next(below: nodes.count)]
        switch kind {
        case .partition:
            let shape = network.part(nodes.map(\.id), &dice)
            say("\(shown): \(shape)")
        case .heal:
            say("\(shown): all lines carry")
            network.heal()
        case .halfOpen:
            // One end believes the line whole; what it sends is lost, and only the other end knows.
            guard other.id != node.id else { return }
            say("\(shown): nothing from \(node.id) reaches \(other.id)")
            network.cutLine(from: node.id, to: other.id)
            enqueue(.unreachable(node.id), for: other)
            agenda.add(.mended(from: node.id, to: other.id), after: dice.next(in: 100_000...10_000_000))
        case .clog:
            let lateness = dice.spread(from: 50_000, to: 2_000_000)
            say("\(shown): all lines of \(node.id) are \(lateness / 1000) ms late")
            network.clog(node.id, by: lateness)
            agenda.add(.calms(node, run: node.run, .lateLines), after: dice.next(in: 500_000...8_000_000))
        case .oldMessages:
            replays += dice.next(in: 1...20)
            say("\(shown): old messages will come again")
        default:
            guard other.id != node.id else { return }
            say("\(shown): the line between \(node.id) and \(other.id) breaks and is made anew")
            enqueue(.unreachable(other.id), for: node)
            enqueue(.unreachable(node.id), for: other)
        }
    }
}
