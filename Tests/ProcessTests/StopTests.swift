import Foundation
import TestSupport
import Testing

extension ProcessTests {
    @Suite(.serialized) struct Stopping {
        @Test func sigtermEndsANodeInOrderEvenInMidStream() throws {
            let cluster = try TestCluster()
            let seat = try cluster.join("KZ-75")
            let file = try cluster.generate("KZ-75", count: 6000, seed: 31)
            let running = try Program.start(Clerk.arguments(seat, file, attempt: 0))
            // In mid-stream: the first receipts are there and the command still runs.
            try untilTrue("the first receipts", tries: 100_000) {
                try Receipts.byLine("\(file).receipts0").isEmpty == false || !running.isRunning
            }
            #expect(seat.stop() == 0)
            let cut = try running.finish()
            #expect(cut.status == 1 || cut.status == 0, "\(cut)")
            #expect(cluster.centre.stop() == 0)
            #expect(!FileManager.default.fileExists(atPath: seat.socket), "a stopped node leaves no socket")

            try cluster.centre.start()
            try seat.start()
            let before = try Receipts.byLine("\(file).receipts0")
            let again = try seat.register(file, receipts: "\(file).receipts1")
            #expect((again["accepted"].integer ?? 0) + (again["duplicates"].integer ?? 0) == 6000)
            #expect((again["duplicates"].integer ?? 0) >= before.count, "an acknowledged document is gone")
            let after = try Receipts.numbers("\(file).receipts1")
            #expect(before.allSatisfy { after[$0.line - 1] == $0.number }, "a receipt changed")
        }

        @Test func theCommandsExitAsStated() throws {
            let cluster = try TestCluster()
            let seat = try cluster.join("KZ-75")
            let good = try cluster.generate("KZ-75", count: 40, seed: 32)
            let mixed = try cluster.generate("KZ-75", count: 200, seed: 33, faults: 0.2)
            #expect(try seat.run(["register", "--kind", "auto", "--file", good]).status == 0)
            let partly = try seat.run(["register", "--kind", "auto", "--file", mixed, "--json"])
            #expect(partly.status == 2, "\(partly)")
            let rejected = try TestFile.lines(mixed + ".rejected.ndjson")
            #expect(try rejected.count == partly.json["rejected"].integer)
            for line in rejected {
                let reason = try Reading(line)
                for name in ["code", "field", "message", "remedy"] {
                    #expect(reason[name].exists || reason["problems"][0][name].exists, "\(name) in \(reason)")
                }
            }
            #expect(try seat.run(["record", "show", "KZ-75/2026/CR-1/999999-P"]).status == 1)
            #expect(try Program.run(["record", "show", "1/1", "--data", cluster.folder.path("nowhere")]).status == 1)
            for wrong in [["nonsense"], ["register"], ["record", "show"], ["node", "init", "--role", "king"]] {
                let answer = try Program.run(wrong)
                #expect(answer.status == 64, "\(answer)")
                #expect(!answer.errors.isEmpty, "wrong usage is explained on stderr")
            }
            #expect(try Program.run(["--help"]).status == 0)
        }
    }
}
