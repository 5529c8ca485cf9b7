/// The shape of one database file. Steps are appended, never edited: a file remembers how many of them it has taken.
package struct Schema: Sendable {
    /// What the file is: `territory`, `centre`, `keyring`, `index`. Stored in it and compared at opening.
    package var kind: String
    /// SQL of each step, in order. Each is run once, in a transaction of its own.
    package var steps: [String]

    package init(kind: String, steps: [String]) {
        self.kind = kind
        self.steps = steps
    }
}

/// Whose file this is, compared at every opening: one data directory serves one node of one cluster.
package struct FileOwner: Hashable, Sendable {
    /// 16 random bytes that name the cluster.
    package var cluster: [UInt8]
    /// The node's role and territory as words, such as `territory KZ-75`.
    package var node: String

    package init(cluster: [UInt8], node: String) {
        self.cluster = cluster
        self.node = node
    }

    var sentence: String {
        "\(node) of cluster \(cluster.reduce(into: "") { $0 += hexadecimal($1) })"
    }
}

private func hexadecimal(_ byte: UInt8) -> String {
    let text = String(byte, radix: 16)
    return byte < 16 ? "0" + text : text
}
