import Foundation
import Node

/// The centre's log of three voters, TLS between them and every commit synced, beside etcd under the same load: in
/// turns, in one run.
///
/// The leader runs in this process and takes notes of 1 KB at `Node`'s interface, where a portal would hand them over:
/// each is sealed, proposed, put on a quorum, applied and journaled before it is acknowledged. etcd takes values of the
/// same size over gRPC.
struct CentreBench {
    let stage: Stage
    let sizes: BenchSizes

    static let clients = 64
    static let bytes = 1024
    static let rounds = 3

    private struct Round {
        var many: (latencies: Samples, rate: Double)
        var one: (latencies: Samples, rate: Double)
    }

    func run() async throws -> [Figure] {
        BenchCommand.tell("a centre of three")
        let names = try await stage.centreOfThree()
        var ours: [Round] = []
        var theirs: [Round] = []
        let peer = EtcdPeer.isInstalled ? try EtcdPeer(in: stage.folder) : nil
        defer { peer?.end() }
        if peer == nil { BenchCommand.tell(EtcdPeer.missing) }
        try await stage.withNode(names[0]) { node in
            guard let load = node as? any CommitLoad else {
                throw Failure("\(names[0].name) is no node of the centre.")
            }
            try await stage.lead(names[0], load, through: names[1])
            for round in 1...Self.rounds {
                BenchCommand.tell("round \(round) of \(Self.rounds)")
                ours.append(
                    Round(
                        many: try await commit(sizes.commits, clients: Self.clients, load),
                        one: try await commit(max(200, sizes.commits / 20), clients: 1, load)))
                guard let peer else { continue }
                theirs.append(
                    Round(
                        many: try await peer.put(count: sizes.commits, bytes: Self.bytes, clients: Self.clients),
                        one: try await peer.put(count: max(200, sizes.commits / 20), bytes: Self.bytes, clients: 1)))
            }
        }
        for node in names { node.end() }
        return figures(ours, theirs)
    }

    private func commit(
        _ count: Int, clients: Int, _ load: any CommitLoad
    ) async throws -> (latencies: Samples, rate: Double) {
        // What cannot be compressed: the entry is as large as the value the peer takes.
        let note = String(decoding: (0..<Self.bytes).map { _ in UInt8.random(in: 33...126) }, as: UTF8.self)
        return try await Load.clients(clients, count: count) { _ in try await load.commit(note: note) }
    }

    private func figures(_ ours: [Round], _ theirs: [Round]) -> [Figure] {
        func median(_ rounds: [Round], _ value: (Round) -> Double) -> Double {
            rounds.isEmpty ? 0 : Samples(rounds.map(value)).median
        }
        func figure(
            _ name: String, _ unit: String, goal: (Double) -> Figure.Goal, _ value: (Round) -> Double
        ) -> Figure {
            let peer = median(theirs, value)
            return Figure(
                .centre, name, median(ours, value), unit, goal: theirs.isEmpty ? nil : goal(peer),
                limit: theirs.isEmpty ? nil : .init(name: "etcd, three nodes", value: peer))
        }
        return [
            figure("64 clients, 1 KB", "commits/s", goal: { .atLeast(1.5 * $0) }, { $0.many.rate }),
            figure("64 clients, p50", "ms", goal: { .atMost($0) }, { $0.many.latencies.median }),
            figure("64 clients, p99", "ms", goal: { .atMost($0) }, { $0.many.latencies.p99 }),
            figure("1 client, p50", "ms", goal: { .atMost(1.5 * $0) }, { $0.one.latencies.median }),
            figure("1 client, p99", "ms", goal: { .atMost(1.5 * $0) }, { $0.one.latencies.p99 }),
        ]
    }
}
