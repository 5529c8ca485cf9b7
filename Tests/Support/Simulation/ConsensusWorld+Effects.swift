import Consensus

/// The shell of a simulated node: carries effects out as the real one must, with delays.
extension ConsensusWorld {
    func carryOut(_ effect: Replica.Effect, of turn: Turn) throws(Violation) {
        let id = turn.id
        switch effect {
        case .persist(let write): try persist(write, of: turn)
        case .send(let message): try send(message, now: turn.now.term)
        case .apply(let application): try apply(application, of: turn)
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

    private func persist(_ write: LogWrite, of turn: Turn) throws(Violation) {
        let id = turn.id
        let leads = turn.before.role == .leader && turn.before == turn.now
        try appendOnly.writes(write, by: id, leadingIn: leads ? turn.before.term : nil)
        let first = write.entries.first
        let before = first.flatMap { nodes[id]?.store.current.mark(at: $0.index.previous) }
        var installed: AppliedState?
        if let head = write.install {
            guard let state = staged[Staged(id: id, mark: head.mark)] else {
                throw Violation("snapshots", "\(id) installs \(head.mark), which nobody sent")
            }
            installed = state
            try equality.has(state, id)
        }
        nodes[id]?.store.perform(.write(write, installed: installed))
        guard let first else { return }
        let known = write.install.map { $0.mark.index == first.index.previous ? $0.mark : nil } ?? before
        try matching.writes(write, after: known, by: id)
    }

    private func apply(_ application: Replica.Application, of turn: Turn) throws(Violation) {
        let id = turn.id
        let rows =
            nodes[id]?.store.current.rows(from: application.first, through: application.last, costLimit: .max) ?? []
        guard application.entries.isEmpty || application.entries == rows else {
            throw Violation("apply", "\(id) hands out entries that are not its rows")
        }
        for entry in rows {
            try history.applies(entry, at: id, in: turn.now.term)
        }
        nodes[id]?.store.perform(.apply(application))
        guard let state = nodes[id]?.store.current.state, let taken = nodes[id]?.taken else { return }
        try equality.has(state, id)
        for write in taken where write.mark.index <= application.last && write.mark.index >= application.first {
            let entry = rows[application.first.distance(to: write.mark.index)]
            if entry.mark == write.mark {
                try oracle.writeIsAcknowledged(write.context, at: entry.index)
            }
        }
        nodes[id]?.taken.removeAll { $0.mark.index <= application.last }
        try answerReads(id)
    }

    private func answerReads(_ id: ReplicaID) throws(Violation) {
        guard let reads = nodes[id]?.reads, !reads.isEmpty, let index = nodes[id]?.store.current.state.index else {
            return
        }
        for read in reads where read.index <= index {
            try oracle.readIsAnswered(read.context, from: index)
        }
        nodes[id]?.reads.removeAll { $0.index <= index }
    }

    // MARK: - Disk

    /// Begins a sync of all that is written, unless one is on its way.
    func sync(_ id: ReplicaID) {
        guard let run = nodes[id]?.run, isUp(id, run), nodes[id]?.isSyncing == false,
            let count = nodes[id]?.store.unsynced.count, count > 0
        else { return }
        nodes[id]?.isSyncing = true
        let delay = chance.next(in: mix.sync) * (nodes[id]?.slowness ?? 1)
        agenda.add(.synced(id, run: run, count: count), after: delay)
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
