import Consensus
import Records
import Roles
import Simulation
import Storage

/// Turns in the order of `CentreNode.turn` and `TerritoryNode.turn`, and where a process may end within one.
extension SystemWorld {
    // MARK: - Centre

    func turn(_ host: CentreHost, _ run: Int) throws {
        guard host.run == run, host.isUp else { return }
        guard agenda.now >= host.pausedUntil else {
            return agenda.add(.turnCentre(host, run: run), after: Int(host.pausedUntil - agenda.now))
        }
        host.hasTurn = false
        turns += 1
        let waiting = host.deferred + host.inbox
        (host.deferred, host.inbox) = ([], [])
        if host.isWaitingForSpace { return try waitForSpace(host, waiting) }
        let inputs = Self.oneTick(waiting)
        let before = (role: host.role, toApply: host.toApply)
        guard let turn = host.role?.step(inputs, moment: moment(host.skew)) else { return }
        trace.note(host.id, agenda.now, inputs.count, turn)
        if let install = turn.persist.last(where: { $0.install != nil }) { return try leaveForCopy(host, install) }
        host.take(turn)
        let apply = try host.slice(upTo: turn.applyBytes)
        if try ends(host, .beforeDeeds) { return }
        for deed in turn.deeds { try perform(deed, host) }
        if try ends(host, .beforeCommit) { return }
        if agenda.now < host.fullUntil, !turn.storesNothing || !apply.isEmpty {
            return try isFull(host, inputs, before)
        }
        if let applied = try host.commit(turn, apply) {
            host.deferred = turn.persist.map { .stored($0.token) }
            if !apply.isEmpty {
                let held = archive.order.count
                try alike.applied(applied, by: host, &archive, written)
                for line in archive.order[held...] { say("the centre holds \(Self.sentence(line.appended))") }
                trace.note(applied)
                host.deferred.append(.applied(applied))
            }
        }
        if !host.deferred.isEmpty || (turn.appliesOn && !host.toApply.isEmpty) { schedule(host) }
        if try ends(host, .beforePromises) { return }
        for (number, promise) in turn.promises.enumerated() {
            if number == 1, try ends(host, .amongPromises) { return }
            try keep(promise, host)
        }
        if try ends(host, .afterPromises) { return }
        try host.rest()
    }

    /// A turn that took long counts as one tick, however many passed.
    private static func oneTick(_ inputs: [CentreInput]) -> [CentreInput] {
        var hasTicked = false
        return inputs.filter { input in
            guard case .tick = input else { return true }
            defer { hasTicked = true }
            return !hasTicked
        }
    }

    private func leaveForCopy(_ host: CentreHost, _ write: LogWrite) throws {
        say("centre-\(host.id) takes a copy of the leader's store")
        try host.install(write)
        try host.close()
        breakLines { $0.centre === host }
        agenda.add(.startCentre(host), after: chance.next(in: 1_000...500_000))
    }

    /// With peers the node ends: the turn that was not stored may have sent entries. Alone it waits for space.
    private func isFull(
        _ host: CentreHost, _ inputs: [CentreInput], _ before: (role: Centre?, toApply: [Replica.Application])
    ) throws {
        say("centre-\(host.id) has no space")
        guard before.role?.replica.followers.isEmpty == true else {
            return try crash(host, restartAfter: Int(host.fullUntil - agenda.now), losesPower: false)
        }
        host.undo(before)
        host.isWaitingForSpace = true
        breakLines { $0.centre === host }
        try waitForSpace(host, inputs)
    }

    private func waitForSpace(_ host: CentreHost, _ inputs: [CentreInput]) throws {
        for input in inputs {
            switch input {
            case .tick, .received: continue
            case .submit(let ticket, let given):
                let refusal = OwnOutcome.refused(code: "disk-full", reason: "the centre's disk is full")
                try answered(ticket, given.map { _ in refusal }, by: host)
            case .linkUp(let session, _, _): close(session)
            case .read, .change, .transfer: continue
            case .carried(let ticket, _, _, _): try answered(ticket, .notNow, by: host)
            default: host.deferred.append(input)
            }
        }
        guard agenda.now >= host.fullUntil else { return schedule(host) }
        host.isWaitingForSpace = false
        say("centre-\(host.id) has space again")
        schedule(host)
    }

    private func ends(_ host: CentreHost, _ stage: Stage) throws -> Bool {
        guard host.endsAt == stage else { return false }
        say("centre-\(host.id) ends \(stage)")
        try crash(host, restartAfter: chance.next(in: 1_000...3_000_000))
        return true
    }

    /// An entry in the story.
    private static func sentence(_ entry: AppendedEntry) -> String {
        var words = ["entry \(entry.at.index) of \(entry.at.author.number):"]
        switch entry.entry.body {
        case .document(let document): words.append("\(document.document) (\(document.act)) as \(document.number)")
        case .access: words.append("a look")
        case .control: words.append("a start")
        }
        if let origin = entry.entry.origin {
            words.append("moved from \(origin.at.index) of \(origin.at.author.number)")
        }
        return words.joined(separator: " ")
    }

    // MARK: - Territory

    func turn(_ host: TerritoryHost, _ run: Int) throws {
        guard host.run == run, host.isUp else { return }
        guard agenda.now >= host.pausedUntil else {
            return agenda.add(.turnTerritory(host, run: run), after: Int(host.pausedUntil - agenda.now))
        }
        host.hasTurn = false
        turns += 1
        let inputs = host.deferred + host.inbox
        (host.deferred, host.inbox) = ([], [])
        let rows = try host.rows(for: inputs)
        guard let before = host.role, let turn = host.role?.step(inputs, rows: rows, at: moment(host.skew)) else {
            return
        }
        trace.note(host.seat.author, agenda.now, inputs.count, turn)
        if nodeBug == .territoryPromisesBeforeCommit { for promise in turn.promises { try keep(promise, host) } }
        if try ends(host, .beforeDeeds) { return }
        if try ends(host, .beforeCommit) { return }
        if agenda.now < host.fullUntil, !turn.storesNothing { return isFull(host, inputs, before) }
        try downlinks.took(turn, after: before.state.downlink, host)
        try HoldersAlone.took(turn, host, archive)
        try host.shard.numbers.wrote(turn.appended, host.label)
        for line in try host.commit(turn, planted: nodeBug) {
            written.wrote(line)
            say("\(host.label) writes \(Self.sentence(line.appended))")
            try given.wrote(line, by: host)
        }
        for case .entry(let entry, _, _) in turn.taken { say("\(host.label) is sent \(Self.sentence(entry))") }
        for case .setAside(let common, let last) in turn.taken {
            say("\(host.label) sets aside \(common.index + 1) to \(last) of \(common.author.number)")
        }
        if let state = turn.state { try alike.told(state, to: host, archive) }
        if let fence = host.role?.state.fence, !host.isSuspect, host.identity.seat == host.seat {
            throw Violation("no false fence", "\(host.label): \(fence)")
        }
        host.deferred = turn.deferred
        for deed in turn.deeds { try perform(deed, host) }
        if !host.deferred.isEmpty { schedule(host) }
        if try ends(host, .beforePromises) { return }
        if nodeBug != .territoryPromisesBeforeCommit {
            for (number, promise) in turn.promises.enumerated() {
                if number == 1, try ends(host, .amongPromises) { return }
                try keep(promise, host)
            }
        }
        if try ends(host, .afterPromises) { return }
        try host.rest()
        guard let state = turn.state else { return }
        if state.fence != nil, before.state.fence == nil, !state.isCloned { try imaged(host) }
        if state.pass != before.state.pass { try flaps(host) }
    }

    private func isFull(_ host: TerritoryHost, _ inputs: [TerritoryInput], _ before: Territory) {
        say("\(host.label) has no space")
        if nodeBug != .fullTurnNotUndone { host.role = before }
        breakLines { $0.territory === host }
        host.deferred = [.space(false)]
        host.deferred += inputs.filter { input in
            switch input {
            case .received, .stirred, .capped, .logRead, .digestRead, .toldRead: false
            default: true
            }
        }
        schedule(host)
    }

    private func ends(_ host: TerritoryHost, _ stage: Stage) throws -> Bool {
        guard host.endsAt == stage else { return false }
        say("\(host.label) ends \(stage)")
        try crash(host, restartAfter: chance.next(in: 1_000...3_000_000))
        return true
    }
}
