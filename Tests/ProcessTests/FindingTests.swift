import Foundation
import TestSupport
import Testing

extension ProcessTests {
    /// What only the nation can see of a card comes back to the desk that took it, and goes when its reason does.
    @Suite(.serialized) struct Findings {
        @Test func aFindingComesBackWithTheReceiptAndGoesWhenTheMissingCardComes() throws {
            let cluster = try TestCluster()
            let seat = try cluster.join("KZ-75")
            let lines = try TestFile.lines(try cluster.generate("KZ-75", count: 1200, seed: 3))
            let cards = try lines.map { (bytes: $0, card: try Reading($0)) }
            // A suspension "person wanted" obliges the body to begin a search in the same case (rule V212).
            let suspension = try #require(
                cards.first { $0.card["form_code"].text == "CR-3" && $0.card["decision"].text == "SUSP-WANT" })
            let number = suspension.card["case_no"].text
            let search = try #require(
                cards.first { $0.card["form_code"].text == "WN-1" && $0.card["case_no"].text == number })

            let receipt = try register(suspension.bytes, "suspension", cluster, seat)
            try untilTrue("the desk hears that the search card is missing") { try findings(seat, receipt) == ["V212"] }
            let told = try seat.json(["record", "show", receipt])["findings"][0]
            #expect(told["field"].text == "decision")
            #expect(told["message"].text?.isEmpty == false && told["remedy"].text?.isEmpty == false)
            #expect(try open(cluster) == 1)

            seat.kill()
            try seat.start()
            #expect(try findings(seat, receipt) == ["V212"], "forgotten with the process")

            _ = try register(search.bytes, "search", cluster, seat)
            try untilTrue("the desk hears that it is settled") { try findings(seat, receipt) == [] }
            #expect(try open(cluster) == 0)
            let settled = try cluster.centre.json(["finding", "list", "--code", "V212"])
            #expect(settled.list.count == 1, "a withdrawn finding stays on the list, as withdrawn")
        }

        private func register(_ line: [UInt8], _ name: String, _ cluster: TestCluster, _ seat: Seat) throws -> String {
            let file = cluster.folder.path("\(name).ndjson")
            try TestFile.write(line + [UInt8(ascii: "\n")], to: file)
            #expect(try seat.register(file, receipts: file + ".receipts")["accepted"].integer == 1)
            return try #require(try Receipts.numbers(file + ".receipts").first)
        }

        private func findings(_ seat: Seat, _ number: String) throws -> [String] {
            try seat.json(["record", "show", number])["findings"].list.compactMap { $0["code"].text }
        }

        private func open(_ cluster: TestCluster) throws -> Int {
            try cluster.centre.json(["finding", "list", "--code", "V212", "--open"]).list.count
        }
    }
}
