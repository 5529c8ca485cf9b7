import Glibc

/// What the file system has left.
enum DiskSpace {
    /// Below this a full disk is not tried again: a turn, its index rows and a checkpoint fit.
    static let needed: UInt64 = 32 << 20

    /// Free bytes for this user where `path` lies; nil where the system does not say.
    static func free(at path: String) -> UInt64? {
        var answer = statvfs()
        guard statvfs(path, &answer) == 0 else { return nil }
        return UInt64(answer.f_bavail) * UInt64(answer.f_frsize)
    }

    static func isEnough(at path: String) -> Bool {
        (free(at: path) ?? 0) >= needed
    }
}
