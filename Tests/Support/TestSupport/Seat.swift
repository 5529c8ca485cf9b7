/// A node's directory, whose node may be running or not.
package final class Seat {
    package let name: String
    package let directory: String
    /// What `node start` is given besides the directory.
    package var extra: [String] = []
    package var environment: [String: String] = [:]
    package private(set) var node: NodeProcess?

    package init(name: String, directory: String) {
        self.name = name
        self.directory = directory
    }

    /// - Parameter isAwaited: false: does not wait until the node is ready.
    package func start(isAwaited: Bool = true) throws {
        precondition(node?.isRunning != true, "\(name) runs already")
        node = try NodeProcess(directory: directory, extra: extra, environment: environment, isAwaited: isAwaited)
    }

    /// As a crash would.
    package func kill() {
        node?.kill()
        node = nil
    }

    @discardableResult
    package func stop() -> Int32? {
        defer { node = nil }
        return node?.stop()
    }

    package var socket: String { directory + "/esep.sock" }
    package var log: String { NodeProcess.log(of: directory) }

    // MARK: Commands at this node

    /// A command on this node's directory, whatever it answers.
    package func run(_ arguments: [String], input: [UInt8]? = nil, seconds: Int = 120) throws -> Program.Result {
        try Program.run(arguments + ["--data", directory], input: input, seconds: seconds)
    }

    /// A command that must be done.
    package func done(_ arguments: [String], input: [UInt8]? = nil) throws -> Program.Result {
        let result = try run(arguments, input: input)
        guard result.status == 0 else { throw Child.Failure(description: "\(name): \(result)") }
        return result
    }

    package func json(_ arguments: [String]) throws -> Reading {
        try done(arguments + ["--json"]).json
    }

    /// Registers a file of documents. Exit 2, some rejected, is an outcome too.
    package func register(_ file: String, receipts: String? = nil) throws -> Reading {
        let result = try run(
            ["register", "--kind", "auto", "--file", file, "--json"] + (receipts.map { ["--receipts", $0] } ?? []))
        guard result.status == 0 || result.status == 2 else { throw Child.Failure(description: "\(name): \(result)") }
        return try result.json
    }

    package func status() throws -> Reading { try json(["cluster", "status"]) }

    package func backlog() throws -> Int? { try status()["log"]["backlog"].integer }

    /// Waits until everything registered here is at the centre.
    package func waitForEmptyBacklog(tries: Int = 600) throws {
        try untilTrue("\(name): an empty backlog", tries: tries) { try backlog() == 0 }
    }

    /// Provisional → confirmed number, of the records known here. A record without a confirmed number is left out.
    package func confirmed(territory: String? = nil) throws -> [(provisional: String, number: String)] {
        try records(territory: territory).compactMap { line in
            guard let provisional = line["provisional"].text, let number = line["number"].text else { return nil }
            return (provisional, number)
        }
    }

    package func records(territory: String? = nil) throws -> [Reading] {
        let result = try done(["record", "list", "--json"] + (territory.map { ["--territory", $0] } ?? []))
        return try result.lines
    }
}

/// A centre and territories on loopback, each a real process, all of it gone with this value.
package final class TestCluster {
    package let folder: TemporaryFolder
    package let centre: Seat
    package let centreAddress: String
    package private(set) var territories: [String: Seat] = [:]

    /// Makes and starts a centre.
    package init(centreDirectory: String? = nil) throws {
        folder = try TemporaryFolder()
        centreAddress = "127.0.0.1:\(try Ports.free())"
        centre = Seat(name: "centre-1", directory: centreDirectory ?? folder.path("centre-1"))
        let made = try Program.run([
            "node", "init", "--role", "centre", "--data", centre.directory, "--name", "centre-1", "--listen",
            centreAddress,
        ])
        guard made.status == 0 else { throw Child.Failure(description: "\(made)") }
        try centre.start()
    }

    package func token(_ territory: String, ttl: String? = nil) throws -> String {
        let printed = try centre.done(
            ["cluster", "token", "--role", "territory", "--territory", territory] + (ttl.map { ["--ttl", $0] } ?? []))
        return printed.output.split(separator: "\n").first.map(String.init) ?? ""
    }

    /// Joins a territory over the centre's own address, or over a line given as `peer`, and starts it.
    @discardableResult
    package func join(
        _ territory: String, peer: String? = nil, directory: String? = nil, starting: Bool = true
    ) throws -> Seat {
        let name = territory.lowercased() + "-1"
        let seat = Seat(name: name, directory: directory ?? folder.path(name))
        let joined = try Program.run(
            ["node", "join", "--token", try token(territory), "--data", seat.directory, "--name", name]
                + (peer.map { ["--peer", $0] } ?? []))
        guard joined.status == 0 else { throw Child.Failure(description: "\(joined)") }
        territories[territory] = seat
        if starting { try seat.start() }
        return seat
    }

    package func generate(
        _ territory: String, count: Int, seed: Int, kind: String = "all", faults: Double = 0
    ) throws -> String {
        let file = folder.path("\(territory)-\(kind)-\(seed).ndjson")
        let made = try Program.run(
            ["generate", "--kind", kind, "--territory", territory, "--count", "\(count)", "--seed", "\(seed)"]
                + ["--from", Today.text(daysAgo: 60), "--to", Today.text(daysAgo: 0)]
                + (faults > 0 ? ["--faults", "\(faults)"] : []))
        guard made.status == 0 else { throw Child.Failure(description: "\(made)") }
        try TestFile.write(made.bytes, to: file)
        return file
    }

    /// Every node's directory and log.
    package var places: [String] {
        ([centre] + territories.values.sorted { $0.name < $1.name }).flatMap { [$0.directory, $0.directory + ".log"] }
    }
}
