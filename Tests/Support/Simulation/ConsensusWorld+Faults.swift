import Consensus

/// What goes wrong, what operators and clients do, and the healing.
extension ConsensusWorld {
    func fault() {
        guard !isHealing else { return }
        agenda.add(.fault, after: chance.next(in: mix.faultInterval / 2...mix.faultInterval * 3 / 2))
        guard let kind = mix.draw(&chance), let id = target() else { return }
        let run = nodes[id]?.run ?? 0
        switch kind {
        case .crash: crash(id, restartAfter: chance.next(in: 100_000...6_000_000))
        case .crashAndRestartAtOnce: crash(id, restartAfter: chance.next(in: 100...50_000))
        case .pause: nodes[id]?.pausedUntil = agenda.now + UInt64(chance.next(in: 100_000...5_000_000))
        case .partition: network.part(ids, &chance)
        case .heal: network.heal()
        case .slowDisk:
            nodes[id]?.slowness = chance.spread(from: 2, to: 100)
            agenda.add(.quiet(id, run: run), after: chance.next(in: 100_000...5_000_000))
        case .compact:
            if let node = nodes[id] {
                let applied = Int(node.store.current.state.index.number)
                enqueue(.compact(through: LogIndex(UInt64(chance.next(in: 0...applied)))), for: id)
            }
        case .transfer: enqueue(.transfer(context: context(), to: chance.pick(ids)), for: id)
        case .change: change()
        case .campaign: enqueue(.campaign, for: id)
        case .lineDown:
            let other = chance.pick(ids)
            enqueue(.unreachable(other), for: id)
            enqueue(.unreachable(id), for: other)
        }
    }

    private func context() -> UInt64 {
        nextContext += 1
        return nextContext
    }

    private func target() -> ReplicaID? {
        if chance.chance(perMille: mix.leaderPerMille), let leader = leaders.first { return leader }
        return chance.pick(ids)
    }

    /// Who believes to lead now, latest term first.
    var leaders: [ReplicaID] {
        let leading = ids.compactMap { id in nodes[id]?.replica?.standing.role == .leader ? nodes[id]?.replica : nil }
        return leading.sorted { $0.standing.term > $1.standing.term }.map(\.id)
    }

    private func crash(_ id: ReplicaID, restartAfter delay: Int) {
        guard let node = nodes[id], node.replica != nil else { return }
        let down = SimulatedNode(node.store.durable)
        down.store = node.store
        // The machine stops between any two of its unsynced operations.
        down.store.crash(kept: chance.next(in: 0...node.store.unsynced.count))
        down.run = node.run
        nodes[id] = down
        trace.note(.crash, id, agenda.now)
        agenda.add(.restart(id), after: delay)
    }

    /// An operator at random: any steps, put to whoever leads.
    private func change() {
        guard let leader = leaders.first, let replica = nodes[leader]?.replica else { return }
        let membership = replica.membership
        var steps: [MembershipStep] = []
        for _ in 0...chance.next(below: 3) {
            switch chance.next(below: 4) {
            case 0 where ids.count < 9:
                let id = ReplicaID(UInt64(ids.count) + 1)
                add(id, SimulatedStore.Image(founding: []))
                steps.append(.addLearner(id))
            case 1 where !membership.learners.isEmpty: steps.append(.promote(chance.pick(membership.learners)))
            case 2 where membership.voters.count > 1: steps.append(.demote(chance.pick(membership.voters)))
            case 3 where membership.members.count > 1: steps.append(.remove(chance.pick(membership.members)))
            default: break
            }
        }
        enqueue(.change(context: context(), steps: steps), for: leader)
    }

    // MARK: - Clients

    func propose() {
        agenda.add(.propose, after: chance.next(in: mix.proposeInterval / 2...mix.proposeInterval * 3 / 2))
        guard let id = address() else { return }
        let context = context()
        oracle.beginsWrite(context)
        let payload = stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: context >> UInt64($0)) }
        enqueue(.propose(context: context, payloads: [payload]), for: id)
    }

    func read() {
        agenda.add(.read, after: chance.next(in: mix.readInterval / 2...mix.readInterval * 3 / 2))
        guard let id = address() else { return }
        let context = context()
        oracle.beginsRead(context)
        enqueue(.read(context: context), for: id)
    }

    /// Clients mostly know the leader, sometimes an old one, sometimes anybody.
    private func address() -> ReplicaID? {
        let leaders = self.leaders
        guard !leaders.isEmpty, !chance.chance(perMille: 100) else { return chance.pick(ids) }
        return chance.chance(perMille: 700) ? leaders[0] : chance.pick(leaders)
    }

    // MARK: - Healing

    /// All lines up, all nodes up, no more faults. From here the group must come to rest within `healingLimit`.
    func heal() throws(Violation) {
        isHealing = true
        healingSince = agenda.now
        network.heal()
        for id in ids {
            nodes[id]?.pausedUntil = 0
            nodes[id]?.slowness = 1
            agenda.add(.restart(id), after: 1)
            if let node = nodes[id], node.replica != nil, node.hasTurn {
                agenda.add(.turn(id, run: node.run), after: 1)
            }
        }
    }

    /// A node in one line, for a failure's report.
    private func picture(_ id: ReplicaID) -> String {
        guard let replica = nodes[id]?.replica else { return "\(id) is down" }
        let standing = replica.standing
        let leader = standing.leader.map { " of \($0)" } ?? ""
        let followers = replica.followers.map { "\($0.id) has \($0.match), \($0.mode)" }.joined(separator: ", ")
        let voters = replica.membership.voters.map(\.description).joined(separator: ",")
        let outgoing = replica.membership.outgoing.map(\.description).joined(separator: ",")
        return "\(id) \(standing.role)\(leader) t\(standing.term) base \(replica.baseMark) commit "
            + "\(replica.commitIndex) last \(replica.lastMark) voters \(voters)/\(outgoing) [\(followers)]"
    }

    /// Virtual microseconds.
    static let healingLimit: UInt64 = 60_000_000

    /// Healed: one leader of the highest term, no joint phase, and all members of its group have applied an entry
    /// that was written after the faults ended.
    func isHealed() throws(Violation) -> Bool {
        guard isHealing else { return false }
        if agenda.now > healingSince + Self.healingLimit {
            let pictures = ids.map(picture).joined(separator: "; ")
            throw Violation("liveness", "not healed after \(Self.healingLimit / 1_000_000) s: " + pictures)
        }
        guard agenda.now > healingSince + 2_000_000, let leader = leaders.first, let replica = nodes[leader]?.replica,
            !replica.membership.isJoint, replica.commitIndex > goal ?? replica.commitIndex
        else {
            if goal == nil, agenda.now > healingSince + 2_000_000 { goal = history.last }
            return false
        }
        return replica.membership.members.allSatisfy { nodes[$0]?.store.current.state.index ?? 0 >= goal ?? 0 }
    }
}
