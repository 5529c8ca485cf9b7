package import Law
package import Records
package import Vault

/// Opens blocks: keys and compression are the node's. Called from any thread, so one that keeps a path of a key tree
/// guards it.
package protocol BlockOpening: Sendable {
    /// The blocks of a document entry that open, by rising slot. One whose key is gone is left out.
    ///
    /// - Parameter salt: the random number of the author's nonces when it wrote the entry.
    func open(_ entry: DocumentEntry, at address: LogAddress, salt: UInt64) -> [OpenedBlock]
    /// Basis, purpose and search terms of an access entry; nil where there are none or they do not open.
    func open(_ entry: AccessEntry, at address: LogAddress, salt: UInt64) -> [Write]?
    /// The key of one block, for a territory that holds the record; nil where it is gone.
    func leafKey(author: AuthorNumber, leaf: UInt64) -> Secret?
    /// Blocks of these editions' cards will come. May be called again, and for an edition that is taken back.
    func learn(_ catalogue: Catalogue)
}

/// What lay in one block.
package struct OpenedBlock: Hashable, Sendable {
    package var slot: UInt16
    package var writes: [Write]
    /// The digest of the document's canonical bytes (slot 0).
    package var content: Digest?

    package init(slot: UInt16, writes: [Write], content: Digest?) {
        self.slot = slot
        self.writes = writes
        self.content = content
    }
}
