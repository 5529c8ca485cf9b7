import Consensus
import Records
import Roles
package import Simulation
import Uplink

/// What goes wrong in the system rung, and the healing.
extension SystemWorld {
    func scheduleFault() {
        while nextFault < faults.count, !(reduction.kept?.contains(faults[nextFault].number) ?? true) { nextFault += 1 }
        guard nextFault < faults.count else { return }
        agenda.add(.fault, after: Int(faults[nextFault].time) - Int(agenda.now))
    }

    func fault() throws {
        guard !isHealing, nextFault < faults.count else { return }
        let fault = faults[nextFault]
        nextFault += 1
        scheduleFault()
        var dice = fault.dice
        let centre = centres[dice.next(below: centres.count)]
        let hosts = active
        guard !hosts.isEmpty else { return }
        let meant = hosts.filter { $0.place == fault.place }
        let territory = dice.pick(meant.isEmpty ? hosts : meant)
        say("fault \(fault.number), \(fault.kind.rawValue): centre-\(centre.id) or \(territory.label)")
        switch fault.kind {
        case .killCentre, .cutPowerCentre:
            try crash(
                centre, restartAfter: dice.next(in: 10_000...8_000_000), losesPower: fault.kind == .cutPowerCentre)
        case .killTerritory, .cutPowerTerritory:
            try crash(
                territory, restartAfter: dice.next(in: 10_000...8_000_000),
                losesPower: fault.kind == .cutPowerTerritory)
        case .endWithinTurnCentre: centre.endsAt = dice.pick(Stage.allCases)
        case .endWithinTurnTerritory: territory.endsAt = dice.pick(Stage.allCases)
        case .pauseCentre: centre.pausedUntil = agenda.now + UInt64(dice.next(in: 100_000...6_000_000))
        case .pauseTerritory: territory.pausedUntil = agenda.now + UInt64(dice.next(in: 100_000...15_000_000))
        case .diskFullCentre: centre.fullUntil = agenda.now + UInt64(dice.next(in: 500_000...6_000_000))
        case .diskFullTerritory: territory.fullUntil = agenda.now + UInt64(dice.next(in: 500_000...8_000_000))
        case .indexLost:
            try crash(territory, restartAfter: dice.next(in: 10_000...1_000_000), losesPower: false, losesIndex: true)
            try crash(centre, restartAfter: dice.next(in: 10_000...1_000_000), losesPower: false, losesIndex: true)
        case .clockJumpCentre: centre.skew = jump(&dice)
        case .clockJumpTerritory: territory.skew = jump(&dice)
        case .cutLine, .breakLine, .cutPeer, .isolateVoter, .territoryAway, .allAway:
            cut(fault.kind, centre, territory, &dice)
        case .transferLead, .addLearner, .replaceVoter: try change(fault.kind, centre)
        case .carryBundle: try export(territory)
        case .copyDirectory, .putBackDirectory, .putBackMachine, .putBackStore, .copiedTwice, .diskLost:
            try copies(fault.kind, territory, &dice)
        case .retireBody, .reseatBody: askClosing(of: territory.place, fault.kind, &dice)
        case .lineFlaps:
            territory.flaps = dice.next(in: 2...4)
            territory.losesPowerAfterFlaps = dice.next(below: 3) > 0
        case .imagedWhenRefused: territory.isImagedWhenRefused = true
        }
    }

    /// Often with the line cut, so that the node goes on before it hears.
    private func copies(_ kind: SystemFault.Kind, _ territory: TerritoryHost, _ dice: inout SplitMix) throws {
        let isAlone = dice.next(below: 2) == 0
        let pause = dice.next(in: 1_000_000...12_000_000)
        switch kind {
        case .copyDirectory: return try backUp(territory)
        case .putBackDirectory: try putBack(territory, .directory)
        case .putBackMachine: try putBack(territory, .machine)
        case .putBackStore: try putBack(territory, .store)
        case .copiedTwice: try clone(territory, isMachine: dice.next(below: 2) == 0)
        default: return try loseDisk(territory)
        }
        guard isAlone else { return }
        for centre in centres { cutOff(territory, from: centre, for: pause) }
    }

    /// Milliseconds: minutes mostly, days now and then; never before the documents were written.
    private func jump(_ dice: inout SplitMix) -> Int64 {
        let size = dice.pick([60_000, 1_200_000, 86_400_000 * 30])
        return Int64(dice.next(in: -size...size))
    }

    private func cut(
        _ kind: SystemFault.Kind, _ centre: CentreHost, _ territory: TerritoryHost, _ dice: inout SplitMix
    ) {
        switch kind {
        case .cutLine:
            cutOff(territory, from: centre, for: dice.next(in: 500_000...20_000_000))
        case .territoryAway:
            for centre in centres { cutOff(territory, from: centre, for: mix.duration) }
        case .allAway:
            let pause = dice.next(in: 2_000_000...mix.duration)
            for territory in active {
                for centre in centres { cutOff(territory, from: centre, for: pause) }
            }
        case .breakLine: breakLines { $0.territory === territory }
        default:
            let others = centres.filter { $0 !== centre }
            guard !others.isEmpty else { return }
            let pause = dice.next(in: 500_000...10_000_000)
            for other in kind == .cutPeer ? [dice.pick(others)] : others {
                for (from, to) in [(centre, other), (other, centre)]
                where kind == .isolateVoter || dice.next(below: 2) == 0 {
                    let place = Self.line(Int(from.id.number), Int(to.id.number))
                    cutPeers.insert(place)
                    agenda.add(.mendLine(-1, place), after: pause)
                }
            }
        }
    }

    func cutOff(_ territory: TerritoryHost, from centre: CentreHost, for pause: Int) {
        cutLines.insert(Self.line(territory.number, Int(centre.id.number)))
        agenda.add(.mendLine(territory.number, Int(centre.id.number)), after: pause)
    }

    // MARK: - Operators

    private func change(_ kind: SystemFault.Kind, _ centre: CentreHost) throws {
        guard let leader else { return }
        nextChange += 1
        switch kind {
        case .transferLead: give(.transfer(Ticket(nextChange), to: nil), to: leader)
        case .addLearner:
            guard centres.count < 10, let highest = centres.map(\.id).max() else { return }
            let host = try CentreHost(ReplicaID(highest.number + 1), founding: .joining, keys: keys, mix: mix)
            centres.append(host)
            try start(host)
            give(.change(Ticket(nextChange), [.addLearner(host.id)]), to: leader)
        default:
            // One change: the new voter comes, the old one leaves, with a joint phase between.
            let group = leader.role?.replica.committedMembership
            guard let learner = group?.learners.last, group?.voters.contains(centre.id) == true else { return }
            give(.change(Ticket(nextChange), [.promote(learner), .remove(centre.id)]), to: leader)
        }
    }

    /// Who has left the group for good is switched off.
    func retire() throws {
        guard let group = leader?.role?.replica.committedMembership else { return }
        for host in centres where !host.isRetired && group.isRetired(host.id) {
            say("centre-\(host.id) has left the group")
            host.isRetired = true
            breakLines { $0.centre === host }
            try host.close()
        }
    }

    func compare() throws {
        try retire()
        try tendBodies()
        try mendCopies()
        try tendBundles()
        agenda.add(.compare, after: isHealing ? 1_000_000 : 5_000_000)
        guard !isHealing else { return }
        var at: [UInt64: [CentreHost]] = [:]
        for host in centres where host.isUp {
            at[host.role?.applied.number ?? 0, default: []].append(host)
        }
        for (_, hosts) in at.sorted(by: { $0.key < $1.key }) where hosts.count > 1 {
            for host in hosts where host.toApply.isEmpty && host.deferred.isEmpty { try alike.compare(host) }
        }
    }

    // MARK: - Ends

    func crash(
        _ host: CentreHost, restartAfter pause: Int, losesPower: Bool? = nil, losesIndex: Bool = false
    ) throws {
        guard host.isUp else { return }
        let losesPower = losesPower ?? (chance.next(below: 2) == 0)
        let torn = losesPower ? chance.pick([0, 100, 4_120, 20_000]) : 0
        try host.end(losesPower: losesPower, torn: torn, losesIndex: losesIndex)
        breakLines { $0.centre === host }
        // A process that ends closes its lines; a machine without power falls silent.
        for other in centres where other !== host && !losesPower {
            give(.unreachable(host.id), to: other)
        }
        agenda.add(.startCentre(host), after: pause)
    }

    func crash(
        _ host: TerritoryHost, restartAfter pause: Int, losesPower: Bool? = nil, losesIndex: Bool = false
    ) throws {
        guard host.isUp else { return }
        let losesPower = losesPower ?? (chance.next(below: 2) == 0)
        let torn = losesPower ? chance.pick([0, 100, 4_120, 20_000]) : 0
        try host.end(losesPower: losesPower, torn: torn, losesIndex: losesIndex || chance.next(below: 4) == 0)
        breakLines { $0.territory === host }
        agenda.add(.startTerritory(host), after: pause)
    }

    // MARK: - Healing

    func heal() throws {
        isHealing = true
        healingSince = agenda.now
        say("no more faults from here")
        cutPeers = []
        cutLines = []
        mend { _ in true }
        for host in centres {
            (host.pausedUntil, host.endsAt, host.fullUntil, host.skew) = (0, nil, 0, 0)
            if host.hasTurn { agenda.add(.turnCentre(host, run: host.run), after: 1_000) }
            agenda.add(.startCentre(host), after: 1_000)
        }
        for host in active {
            (host.pausedUntil, host.endsAt, host.fullUntil, host.flaps) = (0, nil, 0, 0)
            if host.hasTurn { agenda.add(.turnTerritory(host, run: host.run), after: 1_000) }
            agenda.add(.startTerritory(host), after: 1_000)
        }
    }

    /// Virtual microseconds: an election, the longest pause before dialling, and the backlog.
    static var healingLimit: UInt64 { 240_000_000 }

    /// Healed: all territories are seated, everything handed in is at every voter, and every territory knows it.
    func isHealed() throws -> Bool {
        if agenda.now > healingSince + Self.healingLimit { throw Violation("liveness", unhealed) }
        guard agenda.now > healingSince + 3_000_000, places == mix.territories,
            let leader, let role = leader.role, role.applied == role.replica.commitIndex,
            role.applied == role.replica.lastMark.index
        else { return false }
        let group = role.replica.committedMembership
        guard !group.isJoint else { return false }
        try retire()
        for host in centres where !host.isRetired {
            guard group.isMember(host.id) else {
                // It was started to be added, and never was.
                host.isRetired = true
                try host.close()
                continue
            }
            guard host.role?.applied == role.applied else { return false }
        }
        let hosts = active
        guard try hosts.count == mix.territories - closed().count, try isHandedOver() else { return false }
        return hosts.allSatisfy { host in
            guard let here = host.role, host.identity.seat == host.seat, host.handedIn >= mix.documents,
                host.inbox.isEmpty, host.deferred.isEmpty
            else { return false }
            let (state, seat) = (here.state, role.seats[host.seat.author])
            return here.unavailability == nil && !state.isUnheard && !state.wantsIndex && state.aside == 0
                && state.formers.allSatisfy(\.isWhole) && state.frontier == host.last && seat?.frontier == host.last
                && state.downlink == seat?.downlinkLast && seat?.successor == nil && seat?.closed == ""
        }
    }

    private var unhealed: String {
        let shown = active.map { host in
            "\(host.label) \(host.last) of \(host.seat.author.number) "
                + "\(host.role?.unavailability.map { "(\($0)) " } ?? "")frontier \(host.role?.state.frontier ?? 0) "
                + "downlink \(host.role?.state.downlink ?? 0)"
        }
        let applied = centres.map { "\($0.role?.applied ?? 0)" }.joined(separator: ", ")
        return
            "not healed after \(Self.healingLimit / 1_000_000) s: \(shown.joined(separator: "; ")); applied \(applied)"
    }
}

extension SystemWorld {
    package static var counted: [String] { ["documents acknowledged", "faults", "turns"] }

    package static func report(_ seed: UInt64, _ reduction: Reduction = .none) -> SeedReport {
        let world = SystemWorld(seed: seed, reduction: reduction)
        let violation = world.run()
        return SeedReport(
            seed: seed, violation: violation, virtualSeconds: world.virtualSeconds,
            counts: [world.oracle.acknowledged, world.nextFault, world.turns])
    }

    /// The smallest run in which the same checker still finds something; nil where the seed passes.
    package static func shrink(_ seed: UInt64) -> Reduction? {
        let drawn = SystemWorld(seed: seed)
        var shrinker = Shrinker(runsMax: 60) { reduction in
            let world = SystemWorld(seed: seed, reduction: reduction)
            return world.run().map { ($0.checker, world.now) }
        }
        return shrinker.shrink(faults: drawn.faults.map { ($0.number, $0.time) }, duration: drawn.mix.duration)
    }
}
