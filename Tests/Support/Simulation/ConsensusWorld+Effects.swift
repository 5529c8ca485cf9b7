import Consensus

/// The shell of a simulated node: carries effects out as the real one must, with delays.
extension ConsensusWorld {
    func carryOut(_ effect: Replica.Effect, of replica: Replica, before: Replica.Standing) throws(Violation) {
        let id = replica.id
        switch effect {
        case .persist(let write): try persist(write, of: replica, before: before)
        case .send(let message): try send(message, now: replica.standing.term)
        case .apply(let application): try apply(application, of: replica)
        case .proposed(let context, let first, _):
            nodes[id]?.taken.append(SimulatedNode.Taken(context: context, mark: first))
        case .refused(let context, _): oracle.isRefused(context)
        case .readReady(let context, let index):
            nodes[id]?.reads.append((context, index))
            try answerReads(id)
        case .drawElectionTicks(let range): drawElectionTicks(range, for: id)
        case .load(let load):
            let rows = nodes[id]?.store.current.rows(
                from: load.first, through: load.last, costLimit: load.costLimit)
            enqueue(.loaded(to: load.to, entries: rows ?? []), for: id)
        case .snapshotNeeded(let to):
            agenda.add(.snapshotMade(id, run: nodes[id]?.run ?? 0, to: to), after: chance.next(in: 1_000...300_000))
        case .became(let standing):
            // Whoever no longer leads does not know what became of what it took: its clients never hear.
            if standing.role != .leader { nodes[id]?.taken = [] }
        case .membership, .dropped, .damaged: break
        }
    }

    private func persist(
        _ write: LogWrite, of replica: Replica, before: Replica.Standing
    ) throws(Violation) {
        let id = replica.id
        let leads = before.role == .leader && before == replica.standing
        try appendOnly.writes(write, by: id, leadingIn: leads ? before.term : nil)
        guard let image = nodes[id]?.store.current else { return }
        var installed: AppliedState?
        if let head = write.install {
            guard let state = staged[Staged(id: id, mark: head.mark)] else {
                throw Violation("snapshots", "\(id) installs \(head.mark), which nobody sent")
            }
            installed = state
            try equality.has(state, id)
        }
        nodes[id]?.store.perform(.write(write, installed: installed))
        guard let first = write.entries.first else { return }
        let previous = first.index.previous
        let known: Mark? =
            if let head = write.install { head.mark.index == previous ? head.mark : nil } else {
                image.mark(at: previous)
            }
        try matching.writes(write, after: known, by: id)
    }

    private func apply(_ application: Replica.Application, of replica: Replica) throws(Violation) {
        let id = replica.id
        guard var node = nodes[id] else { return }
        let rows = node.store.current.rows(from: application.first, through: application.last, costLimit: .max)
        guard application.entries.isEmpty || application.entries == rows else {
            throw Violation("apply", "\(id) hands out entries that are not its rows")
        }
        for entry in rows {
            try history.applies(entry, at: id, in: replica.standing.term)
        }
        nodes[id] = nil
        node.store.perform(.apply(application))
        nodes[id] = node
        try equality.has(node.store.current.state, id)
        for taken in node.taken where taken.mark.index <= application.last && taken.mark.index >= application.first {
            let entry = rows[application.first.distance(to: taken.mark.index)]
            if entry.mark == taken.mark {
                try oracle.writeIsAcknowledged(taken.context, at: entry.index)
            }
        }
        nodes[id]?.taken.removeAll { $0.mark.index <= application.last }
        try answerReads(id)
    }

    private func answerReads(_ id: ReplicaID) throws(Violation) {
        guard let node = nodes[id], !node.reads.isEmpty else { return }
        let index = node.store.current.state.index
        for read in node.reads where read.index <= index {
            try oracle.readIsAnswered(read.context, from: index)
        }
        nodes[id]?.reads.removeAll { $0.index <= index }
    }

    // MARK: - Disk

    /// Begins a sync of all that is written, unless one is on its way.
    func sync(_ id: ReplicaID) {
        guard let node = nodes[id], node.replica != nil, !node.isSyncing, !node.store.unsynced.isEmpty else { return }
        nodes[id]?.isSyncing = true
        let delay = chance.next(in: mix.sync) * node.slowness
        agenda.add(.synced(id, run: node.run, count: node.store.unsynced.count), after: delay)
    }

    func synced(_ id: ReplicaID, _ run: Int, _ count: Int) {
        guard isUp(id, run) else { return }
        nodes[id]?.isSyncing = false
        if let token = nodes[id]?.store.sync(count) {
            enqueue(.stored(token), for: id)
        }
        sync(id)
    }

    // MARK: - Lines

    func send(_ message: RaftMessage, now: Term) throws(Violation) {
        guard let sender = nodes[message.from] else { return }
        try promises.sends(message, durable: sender.store.durable, now: now)
        let state = sender.copies[message.to].flatMap { copy in
            message.body == .snapshot(copy.head) ? copy.state : nil
        }
        if case .snapshot = message.body {
            agenda.add(.snapshotDue(message.from, run: sender.run, to: message.to), after: 3_000_000)
        }
        let envelope = Envelope(message: message, state: state)
        guard network.carries(from: message.from, to: message.to) else { return }
        if isHealing || !chance.chance(perMille: mix.lossPerMille) {
            agenda.add(.arrives(envelope), after: delay())
        }
        if !isHealing, chance.chance(perMille: mix.duplicatePerMille) {
            agenda.add(.arrives(envelope), after: delay() * chance.next(in: 1...8))
        }
    }

    private func delay() -> Int {
        isHealing ? chance.next(in: 200...min(20_000, mix.delay.upperBound)) : chance.next(in: mix.delay)
    }

    func arrives(_ envelope: Envelope) {
        let message = envelope.message
        guard network.carries(from: message.from, to: message.to), nodes[message.to]?.replica != nil else { return }
        if case .snapshot(let head) = message.body {
            staged[Staged(id: message.to, mark: head.mark)] = envelope.state
        }
        enqueue(.received(message), for: message.to)
    }

    // MARK: - Snapshots

    func snapshotMade(_ id: ReplicaID, _ run: Int, _ to: ReplicaID) {
        guard isUp(id, run), let node = nodes[id], let replica = node.replica else { return }
        let state = node.store.current.state
        guard let head = replica.snapshotHead(at: state.index), isHealing || !chance.chance(perMille: 100) else {
            return enqueue(.snapshotFailed(to: to), for: id)
        }
        nodes[id]?.copies[to] = (head, state)
        enqueue(.snapshotReady(to: to, head), for: id)
    }

    /// A copy that has not been acknowledged in its time counts as lost.
    func snapshotDue(_ id: ReplicaID, _ run: Int, _ to: ReplicaID) {
        guard isUp(id, run) else { return }
        enqueue(.snapshotFailed(to: to), for: id)
    }
}

extension SimulatedStore.Image {
    func mark(at index: LogIndex) -> Mark? {
        if index == base.mark.index { return base.mark }
        guard index > base.mark.index, index <= last else { return nil }
        return entries[base.mark.index.next.distance(to: index)].mark
    }
}

/// Names a snapshot's data that have arrived whole.
struct Staged: Hashable {
    var id: ReplicaID
    var mark: Mark
}
