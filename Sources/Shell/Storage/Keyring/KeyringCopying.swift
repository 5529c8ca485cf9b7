import Vault
package import Wire

/// The keys of the centre on their way between its nodes: beside the copy of a store, never in it.
extension Keyring {
    /// All key trees, what was punctured, and the named secrets that `wanted` takes.
    package func copy(secrets wanted: (String) -> Bool) throws(StorageError) -> KeyringCopy {
        try file.read { connection in
            var copy = KeyringCopy()
            let nodes = try connection.statement(
                "SELECT author, first, depth, wrapped FROM nodes ORDER BY author, first")
            while try nodes.next() {
                let author = UInt32(nodes.integer(0))
                let node = try open(nodes, author: author)
                copy.nodes.append(.init(author: author, depth: node.depth, place: node.place, key: node.key))
            }
            let leaves = try connection.statement("SELECT author, leaf FROM punctured ORDER BY author, leaf")
            while try leaves.next() {
                copy.punctured.append(.init(author: UInt32(leaves.integer(0)), leaf: UInt64(leaves.integer(1))))
            }
            let secrets = try connection.statement("SELECT name, wrapped FROM secrets ORDER BY name")
            while try secrets.next() {
                let name = secrets.text(0)
                guard wanted(name) else { continue }
                copy.secrets.append(.init(name: name, bytes: try unwrap(secrets.bytes(1), name: "secret " + name)))
            }
            return copy
        }
    }

    /// Takes in what is not here yet, in one durable step. An author whose tree was ever planted here keeps his own:
    /// a key that comes again is refused, and what was punctured there is punctured here.
    ///
    /// - Returns: the authors that are new here.
    package func merge(_ copy: KeyringCopy) throws(StorageError) -> [UInt32] {
        var known: [UInt32] = []
        var new: [UInt32] = []
        try file.turn { connection in
            let rows = try connection.statement("SELECT author FROM planted")
            while try rows.next() { known.append(UInt32(rows.integer(0))) }
            for author in Set(copy.nodes.map(\.author)).subtracting(known).sorted() {
                let nodes = copy.nodes.filter { $0.author == author }
                    .map { KeyNode(depth: $0.depth, place: $0.place, key: $0.key) }
                guard KeyTree(nodes: nodes) != nil else {
                    throw StorageError.failed(
                        file: file.path, code: 0, message: "the keys sent for author \(author) are no tree")
                }
                let plant = try connection.statement("INSERT INTO planted(author) VALUES(?)")
                plant.bind(1, Int64(author))
                try plant.run()
                for node in nodes { try insert(node, author: author, connection) }
                new.append(author)
            }
            let insert = try connection.statement("INSERT OR IGNORE INTO secrets(name, wrapped) VALUES(?, ?)")
            for secret in copy.secrets {
                insert.bind(1, secret.name)
                insert.bind(2, try wrap(secret.bytes, name: "secret " + secret.name))
                try insert.run()
            }
        }
        for (author, leaves) in Dictionary(grouping: copy.punctured, by: \.author).sorted(by: { $0.key < $1.key }) {
            try puncture(author: author, leaves: leaves.map(\.leaf).sorted())
        }
        return new
    }
}
