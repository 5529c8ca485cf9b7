import Foundation
import TestSupport
import Testing

extension ProcessTests {
    @Suite(.serialized) struct Disk {
        /// Single documents of a kind, whole and valid, each on its own.
        static func documents(_ cluster: TestCluster, _ territory: String, count: Int, seed: Int) throws -> [[UInt8]] {
            try TestFile.lines(try cluster.generate(territory, count: count, seed: seed))
        }

        static func submit(_ seat: Seat, _ document: [UInt8]) throws -> RawHTTP {
            do {
                return try RawHTTP.exchange(socket: seat.socket, "POST", "/v1/documents", body: document)
            } catch {
                throw Child.Failure(description: "\(error); \(seat.name)'s log: \(seat.log.suffix(2000))")
            }
        }

        /// With `synchronous=NORMAL` this counts none: what the pool would set if nobody looked.
        @Test func everyAcknowledgedDocumentWasSynced() throws {
            guard let shim = try SyncShim() else { return }
            let cluster = try TestCluster()
            let seat = try cluster.join("KZ-75", starting: false)
            // Without a centre nothing but intake writes.
            cluster.centre.stop()
            seat.environment = shim.environment
            try seat.start()
            let documents = try Self.documents(cluster, "KZ-75", count: 50, seed: 3)
            let before = shim.storeSyncs
            for document in documents {
                let answer = try Self.submit(seat, document)
                #expect(answer.status < 300, "\(String(decoding: answer.body, as: UTF8.self))")
            }
            let spent = Int(shim.storeSyncs - before)
            print("syncs of the store for \(documents.count) documents, one at a time: \(spent)")
            #expect(spent >= documents.count, "a number was given before its document was synced")
            #expect(spent <= documents.count * 2, "more than one commit a document")

            let group = try cluster.generate("KZ-75", count: 2000, seed: 4)
            let start = shim.storeSyncs
            #expect(try seat.register(group)["accepted"].integer == 2000)
            let grouped = Int(shim.storeSyncs - start)
            print("syncs of the store for 2000 documents in a stream: \(grouped)")
            #expect(grouped >= 1 && grouped < 1000, "documents of a stream share commits")
        }

        @Test func aFailedSyncStopsTheNodeAndIsNeverRetried() throws {
            guard let shim = try SyncShim() else { return }
            let cluster = try TestCluster()
            let seat = try cluster.join("KZ-75", starting: false)
            seat.environment = shim.environment
            try seat.start()
            let documents = try Self.documents(cluster, "KZ-75", count: 12, seed: 5)
            var acknowledged: [String] = []
            for document in documents.dropLast(2) {
                acknowledged.append(try #require(try Self.submit(seat, document).json["number"].text))
            }
            try seat.waitForEmptyBacklog()
            shim.failNext()
            // Whatever the client hears, it must not be a number. The connection may just end.
            let answer = try? Self.submit(seat, documents[10])
            #expect(shim.hasFailed)
            #expect((answer?.status ?? 500) >= 500, "a number was given although the sync had failed")
            let status = try #require(
                seat.node?.end(seconds: 30), "the node went on after a failed sync: \(seat.log.suffix(2000))")
            #expect(status == 1)
            #expect(seat.log.contains("the disk failed to sync"), "\(seat.log.suffix(2000))")
            #expect(shim.syncsAfterFailure == 0, "the failed sync was tried again")
            #expect(shim.bytesAfterFailure == 0, "the log was written on after the failed sync")

            seat.environment = [:]
            try seat.start()
            for (number, document) in zip(acknowledged, documents) {
                let again = try Self.submit(seat, document).json
                #expect(again["number"].text == number && again["repeat"].flag == true)
            }
            #expect(try Self.submit(seat, documents[10]).json["number"].exists)
            try seat.waitForEmptyBacklog()
            #expect(try Set(cluster.centre.confirmed().map(\.provisional)).isSuperset(of: acknowledged))
        }

        @Test func aFullDiskRefusesDocumentsServesReadsAndRecovers() throws {
            guard let disk = try SmallDisk(megabytes: 64) else { return }
            let cluster = try TestCluster()
            let seat = try cluster.join("KZ-75", directory: disk.path + "/kz-75-1")
            let documents = try Self.documents(cluster, "KZ-75", count: 4000, seed: 6)
            let first = try #require(try Self.submit(seat, documents[0]).json["number"].text)
            try seat.waitForEmptyBacklog()
            try disk.fill()

            var numbers = [first]
            var refusal: RawHTTP?
            for document in documents.dropFirst() {
                let answer = try Self.submit(seat, document)
                guard answer.status < 300 else {
                    refusal = answer
                    break
                }
                numbers.append(try #require(try answer.json["number"].text))
            }
            let problem = try #require(try refusal?.json, "a full disk refused nothing")
            #expect(refusal?.status == 507)
            #expect(problem["code"].text == "read-only")
            #expect(problem["definite"].flag == true, "nothing was stored, and the sender must know that")
            #expect((problem["detail"].text ?? "").lowercased().contains("full"))
            #expect((problem["remedy"].text ?? "").isEmpty == false)

            // Reads are served, and the node says what is wrong with it.
            #expect(try seat.records().contains { $0["provisional"].text == first })
            #expect(try seat.status()["territory"].text == "KZ-75")
            // A record names people: no look at it without an access entry, and the entry has no room either.
            let look = try seat.run(["record", "show", first])
            #expect(look.status == 0 || look.errors.lowercased().contains("full"), "\(look)")
            let state = try seat.json(["node", "status"])
            #expect(state["state"].text == "read-only", "\(state)")

            disk.free()
            try untilTrue("the node sees the space") { try seat.json(["node", "status"])["state"].text != "read-only" }
            try untilTrue("documents are taken again") {
                let answer = try Self.submit(seat, documents[numbers.count])
                if answer.status < 300, let number = try answer.json["number"].text { numbers.append(number) }
                return answer.status < 300
            }
            #expect(Series.gaps(numbers) == [], "a refused document used up a number")
            try seat.waitForEmptyBacklog()
            try untilTrue("the centre confirms all") {
                try Set(cluster.centre.confirmed().map(\.provisional)) == Set(numbers)
            }
            #expect(seat.stop() == 0)
        }
    }
}

/// A file system of a few megabytes in memory, mounted for one test.
final class SmallDisk {
    private let folder: TemporaryFolder
    let path: String

    /// nil, with the reason printed, where this user may not mount.
    init?(megabytes: Int) throws {
        folder = try TemporaryFolder()
        path = folder.path("disk")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard mount("tmpfs", path, "tmpfs", 0, "size=\(megabytes)m") == 0 else {
            print("skipped: a small disk cannot be mounted here (\(String(cString: strerror(errno)))); run as root")
            return nil
        }
    }

    private var filler: String { path + "/filler" }

    /// Takes all the space that is left but a page or two.
    func fill() throws {
        let descriptor = open(filler, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        defer { close(descriptor) }
        let page = [UInt8](repeating: 0x46, count: 4096)
        while write(descriptor, page, page.count) == page.count {}
        guard errno == ENOSPC else { throw Child.Failure(description: "the disk did not fill: \(errno)") }
    }

    func free() {
        unlink(filler)
    }

    deinit {
        // Lazily: a node that hangs must not keep the mount for ever.
        umount2(path, Int32(MNT_DETACH))
    }
}
