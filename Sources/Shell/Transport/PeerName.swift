import Vault

/// Who a peer is, as its certificate says it: `esep://CLUSTER/ROLE/PLACE/NAME`, the certificate's one URI name.
package struct PeerName: Hashable, Sendable, CustomStringConvertible {
    package enum Role: String, Hashable, Sendable, CaseIterable {
        case centre
        case territory
    }

    /// 16 bytes.
    package var cluster: [UInt8]
    package var role: Role
    /// The territory's code, or `centre`.
    package var place: String
    package var name: String

    package init(cluster: [UInt8], role: Role, place: String, name: String) {
        self.cluster = cluster
        self.role = role
        self.place = place
        self.name = name
    }

    package var uri: String {
        "esep://\(Hex.encode(cluster))/\(role.rawValue)/\(place)/\(name)"
    }

    package var description: String { "\(name) (\(role.rawValue) \(place))" }

    /// Nil for any text that `uri` would not give.
    package init?(uri: String) {
        let parts = uri.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "esep:", parts[1].isEmpty,
            let cluster = Hex.decode(parts[2]), cluster.count == JoinToken.clusterLength,
            let role = Role(rawValue: String(parts[3]))
        else { return nil }
        self.init(cluster: cluster, role: role, place: String(parts[4]), name: String(parts[5]))
        guard isWellFormed, self.uri == uri else { return nil }
    }

    /// Letters of ASCII, digits, `.`, `_` and `-`, up to 64 of them, in place and name.
    package var isWellFormed: Bool {
        [place, name].allSatisfy { part in
            1...64 ~= part.utf8.count
                && part.utf8.allSatisfy { unit in
                    switch unit {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
                        UInt8(ascii: "-"):
                        true
                    default: false
                    }
                }
        }
    }
}
