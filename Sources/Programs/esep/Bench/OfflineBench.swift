import Contract
import Foundation
import Synchronization

/// A territory comes back with all it registered while it had no line, and the nation goes on asking meanwhile.
struct OfflineBench {
    let stage: Stage
    let sizes: BenchSizes

    /// What the goal speaks of.
    static let goalDocuments = 1_000_000.0
    static let goalSeconds = 90.0
    /// At the centre before: whom the questions are about.
    static let known = 20_000
    static let quietQuestions = 1_000
    /// Between two questions of the one who asks.
    static let pause = Duration.milliseconds(20)

    func run() async throws -> [Figure] {
        let centre = try stage.centre()
        let other = try stage.territory("KZ-71", of: centre)
        let territory = try stage.territory("KZ-75", of: centre)
        territory.end()
        let heldFile = try stage.documents("KZ-71", count: Self.known, seed: 31)
        try await other.withClient { client in
            _ = try await Load.stream(heldFile, count: Self.known, to: client)
            try await NationBench.untilTrue("an empty backlog") { try await NationBench.log(client).backlog == 0 }
        }
        other.end()
        let persons = try NationBench.numbers(in: [heldFile])
        guard !persons.isEmpty else { throw Failure("No generated document names an IIN.") }
        BenchCommand.tell("offline: \(Self.quietQuestions) questions while it is quiet")
        let quiet = try await centre.withClient { client in
            try await Self.questions(persons, client, until: { $0 == Self.quietQuestions })
        }
        centre.end()
        BenchCommand.tell("offline: \(sizes.offline) documents registered without a line")
        try territory.start()
        let file = try stage.documents("KZ-75", count: sizes.offline, seed: 32)
        return try await territory.withClient { client in
            let stream = try await Load.stream(file, count: sizes.offline, to: client)
            BenchCommand.tell("offline: the line is back")
            try centre.start()
            let begun = ContinuousClock.now
            let isIn = Flag()
            let (asked, seconds) = try await centre.withClient { questioner in
                async let meanwhile = Self.questions(persons, questioner) { _ in isIn.isSet }
                let seconds: Double
                do {
                    seconds = try await Self.secondsUntilIn(client, last: stream.lastNumber, since: begun)
                } catch {
                    isIn.set()
                    throw error
                }
                isIn.set()
                return (try await meanwhile, seconds)
            }
            let memory = (centre: try centre.memory(), territory: try territory.memory())
            for node in [territory, centre] { node.end() }
            return figures(quiet: quiet, meanwhile: asked, seconds: seconds, memory)
        }
    }

    /// Everything is in: enough was asked.
    private final class Flag: Sendable {
        private let state = Atomic(false)
        var isSet: Bool { state.load(ordering: .relaxed) }
        func set() { state.store(true, ordering: .relaxed) }
    }

    /// Until the centre has told that it holds everything, and the last document's confirmed number has come down.
    private static func secondsUntilIn(
        _ client: Client, last: String, since begun: ContinuousClock.Instant
    ) async throws -> Double {
        try await NationBench.untilTrue("an empty backlog") { try await NationBench.log(client).backlog == 0 }
        try await NationBench.untilTrue("the last receipt") {
            let record: RecordAnswer = try await client.get(recordPath(last))
            return record.number != nil
        }
        return (ContinuousClock.now - begun) / .seconds(1)
    }

    /// One after the other, with a pause between.
    /// - Returns: milliseconds of each.
    private static func questions(
        _ persons: [String], _ client: Client, until isEnough: @Sendable (Int) -> Bool
    ) async throws -> Samples {
        var latencies: [Double] = []
        repeat {
            latencies.append(
                try await NationBench.findPerson(persons[latencies.count * 7919 % persons.count], client))
            try await Task.sleep(for: pause)
        } while !isEnough(latencies.count)
        return Samples(latencies)
    }

    private func figures(
        quiet: Samples, meanwhile: Samples, seconds: Double,
        _ memory: (centre: (peak: Double, now: Double), territory: (peak: Double, now: Double))
    ) -> [Figure] {
        let scale = Self.goalDocuments / Double(sizes.offline)
        return [
            Figure(
                .offline, "all in, for each million documents", seconds * scale, "s", goal: .atMost(Self.goalSeconds)),
            Figure(.offline, "all in, all of them", seconds, "s"),
            Figure(.offline, "centre's memory at most", memory.centre.peak, "MB", goal: .atMost(300)),
            Figure(.offline, "territory's memory at most", memory.territory.peak, "MB", goal: .atMost(250)),
            Figure(.offline, "person by IIN, quiet, p50", quiet.median, "ms"),
            Figure(.offline, "person by IIN, quiet, p99", quiet.p99, "ms"),
            Figure(.offline, "person by IIN meanwhile, p50", meanwhile.median, "ms"),
            Figure(.offline, "person by IIN meanwhile, p99", meanwhile.p99, "ms"),
            Figure(.offline, "p99 meanwhile, of the quiet one", meanwhile.p99 / quiet.p99, "times", goal: .atMost(2)),
        ]
    }
}
