import Foundation
import TestSupport
import Testing

extension ProcessTests {
    /// What a territory decides by its own shard, and what the nation then says of cards that name each other.
    @Suite(.serialized) struct Shard {
        /// An example of the catalogue with changes, as a line; nil takes a member away.
        private static func card(_ kind: String, _ id: String, _ changes: [String: Any?] = [:]) throws -> [UInt8] {
            let example = try Program.run(["catalogue", "show", kind, "--example"])
            var members = try #require(
                JSONSerialization.jsonObject(with: Data(example.bytes)) as? [String: Any], "\(example)")
            members["doc_id"] = id
            for (name, value) in changes { members[name] = value }
            return [UInt8](
                try JSONSerialization.data(withJSONObject: members, options: [.sortedKeys, .withoutEscapingSlashes]))
        }

        /// The end of a search, by the sender of its start.
        private static func end(_ id: String, of start: String, on day: String = "2026-03-12") throws -> [UInt8] {
            try card(
                "WN-2", id,
                [
                    "start_ref": start, "started": nil, "date": day, "event_date": day, "doc_date": day,
                    "sender_subject": "POL-KZ-39", "region": "KZ-39", "settlement": 1_519_928,
                ])
        }

        /// Rules by which one document is refused; none where it is taken.
        private static func codes(_ seat: Seat, _ document: [UInt8]) throws -> [String] {
            let answer = try RawHTTP.exchange(socket: seat.socket, "POST", "/v1/documents", body: document)
            let told = try answer.json
            let problems = told["problems"].list
            #expect((answer.status == 422) == !problems.isEmpty, "\(told)")
            return problems.map { "\($0["code"].text ?? "") \($0["field"].text ?? "")" }
        }

        @Test func theShardRefusesWhatItsOwnRecordsRefuteAndNothingElse() throws {
            let cluster = try TestCluster()
            let line = try Line(to: Int(cluster.centreAddress.split(separator: ":")[1]) ?? 0)
            let seat = try cluster.join("KZ-39", peer: line.address)
            line.cut()
            #expect(try Self.codes(seat, try Self.card("WN-1", "search-1")) == [])
            #expect(try Self.codes(seat, try Self.card("CR-1", "offence-1")) == [])
            #expect(try Self.codes(seat, try Self.end("end-1", of: "search-1", on: "2026-03-09")) == ["V404 date"])
            #expect(try Self.codes(seat, try Self.end("end-2", of: "offence-1")) == ["V403 start_ref"])
            // Nobody here knows it: the nation decides.
            #expect(try Self.codes(seat, try Self.end("end-3", of: "search-9")) == [])
            #expect(try Self.codes(seat, try Self.end("end-4", of: "search-1")) == [])

            let number = try #require(
                try seat.records().first { $0["kind"].text == "WN-1" }?["provisional"].text, "no record of the search")
            _ = try seat.done(["record", "cancel", number, "--reason", "DUP"])
            #expect(try Self.codes(seat, try Self.end("end-5", of: "search-1")) == ["V403 start_ref"])
        }

        @Test func theListsNameWhatIsMissingByBodyAndTerritoryUntilItComes() throws {
            let cluster = try TestCluster()
            let seat = try cluster.join("KZ-39")
            let centre = cluster.centre
            #expect(try Self.codes(seat, try Self.end("end-1", of: "search-1")) == [])
            for id in ["offence-1", "offence-2"] { #expect(try Self.codes(seat, try Self.card("CR-1", id)) == []) }
            func list(_ name: String, _ narrowing: String...) throws -> [String] {
                try centre.json([name, "list"] + narrowing).list.map { line in
                    ["code", "kind", "territory", "body", "state"].map { line[$0].text ?? "" }.joined(separator: " ")
                }
            }
            let missing = "V403 WN-2 KZ-39 POL-KZ-39 open"
            try untilTrue("the centre misses the search") { try list("reconciliation", "--open") == [missing] }
            try untilTrue("the centre sees one number twice") {
                try list("finding", "--code", "V205") == ["V205 CR-1 KZ-39 POL-KZ-39 open"]
            }
            #expect(try list("finding", "--open").count == 2)
            #expect(try list("reconciliation", "--body", "POL-KZ-39") == [missing])
            #expect(try list("reconciliation", "--territory", "KZ-75") == [])
            #expect(try list("reconciliation", "--body", "NOBODY") == [])
            #expect(try Self.codes(seat, try Self.card("WN-1", "search-1")) == [])
            try untilTrue("the search has come") { try list("reconciliation", "--open").isEmpty }
            #expect(try list("reconciliation") == ["V403 WN-2 KZ-39 POL-KZ-39 withdrawn"])
        }
    }
}
