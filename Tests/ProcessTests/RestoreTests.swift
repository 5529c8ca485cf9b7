import Foundation
import TestSupport
import Testing

extension ProcessTests {
    /// What comes back when a territory's directory is put back from a copy, or is lost (design §7).
    @Suite(.serialized) struct Restores {
        @Test func aShardRestoredFromYesterdaysCopyGetsTodaysEntriesBackAndGoesOn() throws {
            let house = try RestoreHouse(seed: 1)
            try house.registers("yesterday", 120)
            try house.isBackedUp()
            try house.registers("today", 90)
            try house.isRestored()
            try house.isSeatedAnew(2)
            try house.registers("after", 60)
            try house.seat.waitForEmptyBacklog()
            try house.everyNumberIsThereOnce()
            #expect(house.clerk.numbers.values.contains { $0.hasSuffix("-P2") }, "the second seat names itself")
        }

        @Test func aCopyPutBackGivesNoNumberUnderItsOldSeatAlsoWithoutALine() throws {
            let house = try RestoreHouse(seed: 5, throughLine: true)
            try house.registers("yesterday", 60)
            try house.isBackedUp()
            try house.registers("today", 40)
            house.line?.cut()
            try house.isRestored()
            let file = try house.file("at-once", 20)
            for _ in 1...2 {
                let refused = try house.seat.run(Clerk.words(file, attempt: 0))
                #expect(refused.status == 1 && refused.errors.contains("these files were copied here"), "\(refused)")
                #expect(
                    try house.seat.json(["node", "status"])["seating"]["next"].text?.contains("node moved") == true)
                // A restart changes nothing of it.
                house.seat.kill()
                try house.seat.start()
            }
            #expect(try house.seat.records().count == 60, "it shows what it has")
            let word = try house.seat.run(["node", "moved", "--sentence", "yes"])
            #expect(word.status == 1, "a node that runs is not spoken for: \(word)")
            try house.line?.mend()
            try house.isSeatedAnew(2)
            try untilTrue("it is taken", tries: 60) { try house.seat.run(Clerk.words(file, attempt: 0)).status == 0 }
            try house.take(file)
            try house.seat.waitForEmptyBacklog()
            try house.everyNumberIsThereOnce()
        }

        @Test func whatIsHandedInBeforeTheCentresFirstWordWaitsForIt() throws {
            let cluster = try TestCluster()
            let seat = try cluster.join("KZ-75")
            seat.stop()
            // A centre that hangs: its machine takes the connection, and nobody says a word.
            let centre = try #require(cluster.centre.node?.id)
            kill(centre, SIGSTOP)
            defer { kill(centre, SIGCONT) }
            try seat.start(isAwaited: false)
            try untilTrue("it answers: \(seat.log.suffix(2_000))") { try seat.run(["node", "status"]).status == 0 }
            let taken = try seat.register(try cluster.generate("KZ-75", count: 5, seed: 71))
            #expect(taken["accepted"].integer == 5, "\(taken)")
            #expect(seat.log.contains("numbers are given without the centre's word"), "\(seat.log.suffix(2_000))")
            kill(centre, SIGCONT)
            try seat.waitForEmptyBacklog()
        }

        @Test func aMovedDirectoryGoesOnUnderItsSeatOnItsOperatorsWord() throws {
            let house = try RestoreHouse(seed: 6)
            try house.registers("before", 30)
            house.seat.stop()
            let early = try house.seat.run(["node", "moved"])
            #expect(early.status == 1 && early.errors.contains("lie where they were written"), "\(early)")
            try house.isCopied()
            try house.isRestored(isNoticed: false)
            try house.registers("after", 30)
            try house.everyNumberIsThereOnce()
            #expect(house.clerk.numbers.values.allSatisfy { $0.hasSuffix("-P") }, "it is the seat it was")
        }

        @Test func whatARestoredShardWroteIsMovedUnderItsNewAuthor() throws {
            let house = try RestoreHouse(seed: 2, throughLine: true)
            try house.registers("yesterday", 100)
            try house.isBackedUp()
            try house.registers("today", 80)
            house.line?.cut()
            // As an image of the machine is put back: nobody can tell it yet, and these get numbers that stand on
            // other papers, too.
            try house.isRestored(isNoticed: false)
            let file = try house.file("unknowing", 50)
            let result = try house.seat.register(file)
            #expect(result["accepted"].integer == 50)
            try house.line?.mend()
            try house.isSeatedAnew(2)
            try house.registers("after", 40)
            try house.seat.waitForEmptyBacklog()
            try house.everyNumberIsThereOnce(also: 50)
            // Handed in again they are known: each by the number it has now.
            let again = try house.seat.run(
                ["register", "--kind", "auto", "--file", file, "--receipts", "\(file).again", "--json"])
            #expect(try again.json["duplicates"].integer == 50)
            let numbers = try Receipts.numbers("\(file).again")
            let atCentre = Set(try house.cluster.centre.confirmed().map(\.provisional))
            #expect(Set(numbers).count == 50)
            #expect(Set(numbers).isSubset(of: atCentre))
            #expect(numbers.allSatisfy { $0.hasSuffix("-P2") })
        }
    }
}

/// One centre and one territory, whose directory is copied and put back.
final class RestoreHouse {
    let cluster: TestCluster
    let seat: Seat
    let line: Line?
    private(set) var clerk = Clerk(territory: "KZ-75")
    private let seed: Int
    private var copy: String { cluster.folder.path("copy") }

    init(seed: Int, throughLine: Bool = false) throws {
        cluster = try TestCluster()
        self.seed = seed
        let port = Int(cluster.centreAddress.split(separator: ":").last ?? "") ?? 0
        line = throughLine ? try Line(to: port) : nil
        seat = try cluster.join("KZ-75", peer: line?.address)
    }

    func file(_ name: String, _ count: Int) throws -> String {
        let made = try cluster.generate(
            "KZ-75", count: count, seed: seed * 1_000 + name.utf8.reduce(0) { $0 + Int($1) })
        let file = cluster.folder.path(name + ".ndjson")
        try FileManager.default.moveItem(atPath: made, toPath: file)
        return file
    }

    /// Hands documents in, keeps every receipt, and waits until the centre holds them.
    func registers(_ name: String, _ count: Int) throws {
        let file = try file(name, count)
        try untilTrue("\(name) is taken", tries: 60) { try seat.run(Clerk.words(file, attempt: 0)).status == 0 }
        try clerk.take(file, attempt: 0)
        try seat.waitForEmptyBacklog()
    }

    func isBackedUp() throws {
        seat.stop()
        try isCopied()
        try seat.start()
    }

    func isCopied() throws {
        try? FileManager.default.removeItem(atPath: copy)
        try FileManager.default.copyItem(atPath: seat.directory, toPath: copy)
    }

    /// - Parameter isNoticed: false: the machine does not see that the files were copied, as where an image of all of
    ///   it is put back. An operator's word stands for that.
    func isRestored(isNoticed: Bool = true) throws {
        seat.stop()
        try FileManager.default.removeItem(atPath: seat.directory)
        try FileManager.default.copyItem(atPath: copy, toPath: seat.directory)
        if !isNoticed { try Self.isTakenForMoved(seat) }
        try seat.start()
    }

    static func isTakenForMoved(_ seat: Seat) throws {
        let asked = try seat.done(["node", "moved"]).output
        guard let sentence = asked.split(separator: "\"").dropFirst().first else {
            throw Child.Failure(description: "no sentence to type: \(asked)")
        }
        _ = try seat.done(["node", "moved", "--sentence", String(sentence)])
    }

    func take(_ file: String) throws { try clerk.take(file, attempt: 0) }

    /// Waits until the node serves under its new seat and has heard the centre.
    func isSeatedAnew(_ number: Int) throws {
        try untilTrue("seat \(number), heard: \(seat.log.suffix(3_000))", tries: 600) {
            let status = try seat.run(["node", "status", "--json"])
            let log = seat.log
            return status.status == 0 && log.contains("seat \(number): beginning anew")
                && log.contains("the centre has been heard")
        }
    }

    /// - Parameter also: documents that the clerk has no valid number of.
    func everyNumberIsThereOnce(also: Int = 0) throws {
        try untilTrue("\(seat.name) hears all confirmed numbers") {
            try seat.confirmed().count >= clerk.acknowledged.count + also
        }
        let comparison = try Confirmed(centre: cluster.centre, seat: seat, territory: "KZ-75")
        #expect(comparison.missing(from: clerk.acknowledged) == [])
        #expect(comparison.faults == [])
        #expect(comparison.atCentre.count == clerk.acknowledged.count + also)
        #expect(Series.gaps(comparison.atCentre.keys) == [])
        print("compared: \(comparison.atCentre.count) numbers, each once at the centre and at \(seat.name)")
    }
}

extension ProcessTests.Restores {
    @Test func aSecondCopyIsFencedAndSaysWhyAndWhatItTookAloneIsAdopted() throws {
        let house = try RestoreHouse(seed: 3)
        try house.registers("before", 40)
        try house.isBackedUp()
        try house.registers("after", 30)
        // The copy runs where nobody reaches the centre, and takes documents of its own.
        let clone = try house.clone()
        try RestoreHouse.isTakenForMoved(clone)
        clone.extra = ["--peer", "127.0.0.1:1"]
        try clone.start()
        let file = try house.file("elsewhere", 25)
        #expect(try clone.register(file)["accepted"].integer == 25)
        clone.stop()
        clone.extra = []
        try clone.start()
        try untilTrue("the copy is fenced: \(clone.log.suffix(1_500))") {
            let status = try clone.run(["node", "status", "--json"])
            return try status.status == 0 && status.json["seating"]["state"].text == "fenced"
        }
        let status = try clone.json(["node", "status"])
        #expect(status["state"].text == "read-only")
        #expect(status["seating"]["sentence"].text?.contains("another copy") == true, "\(status)")
        #expect(status["seating"]["next"].text?.contains("esep node adopt") == true, "\(status)")
        #expect(try clone.run(Clerk.words(try house.file("refused", 5), attempt: 0)).status != 0)
        #expect(try clone.records().count == 65, "it shows what it has")
        clone.stop()
        // The first one notices nothing of it, and takes over what the copy holds alone.
        try house.registers("later", 20)
        house.seat.stop()
        let place = ["--data", house.seat.directory, "--json"]
        // Two names of one way; what is sealed to the centre is no such way.
        let words = ["bundle", "import", "--adopt", clone.directory] + place
        let sealed = try Program.run(["bundle", "import", "--adopt", file] + place)
        #expect(sealed.status == 1 && sealed.errors.contains("whole directory of the fenced copy"), "\(sealed)")
        let trial = try Program.run(["node", "adopt", clone.directory] + place + ["--dry-run"])
        #expect(trial.status == 0, "\(trial)")
        let adopted = try Program.run(words)
        #expect(try adopted.json["entries"].integer == trial.json["entries"].integer, "\(adopted)")
        let again = try Program.run(words)
        #expect(try again.json["entries"].integer == 0, "each is taken over once: \(again)")
        try house.seat.start()
        try untilTrue("all is moved") {
            try house.seat.json(["node", "status"])["seating"]["waiting"].integer ?? 0 == 0
        }
        try house.seat.waitForEmptyBacklog()
        try house.everyNumberIsThereOnce(also: 25)
        let moved = try house.seat.run(Clerk.words(file, attempt: 9))
        #expect(try moved.json["duplicates"].integer == 25, "\(moved)")
    }

    @Test func aLostDiskIsRebuiltWholeFromTheCentre() throws {
        let house = try RestoreHouse(seed: 4)
        try house.registers("held", 150)
        let before = Set(try house.cluster.centre.confirmed().map(\.provisional))
        let rebuilt = try house.isLostAndRebuilt()
        try untilTrue("it is whole: \(rebuilt.log.suffix(2_000))", tries: 300) {
            let status = try rebuilt.run(["node", "status", "--json"])
            return try status.status == 0 && status.json["seating"]["state"].text == "restored"
        }
        try untilTrue("it has the confirmed numbers") { try rebuilt.confirmed().count >= before.count }
        #expect(Set(try rebuilt.confirmed().map(\.provisional)) == before)
        // What is sealed opens with keys that came back, and a repeat gets the number it had.
        let receipts = house.cluster.folder.path("again")
        let again = try rebuilt.run(
            [
                "register", "--kind", "auto", "--file", house.cluster.folder.path("held.ndjson"), "--receipts",
                receipts, "--json",
            ])
        #expect(try again.json["duplicates"].integer == 150, "\(again)")
        #expect(Set(try Receipts.numbers(receipts)) == house.clerk.acknowledged)
        let shown = try rebuilt.json(["record", "show", try #require(before.sorted().first)])
        #expect(!shown["fields"].names.isEmpty)
        let centre = try house.cluster.centre.status()["territories"][0]
        #expect(centre["seating"]["state"].text == "restored", "\(centre)")
    }
}

extension RestoreHouse {
    /// The copy, as a node of its own.
    func clone() throws -> Seat {
        let directory = cluster.folder.path("clone")
        try FileManager.default.copyItem(atPath: cluster.folder.path("copy"), toPath: directory)
        return Seat(name: "clone", directory: directory)
    }

    /// The directory is gone; a node on a bare disk joins in its place and is started.
    func isLostAndRebuilt() throws -> Seat {
        seat.kill()
        try FileManager.default.removeItem(atPath: seat.directory)
        let rebuilt = Seat(name: "kz-75-2", directory: cluster.folder.path("kz-75-2"))
        let joined = try Program.run(
            ["node", "join", "--rebuild", "--token", try cluster.token("KZ-75"), "--data", rebuilt.directory])
        guard joined.status == 0 else { throw Child.Failure(description: "\(joined)") }
        try rebuilt.start()
        return rebuilt
    }
}
