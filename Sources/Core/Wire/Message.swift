package import Consensus
package import Uplink
package import Vault

/// All that travels in a frame between two nodes.
///
/// The first message each way is a `greeting`; a peer without a certificate may then send one `join` and nothing else.
package enum Message: Hashable, Sendable {
    case greeting(Greeting)
    case uplink(UplinkMessage)
    case consensus(RaftMessage)
    case join(JoinRequest)
    case joined(JoinAnswer)
    /// The token is used, expired, unknown or of another role: a sentence for the operator.
    case joinRefused(JoinRefusal)
    case query(Query)
    case answer(Answer)
    /// Between nodes of the centre; and once to a node that has just joined it, with the keys it needs.
    case peer(PeerMessage)
    /// From the centre to a territory.
    case centre(CentreMap)
    /// From the centre to a territory that joins, before the answer: what its bundles are sealed to.
    case bundleKey(BundleKey)
    /// From the centre to a territory, before its welcome: how much of the line data may take.
    case lineCap(LineCap)
}

/// The first words of both ends.
package struct Greeting: Hashable, Sendable {
    /// `Limits.version` of the speaker.
    package var version: UInt32
    package var cluster: [UInt8]
    package var software: String

    package init(version: UInt32, cluster: [UInt8], software: String) {
        self.version = version
        self.cluster = cluster
        self.software = software
    }
}

/// A new node asks to be seated. Sent only to a peer whose authority the token names.
package struct JoinRequest: Hashable, Sendable {
    package var cluster: [UInt8]
    /// The token's secret.
    package var secret: Secret
    /// The name it would bear; empty leaves it to the centre.
    package var name: String
    /// PKCS #10 in DER, over the key the node has just made.
    package var signingRequest: [UInt8]
    /// The seed of its key tree: kept at the centre before the first frontier under it is told.
    package var treeSeed: Secret
    /// Where it listens itself, or empty.
    package var address: String
    package var wallMilliseconds: UInt64
    /// The territory's disk was lost: this node brings its shard back from the centre, and goes on in its place.
    package var isRebuild: Bool

    package init(
        cluster: [UInt8], secret: Secret, name: String, signingRequest: [UInt8], treeSeed: Secret, address: String,
        wallMilliseconds: UInt64, isRebuild: Bool = false
    ) {
        self.isRebuild = isRebuild
        self.cluster = cluster
        self.secret = secret
        self.name = name
        self.signingRequest = signingRequest
        self.treeSeed = treeSeed
        self.address = address
        self.wallMilliseconds = wallMilliseconds
    }
}

/// The node is seated.
package struct JoinAnswer: Hashable, Sendable {
    /// DER: the node's own certificate first, the authority's last.
    package var certificates: [[UInt8]]
    package var cluster: [UInt8]
    package var name: String
    /// `centre` or `territory`.
    package var role: String
    package var territory: String
    /// The number of its log, given once.
    package var author: UInt32
    /// Counts the seatings of one territory from 1: shown in provisional numbers from the second on.
    package var seat: UInt32
    /// The catalogue edition in force, or empty where it is the one the program holds.
    package var catalogue: [UInt8]
    package var peers: [Peer]
    /// The logs of the territory's former seats, where the node brings its shard back; its keys follow the answer.
    package var formers: [FormerLog]

    package struct Peer: Hashable, Sendable {
        package var name: String
        /// HOST:PORT.
        package var address: String

        package init(name: String, address: String) {
            self.name = name
            self.address = address
        }
    }

    package init(
        certificates: [[UInt8]], cluster: [UInt8], name: String, role: String, territory: String, author: UInt32,
        seat: UInt32, catalogue: [UInt8], peers: [Peer], formers: [FormerLog] = []
    ) {
        self.formers = formers
        self.certificates = certificates
        self.cluster = cluster
        self.name = name
        self.role = role
        self.territory = territory
        self.author = author
        self.seat = seat
        self.catalogue = catalogue
        self.peers = peers
    }
}

/// The centre's key of an epoch of bundles.
package struct BundleKey: Hashable, Sendable {
    package var number: UInt32
    /// X25519, 32 bytes.
    package var key: [UInt8]

    package init(number: UInt32, key: [UInt8]) {
        self.number = number
        self.key = key
    }
}

package struct JoinRefusal: Hashable, Sendable, Error {
    package enum Code: UInt8, Hashable, Sendable, CaseIterable {
        case wrongCluster = 1
        case unknownToken = 2
        case usedToken = 3
        case expiredToken = 4
        case nameTaken = 5
        case badRequest = 6
        case notLeader = 7
        case overloaded = 8
    }

    package var code: Code
    /// What was seen and what to do next.
    package var reason: String

    package init(code: Code, reason: String) {
        self.code = code
        self.reason = reason
    }
}

/// A question that one node asks another for an officer, in the terms of `/v1`. Answered once; never stored.
///
/// On an uplink session its bytes travel inside `UplinkMessage.question`, between centres as a message of its own.
package struct Query: Hashable, Sendable {
    /// Drawn by the asker; the answer bears it.
    package var id: UInt64
    package var officer: String
    package var method: String
    /// Path and query, as in the HTTP request.
    package var path: String
    /// JSON, at most `Limits.answerBytes`.
    package var body: [UInt8]

    package init(id: UInt64, officer: String, method: String, path: String, body: [UInt8]) {
        self.id = id
        self.officer = officer
        self.method = method
        self.path = path
        self.body = body
    }
}

package struct Answer: Hashable, Sendable {
    package var id: UInt64
    /// The HTTP status.
    package var status: UInt16
    /// JSON, at most `Limits.answerBytes`.
    package var body: [UInt8]

    package init(id: UInt64, status: UInt16, body: [UInt8]) {
        self.id = id
        self.status = status
        self.body = body
    }
}
