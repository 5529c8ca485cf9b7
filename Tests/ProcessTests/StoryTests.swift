import TestSupport
import Testing

extension ProcessTests {
    /// The main job, end to end.
    @Suite(.serialized) struct Story {
        /// Enough that some people with a changed surname stand in the cards of both territories.
        static let cards = 2500

        @Test func territoriesRegisterAloneAndTheCentreMergesAccountsAndAnswers() throws {
            let cluster = try TestCluster()
            let line = try Line(to: Int(cluster.centreAddress.split(separator: ":")[1]) ?? 0)
            let east = try cluster.join("KZ-75", peer: line.address)
            let west = try cluster.join("KZ-10")
            let files = [
                "KZ-75": try cluster.generate("KZ-75", count: Self.cards, seed: 7),
                "KZ-10": try cluster.generate("KZ-10", count: Self.cards, seed: 7),
            ]

            var receipts: [String: [String]] = [:]
            for (territory, seat) in [("KZ-75", east), ("KZ-10", west)] {
                receipts[territory] = try Self.registerTwice(seat, files[territory] ?? "")
                try seat.waitForEmptyBacklog()
            }
            for (territory, seat) in [("KZ-75", east), ("KZ-10", west)] {
                try Self.everyNumberIsConfirmed(cluster.centre, seat, territory, receipts[territory] ?? [])
            }
            try Self.aPersonIsFound(cluster.centre, west, in: [files["KZ-75"] ?? "", files["KZ-10"] ?? ""])
            let documents = try TestFile.lines(files["KZ-75"] ?? "").map { try Reading($0) }
            let position = try #require(documents.firstIndex { $0["form_code"].text == "CR-1" })
            try Self.bothSidesCorrect(cluster.centre, east, line, number: (receipts["KZ-75"] ?? [])[position])
            try Self.reportsAreTheSameTwice(cluster.centre)
            #expect(try cluster.centre.json(["account", "count"]).names.isEmpty == false)
        }

        /// Registers a file twice.
        /// - Returns: the number of each line, the same both times.
        static func registerTwice(_ seat: Seat, _ file: String) throws -> [String] {
            let count = try TestFile.lines(file).count
            let first = try seat.register(file, receipts: file + ".first")
            #expect(first["accepted"].integer == count)
            #expect(first["rejected"].integer == 0)
            #expect(first["duplicates"].integer == 0)
            let again = try seat.register(file, receipts: file + ".again")
            #expect(again["accepted"].integer == 0)
            #expect(again["duplicates"].integer == count)
            let numbers = try Receipts.numbers(file + ".first")
            #expect(numbers.count == count)
            #expect(Set(numbers).count == count, "a number was given to two documents")
            #expect(try Receipts.numbers(file + ".again") == numbers, "a repeat got other numbers")
            return numbers
        }

        /// Every acknowledged number has its confirmed number at the centre, once, and the territory knows it.
        static func everyNumberIsConfirmed(
            _ centre: Seat, _ seat: Seat, _ territory: String, _ acknowledged: [String]
        ) throws {
            try untilTrue("\(seat.name) hears all confirmed numbers") {
                try seat.confirmed().count >= acknowledged.count
            }
            let comparison = try Confirmed(centre: centre, seat: seat, territory: territory)
            #expect(comparison.missing(from: acknowledged) == [])
            #expect(comparison.faults == [])
        }

        static func aPersonIsFound(_ centre: Seat, _ territory: Seat, in files: [String]) throws {
            let person = try #require(
                try People.inBothWithPreviousName(files), "nobody is linked over both territories")
            let grounds = ["--basis", "case 1-11", "--purpose", "a test of the search"]
            let byNumber = try centre.json(["person", "find", "--iin", person.iin] + grounds)
            let found = byNumber["subjects"].list.flatMap { $0["records"].list }
            #expect(Set(found.compactMap { $0["territory"].text }) == ["KZ-10", "KZ-75"])
            #expect(byNumber["freshness"].list.count == 2)

            let byName = try centre.json(
                ["person", "find", "--surname", person.previousSurname, "--name", person.name, "--birth", person.birth]
                    + grounds)
            #expect(byName["subjects"].list.contains { $0["iin"].text == person.iin })

            // Through a territory: the same answer, and nothing of it stays there.
            let through = try territory.json(["person", "find", "--iin", person.iin] + grounds)
            let numbers = through["subjects"].list.flatMap { $0["records"].list }.compactMap { $0["number"].text }
            #expect(Set(numbers) == Set(found.compactMap { $0["number"].text }))

            let refused = try centre.run(["person", "find", "--iin", person.iin])
            #expect(refused.status == 64, "a search without basis and purpose: \(refused)")
            let journal = try centre.json(["journal", "show", "--action", "person.find", "--limit", "20"])
            // Three questions were answered; the one without grounds was not even asked.
            #expect(journal.list.filter { $0["purpose"].text == "a test of the search" }.count == 3, "\(journal)")
            #expect(journal.list.allSatisfy { $0["basis"].text == "case 1-11" }, "\(journal)")
            #expect(!"\(journal)".contains(person.iin), "the journal names people by subject numbers alone")
        }

        static func bothSidesCorrect(_ centre: Seat, _ seat: Seat, _ line: Line, number: String) throws {
            line.cut()
            _ = try seat.done(["record", "correct", number, "--set", "victims_count=3", "--reason", "ERR"])
            _ = try centre.done(["record", "correct", number, "--set", "victims_count=5", "--reason", "ERR"])
            #expect(try seat.backlog() ?? 0 > 0, "the cut line carried the correction all the same")
            try line.mend()
            try seat.waitForEmptyBacklog()

            func values() throws -> [Int] {
                try centre.json(["discrepancy", "list"])["discrepancies"].list
                    .filter { $0["provisional"].text == number && $0["field"].text == "victims_count" }
                    .flatMap { $0["values"].list.compactMap { $0["value"].integer } }
            }
            try untilTrue("the centre lists the discrepancy of \(number)") { try values().count == 2 }
            #expect(try Set(values()) == [3, 5])
            try untilTrue("the territory hears the centre's value") {
                try seat.json(["record", "show", number])["discrepancies"].list.count == 1
            }
            _ = try centre.done([
                "discrepancy", "resolve", number, "--field", "victims_count", "--value", "5", "--reason", "ERR",
            ])
            #expect(try values() == [])
            try untilTrue("the territory hears of the resolution") {
                let record = try seat.json(["record", "show", number])
                return record["fields"]["victims_count"].integer == 5 && record["discrepancies"].list.isEmpty
            }
        }

        static func reportsAreTheSameTwice(_ centre: Seat) throws {
            for form in ["1-M", "1-AD", "DTP-1"] {
                func run(_ format: String) throws -> Program.Result {
                    try centre.done(["report", "run", form, "--period", Today.month, "--format", format])
                }
                // Only the JSON carries the ages of what it rests on, and they grow while we look.
                #expect(try run("csv").bytes == run("csv").bytes, "\(form) printed twice gives two texts")
                let (first, second) = (try run("json").json, try run("json").json)
                #expect("\(first["figures"])" == "\(second["figures"])" && first["figures"].list.isEmpty == false)
                #expect(first["position"].integer == second["position"].integer)
                let figures = first["figures"].list
                #expect(figures.contains { ($0["value"].number ?? 0) > 0 }, "\(form) counts nothing")
                #expect(Set(figures.compactMap { $0["territory"].text }).isSuperset(of: ["KZ-75", "KZ-10"]))
                let kazakh = try centre.done([
                    "report", "run", form, "--period", Today.month, "--language", "kk", "--json",
                ]).json
                #expect(
                    kazakh["figures"].list.compactMap { $0["label"].text } != figures.compactMap { $0["label"].text })
                let values = figures.map { "\($0["indicator"]) \($0["value"])" }
                #expect(kazakh["figures"].list.map { "\($0["indicator"]) \($0["value"])" } == values)
            }
        }
    }
}
