import Foundation
import Glibc
import Synchronization

/// The line of a territory: a relay on loopback that can be cut and mended. One thread a direction, blocking calls.
package final class Line: Sendable {
    package let port: Int
    private let target: Int
    private let state = Mutex(State())

    private struct State {
        var listener: Listener?
        /// Descriptors of the connections under way.
        var open: Set<Int32> = []
        var carried = 0
    }

    /// The line to a port on loopback, mended.
    package init(to target: Int) throws {
        port = try Ports.free()
        self.target = target
        try mend()
    }

    package var address: String { "127.0.0.1:\(port)" }

    /// Bytes that went towards the target, over all connections.
    package var carried: Int { state.withLock { $0.carried } }

    /// Takes connections again.
    package func mend() throws {
        let listener = try Listener(port: port)
        state.withLock { $0.listener = listener }
        Thread.detachNewThread { [self] in
            while true {
                let near = accept(listener.descriptor, nil, nil)
                guard near >= 0 else { return }
                relay(near)
            }
        }
    }

    /// Ends every connection at once and refuses new ones.
    package func cut() {
        state.withLock { state in
            state.listener?.close()
            state.listener = nil
            for descriptor in state.open { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }

    private func relay(_ near: Int32) {
        let far = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = loopback(target)
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(far, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        let isUp = state.withLock { state in
            guard code == 0, state.listener != nil else { return false }
            state.open.formUnion([near, far])
            return true
        }
        guard isUp else {
            close(near)
            close(far)
            return
        }
        let ends = RelayEnds()
        for (from, to) in [(near, far), (far, near)] {
            Thread.detachNewThread { [self] in
                pump(from, to) { [self] count in
                    if from == near { state.withLock { $0.carried += count } }
                }
                if ends.isLast() {
                    // Out of the set before the descriptor's number can be given to something else.
                    state.withLock { state in state.open.subtract([near, far]) }
                    close(near)
                    close(far)
                }
            }
        }
    }

    private func pump(_ from: Int32, _ to: Int32, _ note: (Int) -> Void) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(from, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            note(count)
            var sent = 0
            while sent < count {
                let step = buffer[sent..<count].withUnsafeBytes {
                    send(to, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard step > 0 else { break }
                sent += step
            }
            if sent < count { break }
        }
        shutdown(from, Int32(SHUT_RDWR))
        shutdown(to, Int32(SHUT_RDWR))
    }
}

/// Tells the second of two pumps that it is the last.
private final class RelayEnds: Sendable {
    private let left = Mutex(2)

    func isLast() -> Bool {
        left.withLock { left in
            left -= 1
            return left == 0
        }
    }
}
