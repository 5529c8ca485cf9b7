import Consensus
import Foundation
import Records
import Storage
import Transport
import Vault
import Wire

/// A centre that has lost its quorum goes on from one node (design §7, "Centre behind"). Its log is appended, never
/// rewritten: a control entry that says so, and a group of that node alone, under a number above all that were given.
/// The other nodes' numbers are retired with it: they come back by a token and as new ones, or not at all.
extension House {
    package func planRecovery(_ options: RecoveryOptions) async throws(NodeError) -> RecoveryAnswer {
        var remains: [NodeRemains] = []
        for directory in options.directories { remains.append(try .read(directory, whole: options.isWhole)) }
        remains += options.summaries
        let differences = try Self.differences(remains, local: options.directories)
        return RecoveryAnswer(
            plan: try RecoveryPlan(remains, going: options.going, differences: differences), remains: remains)
    }

    /// Every log that two nodes hold is compared where the shorter one ends, by the archive of the longer one.
    private static func differences(_ all: [NodeRemains], local: [String]) throws(NodeError) -> [String] {
        var differences: [String] = []
        for (node, directory) in zip(all, local) where node.centre != nil {
            let store = try NodeError.translating { () throws(StorageError) in
                try CentreRemains(path: NodeDirectory(directory).store, owner: node.owner)
            }
            for other in all where other != node {
                for (author, last, digest) in other.ends {
                    guard let own = node.centre?.authors.first(where: { $0.number == author }), own.frontier > last,
                        last > 0
                    else { continue }
                    let held = try NodeError.translating { () throws(StorageError) in
                        try store.digest(of: AuthorNumber(author), at: last)
                    }
                    guard held?.hex != digest else { continue }
                    differences.append(
                        "author \(author): \(node.name) and \(other.name) hold different entries up to \(last)")
                }
            }
            try NodeError.translating { () throws(StorageError) in try store.close() }
        }
        return differences
    }

    // MARK: The first step

    package func prepareRecovery(
        _ options: RecoveryOptions, officer: String
    ) async throws(NodeError) -> RecoveryOrder {
        let (plan, remains) = try await { answer in (answer.plan, answer.remains) }(planRecovery(options))
        guard !plan.quorum.stands else {
            throw NodeError(
                .refused,
                "\(plan.quorum.here) of \(plan.quorum.voters.count) voters are here, and \(plan.quorum.needed) must "
                    + "agree: nothing is lost.",
                remedy: "Start these nodes; the centre goes on by itself. A node that cannot be started is not given.")
        }
        guard let node = remains.first(where: { $0.number == plan.chosen.number && $0.centre != nil }),
            let centre = node.centre, options.directories.contains(where: { node.lies(in: $0) })
        else {
            throw NodeError(
                .refused, "\(plan.chosen.name) has most, and its directory is not on this machine.",
                remedy: "Run this there, with `--summary` of the nodes here; or let another go on with --node NAME.",
                field: "data")
        }
        let directory = NodeDirectory(node.directory)
        let order = RecoveryOrder(
            cluster: node.cluster, name: node.name, formerNumber: node.number, number: plan.number,
            generation: plan.generation, term: plan.term, last: centre.last, lastTerm: centre.lastTerm,
            applied: centre.applied, officer: officer, sentence: plan.sentence,
            copy: directory.root.appendingPathComponent("before-recovery-\(plan.generation)").path, isBegun: false)
        if let held = try RecoveryOrder.load(directory), held.isBegun {
            throw NodeError(
                .conflict, "A recovery of this node has begun and not ended.",
                remedy: "Go on with it: type its sentence again, \"\(held.sentence)\".")
        }
        let lock = try NodeError.translating { () throws(StorageError) in
            try DirectoryLock(directory: directory.root.path)
        }
        try Self.copy(directory, node, to: order.copy)
        try order.save(directory)
        withExtendedLifetime(lock) {}
        return order
    }

    /// The store, and the files that say who the node is. The keyring is not touched, and never lies in a copy.
    private static func copy(_ directory: NodeDirectory, _ node: NodeRemains, to folder: String) throws(NodeError) {
        let manager = FileManager.default
        do {
            let sizes = try [directory.store, directory.store + "-wal"].filter(manager.fileExists).map {
                try manager.attributesOfItem(atPath: $0)[.size] as? UInt64 ?? 0
            }
            let needed = sizes.reduce(DiskSpace.needed, +)
            guard DiskSpace.free(at: directory.root.path) ?? 0 >= needed else {
                throw NodeError(
                    .readOnly, "The copy of the store needs \(needed >> 20) MiB beside it, and there is less.",
                    remedy: "Free some space; nothing is recovered before what it changes is copied.")
            }
            try manager.createDirectory(
                atPath: folder + "/tls", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            for (name, path) in [
                ("node.json", directory.configuration), ("tls/key.pem", directory.privateKey),
                ("tls/cert.pem", directory.certificate), ("tls/authority.pem", directory.authority),
            ] {
                try directory.write(try directory.read(path), to: folder + "/" + name)
            }
            let store = try CentreRemains(path: directory.store, owner: node.owner)
            try store.copy(to: folder + "/store.sqlite")
            try store.close()
        } catch let error as NodeError {
            throw error
        } catch let error as StorageError {
            throw NodeError(error)
        } catch {
            throw NodeError(.inner, "The copy in \(folder) cannot be made: \(error).")
        }
    }

    // MARK: The second step

    package func carryOutRecovery(
        _ options: OpenOptions, sentence: String
    ) async throws(NodeError) -> RecoveryOrder {
        let directory = NodeDirectory(options.directory)
        guard var order = try RecoveryOrder.load(directory) else {
            throw NodeError(
                .notFound, "No recovery of this node is prepared.",
                remedy: "Run `esep centre recover apply` without --sentence first: it copies what it will change.")
        }
        guard sentence == order.sentence else {
            throw NodeError(
                .refused, "That is not the sentence.", remedy: "Type it as it stands: \"\(order.sentence)\".",
                field: "sentence")
        }
        let files = try OpenedFiles.open(options)
        try Self.append(order, files, begun: &order)
        let identity = try Self.identity(order, files)
        do {
            try NodeCertificates.save(
                directory, keyPEM: identity.key, certificates: [identity.certificate, identity.authority],
                authority: identity.authority)
            var configuration = files.configuration
            configuration.author = order.number
            configuration.centre = [configuration.listen].compactMap(\.self)
            try configuration.save(directory)
            try files.keyring.close()
            // The order is the last to go: until then the step can be gone on with.
            try FileManager.default.removeItem(atPath: directory.recoveryOrder)
        } catch {
            throw NodeError(
                .inner, "The recovery has begun and did not end: \(error).", remedy: "Type the sentence again.")
        }
        return order
    }

    /// Appends the entries of the recovery, unless they stand there already.
    private static func append(
        _ order: RecoveryOrder, _ files: OpenedFiles, begun: inout RecoveryOrder
    ) throws(NodeError) {
        let store = try NodeError.translating { () throws(StorageError) in
            try CentreRemains(path: files.directory.store, owner: files.owner)
        }
        let stored = try NodeError.translating { () throws(StorageError) in try store.stored() }
        let own = ReplicaID(UInt64(order.number))
        defer { try? store.close() }
        if stored.memberships.last?.membership.isSoleVoter(own) ?? false { return }
        guard stored.last.number == order.last, stored.applied.number == order.applied else {
            throw NodeError(
                .conflict, "The node has run since the recovery was prepared: its log ends at \(stored.last) now.",
                remedy: "Prepare it anew: `esep centre recover apply` without --sentence.")
        }
        begun.isBegun = true
        try begun.save(files.directory)
        try NodeError.translating { () throws(StorageError) in
            let clock = try store.clock()
            let now = max(SystemClock.wallMilliseconds, clock.leaderMilliseconds)
            let recovery = Recovery(
                generation: order.generation, number: order.number, name: order.name,
                address: files.configuration.listen ?? "", kept: order.last, officer: order.officer)
            let entry = EntryCodec.encode(
                Entry(stamp: clock.stamp.next(now: now), seen: 0, body: .control(.recovered(recovery))))
            let proposal = Proposal(leaderMilliseconds: now, payload: .own([entry]))
            let term = Term(order.term)
            let first = stored.last.next
            try store.append(
                [
                    RaftEntry(index: first, term: term, payload: .proposal(proposal.encoded())),
                    RaftEntry(
                        index: first.next, term: term, payload: .membership(Membership(voters: [own], highest: own))),
                ], hardState: HardState(term: term, vote: nil, last: first.next))
        }
    }

    /// A new key, and a certificate that names the new number: the old one names one that is retired.
    private static func identity(
        _ order: RecoveryOrder, _ files: OpenedFiles
    ) throws(NodeError) -> (key: String, certificate: [UInt8], authority: [UInt8]) {
        let own = try NodeCertificates.identity(files.directory, cluster: files.configuration.clusterBytes)
        let authority = try CentreService.authority(files, own)
        do throws(TransportError) {
            let (key, request) = try NodeKey.make(name: order.name)
            let name = PeerName(
                cluster: files.configuration.clusterBytes, replica: ReplicaID(UInt64(order.number)), name: order.name)
            let now = SystemClock.wallMilliseconds / 1000
            return (key, try authority.sign(request: request, as: name, nowSeconds: now), authority.certificate)
        } catch {
            throw NodeError(.inner, "No certificate could be made for the new number: \(error).")
        }
    }
}

extension RecoveryOrder {
    /// Nil where none is prepared.
    static func load(_ directory: NodeDirectory) throws(NodeError) -> RecoveryOrder? {
        guard FileManager.default.fileExists(atPath: directory.recoveryOrder) else { return nil }
        do {
            return try JSONDecoder().decode(Self.self, from: Data(try directory.read(directory.recoveryOrder)))
        } catch {
            throw NodeError(
                .damaged, "\(directory.recoveryOrder) cannot be read: \(error).",
                remedy: "Remove it, and prepare the recovery anew; the copy beside it is what was there before.")
        }
    }

    func save(_ directory: NodeDirectory) throws(NodeError) {
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            try directory.write([UInt8](try encoder.encode(self)), to: directory.recoveryOrder)
        } catch {
            throw NodeError(.inner, "\(directory.recoveryOrder) cannot be written: \(error).")
        }
    }
}

extension NodeRemains {
    fileprivate var owner: FileOwner {
        FileOwner(cluster: Hex.decode(cluster) ?? [], node: "centre \(place)")
    }

    fileprivate func lies(in directory: String) -> Bool { NodeDirectory(directory).root.path == self.directory }

    /// By author: where this node's copy of its log ends, and the digest there.
    fileprivate var ends: [(author: UInt32, last: UInt64, digest: String)] {
        if let territory { return [(number, territory.told, territory.toldDigest)] }
        return (centre?.authors ?? []).map { ($0.number, $0.frontier, $0.digest) }
    }
}

/// A node that the centre went on without, or whose recovery has not ended, does not start.
enum RecoveryBar {
    static func check(_ directory: NodeDirectory) throws(NodeError) {
        if let order = try RecoveryOrder.load(directory), order.isBegun {
            throw NodeError(
                .refused, "A recovery of this node has begun and not ended.",
                remedy: "Go on with it: esep centre recover apply --sentence \"\(order.sentence)\" "
                    + "--data \(directory.root.path)")
        }
        guard FileManager.default.fileExists(atPath: directory.givenUp) else { return }
        let why = (try? directory.read(directory.givenUp)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        throw NodeError(
            .refused, why.isEmpty ? "The centre went on without this node." : why,
            remedy: "Join a node anew, in an empty directory, with a new token; this directory stays as it is.")
    }
}
