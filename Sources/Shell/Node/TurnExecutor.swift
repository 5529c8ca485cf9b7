import Dispatch

/// Runs one actor's jobs on a thread that may block: a turn waits for its fsync, and the cooperative pool has one
/// thread a core, none of which may stand still. Jobs run in the order they came.
package final class TurnExecutor: SerialExecutor {
    private let queue: DispatchQueue

    package init(label: String) {
        queue = DispatchQueue(label: label, qos: .userInitiated)
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
