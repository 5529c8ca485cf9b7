import Consensus
import Dispatch
import Foundation
import Logging
import Records
import Roles
import Storage
import Synchronization
import Uplink
import Vault

/// A centre's node: interprets what `Roles.Centre` decides with a real disk, real lines and real time.
///
/// One turn after another on one thread that may block. A turn stores the Raft log's writes and what the committed
/// entries came to in one transaction; then its promises leave, and its acknowledgements are the next turn's input.
actor CentreNode: TurnTaking {
    nonisolated let executor = TurnExecutor(label: "esep.centre.turns")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// The name of the authority's key in the keyring.
    static let authorityKeyName = "authority"
    /// The most inputs one turn takes. The role bounds the bytes it proposes.
    static let inputsPerTurn = 512

    nonisolated let mailbox = Mailbox<CentreInput>()
    nonisolated let store: CentreStore
    nonisolated let lines = Lines()
    nonisolated let acts = Replies<[OwnOutcome]>()
    /// Nil once the look is on a quorum, else why it is not.
    nonisolated let looks = Replies<OwnOutcome?>(first: CentreNode.firstLook)
    static let firstLook: UInt64 = 1 << 60
    nonisolated let reads = Replies<LogIndex?>(first: 1 << 63)
    nonisolated let changes = Replies<GroupOutcome>(first: 1 << 62)
    nonisolated let carried = Replies<CarriedOutcome>(first: 1 << 61)

    /// Territories' questions to the nation, for the tasks that answer them. Beyond the limit they are dropped, and the
    /// territory that asked gives up in its own time.
    nonisolated let asked: AsyncStream<Asked>
    private let ask: AsyncStream<Asked>.Continuation
    static let questionsWaiting = 1_024

    private nonisolated let saying = Mutex(Said())
    nonisolated var said: Said { saying.withLock { $0 } }

    /// True once this replica leads and its start stands in the log; false where the node closes before.
    nonisolated let opened = Reply<Bool>()

    private let lane: PreparationLane
    /// Reads that a turn asked for and the next ones wait for, one after another: no turn stands still meanwhile.
    private let reading = DispatchQueue(label: "esep.centre.reads", qos: .userInitiated)
    private let directory: String
    private let clock = SystemClock()
    private let logger: Logger
    /// Called with what must end the process: a sync that failed, a damaged file.
    private let onFatal: @Sendable (String) -> Void
    /// What the rest of the node does when the group wants it.
    private let duties: CentreDuties
    /// Committed entries that are not applied yet. A turn takes a bounded part of them.
    private var toApply: [Replica.Application] = []
    /// Whether the next turn goes on with them though nothing comes.
    private var appliesOn = true
    private var role: Centre
    private var deferred: [CentreInput] = []
    private var isHalted = false
    private var idleness = Idleness()

    init(
        role: Centre, store: CentreStore, preparer: CentrePreparer, directory: String, duties: CentreDuties,
        logger: Logger, onFatal: @escaping @Sendable (String) -> Void
    ) {
        self.role = role
        self.store = store
        lane = PreparationLane(preparer)
        self.directory = directory
        self.duties = duties
        self.logger = logger
        (asked, ask) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.questionsWaiting))
        self.onFatal = onFatal
    }

    /// Hands acts of the centre to the next turn; the reply comes when they are committed and applied.
    nonisolated func act(_ acts: [OwnAct]) -> Reply<[OwnOutcome]> {
        let (ticket, reply) = self.acts.open()
        give(.submit(Ticket(ticket), acts))
        return reply
    }

    /// Commits who looks at what was read already; the reply is nil once it is on a quorum, else why it is not.
    nonisolated func look(_ access: AccessEntry) -> Reply<OwnOutcome?> {
        let (ticket, reply) = looks.open()
        give(.submit(Ticket(ticket), [.look(access)]))
        return reply
    }

    /// Whether a question that names nobody may be answered now, from at least this index.
    nonisolated func readable() async -> LogIndex? {
        let (ticket, reply) = reads.open()
        give(.read(Ticket(ticket)))
        return await reply.value()
    }

    /// Changes the group, or hands the lead over; the reply comes when it is committed and applied, or refused.
    nonisolated func change(_ input: (Ticket) -> CentreInput) -> Reply<GroupOutcome> {
        let (ticket, reply) = changes.open()
        give(input(Ticket(ticket)))
        return reply
    }

    /// The head of the log at an applied index; nil where the log does not reach back to it.
    func head(at index: LogIndex) -> SnapshotHead? { role.replica.snapshotHead(at: index) }

    /// Ends after the turns that wait.
    func close() throws(StorageError) {
        drainTurns()
        isHalted = true
        closeReplies()
        try store.index.close()
        try store.close()
    }

    private func closeReplies() {
        acts.close([])
        looks.close(.refused(code: OwnOutcome.stopping, reason: "the node stops"))
        reads.close(nil)
        changes.close(.indefinite)
        carried.close(.notNow)
        opened.give(false)
    }

    // MARK: Turns

    func takeTurn() -> Bool {
        guard !isHalted else { return false }
        if isFull { return serveWithoutSpace() }
        let inputs = deferred + mailbox.take(atMost: Self.inputsPerTurn, isLast: deferred.isEmpty)
        if inputs.isEmpty, toApply.isEmpty || !appliesOn {
            rest()
            return false
        }
        deferred = []
        turn(inputs)
        return true
    }

    private func turn(_ inputs: [CentreInput]) {
        let before = wayBack
        let toApplyBefore = toApply
        // A turn that took long counts as one tick, however many passed: this node was deaf meanwhile, and the others
        // are not silent for that.
        var hasTicked = false
        let inputs = inputs.filter { input in
            defer { if input.isTick { hasTicked = true } }
            return !input.isTick || !hasTicked
        }
        do {
            let turn = role.step(inputs, moment: clock.moment)
            if let install = turn.persist.last(where: { $0.install != nil }) { return leaveForCopy(install) }
            toApply += turn.apply
            appliesOn = turn.appliesOn
            for deed in turn.deeds { perform(deed) }
            let apply = try nextSlice(upTo: turn.applyBytes)
            // Acts of the centre are short, and who asks much would have each applied by a turn of its own.
            let isBacklog = apply.contains(where: \.isBatch)
            if !turn.storesNothing || !apply.isEmpty {
                idleness = Idleness()
                let applied = try store.commit(
                    persist: turn.persist, seats: turn.seats, apply: apply, synced: turn.isDurable
                ) { [mailbox] in
                    isBacklog && mailbox.contains(where: \.isAsked)
                }
                deferred = turn.persist.map { .stored($0.token) }
                if let last = applied.entries.last {
                    deferred.append(.applied(applied))
                    forget(through: last.mark.index)
                    lane.release(through: last.mark.index)
                    try plant(applied)
                }
            }
            for promise in turn.promises { keep(promise) }
            say()
        } catch {
            toApply = toApplyBefore
            return fail(error, inputs: inputs, before: before)
        }
        guard store.wantsRest else { return }
        // Whoever asks waits for this turn's end, or for the next, which tells him that what he asked is stored.
        let isWaitedFor = inputs.contains(where: \.isAsked) || mailbox.contains(where: \.isAsked)
        if !isWaitedFor || store.mustRest { shorten { () throws(StorageError) in try store.rest() } }
    }

    /// What a turn that finds the disk full goes back to. Whoever leads others may have sent entries of it already: the
    /// same place of the log must not be filled anew in the same term. It has no way back, and without this copy its
    /// turns change the role where it lies.
    private var wayBack: Centre? { role.replica.followers.isEmpty ? role : nil }

    private func say() {
        saying.withLock { said in
            said.contacts = role.contacts
            said.openTerm = role.openTerm
            said.followers = role.replica.followers
            said.caughtUp = Set(said.followers.map(\.id).filter(role.isCaughtUp))
            said.last = role.replica.lastMark.index
            said.applied = role.applied
        }
    }

    /// The next committed entries with what was prepared for them, so many as this turn takes: the first is waited for,
    /// more only as they are ready. A part ends with the seating of a territory: its keys must be in hand before
    /// anything that is sealed under them is prepared.
    private func nextSlice(upTo limit: Int) throws(StorageError) -> [CentreStore.Application] {
        guard limit > 0, let first = toApply.first else { return [] }
        var slice: [CentreStore.Application] = []
        var bytes = 0
        for next in toApply {
            let entries =
                next.entries.isEmpty
                ? try store.raftEntries(from: next.first, through: next.last, costLimit: max(0, limit - bytes))
                : next.entries
            for entry in entries {
                if !slice.isEmpty, bytes + entry.cost > limit { return slice }
                bytes += entry.cost
                guard case .proposal(let payload) = entry.payload else {
                    slice.append(.nothing(entry.mark))
                    continue
                }
                if !slice.isEmpty, !lane.isReady(entry.mark) { return slice }
                let batch = lane.batch(entry.mark, payload)
                slice.append(.proposal(entry.mark, batch))
                if batch.isSeating { return slice }
            }
            guard entries.last?.index == next.last else { break }
        }
        guard !slice.isEmpty else {
            throw .damaged(file: directory, what: "entries \(first.first) to \(first.last) of the Raft log are missing")
        }
        return slice
    }

    /// They are applied.
    private func forget(through index: LogIndex) {
        toApply.removeAll { $0.last <= index }
        guard let next = toApply.first, next.first <= index else { return }
        toApply[0] = Replica.Application(
            first: index.next, last: next.last, entries: Array(next.entries.drop { $0.index <= index }))
    }

    /// Authors that were just seated: their key trees are planted before anything of theirs is read.
    private func plant(_ applied: CentreApplied) throws(StorageError) {
        for entry in applied.entries {
            guard case .own(let outcomes) = entry.result else { continue }
            for case .seated(_, let author, _) in outcomes { try duties.plant(author) }
        }
    }

    /// The log begins anew after a copy of the leader's store, which lies here whole: the node closes its store and
    /// lets the copy take its place. Nothing of this turn is stored but what the write itself holds.
    private func leaveForCopy(_ write: LogWrite) {
        isHalted = true
        logger.notice("a copy of the leader's store takes this one's place")
        closeReplies()
        duties.install(write)
    }

    /// A turn that is committed stays so whatever becomes of this: a failure here takes nothing back, and on a full
    /// disk the write-ahead log keeps what it holds until the next attempt.
    private func shorten(_ log: () throws(StorageError) -> Void) {
        do throws(StorageError) {
            try log()
        } catch .full(let file) {
            logger.warning("no space to checkpoint", metadata: ["file": "\(file)"])
        } catch {
            halt(error)
        }
    }

    private func rest() {
        if idleness.isLong, store.mayRest { shorten { () throws(StorageError) in try store.checkpoint() } }
    }

    private func halt(_ error: StorageError) {
        // A read beside the turns that ends after the node has closed its files is no failure.
        guard !isHalted else { return }
        isHalted = true
        logger.critical("\(error)")
        closeReplies()
        onFatal("\(error)")
    }

    private func fail(_ error: any Error, inputs: [CentreInput], before: Centre?) {
        guard let error = error as? StorageError else {
            preconditionFailure("a turn failed with an error that no layer names: \(error)")
        }
        guard case .full(let file) = error else { return halt(error) }
        guard !isFull, !isHalted else { return }
        // The others go on; this node comes back with its log when there is space.
        guard let before else { return halt(error) }
        logger.error("no space left: nothing is taken until there is", metadata: ["file": "\(file)"])
        role = before
        isFull = true
        saying.withLock { $0.isWaitingForSpace = true }
        deferred = inputs.filter(keepForSpace)
        lines.closeAll(reason: Self.fullDisk)
        Task { await self.waitForSpace() }
    }

    // MARK: Without space

    private static let fullDisk = "the centre's disk is full"
    private var isFull = false

    private func waitForSpace() async {
        while !isHalted, !DiskSpace.isEnough(at: directory) {
            do {
                try await Task.sleep(for: .seconds(1))
            } catch {
                return
            }
        }
        logger.notice("the disk has space again")
        isFull = false
        saying.withLock { $0.isWaitingForSpace = false }
        runTurns()
    }

    /// A full disk stops what must be stored, not the centre: reads are answered, acts are refused, lines are closed
    /// (territories send again), and what the failed turn was about waits for the space.
    private func serveWithoutSpace() -> Bool {
        let inputs = mailbox.take(atMost: Self.inputsPerTurn)
        deferred += inputs.filter(keepForSpace)
        return !inputs.isEmpty
    }

    /// Whether an input waits for space; what need not wait is dealt with here.
    private func keepForSpace(_ input: CentreInput) -> Bool {
        switch input {
        case .tick, .received, .stirred: return false
        case .submit(let ticket, let given):
            let refusal = OwnOutcome.refused(code: OwnOutcome.diskFull, reason: Self.fullDisk)
            answer(ticket, given.map { _ in refusal })
            return false
        case .linkUp(let session, _, _):
            lines.close(session, reason: Self.fullDisk)
            return false
        case .read(let ticket):
            // Alone in its group the leader vouches for itself, and of what is committed and not applied yet nobody has
            // been told. A follower cannot ask anyone without a turn.
            let isAlone = role.isLeader && role.replica.followers.isEmpty
            reads.give(ticket.number, isAlone ? role.applied : nil)
            return false
        case .change(let ticket, _), .transfer(let ticket, _):
            changes.give(ticket.number, .refused(.busy))
            return false
        case .carried(let ticket, _, _, _):
            carried.give(ticket.number, .notNow)
            return false
        case .linkDown, .peer, .electionTicks, .stored, .applied, .loaded, .downlinkRead, .digestRead, .unreachable,
            .snapshotReady, .snapshotFailed, .holdLog, .reseated, .reseatRefused, .formerRead:
            return true
        }
    }

    // MARK: Deeds and promises, one line each: what to do was decided in `Roles`

    private func perform(_ deed: CentreDeed) {
        switch deed {
        case .sendPeer(let message): duties.send(message)
        case .loadLog(let load):
            readBeside { store throws(StorageError) in
                let entries = try store.raftEntries(from: load.first, through: load.last, costLimit: load.costLimit)
                return .loaded(to: load.to, entries: entries)
            }
        case .snapshotNeeded(let replica): duties.copyNeeded(replica)
        case .refusedPeer(let replica, let reason): duties.refused(replica, reason)
        case .readDownlink(let session, let territory, let first, let maximumBytes):
            readBeside { store throws(StorageError) in
                let items = try store.downlink(of: territory, from: first, maximumBytes: maximumBytes)
                return .downlinkRead(session, first: first, items: items)
            }
        case .readDigest(let session, let author, let index):
            readBeside { store throws(StorageError) in
                .digestRead(session, author: author, index: index, digest: try store.digest(of: author, at: index))
            }
        case .committed(let ticket): looks.give(ticket.number, nil)
        case .drawElectionTicks(let range): give(.electionTicks(Int.random(in: range)))
        case .send(let session, let message): lines.send(message, to: session)
        case .prepare(let mark, let payload): lane.begin(mark, payload)
        case .reseat(let session, let peer, let reseat): duties.reseat(session, peer, reseat)
        case .readFormer(let session, let ask):
            readBeside { store throws(StorageError) in .formerRead(session, try store.former(ask)) }
        case .question(let session, let peer, let number, let bytes):
            ask.yield(Asked(session: session, peer: peer, number: number, bytes: bytes))
        case .close(let session, let reason): lines.close(session, reason: reason)
        case .became(let standing):
            saying.withLock { $0.standing = standing }
            duties.became(standing)
        case .membership(let membership): saying.withLock { $0.membership = membership }
        case .damaged(let damage):
            isHalted = true
            onFatal("the Raft log is damaged: \(damage)")
        }
    }

    private func keep(_ promise: CentrePromise) {
        switch promise {
        case .answer(let ticket, let outcomes): answer(ticket, outcomes)
        case .readable(let ticket, let index): reads.give(ticket.number, index)
        case .opened:
            duties.opened()
            opened.give(true)
        case .changed(let ticket, let outcome): changes.give(ticket.number, outcome)
        case .carried(let ticket, let outcome): carried.give(ticket.number, outcome)
        case .send(let session, let message): lines.send(message, to: session)
        }
    }

    private func answer(_ ticket: Ticket, _ outcomes: [OwnOutcome]) {
        guard ticket.number >= Self.firstLook else { return acts.give(ticket.number, outcomes) }
        looks.give(ticket.number, outcomes.first { if case .recorded = $0 { false } else { true } })
    }

    private func readBeside(
        _ read: @escaping @Sendable (CentreStore) throws(StorageError) -> CentreInput
    ) {
        reading.async { [self, store] in
            do throws(StorageError) {
                give(try read(store))
            } catch {
                executor.run { self.assumeIsolated { $0.fail(error, inputs: [], before: $0.wayBack) } }
            }
        }
    }
}
