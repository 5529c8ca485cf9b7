import Foundation
import Law
import Node

/// A territory that registers with no line: what intake alone can do.
struct TerritoryBench {
    let stage: Stage
    let sizes: BenchSizes

    static let clients = 16

    func run(_ cases: Set<BenchCase>) async throws -> [Figure] {
        BenchCommand.tell("a territory joins, its line is taken away")
        let centre = try stage.centre()
        let territory = try stage.territory("KZ-75", of: centre)
        centre.end()
        var streamed: [Figure] = []
        var single: [Figure] = []
        if cases.contains(.registration) { streamed = try await registration(territory) }
        if cases.contains(.single) { single = try await singles(territory) }
        territory.end()
        BenchCommand.tell("the machine's limits")
        return try streamed.isEmpty
            ? withSyncs(single) : withInserts(streamed, documents: sizes.registration, territory) + withSyncs(single)
    }

    // MARK: Registration

    private func registration(_ territory: StageNode) async throws -> [Figure] {
        BenchCommand.tell("registration: \(sizes.registration) documents")
        let file = try stage.documents("KZ-75", count: sizes.registration, seed: 1)
        let stream = try await territory.withClient {
            try await Load.stream(file, count: sizes.registration, to: $0)
        }
        let memory = try territory.memory()
        let last = stream.marks.count * Load.Stream.window
        let early = stream.rate(at: 50_000)
        let late = stream.rate(at: last)
        var figures = [
            Figure(.registration, "the whole stream", stream.rate, "documents/s", goal: .atLeast(15_000))
        ]
        if let early { figures.append(Figure(.registration, "at the 50 000th", early, "documents/s")) }
        if let late {
            figures.append(
                Figure(
                    .registration, "at the \(DisplayText.grouped(UInt64(last)))th", late, "documents/s",
                    goal: .atLeast(15_000)))
        }
        if let early, let late {
            figures.append(Figure(.registration, "late to early", late / early, "of it", goal: .atLeast(0.8)))
        }
        figures.append(Figure(.registration, "memory at most", memory.peak, "MB", goal: .atMost(250)))
        figures.append(Figure(.registration, "memory at the end", memory.now, "MB", goal: .atMost(250)))
        return figures
    }

    /// The limits of a stream: the same rows by SQLite alone, the same bytes by LZ4 and AES-GCM alone.
    private func withInserts(_ figures: [Figure], documents: Int, _ territory: StageNode) throws -> [Figure] {
        let inserted =
            Double(documents) / (try MachineLimits.secondsToInsert(rowsOf: territory.store, in: stage.folder))
        let lines = try Load.lines(stage.path("KZ-75-1.ndjson"), most: 50_000)
        let dictionary = (try? Catalogue.embedded())?.newest.kinds.first?.dictionary ?? []
        let sealing = MachineLimits.sealing(of: lines, dictionary: dictionary)
        let count = Double(sealing.documents)
        let limit = Figure.Limit(name: "plain SQLite insert, one transaction", value: inserted)
        return figures.map { figure in
            guard figure.unit == "documents/s" else { return figure }
            var figure = figure
            figure.limit = limit
            return figure
        } + [
            Figure(
                .registration, "whole stream beside LZ4 alone", figures[0].value, "documents/s",
                limit: .init(name: "LZ4 of each document, one core", value: count / sealing.packSeconds)),
            Figure(
                .registration, "whole stream beside AES alone", figures[0].value, "documents/s",
                limit: .init(name: "key and AES-256-GCM of each document, one core", value: count / sealing.sealSeconds)
            ),
            Figure(
                .registration, "LZ4 alone", Double(sealing.bytes) / sealing.packSeconds / 1_000_000, "MB/s"),
            Figure(
                .registration, "AES-256-GCM alone", Double(sealing.packedBytes) / sealing.sealSeconds / 1_000_000,
                "MB/s"),
        ]
    }

    // MARK: Single documents

    private func singles(_ territory: StageNode) async throws -> [Figure] {
        BenchCommand.tell("single: \(sizes.single) documents")
        let few = max(200, sizes.single / 10)
        let file = try stage.documents("KZ-75", count: sizes.single + few, seed: 2)
        let documents = try Load.lines(file, most: sizes.single + few)
        return try await territory.withClient { client in
            let one = try await Load.singles(Array(documents.prefix(few)), clients: 1, to: client)
            let many = try await Load.singles(Array(documents.dropFirst(few)), clients: Self.clients, to: client)
            let memory = try territory.memory()
            return [
                Figure(.single, "16 clients", many.rate, "documents/s", goal: .atLeast(5_000)),
                Figure(.single, "16 clients, p50", many.latencies.median, "ms"),
                Figure(.single, "16 clients, p99", many.latencies.p99, "ms", goal: .atMost(15)),
                Figure(.single, "1 client, p50", one.latencies.median, "ms"),
                Figure(.single, "memory at most", memory.peak, "MB", goal: .atMost(250)),
            ]
        }
    }

    /// The limit of single documents: each waits for a sync, which clients at the same time share.
    private func withSyncs(_ figures: [Figure]) throws -> [Figure] {
        guard !figures.isEmpty else { return [] }
        let syncs = try MachineLimits.syncsPerSecond(in: stage.folder)
        return figures.map { figure in
            var figure = figure
            switch figure.unit {
            case "documents/s":
                figure.limit = .init(name: "syncs/s × clients", value: syncs * Double(Self.clients))
            case "ms": figure.limit = .init(name: "one sync", value: 1000 / syncs)
            default: break
            }
            return figure
        }
    }
}
