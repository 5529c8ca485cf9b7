package import Law

/// One line of an author's log. Its author and index stand outside it: the digest chain binds them.
package struct Entry: Hashable, Sendable {
    package var stamp: Stamp
    /// The downlink position the author had taken when it wrote this.
    package var seen: DownlinkPosition
    package var body: Body
    /// Where it stood before, where it was moved here from a log that could not go on; nil for what was written here.
    package var origin: Origin?

    package enum Body: Hashable, Sendable {
        case document(DocumentEntry)
        case access(AccessEntry)
        case control(ControlEntry)
    }

    package init(stamp: Stamp, seen: DownlinkPosition, body: Body, origin: Origin? = nil) {
        self.stamp = stamp
        self.seen = seen
        self.body = body
        self.origin = origin
    }
}

/// The place an entry had in a log that diverged (design §7). The digest is the chain's after it, so it names the entry
/// with all that stood before it: one origin is taken once, however often its entry is moved.
package struct Origin: Hashable, Sendable {
    package var at: LogAddress
    /// 32 bytes.
    package var digest: [UInt8]

    package init(at: LogAddress, digest: [UInt8]) {
        self.at = at
        self.digest = digest
    }
}

/// What a document does to its record.
package enum DocumentAct: UInt8, Hashable, Sendable, CaseIterable {
    case register = 1
    case correct = 2
    case cancel = 3
    /// Nothing to report for a card kind and a period.
    case zero = 4
}

package struct DocumentEntry: Hashable, Sendable {
    package var act: DocumentAct
    package var record: RecordID
    package var kind: String
    /// The catalogue edition the document was checked against, named by the day it came in force.
    package var edition: Day
    /// The provisional number's year and serial; territory and author are the log's own.
    package var number: Serial
    package var sender: String
    /// The sender's id of this document (of the correcting document, where the act is a correction).
    package var document: String
    /// What stands in clear: facts and service fields.
    package var writes: [Write]
    package var blocks: [SealedBlock]

    package init(
        act: DocumentAct, record: RecordID, kind: String, edition: Day, number: Serial, sender: String,
        document: String, writes: [Write], blocks: [SealedBlock]
    ) {
        self.act = act
        self.record = record
        self.kind = kind
        self.edition = edition
        self.number = number
        self.sender = sender
        self.document = document
        self.writes = writes
        self.blocks = blocks
    }
}

/// A number within a year: gapless where it is given.
package struct Serial: Hashable, Sendable {
    package var year: UInt16
    package var serial: UInt32

    package init(year: UInt16, serial: UInt32) {
        self.year = year
        self.serial = serial
    }
}

/// One write to one field: a new value, the dots it replaces, or both. A removal from a set has no value.
///
/// `place` makes the dot of the value, together with the entry's address. Places are given once over an entry, through
/// its clear writes and all its blocks, so several values in one entry have dots of their own.
package struct Write: Hashable, Sendable {
    package var field: FieldNumber
    package var place: UInt16
    package var value: Value?
    package var replaces: [Dot]

    package init(field: FieldNumber, place: UInt16, value: Value?, replaces: [Dot] = []) {
        self.field = field
        self.place = place
        self.value = value
        self.replaces = replaces
    }
}

/// The sealed writes of one person, or of the free text, of one entry. Opaque here; `Vault` seals and opens.
package struct SealedBlock: Hashable, Sendable {
    /// The running number of the block's key in its author's key tree. Gaps are allowed.
    package var leaf: UInt64
    /// Which person of the card this is: 0 is the free text (with content digest and signature), 1… are persons.
    package var slot: UInt16
    /// Bytes of the plaintext before compression.
    package var rawLength: UInt32
    /// Compressed, then AES-256-GCM: ciphertext and tag.
    package var sealed: [UInt8]

    package init(leaf: UInt64, slot: UInt16, rawLength: UInt32, sealed: [UInt8]) {
        self.leaf = leaf
        self.slot = slot
        self.rawLength = rawLength
        self.sealed = sealed
    }
}

/// Who looked at whom (Law 510 Art. 9.4; design §3.8). Basis, purpose and search terms lie in the block.
package struct AccessEntry: Hashable, Sendable {
    /// The officer, or the operator's system account.
    package var officer: String
    /// What was done: `person.find`, `account.list`, `record.show`, …
    package var action: String
    /// The random numbers of the subjects found.
    package var subjects: [UInt64]
    /// The Raft index the answer was read at.
    package var position: UInt64
    package var block: SealedBlock?

    package init(officer: String, action: String, subjects: [UInt64], position: UInt64, block: SealedBlock?) {
        self.officer = officer
        self.action = action
        self.subjects = subjects
        self.position = position
        self.block = block
    }
}

/// Acts of `ControlEntry.member` that mean more than their line of the journal.
package enum MemberAction {
    /// A recovered centre goes on without those who have not sent again what they were told.
    package static let goesOn = "goes-on"
}

/// Acts on the cluster itself.
package enum ControlEntry: Hashable, Sendable {
    /// A node started: the random number its nonces hold from here on (design §5, key tree).
    case started(nonceSalt: UInt64, software: String)
    /// The centre gave out a join token; only its hash is kept.
    case tokenIssued(hash: [UInt8], role: String, territory: String, expires: UInt64, officer: String)
    /// A token was used: a node is seated as a new author. `seat` counts the seatings of one territory from 1.
    case seated(tokenHash: [UInt8], name: String, role: String, territory: String, author: AuthorNumber, seat: UInt32)
    /// A node of the centre, by the number of its seat. `listens`: it is reached at `address`. Anything else (`add`,
    /// `promote`, `remove`, …) tells the journal what an operator did to the group, which itself is in the Raft log.
    case member(action: String, number: UInt64, name: String, address: String, officer: String)
    /// The centre decided something for the whole nation.
    case decision(Decision)
    /// The centre lost its quorum and goes on from one node's store.
    case recovered(Recovery)
    /// The centre drew a new key that bundles are sealed to.
    case bundleEpoch(BundleEpoch)
    /// A territory goes on under a new author: `former` could not (`cause` says why), or all its logs were lost with
    /// their disk (`former` 0). `secretHash` is of the new key tree's seed, or of the token that was spent.
    case reseated(
        secretHash: [UInt8], name: String, territory: String, former: AuthorNumber, cause: ReseatCause,
        author: AuthorNumber, seat: UInt32)
    /// A territorial body was opened, closed or given another node.
    case territory(TerritoryAct)
    /// A record has another holder from here on.
    case transferred(RecordTransfer)
}

/// A centre that goes on after it lost its quorum: from here on one node, under a new number, decides alone. Every
/// number given before belongs to nobody any more, and whoever spoke for the centre before speaks for it no more.
package struct Recovery: Hashable, Sendable {
    /// Counts the recoveries of this centre, from 1.
    package var generation: UInt32
    /// The number, and so the seat, under which the node goes on: above every number that may have been given.
    package var number: UInt32
    package var name: String
    package var address: String
    /// The last entry of the Raft log that the node held: what others held beyond it is given up.
    package var kept: UInt64
    package var officer: String

    package init(
        generation: UInt32, number: UInt32, name: String, address: String, kept: UInt64, officer: String
    ) {
        self.generation = generation
        self.number = number
        self.name = name
        self.address = address
        self.kept = kept
        self.officer = officer
    }
}

/// Why a territory's node was given a new author.
package enum ReseatCause: UInt8, Hashable, Sendable, CaseIterable {
    /// It was restored from an older copy.
    case behind = 1
    /// It was restored from an older copy and then written to.
    case diverged = 2
    /// Its disk was lost, and the shard is brought back from the centre.
    case rebuilt = 3
}
