import Roles
import Synchronization
import Uplink
import Wire

/// One open connection as the turns see it: sending never waits, the windows of `Uplink` bound what is under way.
protocol Line: Sendable {
    func send(_ message: Message)
    func close(reason: String)
}

/// The open connections of this node, by session. Session numbers are never used again.
final class Lines: Sendable {
    private struct State {
        var next: UInt64 = 1
        var open: [UInt64: any Line] = [:]
    }

    private let state = Mutex(State())

    func add(_ line: any Line) -> Session {
        state.withLock { state in
            defer { state.next += 1 }
            state.open[state.next] = line
            return Session(state.next)
        }
    }

    func remove(_ session: Session) {
        state.withLock { _ = $0.open.removeValue(forKey: session.number) }
    }

    func send(_ message: UplinkMessage, to session: Session) {
        state.withLock { $0.open[session.number] }?.send(.uplink(message))
    }

    func close(_ session: Session, reason: String) {
        state.withLock { $0.open[session.number] }?.close(reason: reason)
    }

    func closeAll(reason: String) {
        let open = state.withLock { state in state.open.sorted { $0.key < $1.key }.map(\.value) }
        for line in open { line.close(reason: reason) }
    }

    /// The newest session; nil without a line.
    var newest: Session? {
        state.withLock { $0.open.keys.max() }.map(Session.init)
    }

    var count: Int { state.withLock { $0.open.count } }
}
