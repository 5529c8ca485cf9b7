import Foundation
import TestSupport

/// A library of `Tests/Support/Shims`, compiled for this run, that is put before the C library of a process.
struct ShimLibrary {
    let folder: TemporaryFolder
    let path: String

    /// nil, with the reason printed, where this machine has no C compiler.
    init?(_ name: String) throws {
        folder = try TemporaryFolder()
        path = folder.path("\(name).so")
        let source = Repository.root.appendingPathComponent("Tests/Support/Shims/\(name).c").path
        guard let compiler = Self.compiler else {
            print("skipped: no C compiler (cc, clang or gcc) to build the shim \(name) with")
            return nil
        }
        let built = try Child(compiler, ["-shared", "-fPIC", "-O1", "-o", path, source, "-ldl"])
        guard built.wait(seconds: 60) == 0 else {
            throw Child.Failure(description: "\(compiler) does not compile \(source)")
        }
    }

    private static var compiler: String? {
        let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":").map(String.init) ?? []
        return ["cc", "clang", "gcc"].lazy.flatMap { name in folders.map { $0 + "/" + name } }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
