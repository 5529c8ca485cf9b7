package import Consensus
package import Vault

/// What the nodes of the centre say to each other beside Raft. Only between certificates of the centre.
package enum PeerMessage: Hashable, Sendable {
    /// Who speaks, where it is reached and how far it has come: first on every connection, then as a sign of life.
    case state(PeerState)
    /// Keep these keys durably and answer `keysKept` with the same number.
    case keys(number: UInt64, KeyringCopy)
    case keysKept(number: UInt64)
    /// Send all keys: an entry needs one that is missing here.
    case keysWanted
    /// A copy of the store stands ready to be fetched.
    case copyOffered(StoreCopy)
    /// Send the copy of this digest from here on.
    case copyWanted(digest: Digest, offset: UInt64)
    case copyPart(digest: Digest, offset: UInt64, bytes: [UInt8])
    /// The copy lies here whole, and its digest is right.
    case copyStaged(digest: Digest)
    /// There is no such copy any more: wait for the next offer.
    case copyGone(digest: Digest)
}

package struct PeerState: Hashable, Sendable {
    package var replica: ReplicaID
    package var name: String
    /// HOST:PORT.
    package var address: String
    package var applied: LogIndex
    package var term: Term
    package var leader: ReplicaID?
    /// As `CentreMap.generation`.
    package var generation: UInt32

    package init(
        replica: ReplicaID, name: String, address: String, applied: LogIndex, term: Term, leader: ReplicaID?,
        generation: UInt32 = 0
    ) {
        self.generation = generation
        self.replica = replica
        self.name = name
        self.address = address
        self.applied = applied
        self.term = term
        self.leader = leader
    }
}

/// A copy of a leader's store as of an applied index, and of its index behind it: what a follower fetches whose log has
/// been cut away.
package struct StoreCopy: Hashable, Sendable {
    package var head: SnapshotHead
    package var bytes: UInt64
    /// How many of these bytes, at their end, are the index; 0: none, and the follower makes it good from the store.
    package var indexBytes: UInt64
    /// SHA-256 of all bytes.
    package var digest: Digest

    package init(head: SnapshotHead, bytes: UInt64, indexBytes: UInt64 = 0, digest: Digest) {
        self.head = head
        self.bytes = bytes
        self.indexBytes = indexBytes
        self.digest = digest
    }
}

/// Keys on their way from one node of the centre to another: inside TLS alone, wrapped again where they arrive.
package struct KeyringCopy: Hashable, Sendable {
    package struct Node: Hashable, Sendable {
        package var author: UInt32
        package var depth: UInt8
        package var place: UInt64
        package var key: Secret

        package init(author: UInt32, depth: UInt8, place: UInt64, key: Secret) {
            self.author = author
            self.depth = depth
            self.place = place
            self.key = key
        }
    }

    package struct Leaf: Hashable, Sendable {
        package var author: UInt32
        package var leaf: UInt64

        package init(author: UInt32, leaf: UInt64) {
            self.author = author
            self.leaf = leaf
        }
    }

    package struct Named: Hashable, Sendable {
        package var name: String
        package var bytes: [UInt8]

        package init(name: String, bytes: [UInt8]) {
            self.name = name
            self.bytes = bytes
        }
    }

    /// The nodes of whole authors: an author's are all here or none.
    package var nodes: [Node]
    package var punctured: [Leaf]
    package var secrets: [Named]

    package init(nodes: [Node] = [], punctured: [Leaf] = [], secrets: [Named] = []) {
        self.nodes = nodes
        self.punctured = punctured
        self.secrets = secrets
    }
}

/// Where the centre is reached: told to every territory when its line stands, and when it changes.
package struct CentreMap: Hashable, Sendable {
    /// HOST:PORT of each node of the centre, the leader's first where it is known.
    package var addresses: [String]
    /// The node that tells this leads.
    package var isLeader: Bool
    /// How often the centre was recovered after it lost its quorum, as this node knows: whoever has heard of a later
    /// generation does not speak with an earlier one.
    package var generation: UInt32

    package init(addresses: [String], isLeader: Bool, generation: UInt32 = 0) {
        self.addresses = addresses
        self.isLeader = isLeader
        self.generation = generation
    }
}
