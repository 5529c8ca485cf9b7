import Foundation

/// Three nodes of etcd on this machine, with TLS between them and every put synced, as it does by itself: the peer of
/// the centre's own log. Loaded over its gRPC interface by `h2load`, which costs the machine next to nothing.
final class EtcdPeer {
    static let missing = "etcd and h2load are not installed (Debian: etcd-server, etcd-client, nghttp2-client)"

    private let folder: String
    private let clientPorts: [UInt16]
    private var processes: [Process] = []

    static var isInstalled: Bool { ["etcd", "etcdctl", "h2load"].allSatisfy { find($0) != nil } }

    init(in parent: String) throws {
        folder = parent + "/etcd"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let base = UInt16.random(in: 20_000..<31_000)
        clientPorts = (0..<3).map { base + UInt16($0) * 2 }
        let group = (0..<3).map { "etcd-\($0)=https://127.0.0.1:\(base + UInt16($0) * 2 + 1)" }.joined(separator: ",")
        for number in 0..<3 {
            let peer = "https://127.0.0.1:\(base + UInt16(number) * 2 + 1)"
            let client = "http://127.0.0.1:\(clientPorts[number])"
            processes.append(
                try Self.start(
                    "etcd",
                    [
                        "--name", "etcd-\(number)", "--data-dir", "\(folder)/\(number)", "--peer-auto-tls",
                        "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
                        "--listen-client-urls", client, "--advertise-client-urls", client,
                        "--initial-cluster", group, "--log-level", "error", "--snapshot-count", "100000",
                    ]))
        }
    }

    /// The port of the node that leads, once one does.
    private func leading() async throws -> UInt16 {
        for _ in 0..<300 {
            for port in clientPorts {
                let status = try? Self.run(
                    "etcdctl", ["--endpoints=127.0.0.1:\(port)", "endpoint", "status", "-w", "fields"])
                let fields = Self.fields(status ?? "")
                if let own = fields["MemberID"], own == fields["Leader"] { return port }
            }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw Failure("etcd has no leader after 30 seconds.")
    }

    /// Puts values of so many bytes.
    /// - Returns: milliseconds of each, and puts a second.
    func put(count: Int, bytes: Int, clients: Int) async throws -> (latencies: Samples, rate: Double) {
        let port = try await leading()
        let body = folder + "/put.bin"
        let log = folder + "/put.log"
        try Data(Self.request(bytes: bytes)).write(to: URL(fileURLWithPath: body))
        try? FileManager.default.removeItem(atPath: log)
        let before = try revision(port)
        let begun = ContinuousClock.now
        try Self.run(
            "h2load",
            [
                "-n", "\(count)", "-c", "\(clients)", "-m", "1", "-d", body, "-H", "content-type: application/grpc",
                "-H", "te: trailers", "--log-file=\(log)", "http://127.0.0.1:\(port)/etcdserverpb.KV/Put",
            ])
        let seconds = (ContinuousClock.now - begun) / .seconds(1)
        let done = try revision(port) - before
        guard done == count else { throw Failure("etcd stored \(done) of \(count) values.") }
        let lines = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
        let latencies = lines.compactMap { $0.split(separator: "\t").last.flatMap { Double($0) } }.map { $0 / 1000 }
        return (Samples(latencies), Double(count) / seconds)
    }

    func end() {
        for process in processes {
            process.terminate()
            process.waitUntilExit()
        }
        processes = []
    }

    private func revision(_ port: UInt16) throws -> Int {
        let status = try Self.run(
            "etcdctl", ["--endpoints=127.0.0.1:\(port)", "endpoint", "status", "-w", "fields"])
        return Self.fields(status)["Revision"].flatMap { Int($0) } ?? 0
    }

    /// `"Name" : value` on each line.
    private static func fields(_ text: String) -> [String: String] {
        var fields: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1).map {
                $0.trimmingCharacters(in: CharacterSet(charactersIn: "\" "))
            }
            if parts.count == 2 { fields[parts[0]] = parts[1] }
        }
        return fields
    }

    /// A gRPC message: not compressed, its length, and `PutRequest { key = 1; value = 2 }`.
    private static func request(bytes: Int) -> [UInt8] {
        let key = Array("esep".utf8)
        var message: [UInt8] = [0x0a, UInt8(key.count)] + key
        message += [0x12, UInt8(bytes & 0x7f) | 0x80, UInt8(bytes >> 7)]
        message += (0..<bytes).map { _ in UInt8.random(in: 33...126) }
        let length = UInt32(message.count)
        return [0] + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) } + message
    }

    // MARK: Programs

    private static func find(_ program: String) -> String? {
        ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":").map { "\($0)/\(program)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    private static func start(_ program: String, _ arguments: [String], output: Pipe? = nil) throws -> Process {
        guard let path = find(program) else { throw Failure(missing) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output ?? FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    @discardableResult
    private static func run(_ program: String, _ arguments: [String]) throws -> String {
        let output = Pipe()
        let process = try start(program, arguments, output: output)
        let said = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure("\(program) ended with \(process.terminationStatus).")
        }
        return String(decoding: said, as: UTF8.self)
    }
}
