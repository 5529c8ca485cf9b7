import Foundation
import Law
import Logging
import Records
import Roles
import ServiceLifecycle
import Storage
import Synchronization
import Transport
import Uplink
import Vault
import Wire

/// A territory's node that serves: takes documents, shows records, forwards national questions.
final class TerritoryService: RunningNode, DocumentService {
    static let software = "esep 1"

    let files: OpenedFiles
    let law: LawInForce
    let node: TerritoryNode
    let drafters: DrafterPool
    let link: CentreLink
    let certificate: Identity
    let logger: Logger
    let started = ContinuousClock.now
    private let salt: UInt64
    private let stopping = StopSignal()
    private let reseating: TerritoryReseating

    init(_ files: OpenedFiles, catalogue: Catalogue, peer: String?, logger: Logger) throws(NodeError) {
        self.files = files
        self.logger = logger
        let configuration = files.configuration
        let seat = TerritorySeat(
            cluster: configuration.clusterBytes, territory: configuration.place,
            author: AuthorNumber(configuration.author), seat: configuration.seat)
        certificate = try NodeCertificates.identity(files.directory, cluster: configuration.clusterBytes)
        let salt = SystemRandom.number()
        self.salt = salt
        let stopping = stopping
        let reseating = TerritoryReseating(files: files, stopping: stopping, logger: logger)
        self.reseating = reseating
        let law = LawInForce(
            NationLaw(
                catalogue: catalogue, cluster: configuration.clusterBytes,
                authorities: try NodeCertificates.authorityKeys(of: certificate)))
        self.law = law
        let (node, drafters) = try NodeError.translating { () throws(StorageError) in
            let trees = try files.keyring.trees()
            guard let tree = trees.first(where: { $0.author == configuration.author })?.tree else {
                throw StorageError.damaged(file: files.directory.keyring, what: "the node's own key tree is missing")
            }
            let store = try TerritoryStore(
                path: files.directory.store, seat: seat, formers: configuration.formers?.map(\.log) ?? [])
            for (at, refusal) in try store.restore(law) {
                logger.error("decision \(at.index) of the centre has no effect here: \(refusal)")
            }
            let dictionaries = BlockDictionaries(law.catalogue)
            let index = try TerritoryIndexing.open(path: files.directory.index, owner: files.owner, for: store)
            let opener = BlockOpener(
                dictionaries: dictionaries, trees: trees, only: store.recovered.isUnheard ? seat.author.number : nil)
            try TerritoryIndexing(
                store: store, index: index, opener: opener, blind: files.blind, catalogue: law.catalogue
            ).complete()
            // Last before the node is made: from here on its author is taken to write here.
            let isInPlace = try PlaceMark(directory: files.directory).renew(in: store)
            let leaves = try LeafCounter(keyring: files.keyring)
            let drafters = DrafterPool(law: law) { [blind = files.blind] law in
                Drafter(
                    law: law,
                    sealer: BlockSealer(
                        author: seat.author, tree: tree, salt: salt, leaves: leaves, dictionaries: dictionaries),
                    blind: blind, territory: seat.territory)
            }
            let sealer = Mutex(
                BlockSealer(author: seat.author, tree: tree, salt: salt, leaves: leaves, dictionaries: dictionaries))
            let moving = Moving(store: store, blind: files.blind, catalogue: { law.catalogue }) { entry, at, salt in
                opener.plains(of: entry, at: at, salt: salt)
            } seal: { plain, slot, document throws(StorageError) in
                try sealer.withLock { sealer throws(StorageError) in
                    try sealer.reseal(plain, slot: slot, of: document)
                }
            }
            let node = TerritoryNode(
                role: Territory(
                    seat: seat, state: store.recovered, told: store.toldIndex,
                    footing: isInPlace ? .unproved : .copied),
                store: store, index: index, keyring: files.keyring, opener: opener, law: law, moving: moving,
                reseating: reseating,
                directory: files.directory.root.path, logger: logger,
                onFatal: { stopping.fail($0) })
            return (node, drafters)
        }
        self.node = node
        self.drafters = drafters
        let given = peer.map { $0.split(separator: ",").map(String.init) }
        link = CentreLink(
            node: node, identity: certificate,
            addresses: CentreAddresses(
                given ?? configuration.centre,
                isPinned: given != nil || configuration.centreIsPinned ?? false, files: files, logger: logger),
            logger: logger)
    }

    // MARK: Running

    func run() async throws {
        node.give(.started(nonceSalt: salt, software: Self.software))
        try await withGracefulShutdownHandler {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await self.link.run() }
                group.addTask { await self.tick() }
                group.addTask { await IndexKeeping(index: self.node.index, stopping: self.stopping).run() }
                group.addTask { try await self.stopping.wait() }
                // Whichever ends first ends the node: the stop signal in order, anything else by surprise.
                try await group.next()
                group.cancelAll()
            }
        } onGracefulShutdown: {
            self.stopping.stop()
        }
        node.lines.closeAll(reason: "the node stops")
        try await node.close()
    }

    /// The role's clock: a tick a second.
    private func tick() async {
        while !Task.isCancelled {
            for session in node.lines.stirred() { node.give(.stirred(session)) }
            node.give(.tick)
            do {
                try await Task.sleep(for: .seconds(1))
            } catch {
                return
            }
        }
    }

    func stop() async { stopping.stop() }

    func settled() async { await node.settled.reached() }

    /// Seated anew, or heard: everything of this node is to be opened anew.
    var wantsReopening: Bool { reseating.wantsReopening }

    var identity: NodeIdentity { NodeIdentity(files.configuration, files.directory) }

    // MARK: Storing drafts

    func now() -> UInt64 { SystemClock.wallMilliseconds }

    func submit(_ drafts: [Draft]) -> Reply<[SubmitOutcome]> {
        let (ticket, reply) = node.submissions.open()
        node.give(.submit(Ticket(ticket), drafts))
        return reply
    }

    /// As this territory's seat of that author gave it.
    func provisional(kind: String, number: Serial, by author: AuthorNumber) -> String {
        let former = node.formers.first { $0.author == author }
        return ProvisionalNumber(
            territory: node.seat.territory, kind: kind, number: number, seat: former?.seat ?? node.seat.seat
        ).text
    }

    func shown(_ document: RecordID) async throws(NodeError) -> Records.RecordView? {
        let known = try NodeError.translating { () throws(StorageError) in try node.index.known([document]) }
        guard let opening = known[document]?.opening else { return nil }
        try mayBeOpened(opening)
        return try read(opening: opening)?.merged
    }
}
