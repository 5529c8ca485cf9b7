import Foundation
import TestSupport
import Testing

extension ProcessTests {
    /// A territory that never has a line after it joined: its log and its receipts are carried by hand.
    @Suite(.serialized) struct Bundles {
        @Test func aTerritoryWithoutALineHearsAllItsNumbersByBundles() throws {
            let cluster = try TestCluster()
            let seat = try Self.joinWithoutLine(cluster, "KZ-75")
            let acknowledged = try Self.register(cluster, seat, seed: 1, count: 500)
            let files = try Self.export(seat, cluster.folder.path("kz.bundle"), maxSize: "64K")
            #expect(files.count >= 3, "a bounded size gives several files: \(files)")

            try Self.refusalsTakeNothing(cluster, seat, files)

            // Backwards: all but the first wait, and what lacks is named.
            let waiting = try cluster.centre.run(["bundle", "import", "--json"] + files.dropFirst().reversed())
            #expect(waiting.status == 2, "\(waiting)")
            #expect(try waiting.json["outcome"].text == "waits")
            #expect(try waiting.json["missing"].list.first?.list.first?.integer == 1)
            #expect(try cluster.centre.confirmed().isEmpty)
            // What waits is on the disk.
            cluster.centre.kill()
            try cluster.centre.start()
            let receipt = cluster.folder.path("kz.receipt")
            let taken = try cluster.centre.json(["bundle", "import", files[0], "--receipt", receipt])
            #expect(taken["outcome"].text == "taken")
            #expect(taken["missing"].list.isEmpty)
            #expect(try cluster.centre.json(["bundle", "status"])["staged"].list.isEmpty)

            // The receipt moves the frontier and brings the confirmed numbers; again, it changes nothing.
            #expect(try seat.confirmed().isEmpty)
            for _ in 1...2 { _ = try seat.done(["bundle", "import", receipt]) }
            #expect(try seat.status()["log"]["frontier"].integer == taken["frontier"].integer)
            try Self.compare(cluster, seat, acknowledged)

            // Every file again: an entry is counted once.
            #expect(try cluster.centre.run(["bundle", "import"] + files).status == 0)
            try Self.compare(cluster, seat, acknowledged)

            // The line comes at last, with more to send.
            seat.stop()
            seat.extra = []
            try seat.start()
            let more = try Self.register(cluster, seat, seed: 2, count: 150)
            try seat.waitForEmptyBacklog()
            let all = acknowledged.union(more)
            try untilTrue("\(seat.name) hears all confirmed numbers") { try seat.confirmed().count >= all.count }
            try Self.compare(cluster, seat, all)
            try Kills.nationalNumbersHaveNoGap(cluster.centre, documents: all.count)
        }

        @Test func whatTheLineBringsMeanwhileIsNotTakenTwice() throws {
            let cluster = try TestCluster()
            let seat = try Self.joinWithoutLine(cluster, "KZ-75")
            var acknowledged = try Self.register(cluster, seat, seed: 3, count: 400)
            let files = try Self.export(seat, cluster.folder.path("kz.bundle"), maxSize: "64K")
            #expect(try cluster.centre.run(["bundle", "import"] + files.dropFirst()).status == 2)
            #expect(try cluster.centre.json(["bundle", "status"])["staged"].list.count == 1)
            // The line brings what lacks: what waited is passed, and dropped.
            seat.stop()
            seat.extra = []
            try seat.start()
            acknowledged.formUnion(try Self.register(cluster, seat, seed: 4, count: 100))
            try seat.waitForEmptyBacklog()
            try untilTrue("nothing waits staged") {
                try cluster.centre.json(["bundle", "status"])["staged"].list.isEmpty
            }
            #expect(try cluster.centre.run(["bundle", "import"] + files).status == 0)
            try untilTrue("\(seat.name) hears all") { try seat.confirmed().count >= acknowledged.count }
            try Self.compare(cluster, seat, acknowledged)
            try Kills.nationalNumbersHaveNoGap(cluster.centre, documents: acknowledged.count)
        }

        @Test func aClosedEpochIsNamedAndAReceiptBringsTheNewOne() throws {
            let cluster = try TestCluster()
            let seat = try Self.joinWithoutLine(cluster, "KZ-75")
            let acknowledged = try Self.register(cluster, seat, seed: 5, count: 50)
            func path(_ name: String) -> String { cluster.folder.path(name) }
            _ = try seat.done(["bundle", "export", "--to", path("one")])
            // An earlier epoch opens until it is closed.
            #expect(try cluster.centre.json(["bundle", "rekey"])["epoch"].integer == 2)
            #expect(try cluster.centre.run(["bundle", "import", path("one"), "--dry-run"]).status == 0)
            #expect(try cluster.centre.json(["bundle", "rekey", "--close"])["open_from"].integer == 3)
            let refused = try cluster.centre.run(["bundle", "import", path("one")])
            #expect(refused.status == 1 && refused.errors.contains("epoch 1, which was closed"), "\(refused)")
            #expect(try cluster.centre.confirmed().isEmpty)

            _ = try cluster.centre.done(["bundle", "receipt", "--territory", "KZ-75", "--to", path("receipt-1")])
            _ = try seat.done(["bundle", "import", path("receipt-1")])
            #expect(try seat.json(["bundle", "status"])["epoch"].integer == 3)
            _ = try seat.done(["bundle", "export", "--to", path("two")])
            _ = try cluster.centre.done(["bundle", "import", path("two"), "--receipt", path("receipt-2")])
            _ = try seat.done(["bundle", "import", path("receipt-2")])
            try Self.compare(cluster, seat, acknowledged)
            let journal = try cluster.centre.json(["journal", "show", "--limit", "100"]).list
            let actions = Set(journal.compactMap { $0["action"].text })
            #expect(actions.isSuperset(of: ["bundle.rekeyed", "bundle.import", "bundle.receipt"]), "\(actions)")
            #expect(try seat.json(["journal", "show"]).list.contains { $0["action"].text == "bundle.export" })
        }

        // MARK: Parts

        /// Joined over the centre's line, then started with a line that leads nowhere.
        static func joinWithoutLine(_ cluster: TestCluster, _ territory: String) throws -> Seat {
            let seat = try cluster.join(territory, starting: false)
            seat.extra = ["--peer", "127.0.0.1:\(try Ports.free())"]
            try seat.start()
            return seat
        }

        static func register(_ cluster: TestCluster, _ seat: Seat, seed: Int, count: Int) throws -> Set<String> {
            let file = try cluster.generate("KZ-75", count: count, seed: seed)
            let receipts = file + ".receipts"
            _ = try seat.register(file, receipts: receipts)
            return Set(try Receipts.numbers(receipts))
        }

        static func export(_ seat: Seat, _ path: String, maxSize: String) throws -> [String] {
            let told = try seat.json(["bundle", "export", "--to", path, "--max-size", maxSize])
            return told["files"].list.compactMap(\.text)
        }

        static func compare(_ cluster: TestCluster, _ seat: Seat, _ acknowledged: Set<String>) throws {
            let comparison = try Confirmed(centre: cluster.centre, seat: seat, territory: "KZ-75")
            #expect(comparison.missing(from: acknowledged) == [])
            #expect(comparison.faults == [])
            #expect(Set(comparison.atCentre.keys) == acknowledged)
            #expect(Series.gaps(comparison.atCentre.keys) == [])
        }

        /// Each is named, with the place in the file; nothing of any of them, nor of the good file beside, is taken.
        static func refusalsTakeNothing(_ cluster: TestCluster, _ seat: Seat, _ files: [String]) throws {
            let centre = cluster.centre
            func refused(_ arguments: [String], _ sentence: String, at seat: Seat) throws {
                let result = try seat.run(["bundle", "import"] + arguments)
                #expect(result.status == 1 && result.errors.contains(sentence), "\(sentence): \(result)")
            }
            let flipped = cluster.folder.path("flipped")
            let good = try TestFile.bytes(files[0])
            for place in [9, 11, 27, 60, 150, good.count / 2, good.count - 3] {
                var bytes = good
                bytes[place] ^= 0x04
                try TestFile.write(bytes, to: flipped)
                let result = try centre.run(["bundle", "import", files[1], flipped])
                #expect(result.status == 1, "byte \(place): \(result)")
                #expect(result.errors.contains(flipped), "byte \(place) is named: \(result.errors)")
            }
            try TestFile.write(good.dropLast(10), to: flipped)
            try refused([flipped], "it ends before its frame does", at: centre)
            try TestFile.write(Array("no bundle at all".utf8), to: flipped)
            try refused([flipped], "no frame of a bundle", at: centre)

            // Of another cluster; at the wrong end.
            let other = try TestCluster()
            try refused([files[0]], "another cluster", at: other.centre)
            try refused([files[0]], "a territory takes receipts", at: seat)
            #expect(try centre.json(["bundle", "status"])["staged"].list.isEmpty)
            #expect(try centre.confirmed().isEmpty)
        }
    }
}
