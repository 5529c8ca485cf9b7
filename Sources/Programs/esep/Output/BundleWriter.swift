import Foundation

/// Writes frames to one file, or to several of a bounded size. Each is written under another name, synced, and then
/// named; nothing that stands there is written over.
struct BundleWriter {
    private let name: String
    private let maxSize: Int?
    private(set) var files: [String] = []
    private(set) var sizes: [UInt64] = []
    private var handle: FileHandle?

    var bytes: UInt64 { sizes.reduce(0, +) }

    init(name: String, maxSize: Int?) {
        self.name = name
        self.maxSize = maxSize
    }

    mutating func add(_ frame: [UInt8]) throws {
        if let maxSize {
            guard frame.count <= maxSize else {
                throw Failure(
                    "One frame alone has \(frame.count) bytes.", remedy: "Give a --max-size of at least that.")
            }
            if let size = sizes.last, Int(size) + frame.count > maxSize { try close() }
        }
        if handle == nil { try open() }
        do {
            try handle?.write(contentsOf: Data(frame))
        } catch {
            throw Failure("\(Self.unfinished(files.last ?? name)) cannot be written: \(error.localizedDescription).")
        }
        sizes[sizes.count - 1] += UInt64(frame.count)
    }

    /// Gives the files their names.
    mutating func finish() throws {
        try close()
        for file in files {
            // A hard link never replaces what stands there.
            guard link(Self.unfinished(file), file) == 0 else { throw Self.taken(file) }
            unlink(Self.unfinished(file))
        }
    }

    /// Removes what was not finished.
    func discard() {
        for file in files { unlink(Self.unfinished(file)) }
    }

    private mutating func open() throws {
        let number = String(files.count + 1)
        let file = maxSize == nil ? name : name + "." + String(repeating: "0", count: max(0, 3 - number.count)) + number
        guard !FileManager.default.fileExists(atPath: file) else { throw Self.taken(file) }
        let descriptor = Foundation.open(Self.unfinished(file), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw Failure(
                "\(file) cannot be written: \(String(cString: strerror(errno))).",
                remedy: "Name a place this user may write.")
        }
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        files.append(file)
        sizes.append(0)
    }

    private mutating func close() throws {
        guard let handle else { return }
        do {
            try handle.synchronize()
            try handle.close()
        } catch {
            throw Failure("\(files.last ?? name) cannot be written to the disk: \(error.localizedDescription).")
        }
        self.handle = nil
    }

    private static func unfinished(_ file: String) -> String { file + ".unfinished" }

    private static func taken(_ file: String) -> Failure {
        Failure("\(file) is there already, or cannot be named.", remedy: "Name another, or move that one away.")
    }
}
