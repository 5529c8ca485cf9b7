import Synchronization

/// An answer that comes later, once: given by the turn, awaited by one caller.
final class Reply<Value: Sendable>: Sendable {
    private enum State {
        case open
        case awaited(CheckedContinuation<Value, Never>)
        case given(Value)
    }

    private let state = Mutex(State.open)

    func give(_ value: Value) {
        let waiting = state.withLock { state -> CheckedContinuation<Value, Never>? in
            if case .awaited(let continuation) = state {
                state = .given(value)
                return continuation
            }
            state = .given(value)
            return nil
        }
        waiting?.resume(returning: value)
    }

    func value() async -> Value {
        await withCheckedContinuation { continuation in
            let given = state.withLock { state -> Value? in
                if case .given(let value) = state { return value }
                state = .awaited(continuation)
                return nil
            }
            if let given { continuation.resume(returning: given) }
        }
    }
}

/// A fact that is waited for by any number of callers, and holds for good once it holds.
final class Milestone: Sendable {
    /// Who waits; nil once it is reached.
    private let waiting = Mutex<[CheckedContinuation<Void, Never>]?>([])

    func reach() {
        let released = waiting.withLock { waiting in
            defer { waiting = nil }
            return waiting ?? []
        }
        for one in released { one.resume() }
    }

    /// Returns at once where it is reached already.
    func reached() async {
        guard waiting.withLock({ $0 != nil }) else { return }
        await withCheckedContinuation { continuation in
            let isReached = waiting.withLock { waiting in
                waiting?.append(continuation)
                return waiting == nil
            }
            if isReached { continuation.resume() }
        }
    }
}

/// Replies that wait for a turn, by ticket.
final class Replies<Value: Sendable>: Sendable {
    private struct State {
        var next: UInt64
        var waiting: [UInt64: Reply<Value>] = [:]
        /// What every later ticket is answered at once: no turn comes any more.
        var closing: Value?
    }

    private let state: Mutex<State>

    /// - Parameter first: the first ticket: kinds of replies that share one queue count from different ones.
    init(first: UInt64 = 1) {
        state = Mutex(State(next: first))
    }

    var count: Int { state.withLock { $0.waiting.count } }

    func open() -> (ticket: UInt64, reply: Reply<Value>) {
        let reply = Reply<Value>()
        let (ticket, closing) = state.withLock { state in
            defer { state.next += 1 }
            if state.closing == nil { state.waiting[state.next] = reply }
            return (state.next, state.closing)
        }
        if let closing { reply.give(closing) }
        return (ticket, reply)
    }

    func give(_ ticket: UInt64, _ value: Value) {
        state.withLock { $0.waiting.removeValue(forKey: ticket) }?.give(value)
    }

    /// Answers all that still wait and all that will ask: the node goes down, and a caller who waited for a turn that
    /// never comes would keep it from ending.
    func close(_ value: Value) {
        state.withLock { $0.closing = value }
        giveAll(value)
    }

    /// Answers all that still wait: the line is gone.
    func giveAll(_ value: Value) {
        let waiting = state.withLock { state in
            defer { state.waiting = [:] }
            return state.waiting.sorted { $0.key < $1.key }
        }
        for (_, reply) in waiting { reply.give(value) }
    }
}
