import Foundation
import Node
import TestSupport
import Testing

/// The verbs that change the centre's group, as an operator types them.
extension ProcessTests {
    @Suite(.serialized) struct GroupVerbs {
        private func number(_ name: String, _ group: CentreGroup.Group) throws -> Int {
            let list = try group.leader().json(["centre", "member", "list"]).list
            return try #require(list.first { $0["name"].text == name }?["number"].integer)
        }

        private func roles(_ group: CentreGroup.Group) throws -> [String: String] { try group.members() }

        @Test func namesAndNumbersDemoteReplaceAndTransferWithADryRunFirst() throws {
            let group = try CentreGroup.Group()
            let healthy = try group.leader().run(["cluster", "check", "--nagios"])
            #expect(healthy.status == 0 && healthy.output.hasPrefix("CENTRE OK"), "\(healthy)")

            // A transfer tells who it would be, and does it only when it is meant.
            let leader = try group.leader()
            let heir = try #require(group.nodes.first { $0 !== leader })
            let would = try leader.run(["centre", "member", "transfer", heir.name, "--dry-run"])
            #expect(would.status == 0 && would.output.contains("\(heir.name) would lead"), "\(would)")
            #expect(would.output.contains("failures tolerated 1"), "\(would)")
            #expect(try group.leader() === leader)
            let himself = try leader.run(["centre", "member", "transfer", leader.name])
            #expect(himself.status == 1 && himself.errors.contains("leads already"), "\(himself)")
            let done = try leader.done(["centre", "member", "transfer", "\(try number(heir.name, group))"])
            #expect(done.output.contains("\(heir.name) leads"), "\(done)")
            try untilTrue("the heir leads") { try group.leader() === heir }

            // One voter less tolerates nothing, which the dry run says beforehand.
            let other = try #require(group.nodes.first { $0 !== heir })
            let numbered = "\(try number(other.name, group))"
            let dry = try heir.json(["centre", "member", "demote", numbered, "--dry-run"])
            #expect(
                dry["before"]["failures_tolerated"].integer == 1 && dry["after"]["failures_tolerated"].integer == 0,
                "\(dry)")
            #expect(dry["done"].flag == false)
            #expect(try roles(group)[other.name] == "voter")
            try group.member("demote", numbered)
            #expect(try roles(group)[other.name] == "learner")
            let thin = try group.leader().run(["cluster", "check", "--nagios"])
            #expect(thin.status == 1 && thin.output.hasPrefix("CENTRE WARNING"), "\(thin)")
            try untilTrue("it is a voter again") { try group.promotes([numbered]) }

            // A new node takes the place of an old one in one change.
            let fourth = try group.join("centre-4")
            try group.member("add", fourth.name)
            let lead = try group.leader()
            let old = try #require(group.nodes.first { $0 !== lead && $0 !== fourth })
            try untilTrue("it has caught up") {
                try group.leader().run(["centre", "member", "replace", old.name, fourth.name]).status == 0
            }
            let after = try roles(group)
            #expect(after[old.name] == "removed" && after[fourth.name] == "voter")
            #expect(after.values.count { $0 == "voter" } == 3)

            // The removed one may start as often as it likes.
            let term = try lead.status()["term"].integer
            old.kill()
            try old.start()
            try untilTrue("it is refused") {
                (try group.leader().json(["node", "status"])["refused_messages"].integer ?? 0) > 0
            }
            #expect(try group.leader().status()["term"].integer == term)
            #expect(try roles(group)[old.name] == "removed")
            let again = try group.leader().run(["centre", "member", "add", old.name])
            #expect(again.status == 1 && again.errors.contains("never comes back"), "\(again)")
        }

        @Test func whatWouldLoseTheQuorumIsRefusedUntilTheSentenceIsTyped() throws {
            let group = try CentreGroup.Group()
            let leader = try group.leader()
            let followers = group.nodes.filter { $0 !== leader }
            let (down, up) = (followers[0], followers[1])
            down.kill()
            try untilTrue("the leader sees it") {
                try leader.run(["cluster", "check"]).output.contains("2 voters are heard")
            }
            let remove = ["centre", "member", "remove", up.name]
            let dry = try leader.run(remove + ["--dry-run"])
            #expect(dry.status == 0 && dry.output.contains("warning: of the 2 voters after the change"), "\(dry)")
            let refused = try leader.run(remove)
            #expect(refused.status == 1 && refused.errors.contains("--force-unsafe"), "\(refused)")
            let mistyped = try leader.run(remove + ["--force-unsafe", "yes"])
            #expect(mistyped.status == 1 && mistyped.errors.contains("--force-unsafe"), "\(mistyped)")
            #expect(try group.members()[up.name] == "voter")
            // Typed, it is begun; it ends once the voter that is down is back, for both halves must agree.
            let forced = try Program.start(
                remove + ["--force-unsafe", MemberChange.sentence, "--data", leader.directory])
            try untilTrue("the group stands still") {
                let check = try leader.run(["cluster", "check", "--nagios"])
                return check.status == 2 && check.output.hasPrefix("CENTRE CRITICAL")
            }
            try down.start()
            let outcome = try forced.finish()
            #expect(!outcome.errors.contains("Refused"), "\(outcome)")
            try untilTrue("the group goes on without it") { try group.members()[up.name] == "removed" }
            #expect(try group.members().values.count { $0 == "voter" } == 2)
        }
    }
}
