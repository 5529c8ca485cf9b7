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
    let catalogue: Catalogue
    let store: CentreStore
    let node: CentreNode
    let opener: BlockOpener
    let drafters: DrafterPool
    let certificate: Transport.Identity
    let authority: Authority
    let logger: Logger
    let started = ContinuousClock.now
    let stopping = StopSignal()
    let answerer: Mutex<(@Sendable ([UInt8], String) async -> [UInt8])?>

    /// The one voter of a centre as it is made; more join as learners and are promoted.
    static let firstReplica = ReplicaID(1)

    init(_ files: OpenedFiles, catalogue: Catalogue, logger: Logger) throws(NodeError) {
        self.files = files
        self.catalogue = catalogue
        self.logger = logger
        let configuration = files.configuration
        certificate = try NodeCertificates.identity(files.directory, cluster: configuration.clusterBytes)
        authority = try Self.authority(files, certificate)
        let salt = SystemRandom.number()
        let answerer = Mutex<(@Sendable ([UInt8], String) async -> [UInt8])?>(nil)
        self.answerer = answerer
        let (store, opener, drafters) = try NodeError.translating { () throws(StorageError) in
            let dictionaries = BlockDictionaries(catalogue)
            let trees = try files.keyring.trees()
            guard let tree = trees.first(where: { $0.author == configuration.author })?.tree else {
                throw StorageError.damaged(file: files.directory.keyring, what: "the centre's own key tree is missing")
            }
            let opener = BlockOpener(dictionaries: dictionaries, trees: trees)
            let store = try CentreStore(
                path: files.directory.store, owner: files.owner, founding: .founding(voters: [Self.firstReplica]),
                centre: configuration.name, catalogue: catalogue, blind: files.blind, opening: opener,
                index: try NodeIndex(path: files.directory.index, owner: files.owner))
            let leaves = try LeafCounter(keyring: files.keyring)
            let drafters = DrafterPool { [blind = files.blind] in
                Drafter(
                    catalogue: catalogue,
                    sealer: BlockSealer(
                        author: .centre, tree: tree, salt: salt, leaves: leaves, dictionaries: dictionaries),
                    blind: blind, territory: nil)
            }
            return (store, opener, drafters)
        }
        self.store = store
        self.opener = opener
        self.drafters = drafters
        node = try Self.makeNode(store, files, salt: salt, logger, stopping)
        try plantSeats()
    }

    private static func makeNode(
        _ store: CentreStore, _ files: OpenedFiles, salt: UInt64, _ logger: Logger, _ stopping: StopSignal
    ) throws(NodeError) -> CentreNode {
        let (start, preparer) = try NodeError.translating { () throws(StorageError) in
            let opening = ControlEntry.started(nonceSalt: salt, software: TerritoryService.software)
            let start = try store.load(replica: firstReplica, limits: ReplicaLimits(), opening: opening)
            return (start, try store.preparer())
        }
        do {
            return CentreNode(
                role: try Centre(start), store: store, preparer: preparer,
                directory: files.directory.root.path, logger: logger, onFatal: { stopping.fail($0) })
        } catch {
            throw NodeError(
                .damaged, "The Raft log is not whole: \(error).",
                remedy: "Run `esep node verify`; a voter that lost entries must come back as a new one.")
        }
    }

    private static func authority(
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
        let listener = try await listen()
        guard await isOpened() else { return try await stopping.wait() }
        logger.info("leading; listening for territories", metadata: ["port": "\(listener.port)"])
        try await withGracefulShutdownHandler {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await Sessions(service: self).run(listener) }
                group.addTask { await self.tick() }
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
    }

    /// Whether this replica has come to lead, its start in the log. False where the node stops before.
    private func isOpened() async -> Bool {
        let ticking = Task {
            await self.tick { !self.stopping.isStopped }
            self.node.opened.give(false)
        }
        defer { ticking.cancel() }
        return await node.opened.value()
    }

    private func listen() async throws(NodeError) -> Listener {
        let address = files.configuration.listen ?? ""
        guard let (host, port) = HostAndPort.parse(address) else {
            throw NodeError(
                .invalid, "\(address) is not an address to listen at.",
                remedy: "Write HOST:PORT as `listen` in \(files.directory.configuration).", field: "listen")
        }
        let log = logger
        do throws(TransportError) {
            return try await Listener.bind(host: host, port: port, identity: certificate) { address, reason in
                log.notice("a connection was refused: \(reason)", metadata: ["from": "\(address)"])
            }
        } catch {
            throw NodeError(
                .conflict, "The node cannot listen at \(address): \(error)",
                remedy: "Stop what uses the port, or write another `listen` in \(files.directory.configuration).",
                field: "listen")
        }
    }

    /// The role's clock: ten ticks a second, as its election and heartbeat limits expect.
    private func tick(while goesOn: () -> Bool = { true }) async {
        while !Task.isCancelled, goesOn() {
            node.give(.tick)
            do {
                try await Task.sleep(for: .milliseconds(100))
            } catch {
                return
            }
        }
    }

    func stop() async { stopping.stop() }

    var identity: NodeIdentity { NodeIdentity(files.configuration, files.directory) }

    func onForwarded(_ answer: @escaping @Sendable (_ request: [UInt8], _ territory: String) async -> [UInt8]) {
        answerer.withLock { $0 = answer }
    }

    func forward(_ request: [UInt8]) async throws(NodeError) -> [UInt8] {
        throw NodeError(.wrongRole, "This is the centre: it answers itself.")
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

    func provisional(kind: String, number: Serial) -> String {
        ProvisionalNumber(territory: AuthorName.centre.place, kind: kind, number: number, seat: 1).text
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
