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
    private let queue = DispatchQueue(label: "esep.centre.prepare", qos: .userInitiated)
    private let preparer: Mutex<CentrePreparer>
    private let finished = Mutex(PreparedBatches())

    init(_ preparer: CentrePreparer) {
        self.preparer = Mutex(preparer)
    }

    func begin(_ mark: Mark, _ payload: [UInt8]) {
        queue.async { [self] in _ = prepared(mark, payload) }
    }

    /// What was begun for this entry, waited for; prepared now where nothing was begun (a replay, another's proposal).
    func batch(_ mark: Mark, _ payload: [UInt8]) -> PreparedBatch {
        queue.sync { prepared(mark, payload) }
    }

    private func prepared(_ mark: Mark, _ payload: [UInt8]) -> PreparedBatch {
        if let known = finished.withLock({ $0.batch(mark, of: payload) }) { return known }
        let batch = preparer.withLock { $0.prepare(payload: payload) }
        finished.withLock { $0.keep(batch, of: payload, at: mark) }
        return batch
    }

    /// Lets go of what is applied and stored, and of what was prepared for places that other entries have taken. Where
    /// that is thousands of small pieces, to free them is the lane's work; for few the turn wakes nobody.
    func release(through index: LogIndex) {
        if finished.withLock({ $0.bytes }) < Self.fewBytes {
            finished.withLock { _ = $0.release(through: index) }
        } else {
            queue.async { [self] in
                let past = finished.withLock { $0.release(through: index) }
                _ = consume past
            }
        }
    }

    private static let fewBytes = 16 << 10
}
