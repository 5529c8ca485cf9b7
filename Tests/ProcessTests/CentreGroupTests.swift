import Foundation
import TestSupport
import Testing

/// The centre as a group of real processes.
extension ProcessTests {
    @Suite(.serialized) struct CentreGroup {
        /// A centre of three voters, made from one without passing through two.
        final class Group {
            let cluster: TestCluster
            private(set) var nodes: [Seat]

            init() throws {
                cluster = try TestCluster()
                nodes = [cluster.centre]
                for number in 2...3 { try join("centre-\(number)") }
                try member("add", "centre-2", "centre-3")
                try untilTrue("both have caught up") { try promotes(["centre-2", "centre-3"]) }
            }

            @discardableResult
            func join(_ name: String) throws -> Seat {
                let token = try leader().done(["cluster", "token", "--role", "centre"]).output
                let seat = Seat(name: name, directory: cluster.folder.path(name))
                let joined = try Program.run([
                    "node", "join", "--token", token.split(separator: "\n").first.map(String.init) ?? "", "--data",
                    seat.directory, "--name", name, "--listen", "127.0.0.1:\(try Ports.free())",
                ])
                guard joined.status == 0 else { throw Child.Failure(description: "\(joined)") }
                try seat.start()
                nodes.append(seat)
                return seat
            }

            func member(_ words: String...) throws { _ = try leader().done(["centre", "member"] + words) }

            func promotes(_ names: [String]) throws -> Bool {
                try leader().run(["centre", "member", "promote"] + names).status == 0
            }

            /// A node that runs and knows who leads; the leader itself where it runs.
            func leader() throws -> Seat {
                var found: Seat?
                try untilTrue("a leader") {
                    for seat in nodes where seat.node?.isRunning ?? false {
                        let status = try seat.run(["cluster", "status", "--json"])
                        guard status.status == 0, let name = try status.json["leader"].text,
                            let leader = nodes.first(where: { $0.name == name }), leader.node?.isRunning ?? false
                        else { continue }
                        found = leader
                        return true
                    }
                    return false
                }
                return try #require(found)
            }

            /// Role and state of each member, as the leader sees them.
            func members() throws -> [String: String] {
                let lines = try leader().json(["centre", "member", "list"]).list
                return Dictionary(
                    uniqueKeysWithValues: lines.map { ($0["name"].text ?? "", $0["role"].text ?? "") })
            }

            /// Ends all at once, before a stop of one could bring a new leader's entries to the others, and reads each
            /// node's files through: the digest of its state at its applied index.
            func digests() throws -> [String] {
                for seat in nodes { seat.kill() }
                return try nodes.map { seat in
                    let verified = try seat.run(["node", "verify", "--json"])
                    #expect(verified.status == 0, "\(verified)")
                    let state = try verified.json.list.first { $0["check"].text == "state" }
                    return state?["finding"].text ?? "none"
                }
            }

            func settle() throws {
                try untilTrue("all have applied the same") {
                    let lines = try leader().json(["cluster", "status"])["members"].list
                    return lines.count == nodes.count && Set(lines.map { $0["applied"].integer ?? 0 }).count == 1
                }
            }
        }

        @Test func aLeaderKilledUnderLoadLosesNothingAndAllHoldTheSame() throws {
            let group = try Group()
            #expect(try group.members() == ["centre-1": "voter", "centre-2": "voter", "centre-3": "voter"])
            let seat = try group.cluster.join("KZ-75")
            let file = try group.cluster.generate("KZ-75", count: 1_500, seed: 5)
            let receipts = file + ".receipts"
            let killed = try group.leader()
            let running = try Program.start(
                ["register", "--kind", "auto", "--file", file, "--receipts", receipts, "--data", seat.directory])
            try untilTrue("entries are under way") { try (seat.status()["log"]["frontier"].integer ?? 0) > 100 }
            killed.kill()
            let outcome = try running.finish()
            #expect(outcome.status == 0, "\(outcome)")
            try seat.waitForEmptyBacklog()
            let leader = try group.leader()
            #expect(leader.name != killed.name)
            let confirmed = try leader.confirmed(territory: "KZ-75")
            let acknowledged = try Receipts.numbers(receipts)
            #expect(acknowledged.count == 1_500)
            #expect(Set(confirmed.map(\.provisional)) == Set(acknowledged))
            #expect(confirmed.count == acknowledged.count && Set(confirmed.map(\.number)).count == confirmed.count)
            try killed.start()
            try group.settle()
            #expect(Set(try group.digests()).count == 1)
        }

        @Test func aFollowerFarBehindTakesACopyAndARemovedOneNeverReturns() throws {
            let group = try Group()
            // Cut often, so that the log no longer reaches back to whoever was away.
            for seat in group.nodes {
                seat.stop()
                try Self.cutOften(seat)
                try seat.start()
            }
            let away = try #require(group.nodes.last { (try? group.leader().name) != $0.name })
            let seat = try group.cluster.join("KZ-75")
            away.kill()
            try untilTrue("the leader misses it") {
                let lines = try group.leader().json(["cluster", "status"])["members"].list
                return lines.first { $0["name"].text == away.name }?["state"].text == "unreachable"
            }
            // The log is kept for a follower that was heard in this round of the quorum check or the one before, of
            // half a second each: what is registered until then stays in it.
            let missed = ContinuousClock.now + .milliseconds(1_200)
            var seed = 100
            while ContinuousClock.now < missed {
                seed += 1
                _ = try seat.register(try group.cluster.generate("KZ-75", count: 20, seed: seed))
            }
            for seed in [1, 3] {
                _ = try seat.register(try group.cluster.generate("KZ-75", count: 400, seed: seed))
                try seat.waitForEmptyBacklog()
            }
            try away.start()
            try group.settle()
            #expect(away.log.contains("takes this one's place"))

            let gone = try #require(group.nodes.first { (try? group.leader().name) != $0.name })
            let check = try group.leader().run(["cluster", "check", "--node", gone.name])
            #expect(check.status == 0, "\(check)")
            try group.member("remove", gone.name)
            #expect(try group.members()[gone.name] == "removed")
            let again = try group.leader().run(["centre", "member", "add", gone.name])
            #expect(again.status == 1 && again.errors.contains("never comes back"), "\(again)")
            // Two voters are left: none may fail, and the one that leads says so.
            let unsafe = try group.leader().run(["cluster", "check"])
            #expect(unsafe.status == 1 && unsafe.output.contains("NO"), "\(unsafe)")
            _ = try seat.register(try group.cluster.generate("KZ-75", count: 20, seed: 2))
            try seat.waitForEmptyBacklog()
        }

        private static func cutOften(_ seat: Seat) throws {
            let path = seat.directory + "/node.json"
            var text = String(decoding: try TestFile.bytes(path), as: UTF8.self)
            text = text.replacingOccurrences(of: "\"author\"", with: "\"logStepBytes\" : 20000,\n  \"author\"")
            try TestFile.write(Array(text.utf8), to: path)
        }
    }
}
