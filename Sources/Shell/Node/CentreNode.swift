import Consensus
import Foundation
import Logging
import Records
import Roles
import Storage
import Uplink
import Vault

/// A centre's node: interprets what `Roles.Centre` decides with a real disk, real lines and real time.
///
/// One turn after another on one thread that may block. A turn stores the Raft log's writes and what the committed
/// entries came to in one transaction; then its promises leave, and its acknowledgements are the next turn's input.
actor CentreNode {
    nonisolated let executor = TurnExecutor(label: "esep.centre.turns")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// The name of the authority's key in the keyring.
    static let authorityKeyName = "authority"
    /// The most inputs one turn takes. The role bounds the bytes it proposes.
    static let inputsPerTurn = 512
    static let turnsPerCheckpoint = 8

    nonisolated let mailbox = Mailbox<CentreInput>()
    nonisolated let store: CentreStore
    nonisolated let lines = Lines()
    nonisolated let acts = Replies<[OwnOutcome]>()
    nonisolated let reads = Replies<LogIndex?>(first: 1 << 63)

    /// Territories' questions to the nation, for the tasks that answer them. Beyond the limit they are dropped, and the
    /// territory that asked gives up in its own time.
    nonisolated let asked: AsyncStream<Asked>
    private let ask: AsyncStream<Asked>.Continuation
    static let questionsWaiting = 1_024

    struct Asked: Sendable {
        var session: Session
        var peer: CentrePeer
        var number: UInt64
        var bytes: [UInt8]
    }

    private let lane: PreparationLane
    private let directory: String
    private let clock = SystemClock()
    private let logger: Logger
    /// Called with what must end the process: a sync that failed, a damaged file.
    private let onFatal: @Sendable (String) -> Void
    private var role: Centre
    private var deferred: [CentreInput] = []
    private var isHalted = false
    private var turnsSinceCheckpoint = 0
    /// The last turn had nothing but the clock in it. A checkpoint costs two syncs and the next commit a third, so one
    /// document at a time must not be followed by a checkpoint each.
    private var isQuiet = false

    init(
        role: Centre, store: CentreStore, preparer: CentrePreparer, directory: String, logger: Logger,
        onFatal: @escaping @Sendable (String) -> Void
    ) {
        self.role = role
        self.store = store
        lane = PreparationLane(preparer)
        self.directory = directory
        self.logger = logger
        (asked, ask) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.questionsWaiting))
        self.onFatal = onFatal
    }

    /// Hands an input to the next turn.
    nonisolated func give(_ input: CentreInput) {
        if mailbox.put(input) { Task { await self.runTurns() } }
    }

    /// Hands acts of the centre to the next turn; the reply comes when they are committed and applied.
    nonisolated func act(_ acts: [OwnAct]) -> Reply<[OwnOutcome]> {
        let (ticket, reply) = self.acts.open()
        give(.submit(Ticket(ticket), acts))
        return reply
    }

    /// Whether a question that names nobody may be answered now, from at least this index.
    nonisolated func readable() async -> LogIndex? {
        let (ticket, reply) = reads.open()
        give(.read(Ticket(ticket)))
        return await reply.value()
    }

    /// Ends after the turns that wait.
    func close() throws(StorageError) {
        runTurns()
        isHalted = true
        closeReplies()
        try store.index.close()
        try store.close()
    }

    private func closeReplies() {
        acts.close([])
        reads.close(nil)
    }

    /// What the role has heard of a territory since this node started.
    func contact(_ author: AuthorNumber) -> CentreContact? { role.contacts[author] }

    // MARK: Turns

    private func runTurns() {
        while !isHalted {
            let inputs = deferred + mailbox.take(atMost: Self.inputsPerTurn)
            if inputs.isEmpty {
                rest()
                return
            }
            deferred = []
            turn(inputs)
        }
    }

    private func turn(_ inputs: [CentreInput]) {
        let before = role
        do {
            let turn = role.step(inputs, moment: clock.moment)
            let apply = try turn.apply.flatMap(applications)
            for deed in turn.deeds { perform(deed) }
            if !turn.storesNothing {
                let applied = try store.commit(
                    persist: turn.persist, seats: turn.seats, apply: apply, synced: turn.isDurable)
                deferred = turn.persist.map { .stored($0.token) }
                if !apply.isEmpty { deferred.append(.applied(applied)) }
            }
            for promise in turn.promises { keep(promise) }
            if !turn.storesNothing { turnsSinceCheckpoint += 1 }
            isQuiet = inputs.allSatisfy(\.isTick)
        } catch {
            return fail(error, inputs: inputs, before: before)
        }
        if turnsSinceCheckpoint >= Self.turnsPerCheckpoint { checkpoint() }
    }

    /// Committed entries with what was prepared for them. Waits for preparation where it has not ended.
    private func applications(_ application: Replica.Application) throws(StorageError) -> [CentreStore.Application] {
        let entries =
            application.entries.isEmpty
            ? try store.raftEntries(from: application.first, through: application.last) : application.entries
        return entries.map { entry in
            guard case .proposal(let payload) = entry.payload else { return .nothing(entry.mark) }
            return .proposal(entry.mark, lane.take(entry.mark, payload))
        }
    }

    /// A turn that is committed stays so whatever becomes of this: a failure here takes nothing back, and on a full
    /// disk the write-ahead log keeps what it holds until the next attempt.
    private func checkpoint() {
        turnsSinceCheckpoint = 0
        do {
            try store.restBetweenTurns()
        } catch .full(let file) {
            logger.warning("no space to checkpoint", metadata: ["file": "\(file)"])
        } catch {
            halt(error)
        }
    }

    private func rest() {
        if isQuiet, turnsSinceCheckpoint > 0 { checkpoint() }
    }

    private func halt(_ error: StorageError) {
        // A read beside the turns that ends after the node has closed its files is no failure.
        guard !isHalted else { return }
        isHalted = true
        logger.critical("\(error)")
        closeReplies()
        onFatal("\(error)")
    }

    /// A full disk stops the centre's turns, not the centre: reads go on, lines are closed (territories send again),
    /// and the same inputs are tried when there is space.
    private func fail(_ error: any Error, inputs: [CentreInput], before: Centre) {
        guard let error = error as? StorageError else {
            preconditionFailure("a turn failed with an error that no layer names: \(error)")
        }
        guard case .full(let file) = error else { return halt(error) }
        isHalted = true
        isWaitingForSpace = true
        logger.error("no space left: nothing is taken until there is", metadata: ["file": "\(file)"])
        role = before
        deferred = inputs
        lines.closeAll(reason: "the centre's disk is full")
        Task { await self.waitForSpace() }
    }

    private func waitForSpace() async {
        while !DiskSpace.isEnough(at: directory) {
            do {
                try await Task.sleep(for: .seconds(1))
            } catch {
                return
            }
        }
        logger.notice("the disk has space again")
        isHalted = false
        isWaitingForSpace = false
        runTurns()
    }

    private(set) var isWaitingForSpace = false
    /// Who leads and which term, as the role last said.
    private(set) var standing: Replica.Standing?
    private(set) var membership: Membership?

    // MARK: Deeds and promises, one line each: what to do was decided in `Roles`

    private func perform(_ deed: CentreDeed) {
        switch deed {
        case .sendPeer, .loadLog, .snapshotNeeded:
            // One voter has no peers; with more, these go over the peers' own connections.
            logger.error("a message for another voter, and there is none")
        case .readDownlink(let session, let territory, let first, let maximumBytes):
            readBeside { store throws(StorageError) in
                let items = try store.downlink(of: territory, from: first, maximumBytes: maximumBytes)
                return .downlinkRead(session, first: first, items: items)
            }
        case .readDigest(let session, let author, let index):
            readBeside { store throws(StorageError) in
                .digestRead(session, author: author, index: index, digest: try store.digest(of: author, at: index))
            }
        case .drawElectionTicks(let range): give(.electionTicks(Int.random(in: range)))
        case .send(let session, let message): lines.send(message, to: session)
        case .prepare(let mark, let payload): lane.begin(mark, payload)
        case .question(let session, let peer, let number, let bytes):
            ask.yield(Asked(session: session, peer: peer, number: number, bytes: bytes))
        case .close(let session, let reason): lines.close(session, reason: reason)
        case .became(let standing): self.standing = standing
        case .membership(let membership): self.membership = membership
        case .damaged(let damage):
            isHalted = true
            onFatal("the Raft log is damaged: \(damage)")
        }
    }

    private func keep(_ promise: CentrePromise) {
        switch promise {
        case .answer(let ticket, let outcomes): acts.give(ticket.number, outcomes)
        case .readable(let ticket, let index): reads.give(ticket.number, index)
        case .send(let session, let message): lines.send(message, to: session)
        }
    }

    private func readBeside(
        _ read: @escaping @Sendable (CentreStore) throws(StorageError) -> CentreInput
    ) {
        let store = store
        Task {
            do throws(StorageError) {
                self.give(try read(store))
            } catch {
                self.fail(error, inputs: [], before: self.role)
            }
        }
    }
}

extension CentreInput {
    fileprivate var isTick: Bool {
        if case .tick = self { true } else { false }
    }
}
