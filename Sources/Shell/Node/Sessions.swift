import Logging
import Records
import Roles
import Storage
import Transport
import Uplink
import Vault
import Wire

/// The centre's end of every line: who speaks is what his certificate says; a stranger may only join.
struct Sessions {
    let service: CentreService

    private static let passLength = 16

    func run(_ listener: Listener) async {
        await withDiscardingTaskGroup { group in
            for await connection in listener.connections {
                group.addTask { await serve(connection) }
            }
        }
    }

    private func serve(_ connection: Transport.Connection) async {
        guard let peer = connection.peer else {
            await Joining(service: service).serve(connection)
            return
        }
        guard peer.role == .territory else {
            connection.close("this centre has one voter: nobody else speaks for it")
            return
        }
        await converse(connection, CentrePeer(name: peer.name, territory: peer.place))
    }

    private func converse(_ connection: Transport.Connection, _ peer: CentrePeer) async {
        let node = service.node
        let session = node.lines.add(connection)
        node.give(.linkUp(session, peer, pass: SystemRandom.bytes(Self.passLength)))
        do throws(TransportError) {
            var messages = connection.messages.makeAsyncIterator()
            while let message = try await messages.next() {
                guard case .uplink(let uplink) = message else {
                    connection.close("a message that no centre takes from a territory")
                    break
                }
                node.give(.received(session, uplink))
            }
        } catch {
            service.logger.info("a line is down: \(error)", metadata: ["node": "\(peer.name)"])
        }
        node.lines.remove(session)
        node.give(.linkDown(session))
    }
}

/// Seating a new node (design §7, issue of tokens): single use through the log, its key tree in the keyring before its
/// author exists.
struct Joining {
    let service: CentreService

    func serve(_ connection: Transport.Connection) async {
        do throws(TransportError) {
            var messages = connection.messages.makeAsyncIterator()
            guard case .join(let request)? = try await messages.next() else {
                connection.close("a stranger may only join")
                return
            }
            try await connection.send(await answer(request), .control)
            // The joiner closes when it has read the answer.
            _ = try await messages.next()
        } catch {
            service.logger.notice(
                "a request to join ended early: \(error)", metadata: ["from": "\(connection.remoteAddress)"])
        }
        connection.close("joined")
    }

    private func answer(_ request: JoinRequest) async -> Message {
        do {
            return .joined(try await seat(request))
        } catch let refusal as JoinRefusal {
            service.logger.notice("a request to join is refused: \(refusal.reason)")
            return .joinRefused(refusal)
        } catch {
            service.logger.error("a request to join failed: \(error)")
            return .joinRefused(JoinRefusal(code: .badRequest, reason: "\(error)"))
        }
    }

    private func seat(_ request: JoinRequest) async throws -> JoinAnswer {
        let configuration = service.files.configuration
        guard request.cluster == configuration.clusterBytes else {
            throw JoinRefusal(code: .wrongCluster, reason: "the token is of another cluster")
        }
        let hash = JoinToken.hash(of: request.secret).bytes
        guard let token = try service.store.token(hash: hash) else {
            throw JoinRefusal(code: .unknownToken, reason: "this centre gave out no such token")
        }
        let seats = try service.store.seats().filter { $0.territory == token.territory }.count
        let name = request.name.isEmpty ? "\(token.territory.lowercased())-\(seats + 1)" : request.name
        let peer = PeerName(
            cluster: request.cluster, role: .territory, place: token.territory, name: name)
        guard peer.isWellFormed else { throw JoinRefusal(code: .badRequest, reason: "\(name) is not a node's name") }
        // Signing first: a request that cannot be signed must not spend the token.
        let certificate = try service.authority.sign(
            request: request.signingRequest, as: peer, nowSeconds: SystemClock.wallMilliseconds / 1000)
        let seedName = CentreService.seedName(token: hash)
        try service.files.keyring.store(request.treeSeed.bytes, name: seedName)
        let outcome = try await service.act([
            .control(
                .seated(
                    tokenHash: hash, name: name, role: token.role, territory: token.territory,
                    author: AuthorNumber(0), seat: 0))
        ])[0]
        switch outcome {
        case .seated(_, let author, let seat):
            try service.plant(author: author.number, seed: request.treeSeed)
            return JoinAnswer(
                certificates: [certificate, service.authority.certificate], cluster: request.cluster, name: name,
                role: token.role, territory: token.territory, author: author.number, seat: seat, catalogue: [],
                peers: [JoinAnswer.Peer(name: configuration.name, address: configuration.listen ?? "")])
        case .refused(let code, let reason):
            throw JoinRefusal(code: JoinRefusal.Code(code), reason: reason)
        case .indefinite(let reason):
            throw JoinRefusal(code: .notLeader, reason: reason)
        case .document, .recorded:
            preconditionFailure("a seating was answered as an act of another kind")
        }
    }
}

extension JoinRefusal.Code {
    fileprivate init(_ code: String) {
        switch code {
        case "token-used": self = .usedToken
        case "token-expired": self = .expiredToken
        case "token-unknown": self = .unknownToken
        case "name-taken": self = .nameTaken
        default: self = .badRequest
        }
    }
}

extension CentreService {
    /// Under which name a seed waits in the keyring until its author has a number.
    static func seedName(token hash: [UInt8]) -> String { "seed " + Hex.encode(hash) }

    func plant(author: UInt32, seed: Secret) throws(StorageError) {
        try files.keyring.plant(author: author, seed: seed)
        opener.learn(author: author, tree: KeyTree(seed: seed))
    }

    /// Seats that were applied, but whose tree was not planted before the process ended.
    func plantSeats() throws(NodeError) {
        try NodeError.translating { () throws(StorageError) in
            let planted = Set(try files.keyring.trees().map(\.author))
            for seat in try store.seats() where !planted.contains(seat.author.number) {
                guard let hash = try store.tokenHash(usedBy: seat.author),
                    let bytes = try files.keyring.secret(Self.seedName(token: hash)), let seed = Secret(bytes)
                else {
                    throw StorageError.damaged(
                        file: files.directory.keyring, what: "the key tree of author \(seat.author.number) is missing")
                }
                try plant(author: seat.author.number, seed: seed)
            }
        }
    }
}
