import Law
import Logging
import Records
import Roles
import Storage
import Uplink
import Vault

/// A territory's node: interprets what `Roles.Territory` decides with a real disk, a real line and real time.
///
/// One turn after another on one thread that may block: take all inputs that wait, let the role decide, commit once, let
/// the promises out. Nothing about the protocol is decided here.
actor TerritoryNode {
    nonisolated let executor = TurnExecutor(label: "esep.territory.turns")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    nonisolated let mailbox = Mailbox<TerritoryInput>()
    nonisolated let seat: TerritorySeat
    nonisolated let store: TerritoryStore
    nonisolated let index: NodeIndex
    nonisolated let submissions = Replies<[SubmitOutcome]>()
    nonisolated let recordings = Replies<LogAddress?>()
    nonisolated let questions = Replies<[UInt8]?>()

    private let clock = SystemClock()
    private let logger: Logger
    /// Called with what must end the process: a sync that failed, a damaged file.
    private let onFatal: @Sendable (String) -> Void
    private var role: Territory
    private var deferred: [TerritoryInput] = []
    private var isHalted = false

    /// The most inputs one turn takes; the role's own limits keep its transaction near two megabytes.
    static let inputsPerTurn = 512

    init(
        role: Territory, seat: TerritorySeat, store: TerritoryStore, index: NodeIndex, logger: Logger,
        onFatal: @escaping @Sendable (String) -> Void
    ) {
        self.role = role
        self.seat = seat
        self.store = store
        self.index = index
        self.logger = logger
        self.onFatal = onFatal
    }

    /// Hands an input to the next turn.
    nonisolated func give(_ input: TerritoryInput) {
        if mailbox.put(input) { Task { await self.runTurns() } }
    }

    private func runTurns() {
        while !isHalted {
            let inputs = deferred + mailbox.take(atMost: Self.inputsPerTurn)
            if inputs.isEmpty { return }
            deferred = []
            turn(inputs)
        }
    }

    private func turn(_ inputs: [TerritoryInput]) {
        // The role is a value: when the disk is full, it goes back to what it knew before the turn.
        let before = role
        do {
            let rows = TerritoryRows(documents: try index.known(role.reads(for: inputs)))
            let turn = role.step(inputs, rows: rows, moment: clock.moment)
            if !turn.storesNothing {
                try store.commit(turn)
                try index.insert(turn.appended)
            }
            deferred = turn.deferred
            for deed in turn.deeds { perform(deed) }
            for promise in turn.promises { keep(promise) }
        } catch {
            fail(error, inputs: inputs, before: before)
        }
    }

    private func fail(_ error: any Error, inputs: [TerritoryInput], before: Territory) {
        guard let error = error as? StorageError else {
            preconditionFailure("a turn failed with an error that no layer names: \(error)")
        }
        if case .full(let file) = error {
            logger.error("no space left: documents are refused until there is", metadata: ["file": "\(file)"])
            role = before
            deferred = [.space(false)] + inputs
            return
        }
        isHalted = true
        logger.critical("\(error)")
        onFatal("\(error)")
    }
}
