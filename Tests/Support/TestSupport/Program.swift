package import Foundation
import Glibc

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

    package struct Result: Sendable, CustomStringConvertible {
        package var arguments: [String]
        /// The exit status; negated signal where a signal ended it.
        package var status: Int32
        package var bytes: [UInt8]
        package var errors: String

        package var output: String { String(decoding: bytes, as: UTF8.self) }

        package var json: Reading {
            get throws { try Reading(bytes) }
        }

        /// A line of JSON for each line of output.
        package var lines: [Reading] {
            get throws { try bytes.split(separator: UInt8(ascii: "\n")).map { try Reading(Array($0)) } }
        }

        package var description: String {
            "esep \(arguments.joined(separator: " ")): exit \(status)\n\(output.prefix(2000))\(errors.prefix(2000))"
        }
    }

    /// A command under way. Both outputs go to files, so that no pipe can fill and stop it.
    package final class Running {
        package let arguments: [String]
        private let folder: TemporaryFolder
        private let child: Child

        fileprivate init(_ arguments: [String], input: [UInt8]?, environment: [String: String]) throws {
            self.arguments = arguments
            folder = try TemporaryFolder()
            let given = folder.path("input")
            if let input { try Data(input).write(to: URL(fileURLWithPath: given)) }
            let files = [
                input == nil ? nil : open(given, O_RDONLY | O_CLOEXEC),
                open(folder.path("output"), O_WRONLY | O_CREAT | O_CLOEXEC, 0o600),
                open(folder.path("errors"), O_WRONLY | O_CREAT | O_CLOEXEC, 0o600),
            ]
            defer { for case let file? in files { close(file) } }
            child = try Child(
                Program.path, arguments, streams: .init(input: files[0], output: files[1], errors: files[2]),
                environment: environment)
        }

        /// Waits for its end; a command that does not end within `seconds` is killed and the test fails.
        package func finish(seconds: Int = 120) throws -> Result {
            guard let status = child.wait(seconds: seconds) else {
                child.kill()
                throw Child.Failure(
                    description: "esep \(arguments.joined(separator: " ")) did not end within \(seconds) s")
            }
            return Result(
                arguments: arguments, status: status, bytes: try TestFile.bytes(folder.path("output")),
                errors: String(decoding: try TestFile.bytes(folder.path("errors")), as: UTF8.self))
        }

        package var isRunning: Bool { child.isRunning }
    }

    package static func start(
        _ arguments: [String], input: [UInt8]? = nil, environment: [String: String] = [:]
    ) throws -> Running {
        try Running(arguments, input: input, environment: environment)
    }

    /// Runs `esep` to its end.
    package static func run(
        _ arguments: [String], input: [UInt8]? = nil, environment: [String: String] = [:], seconds: Int = 120
    ) throws -> Result {
        try start(arguments, input: input, environment: environment).finish(seconds: seconds)
    }
}

/// Whole files as bytes.
package enum TestFile {
    package static func bytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    package static func write(_ bytes: some Sequence<UInt8>, to path: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    package static func lines(_ path: String) throws -> [[UInt8]] {
        try bytes(path).split(separator: UInt8(ascii: "\n")).map { Array($0) }
    }
}

/// A folder that goes when its owner does.
package final class TemporaryFolder: Sendable {
    package let url: URL

    package init() throws {
        // Short, so that a node's socket path fits where nothing else is meant.
        url = FileManager.default.temporaryDirectory
            .appendingPathComponent("esep-test-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    package func path(_ name: String) -> String {
        url.appendingPathComponent(name).path
    }
}
