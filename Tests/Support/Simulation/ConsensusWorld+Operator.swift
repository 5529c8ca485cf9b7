import Consensus

/// What operators and clients do, and the healing.
extension ConsensusWorld {
    /// Who believes to lead the latest term now.
    var leader: SimulatedNode? {
        var best: SimulatedNode?
        for node in nodes where node.standing.role == .leader && node.isUp {
            if best.map({ $0.standing.term < node.standing.term }) ?? true { best = node }
        }
        return best
    }

    private func context() -> UInt64 {
        nextContext += 1
        return nextContext
    }

    func operate(_ kind: Fault.Kind, _ node: SimulatedNode, _ dice: inout SplitMix, _ shown: String) {
        switch kind {
        case .compact:
            let applied = Int(node.store.current.state.index.number)
            let index = LogIndex(UInt64(dice.next(in: 0...applied)))
            say("\(shown): \(node.id) forgets its log up to \(index)")
            enqueue(.compact(through: index), for: node)
        case .transfer:
            let target = nodes[dice.next(below: nodes.count)].id
            say("\(shown): \(node.id) is to hand over to \(target)")
            enqueue(.transfer(context: context(), to: dice.next(below: 4) == 0 ? nil : target), for: node)
        case .campaign:
            say("\(shown): \(node.id) is told to stand")
            enqueue(.campaign, for: node)
        default: change(&dice, shown)
        }
    }

    /// Any verbs, put mostly to whoever leads, sometimes to somebody else. Whatever would leave no living quorum the
    /// operator's tool refuses before it asks; all else the group must judge itself.
    private func change(_ dice: inout SplitMix, _ shown: String) {
        let anybody = nodes[dice.next(below: nodes.count)]
        guard let leader else { return }
        let membership = leader.membership
        var steps: [MembershipStep] = []
        for _ in 0...dice.next(below: 3) {
            switch dice.next(below: 6) {
            case 0 where nodes.count < 12: steps.append(.addLearner(seat(SimulatedStore.Image(founding: []))))
            case 1, 2:
                let learners = membership.learners.filter { node($0)?.isDead == false && !doomed.contains($0) }
                if !learners.isEmpty { steps.append(.promote(dice.pick(learners))) }
            case 3 where membership.voters.count > 1: steps.append(.demote(dice.pick(membership.voters)))
            case 4 where membership.members.count > 1: steps.append(.remove(dice.pick(membership.members)))
            case 5:
                // A verb that makes no sense: a number that was seated before, or is nobody's.
                let id = ReplicaID(UInt64(dice.next(in: 1...nodes.count + 2)))
                if dice.next(below: 3) == 0 { steps.append(dice.pick([.addLearner(id), .promote(id), .remove(id)])) }
            default: break
            }
        }
        if !membership.isJoint, let changed = try? membership.changed(by: steps), !hasQuorum(changed) { return }
        say("\(shown): \(steps)")
        let asked = dice.next(below: 10) == 0 ? anybody : leader
        enqueue(.change(context: context(), steps: steps), for: asked)
    }

    /// Members who are gone are removed, and others seated in their place, until the group is what it was.
    func repair() {
        guard !isHealing, let leader else { return again() }
        let membership = leader.membership
        let gone = membership.members.filter { node($0)?.isDead == true }
        let waiting = membership.learners.filter { node($0)?.isDead == false }
        if let dead = gone.first {
            var steps: [MembershipStep] = [.remove(dead)]
            if nodes.count < 12, waiting.isEmpty { steps.append(.addLearner(seat(SimulatedStore.Image(founding: [])))) }
            if !membership.isJoint, let changed = try? membership.changed(by: steps), hasQuorum(changed) {
                say("operator: \(steps)")
                enqueue(.change(context: context(), steps: steps), for: leader)
            }
            return again()
        }
        if membership.voters.count < mix.voters, let learner = waiting.first, !doomed.contains(learner) {
            say("operator: promote \(learner)")
            enqueue(.change(context: context(), steps: [.promote(learner)]), for: leader)
            again()
        }
    }

    private func again() {
        if !isHealing { agenda.add(.repair, after: 2_000_000) }
    }

    // MARK: - Clients

    func propose() {
        agenda.add(.propose, after: chance.next(in: mix.proposeInterval / 2...mix.proposeInterval * 3 / 2))
        let context = context()
        oracle.beginsWrite(context)
        enqueue(.propose(context: context, payloads: [RaftEntry.Payload.write(context)]), for: address())
    }

    func read() {
        agenda.add(.read, after: chance.next(in: mix.readInterval / 2...mix.readInterval * 3 / 2))
        let context = context()
        oracle.beginsRead(context)
        enqueue(.read(context: context), for: address())
    }

    /// Clients mostly know the leader, sometimes an old one, sometimes anybody.
    private func address() -> SimulatedNode {
        let draw = chance.next(below: 100)
        let anybody = nodes[Int(draw) % nodes.count]
        guard draw >= 10, let leader else { return anybody }
        guard draw >= 37 else { return nodes.first { $0.standing.role == .leader && $0.isUp } ?? leader }
        return leader
    }

    // MARK: - Healing

    /// All lines up, all nodes up, no more faults. From here the group must come to rest within `healingLimit`.
    func heal() {
        isHealing = true
        healingSince = agenda.now
        replays = 0
        say("no more faults from here")
        network.heal()
        for node in nodes {
            node.pausedUntil = 0
            node.fullUntil = 0
            node.failsWrite = false
            node.failsSync = false
            node.endsAfterEffects = nil
            node.sluggishness = 0
            for passing in [Passing.slowDisk, .lateLines, .clock] { calm(node, passing) }
            if node.isUp, node.hasTurn {
                agenda.add(.turn(node, run: node.run), after: 1)
            } else {
                agenda.add(.restart(node), after: 1)
            }
        }
    }

    /// A node in one line, for a failure's report.
    private func picture(_ node: SimulatedNode) -> String {
        guard node.isUp else { return "\(node.id) is \(node.isDead ? "gone" : "down")" }
        let replica = node.replica
        let standing = replica.standing
        let leader = standing.leader.map { " of \($0)" } ?? ""
        let followers = replica.followers.map { "\($0.id) has \($0.match), \($0.mode)" }.joined(separator: ", ")
        let voters = replica.membership.voters.map(\.description).joined(separator: ",")
        let outgoing = replica.membership.outgoing.map(\.description).joined(separator: ",")
        return "\(node.id) \(standing.role)\(leader) t\(standing.term) base \(replica.baseMark) commit "
            + "\(replica.commitIndex) last \(replica.lastMark) voters \(voters)/\(outgoing) [\(followers)]"
    }

    /// Virtual microseconds.
    static var healingLimit: UInt64 { 60_000_000 }

    /// Healed: one leader of the highest term, no joint phase, and all living members of its group have applied an
    /// entry that was written after the faults ended.
    func isHealed() throws(Violation) -> Bool {
        if agenda.now > healingSince + Self.healingLimit {
            // The budget of faults was drawn by what the nodes knew then; a change under way may have spent more.
            if nodes.contains(where: { !$0.isDead && !hasQuorum($0.membership) }) {
                hasLostQuorum = true
                return true
            }
            let pictures = nodes.map(picture).joined(separator: "; ")
            throw Violation("liveness", "not healed after \(Self.healingLimit / 1_000_000) s: " + pictures)
        }
        guard agenda.now > healingSince + 2_000_000, let leader else { return false }
        guard let goal else {
            self.goal = history.last
            return false
        }
        return leader.glance.commit > goal && !leader.membership.isJoint && rollback == nil
            && leader.membership.members.allSatisfy { id in
                // A number that nobody runs under waits as a learner for ever.
                node(id).map { $0.isDead || $0.store.current.state.index >= goal } ?? true
            }
    }
}
