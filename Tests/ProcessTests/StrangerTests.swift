import Foundation
import TestSupport
import Testing

extension ProcessTests {
    /// Whoever can reach the node port and has no certificate.
    @Suite(.serialized) struct Strangers {
        /// The frame: length on the wire, codec (0 stored, 1 LZ4), length once expanded, body; integers big-endian.
        static func frame(wire: UInt32, codec: UInt8, raw: UInt32, body: [UInt8] = []) -> [UInt8] {
            bytes(wire) + [codec] + bytes(raw) + body
        }

        static func bytes(_ number: UInt32) -> [UInt8] {
            [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
        }

        /// One literal, then a copy of it as long as the format lets a byte of length stand for 255.
        static func lz4Bomb(expandingTo size: Int) -> [UInt8] {
            let length = size - 1 - 4 - 15 - 5
            var block: [UInt8] = [0x1F, 0x41, 0x01, 0x00]
            block += [UInt8](repeating: 255, count: length / 255) + [UInt8(length % 255)]
            return block + [0x50] + [UInt8](repeating: 0x41, count: 5)
        }

        static func noise(_ count: Int, seed: UInt64) -> [UInt8] {
            var dice = Dice(seed: seed)
            return (0..<count).map { _ in UInt8(truncatingIfNeeded: dice.next()) }
        }

        /// Peak resident memory of a process, in MiB.
        static func peakMemory(_ id: Int32) throws -> Int {
            let text = try String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8)
            let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
            return (line.split(separator: " ").compactMap { Int($0) }.first ?? 0) / 1024
        }

        @Test func lyingFramesAreClosedBeforeMemoryIsTaken() throws {
            let cluster = try TestCluster()
            let seat = try cluster.join("KZ-75")
            let port = try #require(Int(cluster.centreAddress.split(separator: ":")[1]))
            let id = try #require(cluster.centre.node?.id)
            let before = try Self.peakMemory(id)
            let bomb = Self.lz4Bomb(expandingTo: 60_000)
            let attacks: [(name: String, bytes: [UInt8])] = [
                ("3 GiB, stored", Self.frame(wire: 3 << 30, codec: 0, raw: 3 << 30)),
                ("3 GiB, compressed", Self.frame(wire: 16 << 20, codec: 1, raw: 3 << 30)),
                ("a known size of a known peer", Self.frame(wire: 8 << 20, codec: 0, raw: 8 << 20)),
                ("nothing", Self.frame(wire: 0, codec: 0, raw: 0)),
                ("an unknown codec", Self.frame(wire: 5, codec: 9, raw: 5, body: [1, 2, 3, 4, 5])),
                ("two lengths", Self.frame(wire: 5, codec: 0, raw: 6, body: [1, 2, 3, 4, 5])),
                ("more than LZ4 can hold", Self.frame(wire: 5, codec: 1, raw: 60_000, body: [1, 2, 3, 4, 5])),
                ("a bomb that says its size", Self.frame(wire: UInt32(bomb.count), codec: 1, raw: 60_000, body: bomb)),
                ("a bomb that hides it", Self.frame(wire: UInt32(bomb.count), codec: 1, raw: 900, body: bomb)),
                ("noise for a body", Self.frame(wire: 400, codec: 1, raw: 4000, body: Self.noise(400, seed: 7))),
                ("a message of noise", Self.frame(wire: 400, codec: 0, raw: 400, body: Self.noise(400, seed: 8))),
            ]
            for attack in attacks {
                let stranger = try Stranger(port: port)
                #expect(stranger.sendAndWaitForClose([attack.bytes]) != nil, "\(attack.name): the connection stays")
                #expect(cluster.centre.node?.isRunning == true, "\(attack.name): \(cluster.centre.log.suffix(2000))")
            }
            // Many of them at once, each promising all that a stranger may.
            let crowd = try (0..<40).map { _ in try Stranger(port: port) }
            for stranger in crowd {
                _ = stranger.sendAndWaitForClose([Self.frame(wire: 3 << 30, codec: 1, raw: 3 << 30)])
            }
            let after = try Self.peakMemory(id)
            #expect(after - before < 64, "peak memory went from \(before) to \(after) MiB")
            let document = try TestFile.lines(try cluster.generate("KZ-75", count: 1, seed: 61))
            try BadInput.goesOn(cluster, seat, document[0])
        }

        @Test func whoeverSpeaksNoTLSIsClosedAndHindersNobody() throws {
            let cluster = try TestCluster()
            let seat = try cluster.join("KZ-75")
            let port = try #require(Int(cluster.centreAddress.split(separator: ":")[1]))
            // One that connects and never says a word, for the whole of the test.
            let silent = try (0..<8).map { _ in try RawSocket(port: port) }
            let speeches: [(name: String, bytes: [UInt8])] = [
                ("HTTP", Array("GET /v1/status HTTP/1.1\r\nHost: centre\r\n\r\n".utf8)),
                ("noise", Self.noise(65_536, seed: 9)),
                ("a plain frame", Self.frame(wire: 3 << 30, codec: 0, raw: 3 << 30)),
                ("half a TLS record", [0x16, 0x03, 0x01, 0x40, 0x00, 0x01]),
            ]
            for speech in speeches {
                let socket = try RawSocket(port: port)
                socket.send(speech.bytes)
                socket.finishSending()
                #expect(socket.receiveAll().isClosed, "\(speech.name): the connection stays open")
            }
            #expect(cluster.centre.node?.isRunning == true)
            let document = try TestFile.lines(try cluster.generate("KZ-75", count: 1, seed: 62))
            try BadInput.goesOn(cluster, seat, document[0])
            withExtendedLifetime(silent) {}
        }
    }
}
