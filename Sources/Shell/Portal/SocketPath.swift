import Glibc
package import Node

/// Where a node's socket lies, for the server that binds it and the client that dials it.
///
/// `DATA/esep.sock`; where that path is longer than the system takes (107 bytes and an end mark), a socket in a new
/// folder of mode 0700 under `/tmp`, whose path stands in `DATA/esep.sock.path`.
package enum SocketPath {
    /// Bytes of `sun_path` less its end mark.
    package static let bytesMost = 107

    private static func direct(_ directory: String) -> String { directory + "/esep.sock" }
    private static func note(_ directory: String) -> String { directory + "/esep.sock.path" }

    /// The path to bind. Makes the folder and writes the note where they are needed.
    package static func prepare(directory: String) throws(NodeError) -> String {
        let path = direct(directory)
        unlink(note(directory))
        guard path.utf8.count > bytesMost else { return path }
        var template = Array("/tmp/esep-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw failed("No folder for the socket could be made in /tmp") }
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let socket = folder + "/esep.sock"
        let descriptor = open(note(directory), O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        guard descriptor >= 0 else { throw failed("The note \(note(directory)) could not be written") }
        defer { close(descriptor) }
        let written = Array(socket.utf8).withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        guard written == socket.utf8.count else { throw failed("The note \(note(directory)) could not be written") }
        return socket
    }

    /// The path to dial.
    package static func find(directory: String) -> String {
        let path = direct(directory)
        guard path.utf8.count > bytesMost else { return path }
        let descriptor = open(note(directory), O_RDONLY)
        guard descriptor >= 0 else { return path }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: bytesMost + 1)
        let count = read(descriptor, &bytes, bytes.count)
        return count > 0 && count <= bytesMost ? String(decoding: bytes[..<count], as: UTF8.self) : path
    }

    /// Takes away what `prepare` and the bind have made.
    package static func remove(_ socket: String, directory: String) {
        unlink(socket)
        unlink(note(directory))
        if socket != direct(directory), let slash = socket.lastIndex(of: "/") { rmdir(String(socket[..<slash])) }
    }

    private static func failed(_ what: String) -> NodeError {
        NodeError(
            .conflict, "\(what): \(String(cString: strerror(errno))).",
            remedy: "Give a shorter --data path, or make the folder writable.")
    }
}
