import Foundation
import TestSupport

/// The shim `Tests/Support/Shims/sync.c`, compiled for this run, and the words it shares with the test.
final class SyncShim {
    private let folder: TemporaryFolder
    private let words: UnsafeMutablePointer<UInt64>

    /// nil, with the reason printed, where this machine has no C compiler.
    init?() throws {
        folder = try TemporaryFolder()
        let library = folder.path("sync.so")
        let source = Repository.root.appendingPathComponent("Tests/Support/Shims/sync.c").path
        guard let compiler = Self.compiler else {
            print("skipped: no C compiler (cc, clang or gcc) to build the sync shim with")
            return nil
        }
        let built = try Child(compiler, ["-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"])
        guard built.wait(seconds: 60) == 0 else {
            throw Child.Failure(description: "\(compiler) does not compile \(source)")
        }
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

    private static var compiler: String? {
        let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":").map(String.init) ?? []
        return ["cc", "clang", "gcc"].lazy.flatMap { name in folders.map { $0 + "/" + name } }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    var environment: [String: String] { ["LD_PRELOAD": folder.path("sync.so"), "ESEP_SHIM": folder.path("words")] }

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
