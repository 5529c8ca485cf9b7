import Foundation
import TestSupport
import Testing

extension ProcessTests {
    /// Decisions of the centre that hold for the nation: heard by a territory, kept over a cut line and a restart.
    @Suite(.serialized) struct Acts {
        static let grounds = ["--act", "17-o", "--basis", "Order 25"]

        // MARK: Senders with a certificate

        @Test func signaturesOfARegisteredSenderAreProvedWhereDocumentsAreTaken() throws {
            let cluster = try TestCluster()
            let line = try Line(to: Int(cluster.centreAddress.split(separator: ":")[1]) ?? 0)
            let seat = try cluster.join("KZ-75", peer: line.address)
            let bench = try SenderBench(cluster)

            let registered = try cluster.centre.json(
                ["sender", "register", bench.sender, "--cert", bench.certificate] + Self.grounds)
            let id = try #require(registered["certificates"][0]["id"].text)
            try untilTrue("the territory hears of the sender") {
                try seat.json(["sender", "list"]).list.contains { $0["code"].text == bench.sender }
            }
            #expect(try bench.codes(seat, bench.documents[0]) == ["V003"], "an unsigned document was taken")
            #expect(try bench.codes(seat, bench.signed(0)) == [])
            let tampered = bench.signed(1).replacing("\"unit\":\"OFFENCE\"", with: "\"unit\":\"CASE\"")
            #expect(tampered != bench.signed(1))
            #expect(try bench.codes(seat, tampered).contains("V003"), "a document changed after signing was taken")
            let other = bench.signed(1).replacing(id, with: "0000000000000000")
            #expect(try bench.codes(seat, other) == ["V002"], "an unknown certificate was taken")

            line.cut()
            seat.kill()
            try seat.start()
            #expect(try bench.codes(seat, bench.documents[1]) == ["V003"], "what was heard is forgotten without a line")
            #expect(try bench.codes(seat, bench.signed(1)) == [])
            try line.mend()

            let revocation = ["sender", "revoke", bench.sender, "--act", "18-o", "--basis", "the key is lost"]
            _ = try cluster.centre.done(revocation)
            try untilTrue("the territory hears of the revocation") {
                let sender = try seat.json(["sender", "list"]).list.first { $0["code"].text == bench.sender }
                return sender?["certificates"][0]["revoked"].text == "18-o"
            }
            #expect(try bench.codes(seat, bench.signed(2)) == ["V002"], "a revoked certificate was taken")
            // Seated later, a territory hears the same decisions first.
            let late = try cluster.join("KZ-10")
            try untilTrue("a territory seated later hears of both acts") {
                try late.json(["sender", "list"])[0]["certificates"][0]["revoked"].text == "18-o"
            }
            let journal = try cluster.centre.json(["journal", "show", "--action", "sender.revoked"])
            #expect(journal[0]["basis"].text == "the key is lost")
        }

        // MARK: Editions

        @Test func anEnactedEditionHoldsAtTheTerritoryAndIsCountedAtTheCentre() throws {
            let cluster = try TestCluster()
            let seat = try cluster.join("KZ-39")
            let today = Today.text(daysAgo: 0)
            let folder = try EditionBench(cluster.centre, cluster.folder.path(today))

            try folder.addCard("ZZ-1")
            try folder.breakReference()
            let broken = try cluster.centre.run(["catalogue", "check", folder.path])
            #expect(broken.status == 1)
            #expect(broken.output.contains("rules.json, line "), "\(broken)")
            let enact = ["catalogue", "enact", folder.path, "--act", "5-q", "--basis", "Law 510"]
            let refused = try cluster.centre.run(enact)
            #expect(refused.status == 1 && refused.errors.contains("rules.json, line "), "\(refused)")
            #expect(try cluster.centre.json(["catalogue", "editions"]).list.count == 1, "the one in force stays")

            try folder.mendReference()
            _ = try cluster.centre.done(["catalogue", "check", folder.path])
            let nameless = try cluster.centre.run([
                "catalogue", "enact", folder.path, "--act", "", "--basis", "Law 510",
            ])
            #expect(nameless.status != 0, "an act without a number was taken")
            _ = try cluster.centre.done(enact)
            try untilTrue("the territory hears of the edition") {
                try seat.json(["catalogue", "editions"]).list.last?["act"].text == "5-q"
            }
            let again = try cluster.centre.run(enact)
            #expect(again.status == 1 && again.errors.contains("already"), "two editions from one date: \(again)")

            seat.kill()
            try seat.start()
            func register(_ victims: Int, _ id: String) throws -> Reading {
                let file = cluster.folder.path("\(id).ndjson")
                try TestFile.write(Array(try folder.document("ZZ-1", id, victims: victims, day: today).utf8), to: file)
                return try seat.register(file)
            }
            #expect(try register(1, "zz-good")["accepted"].integer == 1)
            #expect(try register(9, "zz-bad")["rejected"].integer == 1, "the new edition's rule does not fire")
            let rejects = try TestFile.lines(cluster.folder.path("zz-bad.ndjson.rejected.ndjson"))
            #expect(try Reading(Array(try #require(rejects.first)))["code"].text == "X001")
            try seat.waitForEmptyBacklog()
            try untilTrue("the centre holds the new card's record") {
                try cluster.centre.done(["record", "list", "--kind", "ZZ-1"]).output.contains("KZ-39/")
            }
            let shown = try seat.run(["catalogue", "show", "ZZ-1", "--at", today])
            #expect(shown.status == 0 && shown.output.contains("edition of \(today)"), "\(shown)")
            let unseen = try seat.run(["catalogue", "show", "ZZ-1", "--at", Today.text(daysAgo: 1)])
            #expect(unseen.status == 1, "the edition of the day before has no such card: \(unseen)")
            // A document of a day before is judged by the edition of that day, which has no such card.
            let before = cluster.folder.path("before.ndjson")
            let old = try folder.document("ZZ-1", "zz-old", victims: 1, day: Today.text(daysAgo: 1))
            try TestFile.write(Array(old.utf8), to: before)
            #expect(try seat.register(before)["rejected"].integer == 1)

            cluster.centre.kill()
            try cluster.centre.start()
            #expect(try cluster.centre.json(["catalogue", "editions"]).list.count == 2)
        }
    }
}

extension ProcessTests {
    /// `catalogue check` on what must never be enacted, without any node.
    @Suite struct BadEditions {
        @Test func checkNamesTheFileTheLineAndTheRemedyOfEachDefect() throws {
            let folder = try TemporaryFolder()
            func check(
                _ name: String, from: String = "2027-01-01", _ file: String, _ text: String, to other: String
            ) throws -> Program.Result {
                let edition = folder.path(name)
                let exported = try Program.run(["catalogue", "export", edition])
                #expect(exported.status == 0, "\(exported)")
                let path = edition + "/" + file
                if text.isEmpty {
                    try TestFile.write(Array(other.utf8), to: path)
                } else {
                    let old = String(decoding: try TestFile.bytes(path), as: UTF8.self)
                    let new = old.replacing(text, with: other, maxReplacements: 1)
                    #expect(new != old, "\(file) has no \(text)")
                    try TestFile.write(Array(new.utf8), to: path)
                }
                return try Program.run(["catalogue", "check", edition, "--from", from])
            }
            func expect(_ result: Program.Result, _ words: String...) {
                #expect(result.status == 1, "\(result)")
                for word in words { #expect(result.output.contains(word), "\(result)") }
            }
            let age = "[\"cmp\",\"victim_age\",\"<\",18]"
            expect(
                try check("broken", "rules.json", age, to: "[\"cmp\",\"victim_aged\",\"<\",18]"),
                "rules.json, line ", "victim_aged", "name one that the edition has")
            expect(
                try check("zero", "rules.json", age, to: "[\"cmp\",[\"div\",\"victim_age\",0],\"<\",18]"),
                "rules.json, line ", "divides by zero", "divide by something else")
            expect(
                try check("removed", "code_lists.json", "{\"code\":\"GRAVE\"", to: "{\"code\":\"GRAVER\""),
                "code_lists.json, line ", "GRAVE", "keep the code and end it")
            expect(
                try check("twice", from: "2024-01-01", "rules.json", "{\"source\":", to: "{ \"source\":"),
                "edition from 2024-01-01 already", "another day")
            expect(
                try check(
                    "nameless", "edition.json", "",
                    to: "{\"from\":\"2027-01-01\",\n\"act\":{\"number\":\"\",\"date\":\"2026-12-01\"}}"),
                "edition.json, line 2", "the act has no number", "write the number")
            let sound = try check("sound", "rules.json", "{\"source\":", to: "{ \"source\":")
            #expect(sound.status == 0, "\(sound)")
        }
    }
}

/// A sender with a key of these tests alone, and three of its documents.
private struct SenderBench {
    let sender: String
    let certificate: String
    let documents: [String]
    private let signedLines: [String]
    private let folder: TemporaryFolder
    private let certificatePEM = """
        -----BEGIN CERTIFICATE-----
        MIIBDDCBsgIBATAKBggqhkjOPQQDAjARMQ8wDQYDVQQDDAZwb2xpY2UwIBcNMjQw
        MTAxMDAwMDAwWhgPMjA5OTEyMzEyMzU5NTlaMBExDzANBgNVBAMMBnBvbGljZTBZ
        MBMGByqGSM49AgEGCCqGSM49AwEHA0IABKuuIWbti9MLwH+1Jy7qKZ7SAJImQ3Tg
        woSHBtoeP4KrNQQhfr5PKba1mXbOzQtqd15Oxrgeg2de1UpzzsqRincwCgYIKoZI
        zj0EAwIDSQAwRgIhALvxW14pLUW5rb4zi80Uz1u3w3tCd58CFHQY7b8/Q61rAiEA
        hhTmekTH8l9Tihz4JU3WAETXJJuQ93y8wElL/EQFVF4=
        -----END CERTIFICATE-----

        """
    private let keyPEM = """
        -----BEGIN EC PRIVATE KEY-----
        MHcCAQEEIPfuRJM9pE6WJi855bHzfp1t+uK98mQ7JiS+/sTcRCi1oAoGCCqGSM49
        AwEHoUQDQgAEq64hZu2L0wvAf7UnLuopntIAkiZDdODChIcG2h4/gqs1BCF+vk8p
        trWZds7NC2p3Xk7GuB6DZ17VSnPOypGKdw==
        -----END EC PRIVATE KEY-----

        """

    init(_ cluster: TestCluster) throws {
        folder = try TemporaryFolder()
        certificate = folder.path("cert.pem")
        try TestFile.write(Array(certificatePEM.utf8), to: certificate)
        try TestFile.write(Array(keyPEM.utf8), to: folder.path("key.pem"))
        let lines = try TestFile.lines(try cluster.generate("KZ-75", count: 60, seed: 3, kind: "CR-1"))
        let bySender = Dictionary(grouping: lines) { (try? Reading($0))?["sender_subject"].text ?? "" }
        let chosen = try #require(
            bySender.filter { $0.value.count >= 3 }.min { $0.key < $1.key }, "no sender has three documents")
        sender = chosen.key
        documents = chosen.value.prefix(3).map { String(decoding: $0, as: UTF8.self) }
        let signed = try Program.run(
            ["sender", "sign", "--key", folder.path("key.pem"), "--cert", certificate],
            input: Array((documents.joined(separator: "\n") + "\n").utf8))
        guard signed.status == 0 else { throw Child.Failure(description: "\(signed)") }
        signedLines = signed.output.split(separator: "\n").map(String.init)
    }

    func signed(_ position: Int) -> String { signedLines[position] }

    /// Hands one document in; the codes of its refusal, none where it is taken.
    func codes(_ seat: Seat, _ document: String) throws -> [String] {
        let file = folder.path("one.ndjson")
        let rejects = file + ".rejected.ndjson"
        try? FileManager.default.removeItem(atPath: rejects)
        try TestFile.write(Array((document + "\n").utf8), to: file)
        guard try seat.register(file)["rejected"].integer == 1 else { return [] }
        let reject = try Reading(try #require(try TestFile.lines(rejects).first))
        let all = reject["problems"].list.compactMap { $0["code"].text }
        return all.isEmpty ? [reject["code"].text ?? ""] : all
    }
}

/// An edition in a folder, made of the one in force.
private struct EditionBench {
    let path: String

    init(_ centre: Seat, _ path: String) throws {
        self.path = path
        _ = try centre.done(["catalogue", "export", path])
    }

    private func text(_ file: String) throws -> String {
        String(decoding: try TestFile.bytes(path + "/" + file), as: UTF8.self)
    }

    private func change(_ file: String, _ text: String, to other: String) throws {
        let old = try self.text(file)
        let new = old.replacing(text, with: other, maxReplacements: 1)
        guard new != old else { throw Child.Failure(description: "\(file) has no \(text)") }
        try TestFile.write(Array(new.utf8), to: path + "/" + file)
    }

    /// A card made as CR-1 is, with a rule of its own: no more than three victims.
    func addCard(_ code: String) throws {
        let card = try text("CR-1.json").replacing(
            "\"code\":\"CR-1\"", with: "\"code\":\"\(code)\"", maxReplacements: 1)
        try TestFile.write(Array(card.utf8), to: path + "/\(code).json")
        let example = try document(code, "zz-1", victims: 1, day: Today.text(daysAgo: 1))
        try change("examples.json", "\"examples\":[", to: "\"examples\":[\(example),")
        try change(
            "rules.json", "{\"code\":\"V001\"",
            to: """
                {"code":"X001","severity":"E","scope":"document","kinds":["\(code)"],"basis":"A",\
                "message":["too many","тым көп","слишком много"],\
                "remedy":["count again","қайта санаңыз","пересчитайте"],\
                "when":[{"if":["cmp","victims_count",">",3],"path":"victims_count"}]},
                {"code":"V001"
                """)
    }

    func breakReference() throws {
        try change("rules.json", "[\"cmp\",\"victims_count\",\">\",3]", to: "[\"cmp\",\"victims_counted\",\">\",3]")
    }

    func mendReference() throws {
        try change("rules.json", "[\"cmp\",\"victims_counted\",\">\",3]", to: "[\"cmp\",\"victims_count\",\">\",3]")
    }

    /// The program's example of CR-1 as a document of another card.
    func document(_ kind: String, _ id: String, victims: Int, day: String) throws -> String {
        let example = try Program.run(["catalogue", "show", "CR-1", "--example"])
        var members = try #require(
            JSONSerialization.jsonObject(with: Data(example.bytes)) as? [String: Any], "\(example)")
        members["form_code"] = kind
        members["doc_id"] = id
        members["doc_date"] = day
        members["victims_count"] = victims
        let bytes = try JSONSerialization.data(
            withJSONObject: members, options: [.sortedKeys, .withoutEscapingSlashes])
        return String(decoding: bytes, as: UTF8.self)
    }
}
