import TestSupport
import Testing

extension ProcessTests {
    @Suite(.serialized) struct BadInput {
        /// Each bad document by HTTP, one at a time: refused with its code, a message and a remedy; the node goes on.
        @Test func badDocumentsAreRefusedOneByOneWithTheirCodes() throws {
            let cluster = try TestCluster()
            let seat = try cluster.join("KZ-75")
            let valid = try TestFile.lines(try cluster.generate("KZ-75", count: 30, seed: 41, kind: "CR-1"))
            for bad in try BadDocument.all(from: valid[0]) {
                let answer = try RawHTTP.exchange(socket: seat.socket, "POST", "/v1/documents", body: bad.bytes)
                let problem = try answer.json
                let told = problem["problems"].list
                if bad.code == "J002" {
                    // A single body this long is not even read: the limit stands in HTTP's own words.
                    #expect(answer.status == 413, "\(bad.name): \(problem)")
                    #expect(problem["code"].text == "too-large", "\(bad.name): \(problem)")
                } else {
                    #expect(answer.status == 422, "\(bad.name): \(problem)")
                    #expect(
                        told.contains { $0["code"].text == bad.code }, "\(bad.name), wanted \(bad.code): \(problem)")
                    #expect(told.allSatisfy { $0["message"].text?.isEmpty == false }, "\(bad.name): \(problem)")
                    #expect(told.allSatisfy { $0["remedy"].text?.isEmpty == false }, "\(bad.name): \(problem)")
                }
                #expect(problem["definite"].flag == true, "\(bad.name): nothing was stored, and that is told")
            }
            try Self.goesOn(cluster, seat, valid[1])
        }

        /// The same among good ones in one file: the good are registered, the bad land beside with their reasons.
        @Test func anImportKeepsTheGoodAndSetsTheBadAside() throws {
            let cluster = try TestCluster()
            let seat = try cluster.join("KZ-75")
            let valid = try TestFile.lines(try cluster.generate("KZ-75", count: 60, seed: 42, kind: "CR-1"))
            let bad = try BadDocument.all(from: valid[0])
            var file: [UInt8] = []
            var codes: [Int: BadDocument] = [:]
            for (index, document) in valid.enumerated() {
                file += document + [0x0A]
                if index < bad.count {
                    codes[index * 2 + 2] = bad[index]
                    file += bad[index].bytes + [0x0A]
                }
            }
            let path = cluster.folder.path("mixed.ndjson")
            try TestFile.write(file, to: path)
            let result = try seat.run(["register", "--kind", "auto", "--file", path, "--json"])
            #expect(result.status == 2, "\(result)")
            #expect(try result.json["accepted"].integer == valid.count)
            #expect(try result.json["rejected"].integer == bad.count)
            let rejects = try TestFile.lines(path + ".rejected.ndjson").map { try Reading($0) }
            #expect(rejects.count == bad.count)
            for reject in rejects {
                let wanted = codes[reject["line"].integer ?? 0]
                let told = [reject["code"].text] + reject["problems"].list.map { $0["code"].text }
                #expect(told.contains(wanted?.code), "\(wanted?.name ?? "no such line"): \(told)")
                #expect(reject["message"].text?.isEmpty == false && reject["remedy"].text?.isEmpty == false)
                #expect(reject["document"].exists)
            }
            try seat.waitForEmptyBacklog()
            try untilTrue("the centre confirms the good ones") { try cluster.centre.confirmed().count == valid.count }
        }

        /// V014 on a real node: a file that differs from its totals leaves nothing behind, one that agrees is taken.
        @Test func aBatchThatDiffersFromItsTotalsIsNotTaken() throws {
            let cluster = try TestCluster()
            let seat = try cluster.join("KZ-75")
            let path = try cluster.generate("KZ-75", count: 20, seed: 44)
            let refused = try seat.run([
                "register", "--kind", "auto", "--file", path, "--control", "documents=21", "--json",
            ])
            #expect(refused.status == 1, "\(refused)")
            #expect(refused.errors.contains("documents: 21 declared, 20 counted"), "\(refused)")
            #expect(refused.errors.contains("V014"), "\(refused)")
            #expect(try seat.json(["cluster", "status"])["log"]["last"].integer ?? 0 < 20, "something was registered")
            let taken = try seat.run([
                "register", "--kind", "auto", "--file", path, "--control", "documents=20", "--json",
            ])
            #expect(taken.status == 0, "\(taken)")
            #expect(try taken.json["accepted"].integer == 20)
        }

        /// An upload that breaks off in the middle of a document: what was whole counts, the torn one does not.
        @Test func aTruncatedStreamLosesNothingAndInventsNothing() throws {
            let cluster = try TestCluster()
            let seat = try cluster.join("KZ-75")
            let path = try cluster.generate("KZ-75", count: 300, seed: 43)
            let bytes = try TestFile.bytes(path)
            let connection = try RawSocket(path: seat.socket)
            let head =
                "POST /v1/documents HTTP/1.1\r\nHost: node\r\nContent-Type: application/x-ndjson\r\n"
                + "Content-Length: \(bytes.count)\r\n\r\n"
            let cut = bytes.count * 2 / 3
            connection.send(Array(head.utf8) + bytes[..<cut])
            connection.finishSending()
            let heard = String(decoding: connection.receiveAll().bytes, as: UTF8.self)
            let numbers = Self.numbers(in: heard)
            let whole = bytes[..<cut].count { $0 == 0x0A }

            let again = try seat.register(path, receipts: path + ".receipts")
            let duplicates = again["duplicates"].integer ?? -1
            #expect(duplicates <= whole, "a torn document was registered")
            #expect(duplicates >= numbers.count, "an acknowledged document is gone")
            #expect(again["accepted"].integer == 300 - duplicates)
            #expect(again["rejected"].integer == 0)
            #expect(try Set(Receipts.numbers(path + ".receipts")).isSuperset(of: numbers))
            #expect(Series.gaps(try Receipts.numbers(path + ".receipts")) == [])
        }

        /// Requests that are no requests, on the node's own socket.
        @Test func brokenHTTPIsAnsweredOrClosedAndTheNodeGoesOn() throws {
            let cluster = try TestCluster()
            let seat = try cluster.join("KZ-75")
            let noise = (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 >> 5) }
            let attacks: [(name: String, bytes: [UInt8])] = [
                ("noise", noise),
                (
                    "an endless header",
                    Array("GET /v1/status HTTP/1.1\r\nX: \(String(repeating: "y", count: 1 << 16))".utf8)
                ),
                ("an endless path", Array("GET /\(String(repeating: "a", count: 1 << 16)) HTTP/1.1\r\n\r\n".utf8)),
                (
                    "a negative length",
                    Array("POST /v1/documents HTTP/1.1\r\nHost: n\r\nContent-Length: -5\r\n\r\n".utf8)
                ),
                (
                    "a broken chunk",
                    Array("POST /v1/documents HTTP/1.1\r\nHost: n\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n".utf8)
                ),
            ]
            for attack in attacks {
                let connection = try RawSocket(path: seat.socket)
                connection.send(attack.bytes)
                connection.finishSending()
                let answer = connection.receiveAll()
                #expect(answer.isClosed, "\(attack.name): the connection stays open")
                let status = String(decoding: answer.bytes.prefix(12), as: UTF8.self)
                #expect(!status.hasPrefix("HTTP/1.1 2"), "\(attack.name): \(status)")
            }
            for (method, target, status) in [("GET", "/v1/nowhere", 404), ("DELETE", "/v1/documents", 405)] {
                let answer = try RawHTTP.exchange(socket: seat.socket, method, target)
                #expect(answer.status == status)
                #expect(try answer.json["detail"].text?.isEmpty == false)
            }
            let valid = try TestFile.lines(try cluster.generate("KZ-75", count: 1, seed: 44))
            try Self.goesOn(cluster, seat, valid[0])
        }

        /// A good document is taken and confirmed after all that.
        static func goesOn(_ cluster: TestCluster, _ seat: Seat, _ document: [UInt8]) throws {
            let answer = try RawHTTP.exchange(socket: seat.socket, "POST", "/v1/documents", body: document)
            let number = try #require(try answer.json["number"].text, "\(answer)")
            try untilTrue("\(number) is confirmed") {
                try cluster.centre.confirmed().contains { $0.provisional == number }
            }
        }

        private static func numbers(in answer: String) -> [String] {
            answer.split(separator: "\"number\":\"").dropFirst().compactMap { part in
                part.firstIndex(of: "\"").map { String(part[..<$0]) }
            }
        }
    }
}
