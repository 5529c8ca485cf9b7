import Dispatch

/// Runs one actor's jobs on a thread that may block: a turn waits for its fsync, and the cooperative pool has one
/// thread a core, none of which may stand still. Jobs run in the order they came.
package final class TurnExecutor: SerialExecutor {
    private let queue: DispatchQueue

    package init(label: String) {
        queue = DispatchQueue(label: label, qos: .userInitiated)
    }

    /// Runs a job that no task waits for, in its place among the others.
    package func run(_ job: @escaping @Sendable () -> Void) {
        queue.async(execute: job)
    }

    /// Ends the process where the caller is not one of this executor's jobs.
    package func checkIsolated() {
        dispatchPrecondition(condition: .onQueue(queue))
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
