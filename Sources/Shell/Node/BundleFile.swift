import Foundation
import Wire

/// A bundle's file, read frame by frame: never more than one in memory.
package struct BundleFile {
    private let handle: FileHandle
    /// Bytes of the whole file, and up to where it has been read.
    package let size: UInt64
    package private(set) var position: UInt64 = 0

    package init(path: String) throws(NodeError) {
        do {
            handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            size = try handle.seekToEnd()
        } catch {
            throw NodeError(
                .notFound, "The file \(path) cannot be read.", remedy: "Name a file that this user may read.",
                field: "file")
        }
    }

    /// The next frame; nil at the end. Throws where no whole frame stands here.
    package mutating func next() throws(NodeError) -> [UInt8]? {
        guard position < size else { return nil }
        let bytes: [UInt8]
        do {
            try handle.seek(toOffset: position)
            bytes = [UInt8](try handle.read(upToCount: BundleFrame.limit) ?? Data())
        } catch {
            throw NodeError(.inner, "The file cannot be read at byte \(position): \(error).")
        }
        let length: Int
        do throws(BundleFrame.Failure) {
            length = try BundleFrame.length(of: bytes)
            guard length <= bytes.count else { throw .truncated }
        } catch {
            throw BundleSealing.named(error)
        }
        position += UInt64(length)
        return Array(bytes[..<length])
    }

    package mutating func rewind() { position = 0 }
}
