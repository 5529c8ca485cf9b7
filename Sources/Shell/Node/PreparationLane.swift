import Consensus
import Dispatch
import Storage
import Synchronization

/// Prepares proposals beside the turns: decoding, chaining, opening and folding take a core of their own while the turn
/// before them is written. In the order they were proposed, because an author's blocks open with the salt of its last
/// start.
///
/// What was prepared is kept until the turn that applies it is stored: a turn that has to be taken again, for want of
/// space, finds it here and prepares nothing anew.
final class PreparationLane: Sendable {
    private struct State {
        var finished = PreparedBatches()
        /// Places that were begun and are not finished.
        var begun: Set<Mark> = []
        /// The place the turn waits for: told the moment it is finished, though more stands in line behind it.
        var wanted: (mark: Mark, done: DispatchSemaphore)?
    }

    private let queue = DispatchQueue(label: "esep.centre.prepare", qos: .userInitiated)
    private let preparer: Mutex<CentrePreparer>
    private let state = Mutex(State())

    init(_ preparer: CentrePreparer) {
        self.preparer = Mutex(preparer)
    }

    func begin(_ mark: Mark, _ payload: [UInt8]) {
        state.withLock { _ = $0.begun.insert(mark) }
        queue.async { [self] in _ = prepared(mark, payload) }
    }

    /// What was begun for this entry, waited for; prepared now where nothing was begun (a replay, another's proposal).
    /// For the turns' thread alone: one waits at a time.
    func batch(_ mark: Mark, _ payload: [UInt8]) -> PreparedBatch {
        let (known, done) = state.withLock { state in
            if let known = state.finished.batch(mark, of: payload) {
                return (PreparedBatch?.some(known), DispatchSemaphore?.none)
            }
            guard state.begun.contains(mark) else { return (nil, nil) }
            let done = DispatchSemaphore(value: 0)
            state.wanted = (mark, done)
            return (nil, done)
        }
        if let known { return known }
        if let done {
            done.wait()
            if let known = state.withLock({ $0.finished.batch(mark, of: payload) }) { return known }
        }
        // All before it is applied, so what waits in line is of later places and need not be waited for.
        if payload.count <= Self.fewBytes, let own = CentrePreparer.own(payload) { return own }
        return prepared(mark, payload)
    }

    /// Whether `batch` has nothing to wait for.
    func isReady(_ mark: Mark) -> Bool { state.withLock { !$0.begun.contains(mark) } }

    private func prepared(_ mark: Mark, _ payload: [UInt8]) -> PreparedBatch {
        if let known = state.withLock({ $0.finished.batch(mark, of: payload) }) {
            finish(mark)
            return known
        }
        let batch = preparer.withLock { $0.prepare(payload: payload) }
        state.withLock { $0.finished.keep(batch, of: payload, at: mark) }
        finish(mark)
        return batch
    }

    private func finish(_ mark: Mark) {
        state.withLock { state in
            state.begun.remove(mark)
            guard let wanted = state.wanted, wanted.mark == mark else { return }
            state.wanted = nil
            wanted.done.signal()
        }
    }

    /// Lets go of what is applied and stored, and of what was prepared for places that other entries have taken. Where
    /// that is thousands of small pieces, to free them is the lane's work; for few the turn wakes nobody.
    func release(through index: LogIndex) {
        if state.withLock({ $0.finished.bytes }) < Self.fewBytes {
            state.withLock { _ = $0.finished.release(through: index) }
        } else {
            queue.async { [self] in
                let past = state.withLock { $0.finished.release(through: index) }
                _ = consume past
            }
        }
    }

    private static let fewBytes = 16 << 10
}
