import Consensus
import Records
import Roles
import Storage
import Transport
import Uplink
import Vault
import Wire

/// The centre's group for its operators: who belongs to it, tokens to join it, and every change of it.
extension CentreService {
    func clusterStatus() async throws(NodeError) -> ClusterStatus {
        let said = node.said
        let views = try views()
        let isMember = said.membership?.isMember(replica) ?? false
        let shown = views.filter { !["removed", "joined"].contains($0.role) || !isMember }
        return .centre(
            CentreStatus(
                leader: said.standing?.leader.flatMap { peers.name(of: $0) }, term: said.standing?.term.number ?? 0,
                members: shown.map { .init(name: $0.name, role: $0.role, state: $0.state, applied: $0.applied) },
                territories: try await territories()))
    }

    func members() async throws(NodeError) -> [MemberView] { try views() }

    private func views() throws(NodeError) -> [MemberView] {
        let said = node.said
        let membership = said.membership ?? .empty
        let stored = try NodeError.translating { () throws(StorageError) in try store.members() }
        let all = Set(membership.members + stored.map(\.replica) + [replica]).sorted()
        return all.map { one in
            let follower = said.followers.first { $0.id == one }
            return MemberView(
                name: name(one, stored), number: one.number, address: peers.address(of: one) ?? "",
                role: role(one, in: membership), state: state(one, said.standing),
                applied: one == replica ? said.applied.number : peers.lastState(of: one)?.applied.number ?? 0,
                behind: follower.map { said.last.number - min(said.last.number, $0.match.number) })
        }
    }

    private func name(_ one: ReplicaID, _ stored: [CentreStore.StoredMember]) -> String {
        stored.first { $0.replica == one }?.name ?? peers.name(of: one) ?? "number \(one)"
    }

    private func role(_ one: ReplicaID, in membership: Membership) -> String {
        if membership.voters.contains(one) { return "voter" }
        if membership.learners.contains(one) { return "learner" }
        if membership.isMember(one) { return "leaving" }
        return membership.isRetired(one) ? "removed" : "joined"
    }

    private func state(_ one: ReplicaID, _ standing: Replica.Standing?) -> String {
        if one == replica {
            switch standing?.role {
            case .leader: return "leader"
            case .candidate, .preCandidate: return "candidate"
            default: return "follower"
            }
        }
        guard let state = peers.lastState(of: one) else { return "unreachable" }
        if standing?.leader == one { return "leader" }
        return state.leader == nil ? "candidate" : "follower"
    }

    // MARK: Changes

    private func knowledge() throws(NodeError) -> MembershipPlan.Knowledge {
        let said = node.said
        guard let membership = said.membership, said.standing?.role == .leader else { throw .noLeader }
        let stored = try NodeError.translating { () throws(StorageError) in try store.members() }
        var names = Dictionary(uniqueKeysWithValues: stored.map { ($0.replica, $0.name) })
        names[replica] = files.configuration.name
        let live = Set(membership.members.filter { $0 == replica || peers.lastState(of: $0) != nil })
        return MembershipPlan.Knowledge(membership: membership, names: names, live: live) {
            said.caughtUp.contains($0)
        }
    }

    func change(_ change: MemberChange, caller: Caller) async throws(NodeError) -> ChangeOutcome {
        let known = try knowledge()
        if change.verb == .goOn { return try await goOn(change, known, caller) }
        let plan = try MembershipPlan(change, known)
        var outcome = ChangeOutcome(before: plan.before, after: plan.after, isDone: false, warning: plan.warning)
        if change.isDryRun { return outcome }
        guard plan.warning.isEmpty || change.force == MemberChange.sentence else {
            throw NodeError(
                .refused, "Refused: \(plan.warning).",
                remedy: "If it must be, type --force-unsafe \"\(MemberChange.sentence)\".", field: "force")
        }
        if plan.before.live >= plan.before.quorum { try await journal(change, plan, known, caller) }
        switch await node.change({ .change($0, plan.steps) }).value() {
        case .done: break
        case .refused(let refusal): throw NodeError(refusal: refusal) { known.name($0) }
        case .indefinite: throw .movedOn
        }
        try await settled()
        outcome.isDone = true
        return outcome
    }

    /// Who changed what stands in the journal before it is done.
    private func journal(
        _ change: MemberChange, _ plan: MembershipPlan, _ known: MembershipPlan.Knowledge, _ caller: Caller
    ) async throws(NodeError) {
        let acts = plan.steps.map { step in
            OwnAct.control(
                .member(
                    action: change.verb.rawValue, number: step.id.number, name: known.name(step.id),
                    address: peers.address(of: step.id) ?? "", officer: caller.officer))
        }
        for outcome in try await act(acts) {
            guard case .recorded = outcome else { throw .movedOn }
        }
    }

    /// A joint phase ends by itself; whoever asked for a change waits until it has.
    private func settled() async throws(NodeError) {
        for _ in 0..<100 where node.said.membership?.isJoint ?? false {
            do {
                try await Task.sleep(for: .milliseconds(50))
            } catch {
                throw .stopping
            }
        }
    }

    func transferLead(
        to wanted: String?, isDryRun: Bool, caller: Caller
    ) async throws(NodeError) -> TransferOutcome {
        let known = try knowledge()
        var target: ReplicaID?
        if let wanted { target = try known.replica(wanted) }
        let heir = try known.heir(target, leader: replica, followers: node.said.followers)
        var outcome = TransferOutcome(
            before: known.name(replica), leader: known.name(heir),
            group: known.group(known.membership.voters, learners: known.membership.learners), isDone: false)
        if isDryRun { return outcome }
        try await journal(heir, known, caller)
        let begun = ContinuousClock.now
        outcome.leader = try await handOver(to: heir, known)
        outcome.milliseconds = UInt64((ContinuousClock.now - begun) / .milliseconds(1))
        outcome.isDone = true
        return outcome
    }

    private func journal(
        _ heir: ReplicaID, _ known: MembershipPlan.Knowledge, _ caller: Caller
    ) async throws(NodeError) {
        let entry = ControlEntry.member(
            action: "transfer", number: heir.number, name: known.name(heir), address: peers.address(of: heir) ?? "",
            officer: caller.officer)
        _ = try await act([.control(entry)])
    }

    private func handOver(
        to heir: ReplicaID, _ known: MembershipPlan.Knowledge
    ) async throws(NodeError) -> String {
        switch await node.change({ .transfer($0, to: heir) }).value() {
        case .done: break
        case .refused(let refusal): throw NodeError(refusal: refusal) { known.name($0) }
        case .indefinite:
            throw NodeError(
                .timedOut, "Nobody took the lead in time; this node still leads.",
                remedy: "`esep centre member list` shows who is behind.")
        }
        for _ in 0..<400 {
            if let leader = node.said.standing?.leader, leader != replica { return known.name(leader) }
            do {
                try await Task.sleep(for: .milliseconds(5))
            } catch {
                throw .stopping
            }
        }
        throw .noLeader
    }

    func checkCluster(node wanted: String?) async throws(NodeError) -> ClusterCheck {
        // Only a leader that is still one may say what is safe.
        _ = try await vouched()
        let known = try knowledge()
        var check = ClusterCheck(known, leader: replica)
        if let wanted {
            let name = known.name(try known.replica(wanted))
            check.verdicts = check.verdicts.filter { $0.node == name }
            guard !check.verdicts.isEmpty else {
                throw NodeError(.notFound, "\(name) is no member of the group.", remedy: "It may be stopped freely.")
            }
        }
        return check
    }

    // MARK: Tokens

    func issueToken(_ request: TokenRequest, caller: Caller) async throws(NodeError) -> IssuedToken {
        let place = request.role == "centre" ? AuthorName.centre.place : request.territory
        guard
            let role = [JoinToken.Role.centre: "centre", .territory: "territory"].first(where: {
                $0.value == request.role
            })?.key
        else {
            throw NodeError(
                .invalid, "A token for the role \(request.role) cannot be issued.",
                remedy: "Give --role territory or --role centre.", field: "role")
        }
        let name = PeerName(
            cluster: files.configuration.clusterBytes, role: .territory, place: place, name: "node")
        guard name.isWellFormed, role == .centre || place != AuthorName.centre.place else {
            throw NodeError(
                .invalid, "\(request.territory) is not a territory's code.",
                remedy: "Give ISO 3166-2 (KZ-75), or the code of an equated body in ASCII letters.", field: "territory")
        }
        let expires = now() + request.ttlSeconds * 1_000
        let token = JoinToken(
            cluster: files.configuration.clusterBytes, authority: authority.fingerprint,
            secret: SystemRandom.secret(), role: role, territory: role == .centre ? "" : place, name: "",
            expirySeconds: expires / 1_000,
            addresses: Array(map(node.said.standing).addresses.prefix(JoinToken.addressLimit)))
        let outcome = try await act([
            .control(
                .tokenIssued(
                    hash: JoinToken.hash(of: token.secret).bytes, role: request.role, territory: place,
                    expires: expires, officer: caller.officer))
        ])[0]
        guard case .recorded = outcome else {
            throw NodeError(.noLeader, "The token could not be written into the log.", remedy: "Try again.")
        }
        return IssuedToken(token: token.word, expiresMilliseconds: expires)
    }
}

extension NodeError {
    static let movedOn = NodeError(
        .noLeader, "The lead of the centre changed while this was under way.",
        remedy: "`esep centre member list` shows what came of it.", isDefinite: false)
}
