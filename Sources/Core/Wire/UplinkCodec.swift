import FoundationEssentials
import Records
import SwiftProtobuf
import Uplink
import Vault

extension UplinkMessage {
    /// Nil for the messages of `ReseatCodec` and `GatheringCodec`.
    var message: ProtoMessage.OneOf_Message? {
        switch self {
        case .hello(let hello): .hello(hello.message)
        case .welcome(let welcome):
            .welcome(
                .with {
                    $0.frontier = welcome.frontier.message
                    $0.pass = Data(welcome.pass)
                    $0.wallMilliseconds = welcome.wallMilliseconds
                    $0.windowBytes = welcome.windowBytes
                    $0.downlinkLast = welcome.downlinkLast
                    $0.slimBatches = welcome.takesSlimBatches
                })
        case .refused(let refusal):
            .refused(
                .with {
                    $0.code = UInt32(refusal.code.rawValue)
                    $0.reason = refusal.reason
                })
        case .batch(let batch):
            .batch(
                .with {
                    $0.author = batch.author
                    $0.first = batch.first
                    $0.digest = Data(batch.digest.bytes)
                    $0.entries = batch.entries.map { Data($0) }
                })
        case .frontier(let frontier): .frontier(frontier.message)
        case .downlink(let downlink):
            .downlink(
                .with {
                    $0.first = downlink.first
                    $0.items = downlink.items.map { Data($0) }
                })
        case .downlinkTaken(let position): .downlinkTaken(.with { $0.position = position })
        case .keepAlive(let wallMilliseconds, let backlog):
            .keepAlive(
                .with {
                    $0.wallMilliseconds = wallMilliseconds
                    $0.backlog = backlog
                })
        case .question(let number, let bytes): .uplinkQuestion(Self.numbered(number, bytes))
        case .answer(let number, let bytes): .uplinkAnswer(Self.numbered(number, bytes))
        case .reseat, .reseated, .formerAsked, .former, .recovered, .told: nil
        }
    }

    private static func numbered(_ number: UInt64, _ bytes: [UInt8]) -> ProtoQuestion {
        .with {
            $0.number = number
            $0.bytes = Data(bytes)
        }
    }

    /// Reads the kinds above; any other is a caller's mistake and told as missing.
    init(_ message: ProtoMessage) throws(WireError) {
        switch message.message {
        case .hello(let hello):
            self = .hello(try Hello(hello))
        case .welcome(let welcome):
            self = .welcome(
                Welcome(
                    frontier: try Frontier(welcome.frontier), pass: try Proto.short(welcome.pass, "pass"),
                    wallMilliseconds: welcome.wallMilliseconds, windowBytes: welcome.windowBytes,
                    downlinkLast: welcome.downlinkLast,
                    takesSlimBatches: welcome.slimBatches))
        case .refused(let refusal):
            guard let code = UInt8(exactly: refusal.code).flatMap({ Refusal.Code(rawValue: $0) }) else {
                throw .outOfRange("refusal")
            }
            self = .refused(Refusal(code: code, reason: try Proto.text(refusal.reason, "reason")))
        case .batch(let batch):
            self = .batch(
                Batch(
                    author: try Proto.author(batch.author).number, first: try Proto.index(batch.first),
                    entries: try Proto.entries(batch.entries), digest: try Proto.digest(batch.digest)))
        case .frontier(let frontier):
            self = .frontier(try Frontier(frontier))
        case .downlink(let downlink):
            guard downlink.items.count <= Limits.downlinkItems else {
                throw .tooLarge("downlink", limit: Limits.downlinkItems)
            }
            self = .downlink(
                Downlink(first: try Proto.index(downlink.first), items: downlink.items.map { Array($0) }))
        case .downlinkTaken(let taken):
            self = .downlinkTaken(position: taken.position)
        case .keepAlive(let keepAlive):
            self = .keepAlive(wallMilliseconds: keepAlive.wallMilliseconds, backlog: keepAlive.backlog)
        case .uplinkQuestion(let question):
            self = .question(number: question.number, bytes: Array(question.bytes))
        case .uplinkAnswer(let answer):
            self = .answer(number: answer.number, bytes: Array(answer.bytes))
        case .greeting, .consensus, .join, .joined, .joinRefused, .query, .answer, nil:
            throw .missing("uplink message")
        }
    }
}

extension Hello {
    fileprivate var message: ProtoHello {
        ProtoHello.with {
            $0.cluster = Data(cluster)
            $0.version = version
            $0.author = author
            $0.last = last
            $0.digest = Data(digest.bytes)
            $0.pass = Data(pass)
            $0.downlink = downlink
            $0.wallMilliseconds = wallMilliseconds
        }
    }

    fileprivate init(_ message: ProtoHello) throws(WireError) {
        guard message.last < 1 << 40 else { throw .outOfRange("last") }
        self.init(
            cluster: try Proto.short(message.cluster, "cluster"), version: message.version,
            author: try Proto.author(message.author).number, last: message.last,
            digest: try Proto.digest(message.digest), pass: try Proto.short(message.pass, "pass"),
            downlink: message.downlink, wallMilliseconds: message.wallMilliseconds)
    }
}

extension Frontier {
    fileprivate var message: ProtoFrontier {
        ProtoFrontier.with {
            $0.author = author
            $0.index = index
            $0.digest = Data(digest.bytes)
        }
    }

    /// Index 0 is the frontier of an author nothing was heard of.
    fileprivate init(_ message: ProtoFrontier) throws(WireError) {
        guard message.index < 1 << 40 else { throw .outOfRange("index") }
        self.init(
            author: try Proto.author(message.author).number, index: message.index,
            digest: try Proto.digest(message.digest))
    }
}
