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

        @Test func whatARestoredShardWroteIsMovedUnderItsNewAuthor() throws {
            let house = try RestoreHouse(seed: 2, throughLine: true)
            try house.registers("yesterday", 100)
            try house.isBackedUp()
            try house.registers("today", 80)
            house.line?.cut()
            try house.isRestored()
            // Nobody can tell it yet: these get numbers that stand on other papers, too.
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
        try? FileManager.default.removeItem(atPath: copy)
        try FileManager.default.copyItem(atPath: seat.directory, toPath: copy)
        try seat.start()
    }

    func isRestored() throws {
        seat.stop()
        try FileManager.default.removeItem(atPath: seat.directory)
        try FileManager.default.copyItem(atPath: copy, toPath: seat.directory)
        try seat.start()
    }

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
