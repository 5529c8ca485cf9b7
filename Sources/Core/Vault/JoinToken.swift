import Crypto

/// What a new node needs to join, as one word that an operator carries over (design §10, `cluster token`).
///
/// base64url without padding over these bytes; numbers are big-endian, a text is its length (1 byte) and UTF-8:
///
///     bytes   what
///         1   version: 1
///        16   cluster id
///        32   SHA-256 of the authority's certificate (DER): the joiner believes no other
///        32   the secret, used once; the centre keeps its hash alone
///         1   role: 1 centre, 2 territory
///      text   territory code; empty for the centre
///      text   node name; empty where the joiner may choose
///         8   expiry, seconds since 1970
///         1   how many addresses follow, 1 to 8
///      text   each: HOST:PORT of a centre's node
///         4   the first bytes of SHA-256 over all before: a mistyped token is told from a refused one
package struct JoinToken: Hashable, Sendable {
    package enum Role: UInt8, Hashable, Sendable, CaseIterable {
        case centre = 1
        case territory = 2
    }

    package enum Failure: Error, Hashable, Sendable {
        /// Letters that no token has, or cut short.
        case malformed
        /// The checksum differs: a letter was lost or changed on the way.
        case mistyped
        /// Of a later program.
        case unknownVersion(UInt8)
    }

    package static let clusterLength = 16
    package static let addressLimit = 8

    package var cluster: [UInt8]
    package var authority: Digest
    package var secret: Secret
    package var role: Role
    package var territory: String
    package var name: String
    package var expirySeconds: UInt64
    package var addresses: [String]

    package init(
        cluster: [UInt8], authority: Digest, secret: Secret, role: Role, territory: String, name: String,
        expirySeconds: UInt64, addresses: [String]
    ) {
        self.cluster = cluster
        self.authority = authority
        self.secret = secret
        self.role = role
        self.territory = territory
        self.name = name
        self.expirySeconds = expirySeconds
        self.addresses = addresses
    }

    /// What the centre keeps of the secret, in its log and its tables.
    package static func hash(of secret: Secret) -> Digest {
        Digest.of(Array("esep token".utf8) + secret.bytes)
    }

    package var word: String {
        precondition(cluster.count == Self.clusterLength, "a cluster id has 16 bytes")
        precondition(
            1...Self.addressLimit ~= addresses.count && ([territory, name] + addresses).allSatisfy(Self.fits),
            "a token holds 1 to 8 addresses, its texts at most 255 bytes")
        var bytes: [UInt8] = [1]
        bytes += cluster
        bytes += authority.bytes
        bytes += secret.bytes
        bytes.append(role.rawValue)
        Self.append(territory, to: &bytes)
        Self.append(name, to: &bytes)
        bytes += bigEndianBytes(expirySeconds)
        bytes.append(UInt8(addresses.count))
        for address in addresses {
            Self.append(address, to: &bytes)
        }
        bytes += Digest.of(bytes).bytes.prefix(4)
        return Base64URL.encode(bytes)
    }

    package init(word: String) throws(Failure) {
        guard let bytes = Base64URL.decode(word), bytes.count > 5 else { throw .malformed }
        let body = Array(bytes.dropLast(4))
        guard Digest.of(body).bytes.prefix(4) == bytes.suffix(4) else { throw .mistyped }
        guard body[0] == 1 else { throw .unknownVersion(body[0]) }
        var reader = TokenReader(bytes: body, position: 1)
        guard
            let cluster = reader.take(Self.clusterLength),
            let authority = reader.take(Digest.byteCount).flatMap({ Digest($0) }),
            let secret = reader.take(Secret.byteCount).flatMap({ Secret($0) }),
            let role = reader.take(1).flatMap({ Role(rawValue: $0[0]) }),
            let territory = reader.text(), let name = reader.text(),
            let expiry = reader.take(8), let count = reader.take(1), 1...Self.addressLimit ~= Int(count[0])
        else { throw .malformed }
        var addresses: [String] = []
        for _ in 0..<count[0] {
            guard let address = reader.text() else { throw .malformed }
            addresses.append(address)
        }
        guard reader.position == body.count else { throw .malformed }
        self.init(
            cluster: cluster, authority: authority, secret: secret, role: role, territory: territory, name: name,
            expirySeconds: expiry.reduce(0) { $0 << 8 | UInt64($1) }, addresses: addresses)
    }

    private static func fits(_ text: String) -> Bool {
        text.utf8.count <= 255
    }

    private static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }
}

private struct TokenReader {
    var bytes: [UInt8]
    var position: Int

    mutating func take(_ count: Int) -> [UInt8]? {
        guard bytes.count - position >= count else { return nil }
        defer { position += count }
        return Array(bytes[position..<position + count])
    }

    mutating func text() -> String? {
        guard let length = take(1), let text = take(Int(length[0])) else { return nil }
        return String(validating: text, as: UTF8.self)
    }
}

/// base64 with the letters of RFC 4648 §5, no padding: fits in a shell word, a file name and a URL.
package enum Base64URL {
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    package static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        var bits: UInt32 = 0
        var held = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            held += 8
            while held >= 6 {
                held -= 6
                text.append(letters[Int(bits >> UInt32(held) & 63)])
            }
        }
        if held > 0 {
            text.append(letters[Int(bits << UInt32(6 - held) & 63)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Nil for any other letter, an impossible length, or bits set beyond the last byte.
    package static func decode(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var held = 0
        for unit in text.utf8 {
            guard let value = letters.firstIndex(of: unit) else { return nil }
            bits = bits << 6 | UInt32(value)
            held += 6
            if held >= 8 {
                held -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(held)))
            }
        }
        let rest = bits & (1 << UInt32(held) - 1)
        return held < 6 && rest == 0 ? bytes : nil
    }
}
