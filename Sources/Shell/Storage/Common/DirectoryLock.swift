#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Holds a data directory for one process. The system lets go of it when the process ends, however it ends.
package final class DirectoryLock: Sendable {
    package let path: String
    private let descriptor: Int32

    /// Throws `.locked` when another process (or another holder in this one) has the directory.
    package init(directory: String) throws(StorageError) {
        path = directory + "/lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .failed(file: path, code: errno, message: String(cString: strerror(errno)))
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(descriptor)
            throw code == EWOULDBLOCK
                ? .locked(file: directory) : .failed(file: path, code: code, message: String(cString: strerror(code)))
        }
    }

    deinit {
        close(descriptor)
    }
}
