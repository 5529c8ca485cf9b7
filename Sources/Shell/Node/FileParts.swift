import Foundation
import Vault

/// Files too large for memory, a part at a time.
enum FileParts {
    /// Bytes of a part, as it is read, hashed and sent.
    static let bytes = 1 << 20

    /// SHA-256 of a file, and its length.
    static func digest(of path: String) throws -> (Digest, UInt64) {
        var running = RunningDigest()
        var length: UInt64 = 0
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        defer { try? file.close() }
        try eachPart(of: file) { part in
            running.add(Array(part))
            length += UInt64(part.count)
        }
        return (running.digest, length)
    }

    /// Puts one file behind the other's bytes, and takes it away where it was.
    ///
    /// - Returns: its length.
    static func move(_ path: String, toEndOf other: String) throws -> UInt64 {
        let source = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        defer { try? source.close() }
        let target = try FileHandle(forWritingTo: URL(fileURLWithPath: other))
        defer { try? target.close() }
        let end = try target.seekToEnd()
        try eachPart(of: source) { try target.write(contentsOf: $0) }
        let length = try target.offset() - end
        try FileManager.default.removeItem(atPath: path)
        return length
    }

    /// Cuts off a file's end and makes a file of its own of it; both are synced. Once more after a break it does the
    /// same again.
    static func split(_ path: String, at length: UInt64, to other: String) throws {
        let source = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        defer { try? source.close() }
        guard FileManager.default.createFile(atPath: other, contents: nil, attributes: [.posixPermissions: 0o600])
        else { throw CocoaError(.fileWriteUnknown) }
        let target = try FileHandle(forWritingTo: URL(fileURLWithPath: other))
        defer { try? target.close() }
        try source.seek(toOffset: length)
        try eachPart(of: source) { try target.write(contentsOf: $0) }
        try target.synchronize()
        try source.truncate(atOffset: length)
        try source.synchronize()
    }

    /// From where the file stands to its end.
    private static func eachPart(of file: FileHandle, _ body: (Data) throws -> Void) throws {
        while let part = try file.read(upToCount: bytes), !part.isEmpty { try body(part) }
    }
}
