package import Foundation

/// The program under test, found beside the running test bundle.
package enum Program {
    package static let path: String = {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        // Swift Testing may run the bundle by a helper of the toolchain: the bundle's own path stands in the arguments.
        let places = [own] + CommandLine.arguments.filter { $0.contains(".xctest") }
        for place in places {
            let candidate = URL(fileURLWithPath: place).deletingLastPathComponent().appendingPathComponent("esep").path
            if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
        }
        preconditionFailure("no program `esep` beside \(places): build all products first")
    }()

    package struct Result: Sendable {
        package var status: Int32
        package var output: String
        package var errors: String
    }

    /// Runs `esep` to its end. Both outputs go to files, so that no pipe can fill and stop it.
    package static func run(_ arguments: [String], input: String? = nil) throws -> Result {
        let folder = try TemporaryFolder()
        let output = folder.url.appendingPathComponent("output")
        let errors = folder.url.appendingPathComponent("errors")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        for file in [output, errors] { _ = FileManager.default.createFile(atPath: file.path, contents: nil) }
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        if let input {
            let file = folder.url.appendingPathComponent("input")
            try input.write(to: file, atomically: true, encoding: .utf8)
            process.standardInput = try FileHandle(forReadingFrom: file)
        } else {
            process.standardInput = FileHandle.nullDevice
        }
        try process.run()
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus,
            output: try String(contentsOf: output, encoding: .utf8),
            errors: try String(contentsOf: errors, encoding: .utf8))
    }
}

/// A folder that goes when its owner does.
package final class TemporaryFolder: Sendable {
    package let url: URL

    package init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("esep-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    package func path(_ name: String) -> String {
        url.appendingPathComponent(name).path
    }
}

/// A node run as a process of its own, started by the test and ended by it.
package final class NodeProcess {
    package let directory: String
    private let process = Process()
    private let log: URL

    package struct NotReady: Error {
        package var line: String
        package var log: String
    }

    /// Starts `esep node start` and returns once it has said `ready`.
    package init(directory: String) throws {
        self.directory = directory
        log = URL(fileURLWithPath: directory + ".log")
        if !FileManager.default.fileExists(atPath: log.path) {
            _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        }
        let errors = try FileHandle(forWritingTo: log)
        try errors.seekToEnd()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: Program.path)
        process.arguments = ["node", "start", "--data", directory]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let line = Self.firstLine(of: output.fileHandleForReading)
        guard line.hasPrefix("ready") else {
            process.terminate()
            process.waitUntilExit()
            throw NotReady(line: line, log: (try? String(contentsOf: log, encoding: .utf8)) ?? "")
        }
    }

    /// Blocks until the node has written a line or is gone.
    private static func firstLine(of handle: FileHandle) -> String {
        var bytes: [UInt8] = []
        while let data = try? handle.read(upToCount: 1), let byte = data.first, byte != UInt8(ascii: "\n") {
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    package var isRunning: Bool { process.isRunning }

    /// Ends it as a crash would, and waits until it is gone.
    package func kill() {
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Asks it to stop in order; the exit status.
    @discardableResult
    package func stop() -> Int32 {
        process.terminate()
        process.waitUntilExit()
        return process.terminationStatus
    }

    deinit {
        if process.isRunning { kill() }
    }
}
