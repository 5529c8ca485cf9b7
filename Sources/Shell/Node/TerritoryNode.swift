import Law
import Logging
import Records
import Roles
import Storage
import Uplink
import Vault

/// A territory's node: interprets what `Roles.Territory` decides with a real disk, a real line and real time.
///
/// One turn after another on one thread that may block: take all inputs that wait, let the role decide, commit once,
/// let the promises out. Nothing about the protocol is decided here.
actor TerritoryNode: TurnTaking {
    nonisolated let executor = TurnExecutor(label: "esep.territory.turns")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    nonisolated let mailbox = Mailbox<TerritoryInput>()
    nonisolated let seat: TerritorySeat
    nonisolated let store: TerritoryStore
    nonisolated let index: NodeIndex
    nonisolated let keyring: Keyring
    nonisolated let directory: String
    nonisolated let opener: BlockOpener
    nonisolated let law: LawInForce
    nonisolated let lines = Lines()
    nonisolated let submissions = Replies<[SubmitOutcome]>()
    nonisolated let recordings = Replies<Result<LogAddress, NodeError>>(first: Ticket.firstAccess)
    nonisolated let questions = Replies<[UInt8]?>()
    /// What became of receipts that were carried here: nil inside where it is stored, else why not; nil: no turn came.
    nonisolated let receipts = Replies<String??>(first: 1 << 62)
    /// Reached once it is decided whether this node gives numbers, or when it ends before.
    nonisolated let settled = Milestone()
    /// Requests to dial, each a pause in milliseconds: the link's task reads them.
    nonisolated let dialing: AsyncStream<UInt64>

    private let dial: AsyncStream<UInt64>.Continuation
    private let clock = SystemClock()
    private let logger: Logger
    private let moving: Moving
    private let reseating: TerritoryReseating
    /// Called with what must end the process: a sync that failed, a damaged file.
    private let onFatal: @Sendable (String) -> Void
    private var role: Territory
    private var deferred: [TerritoryInput] = []
    private var isHalted = false
    private var idleness = Idleness()

    /// The most inputs one turn takes; the role's own limits keep its transaction near two megabytes.
    static let inputsPerTurn = 512

    init(
        role: Territory, store: TerritoryStore, index: NodeIndex, keyring: Keyring, opener: BlockOpener,
        law: LawInForce, moving: Moving, reseating: TerritoryReseating, directory: String, logger: Logger,
        onFatal: @escaping @Sendable (String) -> Void
    ) {
        self.moving = moving
        self.reseating = reseating
        self.role = role
        seat = role.seat
        self.store = store
        self.index = index
        self.keyring = keyring
        self.opener = opener
        self.law = law
        self.directory = directory
        self.logger = logger
        self.onFatal = onFatal
        (dialing, dial) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// What the role knows of itself.
    var standing: (state: TerritoryState, unavailability: Unavailability?, clockOffset: Int64?, footing: Footing) {
        (role.state, role.unavailability, role.clockOffset, role.footing)
    }

    /// The logs of this territory's former seats.
    nonisolated var formers: [FormerProgress] { store.recovered.formers }

    /// Ends after the turns that wait: what has not been stored is answered so.
    func close() throws(StorageError) {
        drainTurns()
        isHalted = true
        closeReplies()
        try index.close()
        try store.close()
        try keyring.close()
    }

    private func closeReplies() {
        submissions.close([])
        recordings.close(.failure(.stopping))
        questions.close(nil)
        receipts.close(nil)
        settled.reach()
    }

    // MARK: Turns

    func takeTurn() -> Bool {
        guard !isHalted else { return false }
        let inputs = deferred + mailbox.take(atMost: Self.inputsPerTurn, isLast: deferred.isEmpty)
        if inputs.isEmpty {
            rest()
            return false
        }
        deferred = []
        turn(inputs)
        return true
    }

    private func turn(_ inputs: [TerritoryInput]) {
        // The role is a value: when the disk is full, it goes back to what it knew before the turn.
        let before = role
        do {
            let documents = try index.known(role.reads(for: inputs))
            let rows = TerritoryRows(
                documents: documents,
                local: try role.formerReads(for: inputs).map { wanted throws(StorageError) in
                    try store.entries(from: wanted.first, count: wanted.count)
                } ?? [],
                setAside: role.mayKnowSetAside ? try store.setAside(among: documents) : [])
            let turn = role.step(inputs, rows: rows, at: clock.moment)
            try keepKeys(of: turn)
            if !turn.storesNothing {
                idleness = Idleness()
                try store.commit(turn)
                try index.insert(turn.appended)
                try index.insert(turn.foreign)
                try index.insert(turn.former)
                try putInForce(turn)
            }
            deferred = turn.deferred
            for remark in turn.remarks { logger.notice("\(remark)") }
            for deed in turn.deeds { carryOut { () throws(StorageError) in try perform(deed) } }
            for promise in turn.promises { carryOut { () throws(StorageError) in try keep(promise) } }
        } catch {
            return fail(error, inputs: inputs, before: before)
        }
        if store.wantsRest { shorten { () throws(StorageError) in try store.rest() } }
    }

    /// What the nation decided holds here from now on. Should the process end before the mark is set, it is proved
    /// again at the next start.
    private func putInForce(_ turn: TerritoryTurn) throws(StorageError) {
        for case .decision(let at, _, let decision) in turn.taken {
            let refusal = law.refusal(of: decision)
            try store.mark(at, refused: refusal.map { "\($0)" })
            opener.learn(law.catalogue)
            if let refusal {
                logger.error("decision \(at.index) of the centre has no effect here: \(refusal)")
            } else {
                logger.notice("in force: \(decision.matter.action), act \(decision.act.number)")
            }
        }
    }

    /// Granted keys are durable in the keyring before the entries they open are stored.
    private func keepKeys(of turn: TerritoryTurn) throws(StorageError) {
        for case .entry(_, _, let keys) in turn.taken where !keys.isEmpty {
            try keyring.grant(keys.map { ($0.author.number, $0.leaf, $0.key) })
            for key in keys { opener.grant(author: key.author.number, leaf: key.leaf, key: key.key) }
        }
        for case .bundleEpoch(let epoch) in turn.taken {
            try BundleKeys(keyring: keyring).learn(epoch.number, key: epoch.key)
        }
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

    /// Between turns, when nothing waits: what costs time and promises nothing.
    private func rest() {
        if idleness.isLong, store.mayRest { shorten { () throws(StorageError) in try store.checkpoint() } }
    }

    private func fail(_ error: any Error, inputs: [TerritoryInput], before: Territory) {
        guard let error = error as? StorageError else {
            preconditionFailure("a turn failed with an error that no layer names: \(error)")
        }
        if case .full(let file) = error {
            logger.error("no space left", metadata: ["file": "\(file)"])
            role = before
            // What the line brings would have to be stored, too. It comes again with the next session, when there is
            // space for it; to keep it would be to fail with it for ever.
            lines.closeAll(reason: "the territory's disk is full")
            deferred = [.space(false)] + inputs.filter { !$0.isOfLine }
            return
        }
        halt(error)
    }

    private func halt(_ error: StorageError) {
        // A read beside the turns that ends after the node has closed its files is no failure.
        guard !isHalted else { return }
        isHalted = true
        logger.critical("\(error)")
        closeReplies()
        onFatal("\(error)")
    }

    /// The turn is stored whatever becomes of this. Without space it is asked for again; anything else ends the node.
    private func carryOut(_ body: () throws(StorageError) -> Void) {
        do throws(StorageError) {
            try body()
        } catch .full(let file) {
            logger.error("no space left", metadata: ["file": "\(file)"])
        } catch {
            halt(error)
        }
    }

    // MARK: Deeds and promises, one line each: what to do was decided in `Roles`

    private func perform(_ deed: TerritoryDeed) throws(StorageError) {
        switch deed {
        case .answered(let question, let bytes): questions.give(question, bytes)
        case .dial(let pause): dial.yield(UInt64.random(in: pause))
        case .probeSpace: give(.space(DiskSpace.isEnough(at: directory)))
        case .drawSeed: give(.seed(try reseating.seed(for: store)))
        case .moveAside:
            // Before any other input: the places they are sealed for are those after this turn.
            if let moved = try moving.next(after: role.state.last) { deferred.insert(moved, at: 0) }
        }
    }

    private func keep(_ promise: TerritoryPromise) throws(StorageError) {
        switch promise {
        case .answer(let ticket, let outcomes): answer(ticket, outcomes)
        case .recorded(let ticket, let at): recordings.give(ticket.number, .success(at))
        case .carried(let ticket, let refusal): receipts.give(ticket.number, .some(refusal))
        case .send(let session, let message): lines.send(message, to: session)
        case .readLog(let session, let first, let maximumBytes):
            readBeside { store throws(StorageError) in
                .logRead(session, first: first, entries: try store.readLog(from: first, maximumBytes: maximumBytes))
            }
        case .readDigest(let session, let index):
            readBeside { store throws(StorageError) in
                try store.digest(at: index).map { .digestRead(session, $0) }
            }
        case .readTold(let session, let index):
            readBeside { store throws(StorageError) in .toldRead(session, try store.told(after: index)) }
        case .close(let session, let reason): lines.close(session, reason: reason)
        case .reseated(let answer): try reseating.reseat(answer, store)
        case .reopen: reseating.reopen()
        case .settled: settled.reach()
        }
    }

    private func answer(_ ticket: Ticket, _ outcomes: [SubmitOutcome]) {
        if ticket.isAccess {
            guard case .unavailable(let why)? = outcomes.first else { return }
            recordings.give(ticket.number, .failure(NodeError(why)))
        } else {
            submissions.give(ticket.number, outcomes)
        }
    }

    /// Reads from a snapshot beside the turns: what is sent was stored before, and never changes.
    private func readBeside(
        _ read: @escaping @Sendable (TerritoryStore) throws(StorageError) -> TerritoryInput?
    ) {
        let store = store
        Task {
            do throws(StorageError) {
                if let input = try read(store) { self.give(input) }
            } catch {
                self.fail(error, inputs: [], before: self.role)
            }
        }
    }
}

extension Ticket {
    /// Tickets of access entries count from here, those of submissions from 1.
    static let firstAccess: UInt64 = 1 << 63
    var isAccess: Bool { number >= Self.firstAccess }
}

extension TerritoryTurn {
    /// Entries of others that came down, in order.
    fileprivate var foreign: [AppendedEntry] {
        taken.compactMap { item in
            if case .entry(let entry, _, _) = item { entry } else { nil }
        }
    }

    /// Entries of a former log that came back, in order.
    fileprivate var former: [AppendedEntry] {
        taken.compactMap { item in
            if case .former(let entry, _) = item { entry } else { nil }
        }
    }
}

extension TerritoryInput {
    /// Of a session, and worth nothing once that is closed.
    fileprivate var isOfLine: Bool {
        switch self {
        case .received, .stirred, .capped, .logRead, .digestRead, .toldRead: true
        case .started, .submit, .access, .linkUp, .linkDown, .dialFailed, .carried, .space, .seed, .moved,
            .tick:
            false
        }
    }
}
