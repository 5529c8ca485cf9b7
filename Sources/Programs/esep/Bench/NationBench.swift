import Contract
import Foundation
import Node

/// A centre that takes in a backlog, and then answers for the nation.
struct NationBench {
    let stage: Stage
    let sizes: BenchSizes

    static let queries = 1_000
    static let reports = 20
    static let others = ["KZ-71", "KZ-10"]

    func run(_ cases: Set<BenchCase>) async throws -> [Figure] {
        BenchCommand.tell("a centre and \(Self.others.count + 1) territories")
        let centre = try stage.centre()
        let territory = try stage.territory("KZ-75", of: centre)
        let others = try Self.others.map { try stage.territory($0, of: centre) }
        // They join first, so that nothing but the backlog is under way while it is measured.
        for node in others { node.end() }
        let file = try stage.documents("KZ-75", count: sizes.catchup, seed: 3)
        var caught = try await catchUp(centre, territory, file)
        var files = [file]
        var national: [Figure] = []
        if !cases.isDisjoint(with: [.person, .report]) {
            files += try await fill(others, from: sizes.catchup, to: sizes.nation, seed: 4)
            national = try await centre.withClient { client in
                var figures: [Figure] = []
                if cases.contains(.person) { figures += try await persons(client, Self.numbers(in: files)) }
                if cases.contains(.report) { figures += try await reports(client) }
                return figures
            }
        }
        var documents = files.count > 1 ? sizes.nation : sizes.catchup
        if cases.contains(.accounts) {
            _ = try await fill(others, from: documents, to: sizes.accounts, seed: 14)
            documents = max(documents, sizes.accounts)
        }
        for node in [centre, territory] + others { node.end() }
        if cases.contains(.accounts) {
            national += try await AccountsBench(centre: centre, documents: documents).run()
        }
        BenchCommand.tell("the machine's limits")
        let inserted = Double(documents) / (try MachineLimits.secondsToInsert(rowsOf: centre.store, in: stage.folder))
        let syncs = try MachineLimits.syncsPerSecond(in: stage.folder)
        for index in caught.indices where caught[index].unit == "documents/s" {
            caught[index].limit = .init(name: "plain SQLite insert of the centre's rows", value: inserted)
        }
        for index in national.indices where national[index].benchCase == BenchCase.person.rawValue {
            national[index].limit = .init(name: "one sync: the access entry's", value: 1000 / syncs)
        }
        return (cases.contains(.catchup) ? caught : []) + national
    }

    // MARK: Catch-up

    /// Registers with the centre down, then starts it and waits until everything is applied and acknowledged.
    private func catchUp(_ centre: StageNode, _ territory: StageNode, _ file: String) async throws -> [Figure] {
        BenchCommand.tell("catchup: \(sizes.catchup) documents registered without a line")
        centre.end()
        return try await territory.withClient { client in
            let stream = try await Load.stream(file, count: sizes.catchup, to: client)
            let returned = ContinuousClock.now
            try centre.start()
            let before = try await Self.log(client).frontier
            try await Self.untilTrue("the first batch") { try await Self.log(client).frontier > before }
            let begun = ContinuousClock.now
            try await Self.untilTrue("an empty backlog") { try await Self.log(client).backlog == 0 }
            // The last document's confirmed number is known at the territory: merged, accounted, acknowledged.
            try await Self.untilTrue("the last receipt") {
                let record: RecordAnswer = try await client.get(recordPath(stream.lastNumber))
                return record.number != nil
            }
            let ended = ContinuousClock.now
            let status: NodeStatusAnswer = try await client.get("/v1/node")
            let size = try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int ?? 0
            let memory = (centre: try centre.memory(), territory: try territory.memory())
            return [
                Figure(
                    .catchup, "applied and acknowledged", Double(sizes.catchup) / ((ended - begun) / .seconds(1)),
                    "documents/s", goal: .atLeast(10_000)),
                Figure(
                    .catchup, "from the centre's start on", Double(sizes.catchup) / ((ended - returned) / .seconds(1)),
                    "documents/s"),
                Figure(.catchup, "line back to first batch", (begun - returned) / .seconds(1), "s"),
                Figure(
                    .catchup, "bytes on the line, both ways", 100 * Double(status.lineBytesSent) / Double(size),
                    "% of JSON", goal: .atMost(40)),
                Figure(.catchup, "centre's memory at most", memory.centre.peak, "MB", goal: .atMost(250)),
                Figure(.catchup, "territory's memory at most", memory.territory.peak, "MB", goal: .atMost(250)),
            ]
        }
    }

    static func log(_ client: Client) async throws -> (frontier: UInt64, backlog: UInt64) {
        let status: ClusterStatusAnswer = try await client.get("/v1/status")
        guard case .territory(_, _, let frontier, let backlog, _, _, _) = status else {
            throw Failure("A territory answered as a centre.")
        }
        return (frontier, backlog)
    }

    /// Asks every 20 ms, for ten minutes at most.
    static func untilTrue(_ what: String, _ holds: () async throws -> Bool) async throws {
        for _ in 0..<30_000 {
            if try await holds() { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw Failure("Waited in vain for \(what).")
    }

    /// Fills the centre up to a size from the other territories.
    /// - Returns: their documents.
    private func fill(_ others: [StageNode], from held: Int, to wanted: Int, seed: Int) async throws -> [String] {
        BenchCommand.tell("the nation: \(wanted) documents")
        var files: [String] = []
        let rest = max(0, wanted - held)
        for (index, node) in others.enumerated() {
            let count = rest / others.count + (index < rest % others.count ? 1 : 0)
            guard count > 0 else { continue }
            let file = try stage.documents(Self.others[index], count: count, seed: seed + index)
            files.append(file)
            try node.start()
            try await node.withClient { client in
                _ = try await Load.stream(file, count: count, to: client)
                try await Self.untilTrue("an empty backlog of \(node.name)") { try await Self.log(client).backlog == 0 }
            }
            node.end()
        }
        return files
    }

    // MARK: Questions

    private func persons(_ client: Client, _ numbers: [String]) async throws -> [Figure] {
        BenchCommand.tell("person: \(Self.queries) questions")
        guard !numbers.isEmpty else { throw Failure("No generated document names an IIN.") }
        var latencies: [Double] = []
        for query in 0..<Self.queries {
            latencies.append(try await Self.findPerson(numbers[query * 7919 % numbers.count], client))
        }
        let samples = Samples(latencies)
        return [
            Figure(.person, "by IIN, p50", samples.median, "ms"),
            Figure(.person, "by IIN, p99", samples.p99, "ms", goal: .atMost(10)),
        ]
    }

    /// Seeks a person who is registered.
    /// - Returns: milliseconds until the answer was here.
    static func findPerson(_ iin: String, _ client: Client) async throws -> Double {
        let body = JSONValue.members([
            "iin": .string(iin), "basis": .string("benchmark"), "purpose": .string("measuring"),
        ])
        let asked = ContinuousClock.now
        let answer = try await client.bytes("POST", "/v1/persons/find", body: body.bytes())
        let milliseconds = (ContinuousClock.now - asked) / .milliseconds(1)
        guard try !PersonFindAnswer(bytes: answer).subjects.isEmpty else {
            throw Failure("A registered person was not found by IIN.")
        }
        return milliseconds
    }

    private func reports(_ client: Client) async throws -> [Figure] {
        BenchCommand.tell("report: form 1-M, \(Self.reports) times")
        let month = String(Date().addingTimeInterval(5 * 3600).ISO8601Format().prefix(7))
        var latencies: [Double] = []
        for _ in 0..<Self.reports {
            let asked = ContinuousClock.now
            _ = try await client.bytes("GET", "/v1/reports/1-M", [("period", month)])
            latencies.append((ContinuousClock.now - asked) / .milliseconds(1))
        }
        return [
            Figure(.report, "1-M, one month, all territories", Samples(latencies).median, "ms", goal: .atMost(300))
        ]
    }

    /// IINs out of generated documents, spread over each file.
    static func numbers(in files: [String]) throws -> [String] {
        let mark = Array("\"iin\":\"".utf8)
        return try files.flatMap { file in
            try Load.lines(file, most: 40_000).enumerated().compactMap { position, line -> String? in
                guard position.isMultiple(of: 8), let found = line.firstRange(of: mark) else { return nil }
                return String(decoding: line[found.upperBound...].prefix(12), as: UTF8.self)
            }
        }
    }
}
