import Foundation
import TestSupport
import Testing

/// The centre loses its quorum for good and goes on from one node.
extension ProcessTests {
    @Suite(.serialized) struct Recover {
        /// Three voters, a territory, and entries that the node which is left never saw: it was down while the other
        /// two went on, acknowledged and confirmed.
        final class Ruin {
            let group: CentreGroup.Group
            let seat: Seat
            let left: Seat
            let lost: [Seat]
            private(set) var receipts: [String] = []

            init() throws {
                let group = try CentreGroup.Group()
                self.group = group
                seat = try group.cluster.join("KZ-75")
                let left = try #require(try group.nodes.last { $0.name != (try group.leader().name) })
                self.left = left
                lost = group.nodes.filter { $0 !== left }
                try register(150, seed: 1)
                try seat.waitForEmptyBacklog()
                try group.settle()
                left.kill()
                try register(60, seed: 2)
                try seat.waitForEmptyBacklog()
                try untilTrue("every number is told") { try seat.confirmed().count == 210 }
                for node in lost { node.kill() }
                // The line is down: what is registered now waits.
                try register(40, seed: 3)
            }

            func register(_ count: Int, seed: Int) throws {
                let file = try group.cluster.generate("KZ-75", count: count, seed: seed)
                _ = try seat.register(file, receipts: file + ".receipts")
                receipts += try Receipts.numbers(file + ".receipts")
            }

            /// Both steps, with the sentence that the first one prints.
            func recover() throws {
                let order = try left.json(["centre", "recover", "apply"])
                let sentence = try #require(order["sentence"].text)
                _ = try left.done(["centre", "recover", "apply", "--sentence", sentence])
            }
        }

        @Test func oneNodeGoesOnAndTerritoriesSendAgainWhatItLacks() throws {
            let ruin = try Ruin()
            for node in ruin.lost { try FileManager.default.removeItem(atPath: node.directory) }
            // What an operator sees first. A territory need not be stopped to be asked.
            let plan = try Program.run(
                ["centre", "recover", "plan", "--json", "--data", ruin.left.directory, "--data", ruin.seat.directory]
            ).json["plan"]
            #expect(plan["quorum"]["stands"].flag == false && plan["quorum"]["here"].integer == 1)
            let again = try #require(plan["again"].list.first)
            #expect(again["last"].integer == (try ruin.seat.status()["log"]["last"].integer))
            #expect((again["told"].integer ?? 0) >= 60, "\(again)")
            #expect(again["entries"].list.filter { $0["confirmed"].text != nil }.count == 60)

            let wrong = try ruin.left.run(["centre", "recover", "apply", "--sentence", "yes"])
            #expect(wrong.status == 1 && wrong.errors.contains("No recovery of this node is prepared"), "\(wrong)")
            let prepared = try ruin.left.done(["centre", "recover", "apply"])
            #expect(prepared.output.contains("Nothing is changed yet"), "\(prepared)")
            let mistyped = try ruin.left.run(["centre", "recover", "apply", "--sentence", "I give up"])
            #expect(mistyped.status == 1 && mistyped.errors.contains("not the sentence"), "\(mistyped)")
            try ruin.recover()
            let verified = try ruin.left.run(["centre", "recover", "verify"])
            #expect(verified.status == 0, "\(verified)")
            // The copy holds what was there, and no key that opens anything.
            let copy = ruin.left.directory + "/before-recovery-1"
            let copied = try FileManager.default.contentsOfDirectory(atPath: copy).sorted()
            #expect(copied == ["node.json", "store.sqlite", "tls"])

            try ruin.left.start()
            try ruin.seat.waitForEmptyBacklog()
            try untilTrue("all is confirmed") { try ruin.left.confirmed(territory: "KZ-75").count == 250 }
            let confirmed = try ruin.left.confirmed(territory: "KZ-75")
            #expect(Set(confirmed.map(\.provisional)) == Set(ruin.receipts))
            #expect(Set(confirmed.map(\.number)).count == 250)

            // Two new nodes, and the centre is whole.
            let group = ruin.group
            for name in ["centre-4", "centre-5"] { try group.join(name) }
            try group.member("add", "centre-4", "centre-5")
            try untilTrue("both have caught up") { try group.promotes(["centre-4", "centre-5"]) }
            try untilTrue("a restart of any is safe") { try ruin.left.run(["cluster", "check"]).status == 0 }
            try ruin.register(20, seed: 4)
            try ruin.seat.waitForEmptyBacklog()
            let nodes = group.nodes.filter { !ruin.lost.map(\.name).contains($0.name) }
            try untilTrue("all have applied the same") {
                let members = try ruin.left.json(["cluster", "status"])["members"].list
                let present = members.filter { member in nodes.contains { $0.name == member["name"].text } }
                return present.count == 3 && Set(present.map { $0["applied"].integer ?? 0 }).count == 1
            }
            for node in nodes { node.kill() }
            for node in nodes {
                let verified = try node.run(["node", "verify"])
                #expect(verified.status == 0, "\(verified)")
            }
        }

        @Test func nodesOfTheGroupThatWasGivenUpNeverSpeakForTheCentreAgain() throws {
            let ruin = try Ruin()
            try ruin.recover()
            try ruin.left.start()
            try ruin.seat.waitForEmptyBacklog()
            try untilTrue("all is confirmed") { try ruin.left.confirmed(territory: "KZ-75").count == 250 }
            // They were not lost after all, and are a quorum of the old group.
            for node in ruin.lost { try node.start() }
            for node in ruin.lost {
                #expect(node.node?.end(seconds: 30) == 1, "\(node.log.suffix(2000))")
                #expect(node.log.contains("went on from"), "\(node.log.suffix(2000))")
            }
            for node in ruin.lost {
                #expect { try node.start() } throws: { "\($0)".contains("given up") }
            }
            try ruin.register(10, seed: 5)
            try ruin.seat.waitForEmptyBacklog()
            #expect(try ruin.left.confirmed(territory: "KZ-75").count == 260)
        }

        @Test func aQuorumThatStandsIsToldToBeStarted() throws {
            let group = try CentreGroup.Group()
            for node in group.nodes { node.stop() }
            let named = group.nodes.flatMap { ["--data", $0.directory] }
            let plan = try Program.run(["centre", "recover", "plan"] + named)
            #expect(plan.status == 0 && plan.output.contains("There is nothing to recover"), "\(plan)")
            let apply = try Program.run(["centre", "recover", "apply"] + named)
            #expect(apply.status == 1 && apply.errors.contains("Start these nodes"), "\(apply)")
        }
    }
}
