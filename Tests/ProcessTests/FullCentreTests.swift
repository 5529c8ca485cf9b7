import Foundation
import TestSupport
import Testing

extension ProcessTests {
    @Suite(.serialized) struct FullCentre {
        private static let documentsATime = 1_500

        /// A turn that found no space is taken again, with what was prepared for it: every document comes once, and
        /// its sealed blocks open, also those of a start that came while the disk was full.
        @Test func aFullDiskAtTheCentreStopsNothingElseAndLosesNothing() throws {
            guard let disk = try SmallDisk(megabytes: 128) else { return }
            let cluster = try TestCluster(centreDirectory: disk.path + "/centre-1")
            let seat = try cluster.join("KZ-75")
            var files = [try cluster.generate("KZ-75", count: 100, seed: 20)]
            #expect(try seat.register(files[0])["accepted"].integer == 100)
            try seat.waitForEmptyBacklog()

            try disk.fill()
            var registered = 100
            repeat {
                let file = try cluster.generate("KZ-75", count: Self.documentsATime, seed: 20 + files.count)
                files.append(file)
                registered += try seat.register(file)["accepted"].integer ?? 0
                #expect(seat.stop() == 0)
                try seat.start()
            } while try !isReadOnly(cluster.centre) && files.count < 8
            #expect(try isReadOnly(cluster.centre), "a full disk stopped nothing: \(cluster.centre.log.suffix(2000))")
            #expect(registered == 100 + (files.count - 1) * Self.documentsATime)

            // What names nobody is answered; what must be journaled or written is refused, and said why.
            #expect(try cluster.centre.json(["account", "count"]).exists)
            let token = try cluster.centre.run(["cluster", "token", "--territory", "KZ-10"])
            #expect(Self.isRefusedForSpace(token), "\(token)")
            let person = try #require(try Self.iins(files[1]).first)
            let look = try cluster.centre.run(Self.find(person))
            #expect(Self.isRefusedForSpace(look), "\(look)")

            disk.free()
            try untilTrue("the centre takes entries again") { try !isReadOnly(cluster.centre) }
            try seat.waitForEmptyBacklog(tries: 2_000)
            let provisional = try seat.confirmed().map(\.provisional)
            try untilTrue("the centre has all") { try cluster.centre.confirmed().count == registered }
            #expect(provisional.count <= registered)
            for file in files {
                for iin in try Self.iins(file).prefix(5) {
                    let found = try cluster.centre.json(Self.find(iin))["subjects"].list
                    #expect(found.first?["iin"].text == iin, "\(iin) of \(file) cannot be found: its blocks stay shut")
                }
            }
            #expect(seat.stop() == 0)
            let beside = try cluster.centre.run(["node", "verify", "--accounts"])
            #expect(beside.status == 0 && beside.output.contains("accounts"), "\(beside)")
            #expect(cluster.centre.stop() == 0)
            #expect(try cluster.centre.run(["node", "verify"]).status == 0)
        }

        private func isReadOnly(_ seat: Seat) throws -> Bool {
            try seat.json(["node", "status"])["state"].text == "read-only"
        }

        private static func isRefusedForSpace(_ result: Program.Result) -> Bool {
            let said = result.errors.lowercased()
            return result.status != 0 && (said.contains("disk is full") || said.contains("no space is left"))
        }

        private static func find(_ iin: String) -> [String] {
            ["person", "find", "--iin", iin, "--basis", "Art. 9", "--purpose", "a test of space"]
        }

        private static func iins(_ file: String) throws -> [String] {
            try TestFile.lines(file).compactMap { try Reading($0)["person"]["iin"].text }.filter { $0 != "unknown" }
        }
    }
}
