import Foundation
import Node
import Records
import Roles
import Storage
import TestSupport
import Testing
import Uplink

/// Files that were copied are told from files that lie where they were written, by the machine alone.
@Suite struct PlaceMarkTests {
    private static let seat = TerritorySeat(
        cluster: [UInt8](repeating: 3, count: 16), territory: "KZ-75", author: AuthorNumber(4), seat: 1)

    private let folder: TemporaryFolder
    private let own: String

    init() throws {
        folder = try TemporaryFolder()
        own = folder.path("own")
        try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: false)
    }

    /// One start of a node over a directory: whether its files lie in their place.
    private func start(
        _ directory: String, as seat: TerritorySeat = seat, after formers: [FormerLog] = []
    ) throws -> Bool {
        let store = try TerritoryStore(path: directory + "/store.sqlite", seat: seat, formers: formers)
        defer { try? store.close() }
        return try PlaceMark(directory: NodeDirectory(directory)).renew(in: store)
    }

    /// As `cp -a` would: contents and times, under other inodes.
    private func copy(_ from: String, to: String, over isOver: Bool = false) throws {
        let manager = FileManager.default
        if !isOver { try manager.createDirectory(atPath: to, withIntermediateDirectories: false) }
        for name in try manager.contentsOfDirectory(atPath: from) {
            let (source, target) = (from + "/" + name, to + "/" + name)
            let bytes = try Data(contentsOf: URL(fileURLWithPath: source))
            if manager.fileExists(atPath: target) {
                // Overwritten in place: the inode stays.
                let file = try FileHandle(forWritingTo: URL(fileURLWithPath: target))
                try file.truncate(atOffset: 0)
                try file.write(contentsOf: bytes)
                try file.close()
            } else {
                try bytes.write(to: URL(fileURLWithPath: target))
            }
            let times = try manager.attributesOfItem(atPath: source)
            try manager.setAttributes([.modificationDate: times[.modificationDate] as Any], ofItemAtPath: target)
        }
    }

    @Test func startsInOnePlaceFindItTheSame() throws {
        for _ in 1...4 { #expect(try start(own)) }
    }

    @Test func eachCopyHasANameOfItsOwnThatStays() throws {
        func name(_ directory: String) throws -> String? {
            let store = try TerritoryStore(path: directory + "/store.sqlite", seat: Self.seat)
            defer { try? store.close() }
            return try PlaceMark(directory: NodeDirectory(directory)).nameOfCopy(of: store)
        }
        #expect(try start(own))
        #expect(try name(own) == nil, "where it was written it needs none")
        let copies = [folder.path("one"), folder.path("two")]
        for path in copies { try copy(own, to: path) }
        let names = try copies.map { try name($0) }
        #expect(names[0] != nil && names[1] != nil && names[0] != names[1])
        for path in copies { #expect(try !start(path)) }
        #expect(try copies.map { try name($0) } == names)
    }

    @Test func aCopyWithAllItsTimesIsSeenAtEveryStartOfIt() throws {
        #expect(try start(own))
        let other = folder.path("other")
        try copy(own, to: other)
        for _ in 1...2 { #expect(try !start(other)) }
        #expect(try start(own), "the original is not touched by it")
    }

    @Test func aCopyPutBackInPlaceOfTheOriginalIsSeen() throws {
        #expect(try start(own))
        let kept = folder.path("kept")
        try copy(own, to: kept)
        #expect(try start(own))
        try FileManager.default.removeItem(atPath: own)
        try copy(kept, to: own)
        #expect(try !start(own))
    }

    @Test func aCopyWrittenOverTheOriginalIsSeenOnceTheNodeHasStartedAgain() throws {
        #expect(try start(own))
        let kept = folder.path("kept")
        try copy(own, to: kept)
        #expect(try start(own))
        try copy(kept, to: own, over: true)
        #expect(try !start(own))
    }

    @Test func aStartThatEndedBetweenItsStepsIsNoCopy() throws {
        #expect(try start(own))
        // What a start leaves that ended before its last step: the new file has not got its name yet.
        try FileManager.default.moveItem(atPath: own + "/place", toPath: own + "/place.next")
        #expect(try start(own))
        // And before the one before: the new file is there, and the store knows the one of before.
        try Data("new".utf8).write(to: URL(fileURLWithPath: own + "/place.next"))
        #expect(try start(own))
    }

    @Test func ofANewSeatThatWasNotBegunYetACopyIsSeenAndTheFilesThatTookItAreNot() throws {
        #expect(try start(own))
        let taken = folder.path("taken")
        try copy(own, to: taken)
        #expect(try !start(taken))
        let store = try TerritoryStore(path: taken + "/store.sqlite", seat: Self.seat)
        try PlaceMark(directory: NodeDirectory(taken)).make(in: store)
        try store.close()
        let other = folder.path("other")
        try copy(taken, to: other)
        var seat = Self.seat
        (seat.author, seat.seat) = (AuthorNumber(9), 2)
        let formers = [FormerLog(author: 4, seat: 1, last: 0, told: 0)]
        #expect(try start(taken, as: seat, after: formers))
        #expect(try !start(other, as: seat, after: formers))
    }

    @Test func anOperatorsWordIsForTheFilesAsTheyLieNow() throws {
        #expect(try start(own))
        let other = folder.path("other")
        try copy(own, to: other)
        #expect(try !start(other))
        let store = try TerritoryStore(path: other + "/store.sqlite", seat: Self.seat)
        try store.keep(nil)
        try store.close()
        #expect(try start(other))
        let third = folder.path("third")
        try copy(other, to: third)
        #expect(try !start(third))
    }
}
