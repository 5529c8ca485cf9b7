import Consensus
import FoundationEssentials
import SwiftProtobuf

extension RaftMessage {
    var message: ProtoRaft {
        var message = ProtoRaft()
        message.from = from.number
        message.to = to.number
        message.term = term.number
        switch body {
        case .askPreVote(let last): message.askPreVote = last.message
        case .preVote(let granted): message.preVote = granted
        case .askVote(let last, let transfer):
            message.askVote = .with {
                $0.last = last.message
                $0.transfer = transfer
            }
        case .vote(let granted): message.vote = granted
        case .append(let append): message.append = append.message
        case .appended(let match): message.appended = match.number
        case .appendRefused(let at, let hint):
            message.appendRefused = .with {
                $0.at = at.number
                $0.hint = hint.message
            }
        case .heartbeat(let heartbeat):
            message.heartbeat = .with {
                $0.commit = heartbeat.commit.number
                $0.told = heartbeat.told.number
                $0.round = heartbeat.round
            }
        case .heartbeatHeard(let round): message.heartbeatHeard = round
        case .staleTerm: message.staleTerm = true
        case .snapshot(let head):
            message.snapshot = .with {
                $0.mark = head.mark.message
                $0.membership = Data(RaftEntry.Payload.membership(head.membership).bytes)
            }
        case .standNow: message.standNow = true
        }
        return message
    }

    init(_ message: ProtoRaft) throws(WireError) {
        self.init(
            from: ReplicaID(message.from), to: ReplicaID(message.to), term: Term(try Proto.counter(message.term)),
            body: try Body(message))
    }
}

extension RaftMessage.Body {
    fileprivate init(_ message: ProtoRaft) throws(WireError) {
        switch message.body {
        case .askPreVote(let last): self = .askPreVote(last: try Mark(last))
        case .preVote(let granted): self = .preVote(granted: granted)
        case .askVote(let ask): self = .askVote(last: try Mark(ask.last), transfer: ask.transfer)
        case .vote(let granted): self = .vote(granted: granted)
        case .append(let append): self = .append(try RaftMessage.Append(append))
        case .appended(let match): self = .appended(match: LogIndex(try Proto.counter(match)))
        case .appendRefused(let refused):
            self = .appendRefused(at: LogIndex(try Proto.counter(refused.at)), hint: try Mark(refused.hint))
        case .heartbeat(let heartbeat):
            self = .heartbeat(
                RaftMessage.Heartbeat(
                    commit: LogIndex(try Proto.counter(heartbeat.commit)),
                    told: LogIndex(try Proto.counter(heartbeat.told)), round: heartbeat.round))
        case .heartbeatHeard(let round): self = .heartbeatHeard(round: round)
        case .staleTerm: self = .staleTerm
        case .snapshot(let head):
            guard case .membership(let membership)? = RaftEntry.Payload(kind: 2, bytes: Array(head.membership)) else {
                throw .outOfRange("membership")
            }
            self = .snapshot(SnapshotHead(mark: try Mark(head.mark), membership: membership))
        case .standNow: self = .standNow
        case nil: throw .missing("body")
        }
    }
}

extension RaftMessage.Append {
    fileprivate var message: ProtoAppend {
        .with {
            $0.previous = previous.message
            $0.commit = commit.number
            $0.told = told.number
            $0.lines = entries.map { entry in
                .with {
                    $0.term = entry.term.number
                    $0.kind = UInt32(entry.payload.kind)
                    $0.bytes = Data(entry.payload.bytes)
                }
            }
        }
    }

    fileprivate init(_ message: ProtoAppend) throws(WireError) {
        guard message.lines.count <= Limits.batchEntries else { throw .tooLarge("append", limit: Limits.batchEntries) }
        let previous = try Mark(message.previous)
        var index = previous.index
        var entries: [RaftEntry] = []
        entries.reserveCapacity(message.lines.count)
        for line in message.lines {
            index = index.next
            guard let kind = UInt8(exactly: line.kind),
                let payload = RaftEntry.Payload(kind: kind, bytes: Array(line.bytes))
            else { throw .outOfRange("Raft entry") }
            entries.append(RaftEntry(index: index, term: Term(try Proto.counter(line.term)), payload: payload))
        }
        self.init(
            previous: previous, entries: entries, commit: LogIndex(try Proto.counter(message.commit)),
            told: LogIndex(try Proto.counter(message.told)))
    }
}

extension Mark {
    fileprivate var message: ProtoMark {
        .with {
            $0.index = index.number
            $0.term = term.number
        }
    }

    fileprivate init(_ message: ProtoMark) throws(WireError) {
        self.init(index: LogIndex(try Proto.counter(message.index)), term: Term(try Proto.counter(message.term)))
    }
}

extension Proto {
    /// A term or an index: far below what arithmetic over it could overflow.
    static func counter(_ number: UInt64) throws(WireError) -> UInt64 {
        guard number < 1 << 56 else { throw .outOfRange("term or index") }
        return number
    }
}
