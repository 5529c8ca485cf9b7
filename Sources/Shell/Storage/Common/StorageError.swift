/// What went wrong with the disk, in words that tell what to do and whether the act was done.
package enum StorageError: Error, Hashable, Sendable {
    /// No space is left. Nothing of the act was stored.
    case full(file: String)
    /// A sync failed: nobody knows what reached the disk. The process must end and must not retry (a second sync may
    /// answer "done" for pages that the system has dropped).
    case failedSync(file: String)
    /// What stands in the file is not what was written.
    case damaged(file: String, what: String)
    /// The log ends before what this node has itself told others.
    case shortLog(held: UInt64, told: UInt64)
    /// Another process holds the data directory or the database.
    case locked(file: String)
    /// The file belongs to another cluster, or to another node of this one.
    case foreign(file: String, expected: String, found: String)
    /// The file was written by a newer version of the program.
    case newer(file: String, known: Int, found: Int)
    /// The disk would not take the settings without which nothing may be promised.
    case unsafeSettings(file: String, what: String)
    /// The secret does not open what is sealed under it.
    case wrongSecret(file: String)
    /// Any other failure of the system or of SQLite. Nothing of the act was stored.
    case failed(file: String, code: Int32, message: String)

    /// Whether the act that met this error can have been done all the same.
    package var isIndefinite: Bool {
        if case .failedSync = self { true } else { false }
    }

    /// Whether the process must stop: going on could promise what is not stored.
    package var isFatal: Bool {
        switch self {
        case .failedSync, .damaged, .shortLog, .foreign, .newer, .unsafeSettings, .wrongSecret: true
        case .full, .locked, .failed: false
        }
    }
}

extension StorageError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .full(let file):
            "\(file): no space is left on the disk; nothing was stored. Free some space: writing goes on by itself."
        case .failedSync(let file):
            """
            \(file): the disk failed to sync; what was being written may or may not be stored. The node stops. \
            Check the disk, then start the node again: it goes on from what the disk really holds.
            """
        case .damaged(let file, let what):
            "\(file): damaged: \(what). Nothing was changed. Restore the file from a backup, or rebuild this node."
        case .shortLog(let held, let told):
            """
            The log ends at entry \(held), but this node has told others of entry \(told): entries are missing. \
            The node does not start. Put back the newest copy of the data directory, or rebuild this node.
            """
        case .locked(let file):
            "\(file): in use by another process; nothing was done. Stop that process first."
        case .foreign(let file, let expected, let found):
            "\(file): belongs to \(found), not to \(expected); nothing was done. Give the right data directory."
        case .newer(let file, let known, let found):
            """
            \(file): written by a newer version (schema \(found), known here up to \(known)); nothing was done. \
            Use the newer program.
            """
        case .unsafeSettings(let file, let what):
            "\(file): \(what); nothing may be promised on this disk, so the node does not start."
        case .wrongSecret(let file):
            "\(file): the operator's secret does not open it; nothing was done. Give the right secret."
        case .failed(let file, let code, let message):
            "\(file): \(message) (code \(code)); nothing was stored."
        }
    }
}
