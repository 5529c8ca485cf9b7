import Foundation
import TestSupport
import Testing

extension ProcessTests {
    @Suite(.serialized) struct Joining {
        static func join(_ token: String, _ directory: String, peer: String? = nil) throws -> Program.Result {
            try Program.run(
                ["node", "join", "--token", token, "--data", directory] + (peer.map { ["--peer", $0] } ?? []))
        }

        static func expectRefused(_ result: Program.Result, saying words: String) {
            #expect(result.status == 1, "\(result)")
            let told = result.errors.lowercased()
            #expect(words.split(separator: "|").contains { told.contains($0) }, "wanted \"\(words)\" in: \(result)")
            #expect(!told.contains("fatal error"), "\(result)")
        }

        @Test func aTokenIsGoodOnceInItsTimeForItsClusterAlone() throws {
            let cluster = try TestCluster()
            let other = try TestCluster()
            let folder = cluster.folder

            let used = try cluster.token("KZ-75")
            #expect(try Self.join(used, folder.path("first")).status == 0)
            Self.expectRefused(try Self.join(used, folder.path("second")), saying: "used|spent")

            let short = try cluster.token("KZ-10", ttl: "1s")
            let made = Date()
            // Asking the centre takes its time; the second goes by while we ask.
            try untilTrue("the token's second is over", tries: 1000) {
                _ = try cluster.centre.status()
                return Date().timeIntervalSince(made) > 2.1
            }
            Self.expectRefused(try Self.join(short, folder.path("late")), saying: "expired|no longer")

            // The right centre by the token, the wrong one by the address: the pinned authority is not met.
            let astray = try cluster.token("KZ-71")
            Self.expectRefused(
                try Self.join(astray, folder.path("astray"), peer: other.centreAddress), saying: "authority|certificate"
            )
            #expect(
                try Self.join(astray, folder.path("found")).status == 0, "the token was spent by a stranger's centre")

            Self.expectRefused(try Self.join("no-token-at-all", folder.path("none")), saying: "token")
            let torn = String(try cluster.token("KZ-11").dropLast(9))
            Self.expectRefused(try Self.join(torn, folder.path("torn")), saying: "token")

            #expect(try cluster.centre.status()["members"].list.count == 1, "the centre serves after all that")
        }

        @Test func aRefusedJoinLeavesNothingThatBlocksTheNext() throws {
            let cluster = try TestCluster()
            let directory = cluster.folder.path("seat")
            let token = try cluster.token("KZ-75")
            cluster.centre.stop()
            Self.expectRefused(try Self.join(token, directory), saying: "reach|line|refused|answer")
            try cluster.centre.start()
            let joined = try Self.join(token, directory)
            #expect(joined.status == 0, "\(joined)")
            // A directory that holds a node is not overwritten.
            Self.expectRefused(try Self.join(try cluster.token("KZ-10"), directory), saying: "already|not empty|holds")
        }

        @Test func aPortInUseIsNamedAndNothingStarts() throws {
            let cluster = try TestCluster()
            cluster.centre.stop()
            let port = Int(cluster.centreAddress.split(separator: ":")[1]) ?? 0
            let squatter = try Listener(port: port)
            let refused = try cluster.centre.run(["node", "start"], seconds: 60)
            Self.expectRefused(refused, saying: "in use")
            #expect(refused.errors.contains("\(port)"), "the port is named: \(refused)")
            squatter.close()
            try cluster.centre.start()
            #expect(cluster.centre.stop() == 0)
        }

        @Test func aDirectoryIsTakenByOneProcess() throws {
            let cluster = try TestCluster()
            let seat = try cluster.join("KZ-75")
            for held in [cluster.centre, seat] {
                Self.expectRefused(try held.run(["node", "start"], seconds: 60), saying: "in use|another process")
            }
            #expect(try seat.status()["territory"].text == "KZ-75", "the first process serves on")
        }

        @Test func aFileOfAnotherClusterIsNotOpened() throws {
            let cluster = try TestCluster()
            let other = try TestCluster()
            let seat = try cluster.join("KZ-75", starting: false)
            let stranger = try other.join("KZ-75", starting: false)
            // The store is made at the first start.
            for held in [seat, stranger] {
                try held.start()
                #expect(held.stop() == 0)
            }
            for name in ["store.sqlite", "keyring.sqlite"] {
                // With its write-ahead log: that part of a database stays behind where it was not moved over.
                let files = ["", "-wal", "-shm"].map { "/" + name + $0 }
                let own = files.map { try? TestFile.bytes(seat.directory + $0) }
                try Self.replace(files, in: seat, with: files.map { try? TestFile.bytes(stranger.directory + $0) })
                Self.expectRefused(
                    try seat.run(["node", "start"], seconds: 60), saying: "belongs to|secret does not open")
                try Self.replace(files, in: seat, with: own)
            }
            try seat.start()
            #expect(try seat.status()["territory"].text == "KZ-75", "with its own files it starts again")
        }

        private static func replace(_ files: [String], in seat: Seat, with contents: [[UInt8]?]) throws {
            for (file, content) in zip(files, contents) {
                try? FileManager.default.removeItem(atPath: seat.directory + file)
                if let content { try TestFile.write(content, to: seat.directory + file) }
            }
        }

        /// The system takes 107 bytes for a socket's path; the node finds another place and its commands find it there.
        @Test func aDeepDirectoryServesAllTheSame() throws {
            let cluster = try TestCluster()
            let deep = (0..<8).map { "a-rather-long-folder-\($0)" }.joined(separator: "/")
            let directory = cluster.folder.path(deep + "/kz-75-1")
            #expect(directory.utf8.count > 120)
            let parent = (directory as NSString).deletingLastPathComponent
            try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
            let seat = try cluster.join("KZ-75", directory: directory)
            let file = try cluster.generate("KZ-75", count: 20, seed: 51)
            #expect(try seat.register(file)["accepted"].integer == 20)
            try seat.waitForEmptyBacklog()
            let note = String(decoding: try TestFile.bytes(directory + "/esep.sock.path"), as: UTF8.self)
            #expect(FileManager.default.fileExists(atPath: note))
            #expect(seat.stop() == 0)
            #expect(!FileManager.default.fileExists(atPath: note), "the folder of the socket goes with the node")
        }

        @Test func aCommandWithoutANodeSaysWhatToDo() throws {
            let folder = try TemporaryFolder()
            let nowhere = try Program.run(["cluster", "status", "--data", folder.path("nothing")])
            Self.expectRefused(nowhere, saying: "reach|not there|no node")
            let empty = try Program.run(["node", "start", "--data", folder.url.path])
            Self.expectRefused(empty, saying: "no node")
        }
    }
}
