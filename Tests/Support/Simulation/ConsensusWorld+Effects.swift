import Consensus

/// The shell of a simulated node: carries effects out as the real one must, with delays.
extension ConsensusWorld {
    func carryOut(_ effect: Replica.Effect, of turn: Turn) throws(Violation) {
        let node = turn.node
        switch effect {
        case .persist(let write): try persist(write, of: turn)
        case .send(let message): try send(message, from: node)
        case .apply(let application): try apply(application, of: turn)
        case .proposed(let context, let first, _):
            node.taken.append(SimulatedNode.Taken(context: context, mark: first))
        case .refused(let context, _): try oracle.isRefused(context)
        case .readReady(let context, let index):
            node.reads.append((context, index))
            try answerReads(node)
        case .drawElectionTicks(let range): drawElectionTicks(range, for: node)
        case .load(let load): self.load(load, for: node)
        case .snapshotNeeded(let to):
            agenda.add(
                .snapshotMade(node, run: node.run, to: to),
                after: chance.next(in: 1_000...(isGentle ? 20_000 : 300_000))
            )
        case .became(let standing):
            // Whoever no longer leads does not know what became of what it took: its clients never hear.
            if standing.role != .leader { node.taken = [] }
        case .membership(let membership):
            let before = membership.isJoint ? " from \(membership.outgoing)" : ""
            say("\(node.id) knows voters \(membership.voters)\(before)")
        case .dropped, .damaged: break
        }
    }

    private func persist(_ write: LogWrite, of turn: Turn) throws(Violation) {
        let node = turn.node
        if node.failsWrite {
            say("\(node.id) cannot write: it ends")
            return try crash(node, restartAfter: chance.next(in: 10_000...3_000_000))
        }
        let leads = turn.before.role == .leader && turn.before == node.standing
        try appendOnly.writes(write, by: node.id, leadingIn: leads ? turn.before.term : nil)
        var installed: AppliedState?
        if let head = write.install {
            guard let state = staged[Staged(id: node.id, mark: head.mark)] else {
                throw Violation("snapshots", "\(node.id) installs \(head.mark), which nobody sent")
            }
            installed = state
            try equality.has(state, node.id)
            say("\(node.id) installs the snapshot at \(head.mark)")
        }
        if let first = write.entries.first {
            let before =
                write.install.flatMap { $0.mark.index == first.index.previous ? $0.mark : nil }
                ?? node.store.current.mark(at: first.index.previous)
            try matching.writes(write, after: before, by: node.id)
        }
        if shellBug == .hardStateApart, !write.entries.isEmpty {
            var rows = write
            rows.hardState = node.store.current.hardState
            var state = write
            (state.install, state.truncateFrom, state.compact, state.entries) = (nil, nil, nil, [])
            try node.store.perform(.write(rows, installed: installed))
            try node.store.perform(.write(state, installed: nil))
        } else {
            try node.store.perform(.write(write, installed: installed))
        }
        if shellBug == .storedBeforeSync { enqueue(.stored(write.token), for: node) }
    }

    private func apply(_ application: Replica.Application, of turn: Turn) throws(Violation) {
        let node = turn.node
        if application.entries.isEmpty, meetsDamage(node, application.first, application.last) { return }
        let rows = node.store.current.rows(from: application.first, through: application.last, costLimit: .max)
        guard application.entries.isEmpty || application.entries.elementsEqual(rows, by: { $0.mark == $1.mark })
        else { throw Violation("apply", "\(node.id) hands out entries that are not its rows") }
        for place in rows.indices {
            if try history.applies(rows[place], at: node.id, in: node.standing.term) {
                try oracle.commits(rows[place])
            }
        }
        if shellBug == .appliedIndexApart {
            try node.store.perform(.applyRows(first: application.first, last: application.last))
            try node.store.perform(.applyIndex(application.last))
        } else {
            try node.store.perform(.apply(first: application.first, last: application.last))
        }
        try equality.has(node.store.current.state, node.id)
        if !node.taken.isEmpty {
            for write in node.taken
            where write.mark.index <= application.last && write.mark.index >= application.first {
                let place = rows.startIndex + application.first.distance(to: write.mark.index)
                if rows[place].mark == write.mark {
                    try oracle.writeIsAcknowledged(write.context, at: write.mark.index)
                }
            }
            node.taken.removeAll { $0.mark.index <= application.last }
        }
        try answerReads(node)
    }

    private func answerReads(_ node: SimulatedNode) throws(Violation) {
        guard !node.reads.isEmpty else { return }
        let index = node.store.current.state.index
        for read in node.reads where read.index <= index {
            try oracle.readIsAnswered(read.context, from: index)
        }
        node.reads.removeAll { $0.index <= index }
    }

    // MARK: - Disk

    /// Rows whose sums do not fit end the node for good: it never serves them.
    private func meetsDamage(_ node: SimulatedNode, _ first: LogIndex, _ last: LogIndex) -> Bool {
        guard node.store.isDamaged(from: first, through: last), shellBug != .damagedRowServed else { return false }
        bury(node, "reads a damaged row")
        return true
    }

    private func load(_ load: Replica.Load, for node: SimulatedNode) {
        var rows = Array(
            node.store.current.rows(from: load.first, through: load.last, costLimit: load.costLimit))
        if let first = rows.first, let last = rows.last, meetsDamage(node, first.index, last.index) { return }
        if shellBug == .damagedRowServed {
            for place in rows.indices where node.store.isDamaged(from: rows[place].index, through: rows[place].index) {
                if case .proposal = rows[place].payload {
                    rows[place].payload = .proposal(RaftEntry.Payload.write(.max))
                }
            }
        }
        enqueue(.loaded(to: load.to, entries: rows), for: node)
    }

    /// Begins a sync of all that is written, unless one is on its way.
    func sync(_ node: SimulatedNode) {
        let count = node.store.unsynced.count
        guard !node.isSyncing, count > 0, node.isUp else { return }
        node.isSyncing = true
        let delay = isGentle ? min(2_000, mix.sync.upperBound) : mix.sync.upperBound
        agenda.add(
            .synced(node, run: node.run, count: count),
            after: (mix.sync.lowerBound + chance.next(below: delay - mix.sync.lowerBound + 1)) * node.slowness)
    }

    func synced(_ node: SimulatedNode, _ run: Int, _ count: Int) throws(Violation) {
        guard node.run == run, node.isUp else { return }
        node.isSyncing = false
        if node.failsSync {
            node.failsSync = false
            guard shellBug == .failedSyncRetried else {
                say("a sync of \(node.id) fails: it ends, and does not try again")
                return try crash(node, restartAfter: chance.next(in: 10_000...3_000_000))
            }
            node.store.isDeaf = true
        }
        if let token = try node.store.sync(count) {
            enqueue(.stored(token), for: node)
        }
        if chance.next(below: 32) == 0 { node.store.backUp() }
        sync(node)
    }

    // MARK: - Lines

    func send(_ message: RaftMessage, from node: SimulatedNode) throws(Violation) {
        try traffic.sends(at: agenda.now)
        try promises.sends(message, durable: node.store.durable, now: node.standing.term)
        if case .appended(let match) = message.body { node.promised = max(node.promised, match) }
        var envelope = Envelope(message: message, sent: agenda.now, state: nil)
        if case .snapshot(let head) = message.body {
            if let copy = node.copies[message.to], copy.head == head { envelope.state = copy.state }
            agenda.add(.snapshotDue(node, run: node.run, to: message.to), after: 3_000_000)
        }
        guard network.carries(from: message.from, to: message.to) else { return }
        if isGentle || mix.lossPerMille == 0 || !chance.chance(perMille: mix.lossPerMille) {
            agenda.add(.arrives(envelope), after: delay(message))
        }
        if !isGentle, mix.duplicatePerMille > 0, chance.chance(perMille: mix.duplicatePerMille) {
            agenda.add(.arrives(envelope), after: delay(message) * chance.next(in: 1...8))
        }
        if replays > 0, chance.next(below: 16) == 0 {
            replays -= 1
            agenda.add(.arrives(envelope), after: chance.next(in: 1_000_000...20_000_000))
        }
    }

    private func delay(_ message: RaftMessage) -> Int {
        isGentle
            ? chance.next(in: 200...min(20_000, mix.delay.upperBound))
            : chance.next(in: mix.delay) + network.lateness(from: message.from, to: message.to)
    }

    func arrives(_ envelope: Envelope) {
        let message = envelope.message
        guard network.carries(from: message.from, to: message.to), let node = node(message.to), node.isUp else {
            return
        }
        if let rollback, envelope.sent < rollback.since { return }
        if case .snapshot(let head) = message.body {
            guard let state = envelope.state else { return }
            staged[Staged(id: message.to, mark: head.mark)] = state
        }
        enqueue(.received(message), for: node)
    }

    // MARK: - Snapshots

    func snapshotMade(_ node: SimulatedNode, _ run: Int, _ to: ReplicaID) {
        guard node.run == run, node.isUp else { return }
        let state = node.store.current.state
        guard let head = node.replica.snapshotHead(at: state.index), isGentle || !chance.chance(perMille: 100) else {
            return enqueue(.snapshotFailed(to: to), for: node)
        }
        node.copies[to] = (head, state)
        enqueue(.snapshotReady(to: to, head), for: node)
    }
}
