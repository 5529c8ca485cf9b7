import Consensus
import Foundation
import Logging
import Records
import Roles
import Storage
import Synchronization
import Vault
import Wire

/// An entry of the centre that seats a territory: the territory's key tree lies in the keyring under the token's hash
/// until its author has a number.
enum SeatedTerritory {
    static func tokenHash(of entry: [UInt8]) -> [UInt8]? {
        switch (try? EntryCodec.decode(entry))?.body {
        case .control(.seated(let hash, _, "territory", _, _, _)), .control(.reseated(let hash, _, _, _, _, _, _)): hash
        default: nil
        }
    }
}

/// The keys that every node of the centre must hold alike: each author's tree, what was punctured, the authority's key,
/// so that whoever leads can seat new nodes, and the key of blind tokens, some of which lie in the store.
///
/// A seed is on a quorum before its author is seated (`spread`), and a follower takes no entry that seats an author
/// whose seed it lacks (`lacksSeed`); so whoever holds an entry can open it.
final class CentreKeys: Sendable {
    private let keyring: Keyring
    private let opener: BlockOpener
    private let store: CentreStore
    private let logger: Logger

    private struct State {
        var next: UInt64 = 1
        /// Who has kept what was sent under a number, and who waits for a quorum of them.
        var kept: [UInt64: Set<ReplicaID>] = [:]
        /// Followers ask once for what they lack, and again only when the answer has not come.
        var askedAt: ContinuousClock.Instant?
    }

    private let state = Mutex(State())
    private static let patience = Duration.seconds(5)

    init(keyring: Keyring, opener: BlockOpener, store: CentreStore, logger: Logger) {
        self.keyring = keyring
        self.opener = opener
        self.store = store
        self.logger = logger
    }

    /// Under which name a seed waits in the keyring until its author has a number.
    static func seedName(token hash: [UInt8]) -> String { seedMark + Hex.encode(hash) }
    private static let seedMark = "seed "

    /// The private half of an epoch of bundles lies under its public one: two drawn at once do not meet.
    static func bundleName(_ epoch: BundleEpoch) -> String { bundleMark + Hex.encode(epoch.key) }
    private static let bundleMark = "bundle "

    /// What opens bundles of this epoch; nil where it was closed.
    func bundleSecret(_ epoch: BundleEpoch) throws(StorageError) -> Secret? {
        try keyring.secret(Self.bundleName(epoch)).flatMap { Secret($0) }
    }

    /// Drops what opens bundles of epochs that are closed, should another node have sent it again, too.
    func dropClosed(_ epochs: [BundleEpoch]) throws(StorageError) {
        guard let openFrom = epochs.last?.openFrom else { return }
        for epoch in epochs where epoch.number < openFrom { try keyring.remove(Self.bundleName(epoch)) }
    }

    /// All that another node of the centre needs.
    func copy() throws(StorageError) -> KeyringCopy {
        try keyring.copy { name in
            name == CentreNode.authorityKeyName || name == OpenedFiles.blindKeyName || name.hasPrefix(Self.seedMark)
                || name.hasPrefix(Self.bundleMark)
        }
    }

    /// What a territory's node needs to open its own former logs: their trees, as far as nothing of them is destroyed.
    func copy(of authors: Set<UInt32>) throws(StorageError) -> KeyringCopy {
        var copy = try keyring.copy { _ in false }
        copy.nodes.removeAll { !authors.contains($0.author) }
        copy.punctured.removeAll { !authors.contains($0.author) }
        return copy
    }

    /// Takes in what another node of the centre sent; durable when it returns.
    func merge(_ copy: KeyringCopy) throws(StorageError) {
        let new = try keyring.merge(copy)
        for (author, tree) in try keyring.trees() where new.contains(author) {
            opener.learn(author: author, tree: tree)
        }
        state.withLock { $0.askedAt = nil }
    }

    // MARK: Seats

    /// Plants the tree of an author that has just been seated. A node of the centre has no log, and none is needed.
    func plant(_ author: AuthorNumber) throws(StorageError) {
        guard try store.seat(of: author) != nil else { return }
        if try keyring.trees().contains(where: { $0.author == author.number }) { return }
        guard let hash = try store.tokenHash(usedBy: author),
            let bytes = try keyring.secret(Self.seedName(token: hash)), let seed = Secret(bytes)
        else {
            throw .damaged(file: "keyring.sqlite", what: "the key tree of author \(author.number) is missing")
        }
        try keyring.plant(author: author.number, seed: seed)
        opener.learn(author: author.number, tree: KeyTree(seed: seed))
    }

    /// Seats that were applied, but whose tree was not planted before the process ended.
    func plantAll() throws(StorageError) {
        let planted = Set(try keyring.trees().map(\.author))
        for seat in try store.seats() where !planted.contains(seat.author.number) { try plant(seat.author) }
    }

    /// Whether entries seat an author whose seed is not here.
    func lacksSeed(_ entries: [RaftEntry]) -> Bool {
        for entry in entries {
            guard case .proposal(let payload) = entry.payload, let own = Proposal.ownEntries(in: payload) else {
                continue
            }
            for name in own.compactMap(Self.secretNeeded) {
                do throws(StorageError) {
                    if try keyring.secret(name) == nil { return true }
                } catch {
                    logger.error("the keyring cannot be read: \(error)")
                    return true
                }
            }
        }
        return false
    }

    /// The secret that must be here before this entry is taken: of an author that it seats, of an epoch it begins.
    private static func secretNeeded(for entry: [UInt8]) -> String? {
        if let hash = SeatedTerritory.tokenHash(of: entry) { return seedName(token: hash) }
        guard let decoded = try? EntryCodec.decode(entry), case .control(.bundleEpoch(let epoch)) = decoded.body else {
            return nil
        }
        return bundleName(epoch)
    }

    /// Whether to ask for keys now.
    func mayAsk() -> Bool {
        state.withLock { state in
            if let askedAt = state.askedAt, .now - askedAt < .seconds(1) { return false }
            state.askedAt = .now
            return true
        }
    }

    // MARK: On a quorum

    /// Keeps a secret here and at a quorum of the voters. False where no quorum has kept it in time: then nothing may
    /// rest on it.
    func spread(_ secret: Secret, named name: String, to membership: Membership, own: ReplicaID, by peers: Peers)
        async throws(StorageError) -> Bool
    {
        let named = KeyringCopy.Named(name: name, bytes: secret.bytes)
        try keyring.store(named.bytes, name: named.name)
        let number = state.withLock { state in
            defer { state.next += 1 }
            state.kept[state.next] = [own]
            return state.next
        }
        defer { state.withLock { _ = $0.kept.removeValue(forKey: number) } }
        let begun = ContinuousClock.now
        for member in membership.members where member != own {
            peers.post(.keys(number: number, KeyringCopy(secrets: [named])), to: member)
        }
        while ContinuousClock.now - begun < Self.patience {
            let kept = state.withLock { $0.kept[number] ?? [] }
            if membership.isQuorum(kept) { return true }
            do {
                try await Task.sleep(for: .milliseconds(10))
            } catch {
                return false
            }
        }
        return false
    }

    func kept(_ number: UInt64, by replica: ReplicaID) {
        state.withLock { state in
            if state.kept[number] != nil { state.kept[number]?.insert(replica) }
        }
    }
}

extension Membership {
    /// Whether these are a majority of the voters, and in a joint phase one of the old voters too.
    func isQuorum(_ those: Set<ReplicaID>) -> Bool {
        func majority(_ voters: [ReplicaID]) -> Bool {
            voters.isEmpty || voters.count(where: those.contains) > voters.count / 2
        }
        return majority(voters) && majority(outgoing)
    }
}
