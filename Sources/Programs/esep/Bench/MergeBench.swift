import Foundation
import Node

/// Corrections that others wrote come to a territory's records: the merge by itself, and into a shard that is full.
///
/// The territory runs in this process and takes them where a receipt carried by hand hands over its downlink.
struct MergeBench {
    let stage: Stage
    let sizes: BenchSizes

    func run() async throws -> [Figure] {
        BenchCommand.tell("merge: a shard of \(sizes.merge) records")
        let centre = try stage.centre()
        let territory = try stage.territory("KZ-75", of: centre)
        centre.end()
        let file = try stage.documents("KZ-75", count: sizes.merge, seed: 41)
        try await territory.withClient { _ = try await Load.stream(file, count: sizes.merge, to: $0) }
        var rates: [(memory: MergeRate, stored: MergeRate)] = []
        try await stage.withNode(territory) { node in
            guard let load = node as? any MergeLoad else {
                throw Failure("\(territory.name) is no node of a territory.")
            }
            BenchCommand.tell("merge: \(sizes.corrections) corrections")
            rates.append(
                (
                    try await load.mergeInMemory(corrections: sizes.corrections),
                    try await load.mergeStored(corrections: sizes.corrections)
                ))
        }
        guard let (memory, stored) = rates.first else { throw Failure("Nothing was merged.") }
        return [
            Figure(
                .merge, "in memory, one core", memory.fieldsPerSecond, "field corrections/s", goal: .atLeast(300_000)),
            Figure(
                .merge, "into the stored shard", stored.fieldsPerSecond, "field corrections/s", goal: .atLeast(60_000)),
            Figure(
                .merge, "into the stored shard, whole corrections", Double(stored.corrections) / stored.seconds,
                "documents/s"),
            Figure(
                .merge, "fields of a correction", Double(stored.fields) / Double(stored.corrections), "on average"),
        ]
    }
}
