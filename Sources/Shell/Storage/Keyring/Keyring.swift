package import Vault

/// The keys a node holds: `keyring.sqlite`, every row wrapped under the epoch key, which lies in `epoch.slot` under the
/// operator's secret. Tiny: it grows with authors, granted leaves and destructions, never with records.
///
/// What is deleted is overwritten (`secure_delete` from the first page). Nothing personal stands here, and nothing here
/// is in a backup or snapshot of the store. Safe to use from several threads; calls block.
package final class Keyring: Sendable {
    let file: DatabaseFile
    private let epoch: EpochKey
    private let draw: @Sendable (Int) -> [UInt8]

    /// Makes the epoch slot where there is none yet, and opens the keyring under it.
    ///
    /// - Parameters:
    ///   - slot: the path of `epoch.slot`.
    ///   - secret: the operator's secret, any number of bytes.
    ///   - draw: gives so many random bytes of the system.
    package init(
        path: String, slot: String, owner: FileOwner, secret: [UInt8], cost: EpochSlot.Cost = .standard,
        draw: @escaping @Sendable (Int) -> [UInt8]
    ) throws(StorageError) {
        self.draw = draw
        epoch = try Keyring.openSlot(slot, keyring: path, secret: secret, cost: cost, draw: draw)
        file = try DatabaseFile(
            path: path, schema: Keyring.schema, owner: owner, promise: .durable, readers: 1, erasing: true)
    }

    package func close() throws(StorageError) {
        try file.close()
    }

    /// The number of the epoch the rows are wrapped under.
    package var epochNumber: UInt32 { epoch.number }

    // MARK: Key trees

    /// Puts an author's whole tree in. Refused, with nothing changed, where the author has one already: a key that
    /// comes again is never taken.
    package func plant(author: UInt32, seed: Secret) throws(StorageError) {
        try file.turn { connection in
            let known = try connection.statement("SELECT 1 FROM planted WHERE author = ?")
            known.bind(1, Int64(author))
            if try known.next() {
                known.reset()
                throw StorageError.failed(
                    file: file.path, code: 0, message: "the key tree of author \(author) is already held")
            }
            let plant = try connection.statement("INSERT INTO planted(author) VALUES(?)")
            plant.bind(1, Int64(author))
            try plant.run()
            try insert(KeyNode(depth: 0, place: 0, key: seed), author: author, connection)
        }
    }

    /// The trees of all authors, each from the nodes that are held; ascending by author.
    package func trees() throws(StorageError) -> [(author: UInt32, tree: KeyTree)] {
        try file.read { connection in
            var nodes: [(author: UInt32, nodes: [KeyNode])] = []
            let select = try connection.statement(
                "SELECT author, first, depth, wrapped FROM nodes ORDER BY author, first")
            while try select.next() {
                let author = UInt32(select.integer(0))
                let node = try open(select, author: author)
                if nodes.last?.author != author { nodes.append((author, [])) }
                nodes[nodes.count - 1].nodes.append(node)
            }
            return try nodes.map { author, nodes in
                guard let tree = KeyTree(nodes: nodes) else { throw damaged("the key tree of author \(author)") }
                return (author, tree)
            }
        }
    }

    /// The tree of one author; a tree without keys where none is held.
    package func tree(of author: UInt32) throws(StorageError) -> KeyTree {
        guard let tree = try trees().first(where: { $0.author == author })?.tree ?? KeyTree(nodes: []) else {
            throw damaged("the key tree of author \(author)")
        }
        return tree
    }

    /// Takes in leaf keys that others granted; those that are held, or that were punctured, change nothing.
    package func grant(_ keys: [(author: UInt32, leaf: UInt64, key: Secret)]) throws(StorageError) {
        guard !keys.isEmpty else { return }
        try file.turn { connection in
            for (author, leaf, key) in keys {
                guard try !isPunctured(author: author, leaf: leaf, connection) else { continue }
                guard try covering(author: author, leaf: leaf, connection) == nil else { continue }
                let node = KeyNode(depth: UInt8(KeyTree.depth), place: leaf, key: key)
                try insert(node, author: author, connection)
            }
        }
    }

    /// The key of one block as it is held singly or derived from the tree; nil where it was punctured or never given.
    ///
    /// For many blocks take the `tree` once and ask it.
    package func leafKey(author: UInt32, leaf: UInt64) throws(StorageError) -> Secret? {
        var tree = try tree(of: author)
        return tree.leafKey(leaf)
    }

    /// Destroys the keys of these blocks for ever. Punctures are remembered: a key that comes again is refused.
    package func puncture(author: UInt32, leaves: [UInt64]) throws(StorageError) {
        try file.turn { connection in
            for leaf in leaves {
                if let node = try covering(author: author, leaf: leaf, connection) {
                    guard var tree = KeyTree(nodes: [node]), let change = tree.puncture(leaf) else {
                        throw damaged("a node of author \(author)")
                    }
                    try delete(node, author: author, connection)
                    for sibling in change.added { try insert(sibling, author: author, connection) }
                }
                let remember = try connection.statement("INSERT OR IGNORE INTO punctured(author, leaf) VALUES(?, ?)")
                remember.bind(1, Int64(author))
                remember.bind(2, Int64(leaf))
                try remember.run()
            }
        }
    }

    /// Leaves nothing of what was deleted in the file, nor in its log. Before the second receipt of a destruction.
    package func vacuum() throws(StorageError) {
        try file.vacuum()
    }

    // MARK: Named secrets

    /// Keeps another secret of the node, such as `index` or `authority`, in place of one of that name.
    package func store(_ material: [UInt8], name: String) throws(StorageError) {
        let wrapped = try wrap(material, name: "secret " + name)
        try file.turn { connection in
            let insert = try connection.statement("INSERT OR REPLACE INTO secrets(name, wrapped) VALUES(?, ?)")
            insert.bind(1, name)
            insert.bind(2, wrapped)
            try insert.run()
        }
    }

    package func secret(_ name: String) throws(StorageError) -> [UInt8]? {
        try file.read { connection in
            let select = try connection.statement("SELECT wrapped FROM secrets WHERE name = ?")
            select.bind(1, name)
            guard try select.next() else { return nil }
            let wrapped = select.bytes(0)
            select.reset()
            return try unwrap(wrapped, name: "secret " + name)
        }
    }

    /// Destroys a named secret; one that is not there is no error.
    package func remove(_ name: String) throws(StorageError) {
        guard try secret(name) != nil else { return }
        try file.turn { connection in
            let delete = try connection.statement("DELETE FROM secrets WHERE name = ?")
            delete.bind(1, name)
            try delete.run()
        }
    }

    /// A secret of 32 bytes: drawn and kept at the first call, the same at every later one.
    package func lastingSecret(_ name: String) throws(StorageError) -> Secret {
        let held: [UInt8]
        if let stored = try secret(name) {
            held = stored
        } else {
            held = draw(Secret.byteCount)
            try store(held, name: name)
        }
        guard let secret = Secret(held) else { throw damaged("the secret \(name)") }
        return secret
    }

    // MARK: Rows

    func insert(_ node: KeyNode, author: UInt32, _ connection: Connection) throws {
        let insert = try connection.statement("INSERT INTO nodes(author, first, depth, wrapped) VALUES(?, ?, ?, ?)")
        insert.bind(1, Int64(author))
        insert.bind(2, Int64(node.leaves.lowerBound))
        insert.bind(3, Int64(node.depth))
        insert.bind(4, try wrap(node.key.bytes, name: Keyring.name(author: author, node)))
        try insert.run()
    }

    private func delete(_ node: KeyNode, author: UInt32, _ connection: Connection) throws {
        let delete = try connection.statement("DELETE FROM nodes WHERE author = ? AND first = ?")
        delete.bind(1, Int64(author))
        delete.bind(2, Int64(node.leaves.lowerBound))
        try delete.run()
    }

    private func covering(author: UInt32, leaf: UInt64, _ connection: Connection) throws -> KeyNode? {
        let select = try connection.statement(
            """
            SELECT author, first, depth, wrapped FROM nodes WHERE author = ? AND first <= ?
            ORDER BY first DESC LIMIT 1
            """
        )
        select.bind(1, Int64(author))
        select.bind(2, Int64(leaf))
        guard try select.next() else { return nil }
        defer { select.reset() }
        let node = try open(select, author: author)
        return node.leaves.contains(leaf) ? node : nil
    }

    private func isPunctured(author: UInt32, leaf: UInt64, _ connection: Connection) throws -> Bool {
        let select = try connection.statement("SELECT 1 FROM punctured WHERE author = ? AND leaf = ?")
        select.bind(1, Int64(author))
        select.bind(2, Int64(leaf))
        defer { select.reset() }
        return try select.next()
    }

    func open(_ row: Statement, author: UInt32) throws -> KeyNode {
        let depth = row.integer(2)
        let first = row.integer(1)
        guard (0...Int64(KeyTree.depth)).contains(depth), first >= 0 else {
            throw damaged("a node of author \(author)")
        }
        let place = UInt64(first) >> UInt64(Int64(KeyTree.depth) - depth)
        let name = "author \(author), node \(depth)/\(place)"
        guard let key = Secret(try unwrap(row.bytes(3), name: name)) else { throw damaged(name) }
        return KeyNode(depth: UInt8(depth), place: place, key: key)
    }

    private static func name(author: UInt32, _ node: KeyNode) -> String {
        "author \(author), node \(node.depth)/\(node.place)"
    }

    func wrap(_ material: [UInt8], name: String) throws(StorageError) -> [UInt8] {
        do {
            return try epoch.wrap(material, name: name, nonce: draw(EpochKey.nonceLength))
        } catch {
            throw .failed(file: file.path, code: 0, message: "\(name) cannot be wrapped: \(error)")
        }
    }

    func unwrap(_ wrapped: [UInt8], name: String) throws(StorageError) -> [UInt8] {
        do {
            return try epoch.unwrap(wrapped, name: name)
        } catch {
            throw damaged("\(name) does not open under epoch \(epoch.number)")
        }
    }

    private func damaged(_ what: String) -> StorageError {
        .damaged(file: file.path, what: what)
    }
}

extension Keyring {
    static let schema = Schema(
        kind: "keyring",
        steps: [
            """
            CREATE TABLE planted(author INTEGER PRIMARY KEY);
            CREATE TABLE nodes(
                author INTEGER NOT NULL, first INTEGER NOT NULL, depth INTEGER NOT NULL, wrapped BLOB NOT NULL,
                PRIMARY KEY(author, first)) WITHOUT ROWID;
            CREATE TABLE punctured(
                author INTEGER NOT NULL, leaf INTEGER NOT NULL, PRIMARY KEY(author, leaf)) WITHOUT ROWID;
            CREATE TABLE secrets(name TEXT PRIMARY KEY, wrapped BLOB NOT NULL) WITHOUT ROWID;
            """
        ])

    /// Opens the slot, or makes the first epoch where there is no slot.
    private static func openSlot(
        _ path: String, keyring: String, secret: [UInt8], cost: EpochSlot.Cost, draw: (Int) -> [UInt8]
    ) throws(StorageError) -> EpochKey {
        if let slot = try SmallFile.read(path, limit: EpochSlot.byteCount) {
            do {
                return try EpochSlot.open(slot, secret: secret)
            } catch EpochSlot.Failure.wrongSecret {
                throw .wrongSecret(file: path)
            } catch {
                throw .damaged(file: path, what: "it is not an epoch slot of a known version")
            }
        }
        guard !SmallFile.exists(keyring) else {
            throw .damaged(file: path, what: "it is missing, and without it the keyring cannot be opened")
        }
        guard let key = Secret(draw(Secret.byteCount)) else {
            preconditionFailure("the source of chance gave other than \(Secret.byteCount) bytes")
        }
        let epoch = EpochKey(number: 1, key: key)
        let slot = EpochSlot.seal(
            epoch, secret: secret, salt: draw(EpochSlot.saltLength), nonce: draw(EpochKey.nonceLength), cost: cost)
        try SmallFile.replace(path, with: slot)
        return epoch
    }
}
