import Contract
import Foundation
import Generator
import Law
import Node

/// The law book by itself, on one core of this process: no node, no disk, no line.
struct LawBench {
    static let territory = "KZ-75"
    static let checked = 20_000
    static let open = 50_000
    static let asked = 200

    func run() throws -> [Figure] {
        BenchCommand.tell("law: the catalogue, \(Self.checked) documents, \(Self.open) open cards")
        let first = try LawFigures.secondsToLoad()
        let today = UInt64(Date().timeIntervalSince1970 * 1000)
        let law = try LawFigures()
        let begun = ContinuousClock.now
        let lines = try documents(nil, count: Self.checked * 5, seed: 11, today: today)
        let rate = Double(lines.count) / ((ContinuousClock.now - begun) / .seconds(1))
        let checks = Samples(
            try law.secondsToCheck(
                Array(lines.prefix(Self.checked)), territory: Self.territory, today: today))
        let comparisons = Samples(
            try law.secondsToCompare(
                asked: documents("MS-1", count: Self.asked, seed: 12, today: today),
                open: documents("UC-1", count: Self.open / 2, seed: 13, today: today)
                    + documents("UP-1", count: Self.open / 2, seed: 14, today: today), territory: Self.territory,
                today: today))
        return [
            Figure(.law, "loading the catalogue", first * 1_000, "ms of CPU", goal: .atMost(30)),
            Figure(.law, "check of a document, p50", checks.median * 1_000_000, "µs of CPU", goal: .atMost(12)),
            Figure(.law, "check of a document, p99", checks.p99 * 1_000_000, "µs of CPU"),
            Figure(
                .law, "a card against 50 000 open ones, p50", comparisons.median * 1_000, "ms of CPU",
                goal: .atMost(5)),
            Figure(.law, "a card against 50 000 open ones, p99", comparisons.p99 * 1_000, "ms of CPU"),
            Figure(.law, "generating documents of all kinds", rate, "documents/s", goal: .atLeast(50_000)),
        ]
    }

    /// Lines without their ends, dated over the last sixty days.
    private func documents(_ kind: String?, count: Int, seed: UInt64, today: UInt64) throws -> [[UInt8]] {
        let last = Day(milliseconds: today)
        var generator = try DocumentGenerator(
            catalogue: try embeddedCatalogue(),
            settings: GeneratorSettings(
                kind: kind, territory: Self.territory, count: count, seed: seed, from: last.adding(days: -60), to: last)
        )
        var lines: [[UInt8]] = []
        lines.reserveCapacity(count)
        var buffer: [UInt8] = []
        while generator.next(into: &buffer) != nil {
            lines.append(Array(buffer.dropLast()))
            buffer.removeAll(keepingCapacity: true)
        }
        return lines
    }
}
