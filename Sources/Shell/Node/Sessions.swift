import Consensus
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
        if peer.role == .centre {
            guard let replica = peer.replica, replica != service.replica else {
                return connection.close("the certificate names no other node of the centre")
            }
            guard !service.isRetired(replica) else {
                service.peers.refuse(replica, "its number is no member of the centre any more, or not yet one")
                // It may be of a group that was given up and not know it.
                connection.post(.peer(.state(service.ownState())), .control)
                return connection.close("number \(replica) is no member of the centre: join again with a new token")
            }
            return await service.peers.serve(connection, replica, name: peer.name)
        }
        let map = service.map(service.node.said.standing)
        connection.post(.centre(map), .control)
        guard map.isLeader else { return connection.close("this node does not lead the centre now") }
        await converse(connection, CentrePeer(name: peer.name, territory: peer.place))
    }

    private func converse(_ connection: Transport.Connection, _ peer: CentrePeer) async {
        let node = service.node
        let session = node.lines.add(connection)
        if let cap = service.lineCap(of: peer.territory) { connection.post(.lineCap(cap), .control) }
        node.give(.linkUp(session, peer, pass: SystemRandom.bytes(Self.passLength)))
        do throws(TransportError) {
            var messages = connection.messages.makeAsyncIterator()
            while let message = try await messages.next() {
                guard case .uplink(let uplink) = message else {
                    service.peers.refuse(from: peer.name, "a message that no centre takes from a territory")
                    connection.close("a message that no centre takes from a territory")
                    break
                }
                node.give(.received(session, uplink))
            }
        } catch {
            if error.isBadInput { service.peers.refuse(from: peer.name, "\(error)") }
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
            for message in await answer(request) { try await connection.send(message, .control) }
            // The joiner closes when it has read the answer.
            _ = try await messages.next()
        } catch {
            service.logger.notice(
                "a request to join ended early: \(error)", metadata: ["from": "\(connection.remoteAddress)"])
        }
        connection.close("joined")
    }

    private func answer(_ request: JoinRequest) async -> [Message] {
        do {
            return try await seat(request)
        } catch let refusal as JoinRefusal {
            service.logger.notice("a request to join is refused: \(refusal.reason)")
            return [.joinRefused(refusal)]
        } catch {
            service.logger.error("a request to join failed: \(error)")
            return [.joinRefused(JoinRefusal(code: .badRequest, reason: "\(error)"))]
        }
    }

    private func seat(_ request: JoinRequest) async throws -> [Message] {
        let configuration = service.files.configuration
        guard request.cluster == configuration.clusterBytes else {
            throw JoinRefusal(code: .wrongCluster, reason: "the token is of another cluster")
        }
        if await service.asksLeader() {
            let leader = service.node.said.standing?.leader.flatMap { service.peers.name(of: $0) }
            let who = leader.map { "\($0) does" } ?? "nobody does now"
            throw JoinRefusal(code: .notLeader, reason: "this node does not lead the centre, \(who)")
        }
        let hash = JoinToken.hash(of: request.secret).bytes
        guard let token = try service.store.token(hash: hash) else {
            throw JoinRefusal(code: .unknownToken, reason: "this centre gave out no such token")
        }
        return token.role == "centre" ? try await seatCentre(request, hash) : try await seat(request, hash, token)
    }

    private func seat(
        _ request: JoinRequest, _ hash: [UInt8], _ token: CentreStore.StoredToken
    ) async throws -> [Message] {
        let seats = try service.store.seats().filter { $0.territory == token.territory }.count
        let name = request.name.isEmpty ? "\(token.territory.lowercased())-\(seats + 1)" : request.name
        let peer = PeerName(cluster: request.cluster, role: .territory, place: token.territory, name: name)
        // Signing first: a request that cannot be signed must not spend the token.
        let certificate = try sign(request, as: peer)
        let membership = service.node.said.membership ?? .empty
        guard
            try await service.keys.spread(
                request.treeSeed, named: CentreKeys.seedName(token: hash), to: membership, own: service.replica,
                by: service.peers)
        else {
            throw JoinRefusal(
                code: .overloaded, reason: "too few nodes of the centre are heard to keep the key: try again")
        }
        let epoch = try await service.bundleEpoch()
        let (author, seat) =
            request.isRebuild
            ? try await rebuild(hash, name: name, territory: token.territory)
            : try await spend(hash, name: name, role: token.role, territory: token.territory)
        let formers = request.isRebuild ? try service.store.formers(of: token.territory, before: author) : []
        let answer: [Message] = [
            // First, since the joiner leaves when it has read the answer.
            .bundleKey(BundleKey(number: epoch.number, key: epoch.key)),
            .joined(
                JoinAnswer(
                    certificates: [certificate, service.authority.certificate], cluster: request.cluster, name: name,
                    role: token.role, territory: token.territory, author: author.number, seat: seat, catalogue: [],
                    peers: centre(), formers: formers)),
        ]
        guard request.isRebuild else { return answer }
        let keys = try service.keys.copy(of: Set(formers.map(\.author)))
        return answer + [.peer(.keys(number: 0, keys))]
    }

    /// In place of all seats of a territory whose disk was lost. The token is the operator's word that it was.
    private func rebuild(
        _ hash: [UInt8], name: String, territory: String
    ) async throws -> (AuthorNumber, UInt32) {
        try await seated(
            .reseated(
                secretHash: hash, name: name, territory: territory, former: AuthorNumber(0), cause: .rebuilt,
                author: AuthorNumber(0), seat: 0))
    }

    /// Another node of the centre: its certificate bears the number of its seat, and its keys go with the answer. It
    /// belongs to the group only when an operator adds it.
    private func seatCentre(_ request: JoinRequest, _ hash: [UInt8]) async throws -> [Message] {
        let members = try service.store.members()
        guard HostAndPort.parse(request.address) != nil else {
            throw JoinRefusal(
                code: .badRequest, reason: "a node of the centre says where it listens: --listen HOST:PORT")
        }
        guard !request.name.isEmpty else {
            throw JoinRefusal(code: .badRequest, reason: "a node of the centre has a name: --name centre-2")
        }
        let live = members.filter { !service.isRetired($0.replica) }
        guard !live.contains(where: { $0.name == request.name }), request.name != service.files.configuration.name
        else { throw JoinRefusal(code: .nameTaken, reason: "a node of the centre is called \(request.name) already") }
        // Its number is given by the log: whether the request can be signed at all is seen before.
        let trial = PeerName(cluster: request.cluster, replica: ReplicaID(UInt64(UInt32.max)), name: request.name)
        _ = try sign(request, as: trial)
        let (author, seat) = try await spend(
            hash, name: request.name, role: "centre", territory: AuthorName.centre.place)
        let replica = ReplicaID(UInt64(author.number))
        let listens = ControlEntry.member(
            action: "listens", number: replica.number, name: request.name, address: request.address,
            officer: request.name)
        _ = try await service.act([.control(listens)])
        let certificate = try sign(
            request, as: PeerName(cluster: request.cluster, replica: replica, name: request.name))
        let answer = JoinAnswer(
            certificates: [certificate, service.authority.certificate], cluster: request.cluster, name: request.name,
            role: "centre", territory: AuthorName.centre.place, author: author.number, seat: seat, catalogue: [],
            peers: centre())
        return [.joined(answer), .peer(.keys(number: 0, try service.keys.copy()))]
    }

    private func sign(_ request: JoinRequest, as peer: PeerName) throws -> [UInt8] {
        guard peer.isWellFormed else {
            throw JoinRefusal(code: .badRequest, reason: "\(peer.name) is not a node's name")
        }
        return try service.authority.sign(
            request: request.signingRequest, as: peer, nowSeconds: SystemClock.wallMilliseconds / 1000)
    }

    private func spend(
        _ hash: [UInt8], name: String, role: String, territory: String
    ) async throws -> (AuthorNumber, UInt32) {
        try await seated(
            .seated(tokenHash: hash, name: name, role: role, territory: territory, author: AuthorNumber(0), seat: 0))
    }

    private func seated(_ entry: ControlEntry) async throws -> (AuthorNumber, UInt32) {
        switch try await service.act([.control(entry)])[0] {
        case .seated(_, let author, let seat): return (author, seat)
        case .refused(let code, let reason):
            throw JoinRefusal(code: JoinRefusal.Code(code), reason: reason)
        case .indefinite(let reason):
            throw JoinRefusal(code: .notLeader, reason: reason)
        case .document, .recorded:
            preconditionFailure("a seating was answered as an act of another kind")
        }
    }

    /// Where the nodes of the centre are reached.
    private func centre() -> [JoinAnswer.Peer] {
        service.map(service.node.said.standing).addresses.map { JoinAnswer.Peer(name: "", address: $0) }
    }
}

extension JoinRefusal.Code {
    fileprivate init(_ code: String) {
        switch code {
        case "token-used": self = .usedToken
        case "token-expired": self = .expiredToken
        case "token-unknown": self = .unknownToken
        case "name-taken": self = .nameTaken
        case "not-leader", "not-now": self = .notLeader
        default: self = .badRequest
        }
    }
}
