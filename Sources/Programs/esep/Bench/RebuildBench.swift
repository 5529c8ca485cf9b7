import Contract
import Foundation

/// A territory's disk is lost: a node on a bare one brings the shard back whole from the centre.
struct RebuildBench {
    let stage: Stage
    let sizes: BenchSizes

    func run() async throws -> [Figure] {
        BenchCommand.tell("rebuild: a territory of \(sizes.rebuild) records, its disk lost")
        let centre = try stage.centre()
        let lost = try stage.territory("KZ-75", of: centre)
        let file = try stage.documents("KZ-75", count: sizes.rebuild, seed: 21)
        let last = try await lost.withClient { client in
            let stream = try await Load.stream(file, count: sizes.rebuild, to: client)
            try await NationBench.untilTrue("an empty backlog") { try await NationBench.log(client).backlog == 0 }
            return stream.lastNumber
        }
        lost.end()
        try FileManager.default.removeItem(atPath: lost.directory)
        let begun = ContinuousClock.now
        let node = try stage.territory("KZ-75", of: centre, number: 2)
        let ready = ContinuousClock.now
        return try await node.withClient { client in
            // The node opens everything anew when it has heard the centre, and answers nothing for that moment.
            try await NationBench.untilTrue("the shard to be whole") {
                let status: NodeStatusAnswer? = try? await client.get("/v1/node")
                return status?.seating?.state == "restored"
            }
            // What the centre had sent down is here, too: the last document's confirmed number is known again.
            try await NationBench.untilTrue("the last receipt") {
                let record: RecordAnswer? = try? await client.get(recordPath(last))
                return record?.number != nil
            }
            let whole = ContinuousClock.now
            let memory = (centre: try centre.memory(), territory: try node.memory())
            for ended in [node, centre] { ended.end() }
            let seconds = (whole - begun) / .seconds(1)
            return [
                Figure(
                    .rebuild, "whole again, for each 200 000 records", seconds * 200_000 / Double(sizes.rebuild), "s",
                    goal: .atMost(30)),
                Figure(.rebuild, "whole again, all of them", seconds, "s"),
                Figure(.rebuild, "documents are taken again after", (ready - begun) / .seconds(1), "s"),
                Figure(.rebuild, "centre's memory at most", memory.centre.peak, "MB", goal: .atMost(300)),
                Figure(.rebuild, "territory's memory at most", memory.territory.peak, "MB", goal: .atMost(250)),
            ]
        }
    }
}
