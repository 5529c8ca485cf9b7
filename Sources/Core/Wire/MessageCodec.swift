import Consensus
import FoundationEssentials
import Records
import SwiftProtobuf
import Uplink
import Vault

extension Message {
    package func encoded() -> [UInt8] {
        var message = ProtoMessage()
        switch self {
        case .greeting(let greeting):
            message.greeting = ProtoGreeting.with {
                $0.version = greeting.version
                $0.cluster = Data(greeting.cluster)
                $0.software = greeting.software
            }
        case .uplink(let uplink):
            if case .batch(let batch) = uplink, batch.isSlim, let bytes = SlimBatchCodec.encode(batch) { return bytes }
            if let bytes = ReseatCodec.encode(uplink) ?? GatheringCodec.encode(uplink) { return bytes }
            message.message = uplink.message
        case .consensus(let raft):
            message.consensus = raft.message
        case .join(let request):
            message.join = request.message
        case .joined(let answer):
            message.joined = answer.message
        case .joinRefused(let refusal):
            message.joinRefused = ProtoRefusal.with {
                $0.code = UInt32(refusal.code.rawValue)
                $0.reason = refusal.reason
            }
        case .query(let query):
            message.query = query.message
        case .answer(let answer):
            message.answer = answer.message
        case .peer(let peer): return PeerCodec.encode(peer)
        case .centre(let map): return PeerCodec.encode(map)
        case .bundleKey(let key): return PeerCodec.encode(key)
        case .lineCap(let cap): return PeerCodec.encode(cap)
        }
        return Proto.bytes(of: message)
    }

    /// Whether a frame that `encoded` made holds a message of the consensus: its only field is number 10, of bytes.
    package static func isConsensus(_ frame: [UInt8]) -> Bool { frame.first == 10 << 3 | 2 }

    package init(decoding bytes: [UInt8]) throws(WireError) {
        if let peer = try PeerCodec.decode(bytes) {
            self = peer
            return
        }
        let reseating = try ReseatCodec.decode(bytes)
        let gathering = try GatheringCodec.decode(bytes)
        let slim = try SlimBatchCodec.decode(bytes)
        if let uplink = reseating ?? gathering ?? slim {
            self = .uplink(uplink)
            return
        }
        let message: ProtoMessage = try Proto.message(bytes, limit: Limits.frameBytes)
        switch message.message {
        case .greeting(let greeting):
            self = .greeting(
                Greeting(
                    version: greeting.version, cluster: try Proto.short(greeting.cluster, "cluster"),
                    software: try Proto.text(greeting.software, "software")))
        case .consensus(let raft):
            self = .consensus(try RaftMessage(raft))
        case .join(let request):
            self = .join(try JoinRequest(request))
        case .joined(let answer):
            self = .joined(try JoinAnswer(answer))
        case .joinRefused(let refusal):
            guard let code = UInt8(exactly: refusal.code).flatMap({ JoinRefusal.Code(rawValue: $0) }) else {
                throw .outOfRange("refusal")
            }
            self = .joinRefused(JoinRefusal(code: code, reason: try Proto.text(refusal.reason, "reason")))
        case .query(let query):
            self = .query(try Query(query))
        case .answer(let answer):
            self = .answer(try Answer(answer))
        case .hello, .welcome, .refused, .batch, .frontier, .downlink, .downlinkTaken, .keepAlive, .uplinkQuestion,
            .uplinkAnswer:
            self = .uplink(try UplinkMessage(message))
        case nil:
            throw .missing("message")
        }
    }
}

extension JoinRequest {
    fileprivate var message: ProtoJoinRequest {
        ProtoJoinRequest.with {
            $0.cluster = Data(cluster)
            $0.secret = Data(secret.bytes)
            $0.name = name
            $0.signingRequest = Data(signingRequest)
            $0.treeSeed = Data(treeSeed.bytes)
            $0.address = address
            $0.wallMilliseconds = wallMilliseconds
            $0.rebuild = isRebuild
        }
    }

    fileprivate init(_ message: ProtoJoinRequest) throws(WireError) {
        self.init(
            cluster: try Proto.short(message.cluster, "cluster"), secret: try Proto.secret(message.secret),
            name: try Proto.text(message.name, "name"),
            signingRequest: try Proto.short(message.signingRequest, "signing request"),
            treeSeed: try Proto.secret(message.treeSeed), address: try Proto.text(message.address, "address"),
            wallMilliseconds: message.wallMilliseconds, isRebuild: message.rebuild)
    }
}

extension JoinAnswer {
    fileprivate var message: ProtoJoinAnswer {
        ProtoJoinAnswer.with {
            $0.certificates = certificates.map { Data($0) }
            $0.cluster = Data(cluster)
            $0.name = name
            $0.role = role
            $0.territory = territory
            $0.author = author
            $0.seat = seat
            $0.catalogue = Data(catalogue)
            $0.peers = peers.map { peer in
                ProtoPeer.with {
                    $0.name = peer.name
                    $0.address = peer.address
                }
            }
            $0.formers = formers.map { former in
                ProtoFormer.with {
                    $0.author = former.author
                    $0.seat = former.seat
                    $0.last = former.last
                    $0.told = former.told
                }
            }
        }
    }

    fileprivate init(_ message: ProtoJoinAnswer) throws(WireError) {
        var certificates: [[UInt8]] = []
        for certificate in message.certificates {
            certificates.append(try Proto.short(certificate, "certificate"))
        }
        var formers: [FormerLog] = []
        for former in message.formers {
            guard former.seat > 0, former.last < 1 << 40, former.told < 1 << 40 else {
                throw .outOfRange("former log")
            }
            formers.append(
                FormerLog(
                    author: try Proto.author(former.author).number, seat: former.seat, last: former.last,
                    told: former.told))
        }
        var peers: [Peer] = []
        for peer in message.peers {
            peers.append(
                Peer(name: try Proto.text(peer.name, "name"), address: try Proto.text(peer.address, "address")))
        }
        self.init(
            certificates: certificates, cluster: try Proto.short(message.cluster, "cluster"),
            name: try Proto.text(message.name, "name"), role: try Proto.text(message.role, "role"),
            territory: try Proto.text(message.territory, "territory"), author: message.author, seat: message.seat,
            catalogue: Array(message.catalogue), peers: peers, formers: formers)
    }
}

extension Query {
    package func encoded() -> [UInt8] {
        Proto.bytes(of: message)
    }

    package init(decoding bytes: [UInt8]) throws(WireError) {
        let message: ProtoQuery = try Proto.message(bytes, limit: Limits.frameBytes)
        try self.init(message)
    }

    fileprivate var message: ProtoQuery {
        ProtoQuery.with {
            $0.id = id
            $0.officer = officer
            $0.method = method
            $0.path = path
            $0.body = Data(body)
        }
    }

    fileprivate init(_ message: ProtoQuery) throws(WireError) {
        self.init(
            id: message.id, officer: try Proto.text(message.officer, "officer"),
            method: try Proto.text(message.method, "method"), path: try Proto.text(message.path, "path"),
            body: try Proto.body(message.body))
    }
}

extension Answer {
    package func encoded() -> [UInt8] {
        Proto.bytes(of: message)
    }

    package init(decoding bytes: [UInt8]) throws(WireError) {
        let message: ProtoAnswer = try Proto.message(bytes, limit: Limits.frameBytes)
        try self.init(message)
    }

    fileprivate var message: ProtoAnswer {
        ProtoAnswer.with {
            $0.id = id
            $0.status = UInt32(status)
            $0.body = Data(body)
        }
    }

    fileprivate init(_ message: ProtoAnswer) throws(WireError) {
        guard let status = UInt16(exactly: message.status) else { throw .outOfRange("status") }
        self.init(id: message.id, status: status, body: try Proto.body(message.body))
    }
}

extension Proto {
    /// A cluster id, a pass, a certificate: bytes of a few kilobytes at most.
    static func short(_ data: Data, _ field: String) throws(WireError) -> [UInt8] {
        guard data.count <= Limits.textBytes else { throw .tooLarge(field, limit: Limits.textBytes) }
        return Array(data)
    }

    static func body(_ data: Data) throws(WireError) -> [UInt8] {
        guard data.count <= Limits.answerBytes else { throw .tooLarge("body", limit: Limits.answerBytes) }
        return Array(data)
    }
}
