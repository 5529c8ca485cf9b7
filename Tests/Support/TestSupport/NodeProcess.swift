import Foundation
import Glibc

/// A node run as a process of its own, started by the test and ended by it.
package final class NodeProcess {
    package let directory: String
    private let child: Child
    private let logPath: String

    package struct NotReady: Error, CustomStringConvertible {
        package var line: String
        package var status: Int32?
        package var log: String

        package var description: String {
            "the node said \"\(line)\" and ended with \(status.map { "\($0)" } ?? "nothing"); "
                + "its log:\n\(log.suffix(3000))"
        }
    }

    /// Starts `esep node start` and returns once it has said `ready`. Its log is appended to `DIRECTORY.log`.
    ///
    /// - Parameter isAwaited: false: returns at once, and what it says goes to the log.
    package init(
        directory: String, extra: [String] = [], environment: [String: String] = [:], isAwaited: Bool = true
    ) throws {
        self.directory = directory
        logPath = directory + ".log"
        let log = open(logPath, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard log >= 0 else { throw Child.Failure(description: "no log at \(logPath)") }
        defer { close(log) }
        let arguments = ["node", "start", "--data", directory] + extra
        guard isAwaited else {
            child = try Child(
                Program.path, arguments, streams: .init(output: log, errors: log), environment: environment)
            return
        }
        let ends = try Pipe.open()
        defer { close(ends.read) }
        child = try Child(
            Program.path, arguments, streams: .init(output: ends.write, errors: log), environment: environment)
        close(ends.write)
        let line = Self.firstLine(of: ends.read, seconds: 60)
        guard line.hasPrefix("ready") else {
            let status = child.wait(seconds: 10)
            child.kill()
            throw NotReady(line: line, status: status, log: Self.log(of: directory))
        }
    }

    /// Blocks until the node has written a line, is gone, or has said nothing for so long.
    private static func firstLine(of descriptor: Int32, seconds: Int) -> String {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while poll(&watched, 1, Int32(seconds * 1000)) > 0, read(descriptor, &byte, 1) == 1, byte != 0x0A {
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    package var isRunning: Bool { child.isRunning }

    package var id: Int32 { child.id }

    package var log: String { Self.log(of: directory) }

    package static func log(of directory: String) -> String {
        (try? TestFile.bytes(directory + ".log")).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// Ends it as a crash would, and waits until it is gone.
    package func kill() { child.kill() }

    /// Asks it to stop in order.
    /// - Returns: its exit status; nil when it did not end within 30 s, and then it is killed.
    @discardableResult
    package func stop() -> Int32? {
        child.signal(SIGTERM)
        return end(seconds: 30)
    }

    /// Waits until it ends by itself.
    package func end(seconds: Int) -> Int32? {
        let status = child.wait(seconds: seconds)
        if status == nil { child.kill() }
        return status
    }
}
