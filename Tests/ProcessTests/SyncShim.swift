import Foundation
import TestSupport

/// The shim `Tests/Support/Shims/sync.c`, compiled for this run, and the words it shares with the test.
final class SyncShim {
    private let library: ShimLibrary
    private var folder: TemporaryFolder { library.folder }
    private let words: UnsafeMutablePointer<UInt64>

    /// nil, with the reason printed, where this machine has no C compiler.
    init?() throws {
        guard let library = try ShimLibrary("sync") else { return nil }
        self.library = library
        let folder = library.folder
        try TestFile.write([UInt8](repeating: 0, count: 4096), to: folder.path("words"))
        let descriptor = open(folder.path("words"), O_RDWR)
        defer { close(descriptor) }
        guard let map = mmap(nil, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0), map != MAP_FAILED else {
            throw Child.Failure(description: "the shim's words cannot be mapped: \(errno)")
        }
        words = map.bindMemory(to: UInt64.self, capacity: 512)
    }

    deinit {
        munmap(words, 4096)
    }

    var environment: [String: String] { ["LD_PRELOAD": library.path, "ESEP_SHIM": folder.path("words")] }

    /// Syncs of any file so far.
    var syncs: UInt64 { words[0] }
    /// Syncs of the store's write-ahead log so far.
    var storeSyncs: UInt64 { words[1] }
    /// Fails the next sync of the store's write-ahead log.
    func failNext() { words[2] = words[1] + 1 }
    var hasFailed: Bool { words[4] == 1 }
    /// Syncs and bytes of that file after the failure.
    var syncsAfterFailure: UInt64 { words[3] }
    var bytesAfterFailure: UInt64 { words[5] }
}
