import Foundation
import Law

/// Twenty territories that come back at once, each with a backlog of its own.
struct ManyBench {
    let stage: Stage
    let sizes: BenchSizes

    static let territories = 20
    /// How long a node waits at most before it dials again.
    static let longestDialPause = Duration.seconds(6)

    func run() async throws -> [Figure] {
        let edition = try Catalogue.embedded().newest
        let codes = edition.regions.map(\.code).sorted().prefix(Self.territories)
        BenchCommand.tell("a centre and \(codes.count) territories, \(sizes.each) documents each")
        let centre = try stage.centre()
        let seats = try codes.map { try stage.territory($0, of: centre) }
        for seat in seats { seat.end() }
        centre.end()
        for (seat, code) in zip(seats, codes) {
            let file = try stage.documents(code, count: sizes.each, seed: 11)
            try seat.start()
            try await seat.withClient { _ = try await Load.stream(file, count: sizes.each, to: $0) }
        }
        BenchCommand.tell("the line comes back")
        // They dial at their own times. To come at once they stand still until each has waited long enough to dial.
        for seat in seats { seat.pause() }
        try centre.start()
        try await Task.sleep(for: Self.longestDialPause)
        for seat in seats { seat.goOn() }
        let begun = ContinuousClock.now
        let ends = try await withThrowingTaskGroup(of: Double.self) { tasks in
            for seat in seats {
                tasks.addTask {
                    try await seat.withClient { client in
                        try await NationBench.untilTrue("an empty backlog of \(seat.name)") {
                            try await NationBench.log(client).backlog == 0
                        }
                    }
                    return (ContinuousClock.now - begun) / .seconds(1)
                }
            }
            return try await tasks.reduce(into: []) { $0.append($1) }.sorted()
        }
        let memory = try centre.memory()
        for seat in seats + [centre] { seat.end() }
        let (first, last) = (ends[0], ends[ends.count - 1])
        return [
            Figure(.many, "all backlogs taken in", Double(sizes.each * seats.count) / last, "documents/s"),
            Figure(.many, "the first has sent all after", first, "s"),
            Figure(.many, "the last has sent all after", last, "s"),
            Figure(.many, "last to finish, of the first", last / first, "times", goal: .atMost(1.5)),
            Figure(.many, "centre's memory at most", memory.peak, "MB", goal: .atMost(300)),
        ]
    }
}
