import Synchronization

/// Why a node stops: it was asked to, or it must not go on.
final class StopSignal: Sendable {
    /// A failure after which nothing may be promised any more.
    struct Fatal: Error, CustomStringConvertible {
        var description: String
    }

    private enum State {
        case running([CheckedContinuation<Result<Void, Fatal>, Never>])
        case stopped(Result<Void, Fatal>)
    }

    private let state = Mutex(State.running([]))

    func stop() { end(.success(())) }

    func fail(_ reason: String) { end(.failure(Fatal(description: reason))) }

    var isStopped: Bool {
        state.withLock { if case .stopped = $0 { true } else { false } }
    }

    private func end(_ result: Result<Void, Fatal>) {
        let waiting = state.withLock { state -> [CheckedContinuation<Result<Void, Fatal>, Never>] in
            guard case .running(let waiting) = state else { return [] }
            state = .stopped(result)
            return waiting
        }
        for continuation in waiting { continuation.resume(returning: result) }
    }

    /// Returns when the node is to stop in order; throws why it must not go on.
    func wait() async throws {
        let result = await withCheckedContinuation { continuation in
            let stopped = state.withLock { state -> Result<Void, Fatal>? in
                switch state {
                case .stopped(let result): return result
                case .running(let waiting):
                    state = .running(waiting + [continuation])
                    return nil
                }
            }
            if let stopped { continuation.resume(returning: stopped) }
        }
        try result.get()
    }
}
