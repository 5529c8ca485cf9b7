import Synchronization

/// What waits for the next turn. Anyone may put; the turn takes all that waits at once, up to its limit.
package final class Mailbox<Input: Sendable>: Sendable {
    private struct State {
        var waiting: [Input] = []
        var isScheduled = false
    }

    private let state = Mutex(State())

    package init() {}

    /// True when nobody has been asked to run a turn yet: the caller then schedules one.
    package func put(_ input: Input) -> Bool {
        state.withLock { state in
            state.waiting.append(input)
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
    }

    /// The inputs of one turn.
    ///
    /// - Parameter isLast: whoever takes has nothing else to do. Then empty means that the turns end, and that the next
    ///   `put` must schedule again.
    package func take(atMost limit: Int, isLast: Bool = true) -> [Input] {
        state.withLock { state in
            if state.waiting.isEmpty {
                if isLast { state.isScheduled = false }
                return []
            }
            if state.waiting.count <= limit {
                defer { state.waiting = [] }
                return state.waiting
            }
            defer { state.waiting.removeFirst(limit) }
            return Array(state.waiting.prefix(limit))
        }
    }

    /// Whether such an input waits for the next turn.
    package func contains(where isSuch: (Input) -> Bool) -> Bool {
        state.withLock { $0.waiting.contains(where: isSuch) }
    }

    package var count: Int { state.withLock { $0.waiting.count } }
}
