import Foundation
import TestSupport
import Testing

extension ProcessTests {
    /// Cases handed over and bodies closed, on real nodes.
    @Suite(.serialized) struct Holders {
        private static let act = ["--act", "12-o", "--basis", "CPC art. 187"]

        @Test func aCaseIsHandedOverAndItsNewHolderReadsAndCorrectsIt() throws {
            let cluster = try TestCluster()
            let (giver, taker) = (try cluster.join("KZ-75"), try cluster.join("KZ-10"))
            let stranger = try cluster.join("KZ-79")
            let numbers = try Self.register(cluster, giver, count: 20)
            let number = try #require(numbers.first)
            try giver.waitForEmptyBacklog()

            #expect(try taker.run(["record", "show", number, "--json"]).status == 0, "with a line the centre answers")
            #expect(try taker.records(territory: "KZ-75").isEmpty)
            let dry = try cluster.centre.json(["record", "transfer", number, "--to", "KZ-10", "--dry-run"] + Self.act)
            #expect(dry.list.first?["after"].list.compactMap(\.text) == ["KZ-10", "KZ-75"])
            _ = try cluster.centre.done(["record", "transfer", number, "--to", "KZ-10"] + Self.act)
            try untilTrue("the new holder has the record") { try taker.records(territory: "KZ-75").count == 1 }

            // Without a line: the shard alone answers, personal fields and all.
            cluster.centre.stop()
            let here = try giver.json(["record", "show", number])
            let there = try taker.json(["record", "show", number])
            #expect("\(there["fields"])" == "\(here["fields"])")
            #expect(there["number"].text == here["number"].text && there["territory"].text == "KZ-75")
            #expect(try stranger.run(["record", "show", number]).status == 1)
            _ = try taker.done(["record", "correct", number, "--set", "victims_count=3", "--reason", "ERR"])
            try cluster.centre.start()
            try taker.waitForEmptyBacklog()
            try untilTrue("the giver hears of the correction") {
                try giver.json(["record", "show", number])["fields"]["victims_count"].integer == 3
            }
            let journal = try cluster.centre.json(["journal", "show", "--action", "record.transferred"])
            #expect(journal.list.first?["basis"].text == "CPC art. 187")
        }

        @Test func aClosedBodyIsRefusedWithASentenceAndItsSuccessorHoldsItsRecords() throws {
            let cluster = try TestCluster()
            let (closed, successor) = (try cluster.join("KZ-75"), try cluster.join("KZ-10"))
            _ = try Self.register(cluster, closed, count: 300)
            try closed.waitForEmptyBacklog()
            let numbers = try closed.records().compactMap { $0["provisional"].text }
            let retire = ["territory", "retire", "KZ-75", "--successor", "KZ-10"] + Self.act
            let dry = try cluster.centre.json(retire + ["--dry-run"])
            #expect(dry["done"].flag == false && dry["records"].integer ?? 0 > 0)
            #expect(try cluster.centre.json(["territory", "list"]).list.allSatisfy { $0["state"].text != "closed" })

            #expect(try cluster.centre.json(retire)["done"].flag == true)
            try untilTrue("the closed body's node says why it is read-only") {
                let status = try closed.json(["node", "status"])
                return status["reason"].text?.contains("KZ-75 was closed by act 12-o") == true
            }
            try untilTrue("the successor holds all its records") {
                try Self.held(successor, "KZ-75").count == Set(numbers).count
            }
            #expect(Set(try Self.held(successor, "KZ-75")) == Set(numbers))
            let token = try cluster.centre.run(["cluster", "token", "--territory", "KZ-75"])
            let joined = try Program.run([
                "node", "join", "--token", token.output.split(separator: "\n").first.map(String.init) ?? "", "--data",
                cluster.folder.path("late"),
            ])
            #expect(joined.status == 1 && joined.errors.contains("was closed"), "\(joined)")
        }

        private static func register(_ cluster: TestCluster, _ seat: Seat, count: Int) throws -> [String] {
            let file = try cluster.generate("KZ-75", count: count, seed: 11, kind: "CR-1")
            _ = try seat.register(file, receipts: file + ".receipts")
            return try Receipts.numbers(file + ".receipts")
        }

        private static func held(_ seat: Seat, _ territory: String) throws -> [String] {
            try seat.done(["record", "list", "--territory", territory, "--json"]).lines.compactMap {
                $0["provisional"].text
            }
        }
    }
}
