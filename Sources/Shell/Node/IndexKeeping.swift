import Storage

/// Merges the index's lots and runs in slices beside everything else, while the node runs.
struct IndexKeeping {
    let index: NodeIndex
    let stopping: StopSignal

    /// How often an index without work is looked at again.
    private static let pause = Duration.milliseconds(200)

    func run() async {
        while !Task.isCancelled {
            do {
                if index.hasWork, try index.work() { continue }
                try await Task.sleep(for: Self.pause)
            } catch let error as StorageError {
                if case .full = error { continue }
                stopping.fail("\(error)")
                return
            } catch {
                return
            }
        }
    }
}
