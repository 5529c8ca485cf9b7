import Foundation
import Synchronization

/// Folders in memory for the files of one run, and what a kill or a loss of power leaves in them.
struct DiskImage {
    let path: String

    private static let parent: String = {
        let memory = "/dev/shm"
        return FileManager.default.isWritableFile(atPath: memory) ? memory : NSTemporaryDirectory()
    }()
    private static let made = Atomic<UInt64>(0)

    /// Both copies of these sources may run in one process.
    private static var copy: String {
        #if PLANTED
        "planted"
        #else
        "plain"
        #endif
    }

    /// A folder of its own under the memory-backed directory, or under the temporary one where there is none.
    static func make(_ name: String) throws -> DiskImage {
        let number = made.wrappingAdd(1, ordering: .relaxed).newValue
        let path = "\(parent)/esep-simulate-\(ProcessInfo.processInfo.processIdentifier)-\(copy)-\(number)-\(name)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return DiskImage(path: path)
    }

    /// A folder with the files of another.
    func copy(as name: String) throws -> DiskImage {
        let next = try DiskImage.make(name)
        for entry in try names() where !entry.hasSuffix("-shm") {
            try FileManager.default.copyItem(atPath: file(entry), toPath: next.file(entry))
        }
        return next
    }

    func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }

    func file(_ name: String) -> String { path + "/" + name }

    func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The store is put back from another folder, and nothing else is.
    func replaceStore(from other: DiskImage) throws {
        for entry in try names() where entry.hasPrefix(TerritoryHost.file) {
            try FileManager.default.removeItem(atPath: file(entry))
        }
        for entry in try other.names() where entry.hasPrefix(TerritoryHost.file) && !entry.hasSuffix("-shm") {
            try FileManager.default.copyItem(atPath: other.file(entry), toPath: file(entry))
        }
    }

    /// Bytes of the write-ahead log that hold committed frames now, as the log's own index says; nil without one.
    func committedLogBytes(_ name: String) -> Int? {
        guard let handle = FileHandle(forReadingAtPath: file(name + "-shm")) else { return nil }
        defer { try? handle.close() }
        guard let header = try? handle.read(upToCount: 24), header.count == 24 else { return nil }
        return header.withUnsafeBytes { bytes in
            let page = Int(bytes.loadUnaligned(fromByteOffset: 14, as: UInt16.self))
            let frames = Int(bytes.loadUnaligned(fromByteOffset: 16, as: UInt32.self))
            return frames == 0 ? 0 : 32 + frames * (24 + (page == 1 ? 65_536 : page))
        }
    }

    /// A second folder with what the disk holds after the process has ended.
    ///
    /// - Parameters:
    ///   - cut: for each database the bytes of its write-ahead log that were synced; a loss of power leaves those, and
    ///     perhaps some of what followed. Nil: the process alone has ended, and everything written is there.
    ///   - torn: bytes that happen to have reached the disk after those, whole frames or not.
    func afterEnd(as name: String, cut: [String: Int]?, torn: Int) throws -> DiskImage {
        let next = try copy(as: name)
        for (database, bytes) in cut ?? [:] {
            let log = next.file(database + "-wal")
            guard let handle = FileHandle(forWritingAtPath: log) else { continue }
            let size = try handle.seekToEnd()
            let kept = min(size, UInt64(bytes + torn))
            if kept < size { try handle.truncate(atOffset: kept) }
            try handle.close()
        }
        return next
    }
}

/// New stores as a first opening leaves them, made once for a process: every run begins with copies.
enum Templates {
    private static let made = Mutex<[String: DiskImage]>([:])

    /// - Parameter make: opens the files of a new folder and closes them.
    static func disk(_ key: String, as name: String, _ make: (DiskImage) throws -> Void) throws -> DiskImage {
        let template = try made.withLock { made in
            if let held = made[key] { return held }
            if made.isEmpty { atexit { Templates.remove() } }
            let disk = try DiskImage.make("template-\(key)")
            try make(disk)
            made[key] = disk
            return disk
        }
        return try template.copy(as: name)
    }

    /// The program ends: its templates go.
    private static func remove() {
        made.withLock { made in
            for disk in made.values { disk.remove() }
            made = [:]
        }
    }
}
