import Storage

/// Merges the index's lots and runs in slices beside everything else, while the node runs.
struct IndexKeeping {
    let index: NodeIndex
    let stopping: StopSignal

    /// How often an index without work is looked at again.
    private static let pause = Duration.milliseconds(200)

    func run() async {
        while !Task.isCancelled {
            do throws(StorageError) {
                if try index.work() { continue }
            } catch {
                guard case .full = error else {
                    stopping.fail("\(error)")
                    return
                }
            }
            // Cancelled is as good as rested: the loop sees it.
            try? await Task.sleep(for: Self.pause)
        }
    }
}
