import Consensus
import Dispatch
import Storage
import Synchronization

/// Prepares proposals beside the turns: decoding, chaining, opening and folding take a core of their own while the turn
/// before them is written. In the order they were proposed, because an author's blocks open with the salt of its last
/// start.
final class PreparationLane: Sendable {
    private struct Finished {
        var payload: [UInt8]
        var batch: PreparedBatch
    }

    private let queue = DispatchQueue(label: "esep.centre.prepare", qos: .userInitiated)
    private let preparer: Mutex<CentrePreparer>
    /// Prepared and not yet applied. Proposals under way are bounded by the role, and so is this.
    private let finished = Mutex<[Finished]>([])

    init(_ preparer: CentrePreparer) {
        self.preparer = Mutex(preparer)
    }

    func begin(_ payload: [UInt8]) {
        queue.async { [self] in
            let batch = preparer.withLock { $0.prepare(payload: payload) }
            finished.withLock { $0.append(Finished(payload: payload, batch: batch)) }
        }
    }

    /// What was begun for this payload, waited for; prepared now where nothing was begun (a replay, another's proposal).
    func take(_ payload: [UInt8]) -> PreparedBatch {
        queue.sync {
            let known = finished.withLock { finished -> PreparedBatch? in
                // Arrays that share their storage compare at once.
                guard let place = finished.firstIndex(where: { $0.payload == payload }) else { return nil }
                return finished.remove(at: place).batch
            }
            return known ?? preparer.withLock { $0.prepare(payload: payload) }
        }
    }
}
