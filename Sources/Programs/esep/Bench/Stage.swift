import AsyncHTTPClient
import Dispatch
import Foundation
import Logging
import Node
import Portal
import ServiceLifecycle
import Synchronization

/// A folder with real nodes in it, for the length of a benchmark: all processes and files go with it, also after an
/// error or an interrupt.
final class Stage {
    let folder: String
    private let nodes: StageNodes
    private let interrupts: [any DispatchSourceSignal]

    init(in parent: String) throws {
        folder = parent + "/esep-bench-\(getpid())-\(UInt32.random(in: 0...9999))"
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw Failure("No folder can be made in \(parent).", remedy: "Name another with --in DIR.")
        }
        let nodes = StageNodes(folder: folder)
        self.nodes = nodes
        interrupts = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: .global())
        }
        for source in interrupts {
            source.setEventHandler {
                nodes.close()
                exit(1)
            }
            source.resume()
        }
    }

    func close() {
        nodes.close()
        for source in interrupts { source.cancel() }
    }

    func path(_ name: String) -> String { folder + "/" + name }

    // MARK: Nodes

    /// A centre, made and started. The port lies below the range that outgoing connections get.
    func centre() throws -> StageNode {
        let port = UInt16.random(in: 20_000..<32_000)
        try Self.run([
            "node", "init", "--role", "centre", "--data", path("centre-1"), "--listen", "127.0.0.1:\(port)",
        ])
        let node = StageNode(name: "centre-1", directory: path("centre-1"))
        nodes.add(node)
        try node.start()
        return node
    }

    /// A centre of three voters, each a process; the first is made first, and leads no longer than it runs.
    func centreOfThree() async throws -> [StageNode] {
        let first = try centre()
        var nodes = [first]
        for number in 2...3 {
            let node = StageNode(name: "centre-\(number)", directory: path("centre-\(number)"))
            let token = try Self.run(["cluster", "token", "--role", "centre", "--data", first.directory])
            try Self.run([
                "node", "join", "--token", token.trimmingCharacters(in: .whitespacesAndNewlines), "--data",
                node.directory, "--name", node.name, "--listen", "127.0.0.1:\(UInt16.random(in: 20_000..<32_000))",
            ])
            self.nodes.add(node)
            try node.start()
            nodes.append(node)
        }
        try Self.run(["centre", "member", "add", "centre-2", "centre-3", "--data", first.directory])
        try await Self.untilDone(["centre", "member", "promote", "centre-2", "centre-3", "--data", first.directory])
        return nodes
    }

    /// Gives the lead to a node that runs in this process, by a command at another. It answers nobody but this process:
    /// where it has come to lead by itself, no command would tell.
    func lead(_ node: StageNode, _ load: any CommitLoad, through other: StageNode) async throws {
        for _ in 0..<120 {
            if (try? await load.commit(note: "lead")) != nil { return }
            _ = try? Self.run(["centre", "member", "transfer", node.name, "--data", other.directory], isQuiet: true)
            try await Task.sleep(for: .milliseconds(250))
        }
        throw Failure("\(node.name) does not come to lead.")
    }

    /// Bootstraps the logs of this process, once: warnings go where those of the nodes' own processes go.
    private static let logging: Void = LoggingSystem.bootstrap { label in
        var handler = StreamLogHandler.standardError(label: label)
        handler.logLevel = .warning
        return handler
    }

    /// Runs a node in this process instead of one of its own.
    func withNode(_ node: StageNode, _ body: (any RunningNode) async throws -> Void) async throws {
        node.end()
        Self.logging
        let inner = try await Wiring.house.open(OpenOptions(directory: node.directory))
        let running = Task { try await inner.run() }
        do {
            try await body(inner)
        } catch {
            await inner.stop()
            _ = await running.result
            throw error
        }
        await inner.stop()
        try await running.value
    }

    /// Runs a command again until it is done; a group that has just changed refuses for a moment.
    private static func untilDone(_ arguments: [String]) async throws {
        var left = 120
        while true {
            do {
                try run(arguments, isQuiet: true)
                return
            } catch {
                left -= 1
                if left == 0 { throw error }
                try await Task.sleep(for: .milliseconds(250))
            }
        }
    }

    /// A territory that has joined and is started.
    /// - Parameter number: of the territory's nodes; one after the first brings the shard of those before it back.
    func territory(_ code: String, of centre: StageNode, number: Int = 1) throws -> StageNode {
        let token = try Self.run(["cluster", "token", "--territory", code, "--data", centre.directory])
        let name = code.lowercased() + "-\(number)"
        try Self.run(
            [
                "node", "join", "--token", token.trimmingCharacters(in: .whitespacesAndNewlines), "--data", path(name),
            ] + (number > 1 ? ["--rebuild", "--name", name] : []))
        let node = StageNode(name: name, directory: path(name))
        nodes.add(node)
        try node.start()
        return node
    }

    /// A file of generated documents of all kinds, dated over the last sixty days.
    func documents(_ territory: String, count: Int, seed: Int) throws -> String {
        let file = path("\(territory)-\(seed).ndjson")
        let days = [60, 0].map { ago in
            String(Date().addingTimeInterval(5 * 3600 - Double(ago) * 86_400).ISO8601Format().prefix(10))
        }
        try Self.run(
            [
                "generate", "--kind", "all", "--territory", territory, "--count", "\(count)", "--seed", "\(seed)",
                "--from", days[0], "--to", days[1],
            ], output: file)
        return file
    }

    /// Runs this same program to its end.
    @discardableResult
    private static func run(
        _ arguments: [String], output file: String? = nil, isQuiet: Bool = false
    ) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: StageNode.program)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        if isQuiet { process.standardError = FileHandle.nullDevice }
        let pipe = Pipe()
        if let file {
            _ = FileManager.default.createFile(atPath: file, contents: nil)
            process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: file))
        } else {
            process.standardOutput = pipe
        }
        try process.run()
        let said = file == nil ? try pipe.fileHandleForReading.readToEnd() ?? Data() : Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure("esep \(arguments.prefix(2).joined(separator: " ")) ended with \(process.terminationStatus).")
        }
        return String(decoding: said, as: UTF8.self)
    }
}

/// What a stage must not leave behind: processes and files.
private final class StageNodes: Sendable {
    private let folder: String
    private let nodes = Mutex<[StageNode]>([])

    init(folder: String) {
        self.folder = folder
    }

    func add(_ node: StageNode) {
        nodes.withLock { $0.append(node) }
    }

    func close() {
        nodes.withLock { nodes in
            for node in nodes { node.end() }
            nodes = []
        }
        try? FileManager.default.removeItem(atPath: folder)
    }
}

/// A node of the stage: a directory, and the process that serves it now.
final class StageNode: Sendable {
    let name: String
    let directory: String
    private let process = Mutex<Process?>(nil)

    static let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "esep"

    init(name: String, directory: String) {
        self.name = name
        self.directory = directory
    }

    var store: String { directory + "/store.sqlite" }

    /// Starts it and returns once it has said `ready`.
    func start() throws {
        let started = Process()
        started.executableURL = URL(fileURLWithPath: Self.program)
        started.arguments = ["node", "start", "--data", directory, "--log-level", "warning"]
        started.standardInput = FileHandle.nullDevice
        let output = Pipe()
        started.standardOutput = output
        started.standardError = FileHandle.standardError
        try started.run()
        process.withLock { $0 = started }
        var line: [UInt8] = []
        while let byte = try output.fileHandleForReading.read(upToCount: 1)?.first, byte != UInt8(ascii: "\n") {
            line.append(byte)
        }
        guard line.starts(with: "ready".utf8) else {
            end()
            throw Failure("The node \(name) did not become ready.", remedy: "Its log stands above.")
        }
    }

    /// Stops it in order; a node that does not stop is ended.
    func end() {
        process.withLock { process in
            guard let running = process else { return }
            kill(running.processIdentifier, SIGCONT)
            running.terminate()
            let watch = DispatchSource.makeTimerSource()
            watch.schedule(deadline: .now() + 30)
            watch.setEventHandler { kill(running.processIdentifier, SIGKILL) }
            watch.resume()
            running.waitUntilExit()
            watch.cancel()
            process = nil
        }
    }

    /// Stands still, as a machine does that sleeps.
    func pause() { signal(SIGSTOP) }

    func goOn() { signal(SIGCONT) }

    private func signal(_ number: Int32) {
        process.withLock { if let running = $0 { kill(running.processIdentifier, number) } }
    }

    /// Resident memory in MB: the most so far, and now.
    func memory() throws -> (peak: Double, now: Double) {
        guard let id = process.withLock({ $0?.processIdentifier }), let memory = Self.memory(of: id) else {
            throw Failure("\(name) does not run.")
        }
        return memory
    }

    /// Nil where there is no such process any more.
    static func memory(of id: Int32) -> (peak: Double, now: Double)? {
        guard let text = try? String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8) else { return nil }
        func megabytes(_ name: String) -> Double {
            let line = text.split(separator: "\n").first { $0.hasPrefix(name) } ?? ""
            return (line.split { $0 == " " || $0 == "\t" }.compactMap { Double($0) }.first ?? 0) * 1024 / 1_000_000
        }
        return (megabytes("VmHWM:"), megabytes("VmRSS:"))
    }

    /// Opens a client with as many connections as are asked for at once.
    func withClient<Value>(_ body: (Client) async throws -> Value) async throws -> Value {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let socket = SocketPath.find(directory: directory)
        let url = URL(httpURLWithSocketPath: socket, uri: "/")?.absoluteString ?? ""
        let client = Client(
            http: http, base: url.hasSuffix("/") ? String(url.dropLast()) : url, place: directory, restart: nil)
        do {
            let value = try await body(client)
            try await http.shutdown()
            return value
        } catch {
            try? await http.shutdown()
            throw error
        }
    }
}
