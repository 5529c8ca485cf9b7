import Consensus
import Foundation
import Law
import Logging
import Records
import Roles
import ServiceLifecycle
import Storage
import Synchronization
import Transport
import Vault
import Wire

/// A centre's node that serves: hears territories, answers the nation, seats new nodes.
final class CentreService: RunningNode, DocumentService {
    let files: OpenedFiles
    let law: LawInForce
    let store: CentreStore
    let node: CentreNode
    let opener: BlockOpener
    let drafters: DrafterPool
    let certificate: Transport.Identity
    let authority: Authority
    let logger: Logger
    let started = ContinuousClock.now
    let stopping = StopSignal()
    let answerer: Mutex<(@Sendable ([UInt8], Asker) async -> [UInt8])?>
    let peers: Peers
    let keys: CentreKeys
    let leaves: LeafCounter
    let replica: ReplicaID
    let copies: (sender: CopySender, receiver: CopyReceiver)
    private let staging: StagedStore
    /// Set when a copy of the leader's store is to take this one's place: carried out once the store is closed.
    private let install: Mutex<LogWrite?>
    /// The start of this lead stands in the log: what is sealed from then on can be opened by all.
    let isOpen = Mutex(false)
    /// A copy that was offered, until the keys that go beside it are here.
    let offered = Mutex<(copy: StoreCopy, leader: ReplicaID)?>(nil)
    let accountsCheck = AccountsCheck()
    /// How often the centre was recovered, as far as this node has applied.
    let generation: Mutex<UInt32>
    let desk: BundleDesk

    /// The one voter of a centre as it is made; more join as learners and are promoted.
    static let firstReplica = ReplicaID(1)

    init(_ files: OpenedFiles, catalogue: Catalogue, logger: Logger) throws(NodeError) {
        self.files = files
        self.logger = logger
        let configuration = files.configuration
        desk = BundleDesk(folder: files.directory.root.path + "/bundles")
        certificate = try NodeCertificates.identity(files.directory, cluster: configuration.clusterBytes)
        authority = try Self.authority(files, certificate)
        let answerer = Mutex<(@Sendable ([UInt8], Asker) async -> [UInt8])?>(nil)
        self.answerer = answerer
        let salt = SystemRandom.number()
        let replica = ReplicaID(UInt64(configuration.author))
        self.replica = replica
        let peers = Peers(
            own: .init(replica: replica, name: configuration.name, address: configuration.listen ?? ""),
            identity: certificate, firstAddresses: configuration.centre, logger: logger)
        self.peers = peers
        let staging = StagedStore(store: files.directory.store, index: files.directory.index)
        self.staging = staging
        try RecoveryBar.check(files.directory)
        try Self.checkStore(files, staging)
        let authorities = try NodeCertificates.authorityKeys(of: certificate)
        let parts = try NodeError.translating { () throws(StorageError) in
            try Parts(files, catalogue, authorities: authorities, replica: replica, salt: salt, logger)
        }
        (store, opener, drafters, leaves, keys) = (
            parts.store, parts.opener, parts.drafters, parts.leaves, parts.keys
        )
        if !store.mended.isEmpty {
            logger.error(
                "entries of the Raft log were damaged on the disk; they are applied, and the log was cut behind them",
                metadata: ["entries": "\(store.mended)"])
        }
        law = store.lawInForce
        let held = try NodeError.translating { () throws(StorageError) in try parts.store.generation() }
        generation = Mutex(held)
        let install = Mutex<LogWrite?>(nil)
        self.install = install
        let wiring = Wiring()
        node = try Self.makeNode(parts, files, salt: salt, replica, wiring, logger, stopping)
        let node = node
        copies = (
            CopySender(
                path: files.directory.storeCopy, store: store, peers: peers, logger: logger,
                give: { node.give($0) }, head: { await node.head(at: $0) }),
            CopyReceiver(staging: staging, peers: peers, logger: logger)
        )
        try NodeError.translating { () throws(StorageError) in try keys.plantAll() }
        wiring.connect(self)
        do {
            try files.directory.write([], to: files.directory.storeMark)
        } catch {
            throw NodeError(.inner, "\(files.directory.storeMark) cannot be written: \(error).")
        }
    }

    /// A copy that was to take the store's place does so first; a store that is missing is damage.
    private static func checkStore(_ files: OpenedFiles, _ staging: StagedStore) throws(NodeError) {
        let wasReplaced = try NodeError.translating { () throws(StorageError) in try staging.carryOutPlan() }
        let manager = FileManager.default
        if !wasReplaced, manager.fileExists(atPath: files.directory.storeMark),
            !manager.fileExists(atPath: files.directory.store)
        {
            throw NodeError(
                .damaged, "The store of this node is missing: what it has promised is not here.",
                remedy: "Remove the node from the group and join it again, in an empty directory, with a new token.")
        }
    }

    /// What is made of the files before the node runs.
    private struct Parts {
        let store: CentreStore
        let opener: BlockOpener
        let drafters: DrafterPool
        let leaves: LeafCounter
        let keys: CentreKeys

        init(
            _ files: OpenedFiles, _ catalogue: Catalogue, authorities: [SenderKey], replica: ReplicaID, salt: UInt64,
            _ logger: Logger
        ) throws(StorageError) {
            let dictionaries = BlockDictionaries(catalogue)
            let trees = try files.keyring.trees()
            // All nodes of the centre seal as one author: whoever leads has said under which salt.
            guard let tree = trees.first(where: { $0.author == AuthorNumber.centre.number })?.tree else {
                throw StorageError.damaged(file: files.directory.keyring, what: "the centre's own key tree is missing")
            }
            let opener = BlockOpener(dictionaries: dictionaries, trees: trees)
            let store = try CentreStore(
                path: files.directory.store, owner: files.owner,
                founding: replica == CentreService.firstReplica ? .founding(voters: [replica]) : .joining,
                centre: AuthorName.centre.place, catalogue: catalogue, authorities: authorities, blind: files.blind,
                opening: opener,
                index: try NodeIndex(path: files.directory.index, owner: files.owner))
            let leaves = try LeafCounter(keyring: files.keyring)
            drafters = DrafterPool(law: store.lawInForce) { [blind = files.blind] law in
                Drafter(
                    law: law,
                    sealer: BlockSealer(
                        author: .centre, tree: tree, salt: salt, leaves: leaves, dictionaries: dictionaries),
                    blind: blind, territory: nil)
            }
            self.store = store
            self.opener = opener
            self.leaves = leaves
            keys = CentreKeys(keyring: files.keyring, opener: opener, store: store, logger: logger)
        }
    }

    private static func makeNode(
        _ parts: Parts, _ files: OpenedFiles, salt: UInt64, _ replica: ReplicaID, _ wiring: Wiring, _ logger: Logger,
        _ stopping: StopSignal
    ) throws(NodeError) -> CentreNode {
        let (start, preparer) = try NodeError.translating { () throws(StorageError) in
            let opening = ControlEntry.started(nonceSalt: salt, software: TerritoryService.software)
            let start = try parts.store.load(replica: replica, limits: ReplicaLimits(), opening: opening)
            return (start, try parts.store.preparer())
        }
        do {
            var role = try Centre(start)
            if let step = files.configuration.logStepBytes { role.cutLog(every: step) }
            return CentreNode(
                role: role, store: parts.store, preparer: preparer,
                directory: files.directory.root.path, duties: wiring.duties(parts.keys), logger: logger,
                onFatal: { stopping.fail($0) })
        } catch {
            throw NodeError(
                .damaged, "The Raft log is not whole: \(error).",
                remedy: "Run `esep node verify`; a voter that lost entries must come back as a new one.")
        }
    }

    static func authority(
        _ files: OpenedFiles, _ certificate: Transport.Identity
    ) throws(NodeError) -> Authority {
        do {
            guard let key = try files.keyring.secret(CentreNode.authorityKeyName) else {
                throw StorageError.damaged(file: files.directory.keyring, what: "the authority's key is missing")
            }
            return try Authority(
                cluster: files.configuration.clusterBytes, certificate: certificate.authorities[0],
                keyPEM: String(decoding: key, as: UTF8.self))
        } catch let error as StorageError {
            throw NodeError(error)
        } catch {
            throw NodeError(.damaged, "The cluster's authority cannot be used: \(error).")
        }
    }

    // MARK: Running

    func run() async throws {
        peers.begin(peerTakers())
        let listener = try await listen()
        logger.info(
            "listening", metadata: ["port": "\(listener.port)", "number": "\(replica)"])
        try await withGracefulShutdownHandler {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await Sessions(service: self).run(listener) }
                group.addTask { await self.tick() }
                group.addTask { await self.peers.run { self.ownState() } }
                group.addTask { await self.watchGroup() }
                group.addTask { await self.tendBundles() }
                group.addTask { await self.answerQuestions() }
                group.addTask { await IndexKeeping(index: self.store.index, stopping: self.stopping).run() }
                group.addTask { try await self.stopping.wait() }
                try await group.next()
                group.cancelAll()
                await listener.close()
                self.node.lines.closeAll(reason: "the node stops")
            }
        } onGracefulShutdown: {
            self.stopping.stop()
        }
        try await node.close()
        try files.keyring.close()
        if let write = install.withLock({ $0 }) {
            try staging.prepare(write, owner: files.owner)
            try staging.carryOutPlan()
        }
    }

    /// The store was replaced by a copy of the leader's: everything of this node is to be opened anew.
    var wantsReopening: Bool { install.withLock { $0 != nil } }

    func leave(for write: LogWrite) {
        install.withLock { $0 = write }
        stopping.stop()
    }

    private func listen() async throws(NodeError) -> Listener {
        let address = files.configuration.listen ?? ""
        guard let (host, port) = HostAndPort.parse(address) else {
            throw NodeError(
                .invalid, "\(address) is not an address to listen at.",
                remedy: "Write HOST:PORT as `listen` in \(files.directory.configuration).", field: "listen")
        }
        let peers = peers
        do throws(TransportError) {
            return try await Listener.bind(host: host, port: port, identity: certificate) { address, reason in
                // By the machine it came from: each of its connections has another port.
                peers.refuse(from: HostAndPort.parse(address)?.host ?? address, "\(reason)")
            }
        } catch {
            throw NodeError(
                .conflict, "The node cannot listen at \(address): \(error)",
                remedy: "Stop what uses the port, or write another `listen` in \(files.directory.configuration).",
                field: "listen")
        }
    }

    /// The role's clock: twenty ticks a second, so that elections take about a second.
    private func tick() async {
        var ticks = 0
        while !Task.isCancelled {
            // Once a second.
            ticks = (ticks + 1) % 20
            if ticks == 0 { for session in node.lines.stirred() { node.give(.stirred(session)) } }
            node.give(.tick)
            do {
                try await Task.sleep(for: .milliseconds(50))
            } catch {
                return
            }
        }
    }

    func stop() async { stopping.stop() }

    var identity: NodeIdentity { NodeIdentity(files.configuration, files.directory) }

    func onForwarded(_ answer: @escaping @Sendable (_ request: [UInt8], _ asker: Asker) async -> [UInt8]) {
        answerer.withLock { $0 = answer }
    }

    // MARK: Own acts

    func now() -> UInt64 { SystemClock.wallMilliseconds }

    /// Commits acts of the centre; one outcome for each.
    func act(_ acts: [OwnAct]) async throws(NodeError) -> [OwnOutcome] {
        let outcomes = await node.act(acts).value()
        guard outcomes.count == acts.count else { throw .stopping }
        if case .refused(OwnOutcome.diskFull, _)? = outcomes.first { throw NodeError(Unavailability.diskFull) }
        return outcomes
    }

    func submit(_ drafts: [Draft]) -> Reply<[SubmitOutcome]> {
        let reply = Reply<[SubmitOutcome]>()
        let outcomes = node.act(drafts.map { OwnAct.document($0) })
        Task {
            reply.give(await outcomes.value().map(SubmitOutcome.init))
        }
        return reply
    }

    func provisional(kind: String, number: Serial, by author: AuthorNumber) -> String {
        ProvisionalNumber(territory: AuthorName.centre.place, kind: kind, number: number, seat: 1).text
    }

    /// At the centre the rules of nation scope are asked when the document is accounted.
    func refuted(_ documents: [CheckedDocument]) async throws(NodeError) -> [[DocumentProblem]] {
        documents.map { _ in [] }
    }

    func shown(_ document: RecordID) async throws(NodeError) -> Records.RecordView? {
        let stored = try NodeError.translating { () throws(StorageError) in try store.record(of: document) }
        return stored.flatMap(read)?.merged
    }
}

extension SubmitOutcome {
    fileprivate init(_ outcome: OwnOutcome) {
        switch outcome {
        case .document(let at, let provisional, _): self = .registered(at: at, number: provisional)
        case .refused(OwnOutcome.diskFull, _): self = .unavailable(.diskFull)
        case .refused(let code, _): self = .refused(code: code, field: "")
        case .indefinite(let reason): self = .unavailable(.fenced(reason))
        case .recorded, .seated: preconditionFailure("a document was answered as an act of another kind")
        }
    }
}
