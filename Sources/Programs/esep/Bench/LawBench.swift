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
        let loading = try LawFigures.secondsToLoad()
        let today = UInt64(Date().timeIntervalSince1970 * 1000)
        let law = try LawFigures()
        let begun = ContinuousClock.now
        let lines = try documents(nil, count: Self.checked * 5, seed: 11, today: today)
        let rate = Double(lines.count) / ((ContinuousClock.now - begun) / .seconds(1))
        let checks = Samples(
            try law.secondsToCheck(
                Array(lines.prefix(Self.checked)), territory: Self.territory, today: today))
        // Cards of the first kind that is compared, held against open ones of the others.
        let kinds = try embeddedCatalogue().newest.likeness.kinds
        guard let first = kinds.first, kinds.count > 1 else { throw Failure("The catalogue compares no cards.") }
        var open: [[UInt8]] = []
        for (place, kind) in kinds.dropFirst().enumerated() {
            open += try documents(kind, count: Self.open / (kinds.count - 1), seed: 13 + UInt64(place), today: today)
        }
        let comparisons = Samples(
            try law.secondsToCompare(
                asked: documents(first, count: Self.asked, seed: 12, today: today), open: open,
                territory: Self.territory, today: today))
        return [
            Figure(.law, "loading the catalogue", loading * 1_000, "ms of CPU", goal: .atMost(30)),
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
