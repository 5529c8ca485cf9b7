import Foundation
import Glibc

/// TCP ports for nodes under test.
package enum Ports {
    /// One that nobody holds now, below the range the kernel gives to outgoing connections: a port from that range
    /// could be taken by some connection while its node is down.
    package static func free() throws -> Int {
        for _ in 0..<200 {
            let port = Int.random(in: 20_000..<32_000)
            if let socket = try? Listener(port: port) {
                socket.close()
                return port
            }
        }
        throw Child.Failure(description: "no free port found")
    }
}

/// A TCP socket that listens on loopback.
package final class Listener: Sendable {
    package let port: Int
    let descriptor: Int32

    package init(port: Int) throws {
        self.port = port
        descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = loopback(port)
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard bound == 0, listen(descriptor, 64) == 0 else {
            Glibc.close(descriptor)
            throw Child.Failure(description: "port \(port) is taken: \(String(cString: strerror(errno)))")
        }
    }

    package func close() {
        // A thread that waits in accept wakes by this and by nothing else.
        shutdown(descriptor, Int32(SHUT_RDWR))
        Glibc.close(descriptor)
    }
}

func loopback(_ port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    return address
}

/// A plain connection that says bytes and hears bytes: what a stranger or a broken client does.
package final class RawSocket {
    private let descriptor: Int32

    /// To a port on loopback.
    package init(port: Int) throws {
        descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = loopback(port)
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else { throw Child.Failure(description: "port \(port): \(String(cString: strerror(errno)))") }
        limitReading(seconds: 20)
    }

    /// To a Unix socket.
    package init(path: String) throws {
        descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard path.utf8.count < room else { throw Child.Failure(description: "\(path) is too long for a socket") }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard code == 0 else { throw Child.Failure(description: "\(path): \(String(cString: strerror(errno)))") }
        limitReading(seconds: 20)
    }

    private func limitReading(seconds: Int) {
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    /// - Returns: how many bytes the other side took before it closed.
    @discardableResult
    package func send(_ bytes: some Sequence<UInt8>) -> Int {
        let all = Array(bytes)
        var sent = 0
        while sent < all.count {
            let count = all[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { break }
            sent += count
        }
        return sent
    }

    /// Says that nothing more follows.
    package func finishSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// What the other side says until it closes; `isClosed` false: it neither spoke nor closed within 20 s.
    package func receiveAll(most: Int = 1 << 20) -> (bytes: [UInt8], isClosed: Bool) {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while all.count < most {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            // A reset is an end too: the other side would hear no more.
            if count == 0 || (count < 0 && errno == ECONNRESET) { return (all, true) }
            guard count > 0 else { return (all, false) }
            all.append(contentsOf: buffer[..<count])
        }
        return (all, false)
    }

    deinit {
        close(descriptor)
    }
}

/// An HTTP exchange written by hand, so that nothing between test and node mends what is broken.
package struct RawHTTP {
    package var status: Int
    package var head: String
    package var body: [UInt8]

    package var json: Reading { get throws { try Reading(body) } }

    /// Sends a whole request over a node's own socket and reads to the end.
    package static func exchange(
        socket: String, _ method: String, _ target: String, type: String = "application/json", body: [UInt8] = []
    ) throws -> RawHTTP {
        let connection = try RawSocket(path: socket)
        let head =
            "\(method) \(target) HTTP/1.1\r\nHost: node\r\nConnection: close\r\nContent-Type: \(type)\r\n"
            + "Content-Length: \(body.count)\r\n\r\n"
        connection.send(Array(head.utf8) + body)
        return try RawHTTP(connection.receiveAll().bytes)
    }

    /// Reads an answer as it came over the socket.
    package init(_ bytes: [UInt8]) throws {
        let end = Array("\r\n\r\n".utf8)
        guard let split = bytes.firstRange(of: end) else {
            throw Child.Failure(description: "no HTTP answer: \(String(decoding: bytes.prefix(300), as: UTF8.self))")
        }
        head = String(decoding: bytes[..<split.lowerBound], as: UTF8.self)
        status = head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        let rest = Array(bytes[split.upperBound...])
        body = head.lowercased().contains("transfer-encoding: chunked") ? Self.unchunked(rest) : rest
    }

    private static func unchunked(_ bytes: [UInt8]) -> [UInt8] {
        var body: [UInt8] = []
        var rest = bytes[...]
        while let line = rest.firstIndex(of: 0x0A) {
            let digits = String(decoding: rest[..<line], as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            guard let size = Int(digits, radix: 16), size > 0, rest.distance(from: line, to: rest.endIndex) > size
            else { break }
            body.append(contentsOf: rest[(line + 1)...].prefix(size))
            rest = rest[(line + 1)...].dropFirst(size + 2)
        }
        return body
    }
}
