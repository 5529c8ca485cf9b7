#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Small whole files, written so that a loss of power leaves the old content or the new.
package enum SmallFile {
    package static func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }

    /// Files that are not there are no error.
    package static func remove(_ paths: [String]) throws(StorageError) {
        for path in paths where unlink(path) != 0 && errno != ENOENT { throw failure(path) }
    }

    /// Nil where there is no such file.
    package static func read(_ path: String, limit: Int) throws(StorageError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw failure(path)
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: limit + 1)
        var count = 0
        while count <= limit {
            let got = bytes.withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress! + count, limit + 1 - count, count)
            }
            guard got >= 0 else { throw failure(path) }
            if got == 0 { break }
            count += got
        }
        guard count <= limit else { throw .damaged(file: path, what: "it is longer than \(limit) bytes") }
        return Array(bytes[..<count])
    }

    /// New bytes, synced, then renamed over the old ones, then the folder synced. Mode 0600.
    package static func replace(_ path: String, with bytes: [UInt8]) throws(StorageError) {
        let temporary = path + ".new"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(temporary) }
        do throws(StorageError) {
            try writeAll(bytes, to: descriptor, path: temporary)
            guard fsync(descriptor) == 0 else { throw StorageError.failedSync(file: temporary) }
        } catch {
            close(descriptor)
            unlink(temporary)
            throw error
        }
        close(descriptor)
        guard rename(temporary, path) == 0 else { throw failure(path) }
        try syncFolder(of: path)
    }

    /// The file takes the other name, whatever had it; durable when it returns.
    package static func move(_ path: String, to other: String) throws(StorageError) {
        guard rename(path, other) == 0 else { throw failure(other) }
        try syncFolder(of: other)
    }

    package static func failure(_ path: String) -> StorageError {
        let code = errno
        if code == ENOSPC || code == EDQUOT { return .full(file: path) }
        return .failed(file: path, code: code, message: String(cString: strerror(code)))
    }

    /// What stands in the file is on the disk.
    static func sync(_ path: String) throws(StorageError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .failedSync(file: path) }
    }

    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(StorageError) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress! + done, bytes.count - done) }
            guard count > 0 else { throw failure(path) }
            done += count
        }
    }

    package static func syncFolder(of path: String) throws(StorageError) {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let descriptor = open(folder.isEmpty ? "/" : folder, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .failedSync(file: folder) }
    }
}
