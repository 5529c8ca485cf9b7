import Law
import Records
import Storage
import Synchronization
import Vault
import Wire

/// Opens with the keys that a territory's node holds: the trees of its own seats, and what it was granted.
final class TerritoryOpener: BlockOpening {
    private let keys: SimulatedKeys
    private let own: Set<UInt32>
    /// The node was restored, and has not heard since whose data were destroyed.
    private let only: AuthorNumber?
    private let granted: Mutex<[Shard.GrantedLeaf: Secret]>

    init(_ keys: SimulatedKeys, own: Set<UInt32>, only: AuthorNumber?, granted: [Shard.GrantedLeaf: Secret]) {
        self.keys = keys
        self.own = own
        self.only = only
        self.granted = Mutex(granted)
    }

    func grant(_ leaf: Shard.GrantedLeaf, _ key: Secret) { granted.withLock { $0[leaf] = key } }

    func leafKey(author: AuthorNumber, leaf: UInt64) -> Secret? {
        if let only, only != author { return nil }
        if own.contains(author.number) { return keys.leafKey(author: author, leaf: leaf) }
        return granted.withLock { $0[Shard.GrantedLeaf(author: author, leaf: leaf)] }
    }

    func open(_ entry: DocumentEntry, at address: LogAddress, salt: UInt64) -> [OpenedBlock] {
        plains(of: entry, at: address, salt: salt).map { slot, plain in
            OpenedBlock(slot: slot, writes: plain.writes, content: plain.content)
        }
    }

    func plains(of entry: DocumentEntry, at address: LogAddress, salt: UInt64) -> [(slot: UInt16, plain: BlockPlain)] {
        keys.plains(of: entry, at: address, salt: salt) { self.leafKey(author: address.author, leaf: $0) }
    }

    func open(_ entry: AccessEntry, at address: LogAddress, salt: UInt64) -> [Write]? { nil }

    func learn(_ catalogue: Catalogue) {}
}
