import Roles
import Synchronization
import Transport
import Uplink
import Wire

/// The open connections of this node, by session. Session numbers are never used again.
///
/// Sending never waits: the windows of `Uplink` bound what is under way, and a peer that does not read is closed by the
/// transport's own limit.
final class Lines: Sendable {
    private struct State {
        var next: UInt64 = 1
        var open: [UInt64: Connection] = [:]
        /// Bytes of connections that are down.
        var past = Traffic()
        /// How much of a message that is on its way was here when it was last asked.
        var pending: [UInt64: Int] = [:]
    }

    private let state = Mutex(State())

    func add(_ connection: Connection) -> Session {
        state.withLock { state in
            defer { state.next += 1 }
            state.open[state.next] = connection
            return Session(state.next)
        }
    }

    func remove(_ session: Session) {
        state.withLock { state in
            guard let gone = state.open.removeValue(forKey: session.number) else { return }
            state.pending[session.number] = nil
            state.past.add(gone.traffic)
        }
    }

    func send(_ message: UplinkMessage, to session: Session) {
        state.withLock { $0.open[session.number] }?.post(.uplink(message), message.priority)
    }

    /// To every line that stands.
    func broadcast(_ message: Message) {
        for connection in state.withLock({ Array($0.open.values) }) { connection.post(message, .control) }
    }

    func close(_ session: Session, reason: String) {
        state.withLock { $0.open[session.number] }?.close(reason)
    }

    func closeAll(reason: String) {
        for connection in state.withLock({ Array($0.open.values) }) { connection.close(reason) }
    }

    /// The newest session; nil without a line.
    var newest: Session? {
        state.withLock { $0.open.keys.max() }.map(Session.init)
    }

    /// Sessions on which more of a message has come that is not whole yet, since this was asked last.
    func stirred() -> [Session] {
        state.withLock { state in
            var stirred: [Session] = []
            for (number, connection) in state.open.sorted(by: { $0.key < $1.key }) {
                let pending = connection.traffic.pendingIn
                if pending != state.pending[number] ?? 0 { stirred.append(Session(number)) }
                state.pending[number] = pending
            }
            return stirred
        }
    }

    var count: Int { state.withLock { $0.open.count } }

    /// Bytes of all connections since the node started.
    var traffic: Traffic {
        state.withLock { state in
            state.open.values.reduce(into: state.past) { $0.add($1.traffic) }
        }
    }
}

extension UplinkMessage {
    /// What keeps a line alive and moves promises goes before what fills it.
    var priority: Priority {
        switch self {
        case .hello, .welcome, .refused, .frontier, .downlinkTaken, .keepAlive, .question, .answer, .reseat, .reseated,
            .formerAsked, .recovered:
            .control
        case .batch, .downlink, .former, .told: .data
        }
    }
}

extension Traffic {
    mutating func add(_ other: Traffic) {
        wireIn += other.wireIn
        rawIn += other.rawIn
        wireOut += other.wireOut
        rawOut += other.rawOut
        framesIn += other.framesIn
        framesOut += other.framesOut
    }
}
