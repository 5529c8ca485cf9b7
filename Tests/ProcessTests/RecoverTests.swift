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
            /// A second territory, whose numbers stand among the first one's in what is lost.
            let other: Seat?
            private(set) var receipts: [String] = []

            init(withAnother: Bool = false) throws {
                let group = try CentreGroup.Group()
                self.group = group
                seat = try group.cluster.join("KZ-75")
                other = withAnother ? try group.cluster.join("KZ-10") : nil
                let left = try #require(try group.nodes.last { $0.name != (try group.leader().name) })
                self.left = left
                lost = group.nodes.filter { $0 !== left }
                try register(150, seed: 1)
                try seat.waitForEmptyBacklog()
                try group.settle()
                left.kill()
                if let other {
                    _ = try other.register(try group.cluster.generate("KZ-10", count: 30, seed: 7))
                    try other.waitForEmptyBacklog()
                    try untilTrue("its numbers are told") { try other.confirmed().count == 30 }
                }
                try register(60, seed: 2)
                try seat.waitForEmptyBacklog()
                try untilTrue("every number is told") { try seat.confirmed().count == 210 }
            }

            /// Both nodes that had gone on, at once.
            func loses() throws {
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
            try ruin.loses()
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

        @Test func numbersThatWereToldComeBackBeforeAnyIsGiven() throws {
            let ruin = try Ruin(withAnother: true)
            let other = try #require(ruin.other)
            let told = try Set([ruin.seat, other].flatMap { try $0.confirmed().map { "\($0)" } })
            other.stop()
            try ruin.loses()
            try ruin.recover()
            try ruin.left.start()
            func awaited() throws -> [Reading] {
                try ruin.left.status()["territories"].list.filter { $0["seating"]["state"].text == "awaited" }
            }
            try untilTrue("the one that is here has told") {
                try awaited().compactMap { $0["node"].text } == [other.name]
            }
            let view = try #require(try awaited().first)
            #expect(view["seating"]["sentence"].text?.contains("gives no new number") == true, "\(view)")
            #expect(view["seating"]["next"].text?.contains("recover go-on") == true, "\(view)")
            // The 40 that were registered while nobody led wait, too.
            try untilTrue("what was told is there") { try ruin.left.confirmed(territory: "KZ-75").count == 210 }
            let refused = try ruin.left.run(["centre", "recover", "go-on"])
            #expect(refused.status == 1 && refused.errors.contains(other.name), "\(refused)")
            try other.start()
            try untilTrue("nobody is waited for") { try awaited().isEmpty }
            try ruin.seat.waitForEmptyBacklog()
            try untilTrue("all are told") { try ruin.seat.confirmed().count == 250 }
            let now = try Set([ruin.seat, other].flatMap { try $0.confirmed().map { "\($0)" } })
            #expect(told.subtracting(now) == [], "told numbers are what they were")
            let all = try ruin.left.confirmed()
            #expect(Set(all.map(\.number)).count == all.count && all.count == now.count)
            let serials = all.compactMap { Int($0.number.split(separator: "/").last ?? "") }
            #expect(serials.max() == all.count, "none is missing")
            let again = try ruin.left.run(["centre", "recover", "go-on"])
            #expect(again.status == 1 && again.errors.contains("waits for nobody"), "\(again)")
        }

        @Test func nodesOfTheGroupThatWasGivenUpNeverSpeakForTheCentreAgain() throws {
            let ruin = try Ruin()
            try ruin.loses()
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
