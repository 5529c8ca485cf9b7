import Dispatch
import Synchronization

/// The uses of a file that are under way: it is closed after the last of them, and none begins later.
///
/// The pool of connections does not keep that by itself: a read that waits while it closes is then handed a connection
/// that is closed.
final class UseGate: Sendable {
    private struct State {
        var uses = 0
        var isClosed = false
    }

    private let state = Mutex(State())
    private let idle = DispatchSemaphore(value: 0)

    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// False where it is closed: then there is nothing to leave.
    func enter() -> Bool {
        state.withLock { state in
            guard !state.isClosed else { return false }
            state.uses += 1
            return true
        }
    }

    func leave() {
        let isLast = state.withLock { state in
            state.uses -= 1
            return state.isClosed && state.uses == 0
        }
        if isLast { idle.signal() }
    }

    /// Returns when nobody is inside. Whoever closes it again does not wait.
    func close() {
        let waits = state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed && state.uses > 0
        }
        if waits { idle.wait() }
    }
}
