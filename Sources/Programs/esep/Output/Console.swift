import Contract
import Foundation

/// The two outputs: answers on stdout, everything else on stderr.
enum Console {
    static func say(_ text: String) {
        write(Array((text + "\n").utf8), to: STDOUT_FILENO)
    }

    static func complain(_ text: String) {
        write(Array("esep: \(text)\n".utf8), to: STDERR_FILENO)
    }

    /// JSON for programs: one line.
    static func say(_ json: JSONValue) {
        write(json.bytes() + [UInt8(ascii: "\n")], to: STDOUT_FILENO)
    }

    /// Writes all of it, or ends quietly where the reader has gone away.
    static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                return
            }
        }
    }

    static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }
}
