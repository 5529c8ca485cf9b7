import Consensus
import Dispatch
import Storage
import Synchronization

/// Prepares proposals beside the turns: decoding, chaining, opening and folding take a core of their own while the turn
/// before them is written. In the order they were proposed, because an author's blocks open with the salt of its last
/// start.
final class PreparationLane: Sendable {
    private let queue = DispatchQueue(label: "esep.centre.prepare", qos: .userInitiated)
    private let preparer: Mutex<CentrePreparer>
    /// Prepared and not yet applied. Proposals under way are bounded by the role, and so is this.
    private let finished = Mutex<[Mark: PreparedBatch]>([:])

    init(_ preparer: CentrePreparer) {
        self.preparer = Mutex(preparer)
    }

    func begin(_ mark: Mark, _ payload: [UInt8]) {
        queue.async { [self] in
            let batch = preparer.withLock { $0.prepare(payload: payload) }
            finished.withLock { $0[mark] = batch }
        }
    }

    /// What was begun for this entry, waited for; prepared now where nothing was begun (a replay, another's proposal).
    func take(_ mark: Mark, _ payload: [UInt8]) -> PreparedBatch {
        queue.sync {
            let known = finished.withLock { finished -> PreparedBatch? in
                defer {
                    // Another leader's entry in the place of one of ours: what was prepared for ours is of no use.
                    finished = finished.filter { $0.key.index > mark.index }
                }
                return finished[mark]
            }
            return known ?? preparer.withLock { $0.prepare(payload: payload) }
        }
    }
}
