import ArgumentParser
import AsyncHTTPClient
import Contract
import Foundation
import Law
import Logging
import NIOCore
import NIOHTTP1
import Node
import Portal
import ServiceLifecycle
import TestSupport
import Testing
import esep

/// The portal on a real socket, and the program speaking to it.
@Suite(.serialized) struct LivePortalTests {
    /// Serves `node` for the length of `body`.
    private func serving(
        _ node: FakeNode, _ body: @Sendable (Portal.Addresses) async throws -> Void
    ) async throws {
        let (ready, told) = AsyncStream<Portal.Addresses>.makeStream()
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let portal = Portal(
            node: node, logger: logger, today: { Day(year: 2026, month: 3, day: 3) }, onReady: { told.yield($0) })
        let group = ServiceGroup(configuration: .init(services: [portal], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var addresses = ready.makeAsyncIterator()
            let address = try #require(await addresses.next())
            do {
                try await body(address)
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    private func post(
        _ socket: String, _ target: String, type: String, _ body: HTTPClientRequest.Body
    ) async throws -> (status: UInt, lines: [String]) {
        let url = try #require(URL(httpURLWithSocketPath: socket, uri: target))
        var request = HTTPClientRequest(url: url.absoluteString)
        request.method = .POST
        request.headers.add(name: "content-type", value: type)
        request.body = body
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
        let answer = Array(buffer: try await response.body.collect(upTo: 1 << 24))
        let lines = String(decoding: answer, as: UTF8.self).split(separator: "\n").map(String.init)
        return (response.status.code, lines)
    }

    @Test func theSocketIsTheOperatorsAloneAndGoesWithTheNode() async throws {
        let folder = try TemporaryFolder()
        try await serving(FakeNode(directory: folder.url.path)) { addresses in
            #expect(addresses.socket == folder.path("esep.sock"))
            let mode = try FileManager.default.attributesOfItem(atPath: addresses.socket)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            let (status, _) = try await post(addresses.socket, "/v1/stop", type: "application/json", .bytes([]))
            #expect(status == 202)
        }
        #expect(!FileManager.default.fileExists(atPath: folder.path("esep.sock")))
    }

    @Test func aDirectoryTooDeepForASocketGetsOneElsewhere() async throws {
        let folder = try TemporaryFolder()
        let deep = folder.path(String(repeating: "d", count: 120))
        try FileManager.default.createDirectory(atPath: deep, withIntermediateDirectories: true)
        try await serving(FakeNode(directory: deep)) { addresses in
            #expect(addresses.socket.utf8.count <= SocketPath.bytesMost)
            #expect(SocketPath.find(directory: deep) == addresses.socket)
            let (status, _) = try await post(addresses.socket, "/v1/stop", type: "application/json", .bytes([]))
            #expect(status == 202)
        }
        #expect(!FileManager.default.fileExists(atPath: deep + "/esep.sock.path"))
    }

    @Test func aDocumentIsCreatedOnceAndRepeatedAfterwards() async throws {
        let folder = try TemporaryFolder()
        try await serving(FakeNode(directory: folder.url.path)) { addresses in
            let document = HTTPClientRequest.Body.bytes(Array(#"{"doc_id":"1"}"#.utf8))
            let first = try await post(addresses.socket, "/v1/documents", type: "application/json", document)
            #expect(first.status == 201)
            #expect(first.lines == [#"{"number":"KZ-75/2026/CR-1/100000-P","repeat":false}"#])
            let again = try await post(addresses.socket, "/v1/documents", type: "application/json", document)
            #expect(again.status == 200)
            let large = HTTPClientRequest.Body.bytes([UInt8](repeating: 0x20, count: Limits.documentBytes + 1))
            #expect(try await post(addresses.socket, "/v1/documents", type: "application/json", large).status == 413)
            #expect(try await post(addresses.socket, "/v1/documents", type: "text/plain", document).status == 415)
            let bad = HTTPClientRequest.Body.bytes(Array(#"{"bad":1}"#.utf8))
            #expect(try await post(addresses.socket, "/v1/documents", type: "application/json", bad).status == 422)
        }
    }

    @Test func aStreamIsAnsweredLineByLineInOrder() async throws {
        let folder = try TemporaryFolder()
        try await serving(FakeNode(directory: folder.url.path)) { addresses in
            let long = String(repeating: "x", count: Limits.documentBytes + 1)
            let text = "{\"a\":1}\n\n{\"bad\":2}\n\(long)\n{\"a\":1}\n{\"c\":3}"
            let (status, lines) = try await post(
                addresses.socket, "/v1/documents", type: "application/x-ndjson", .bytes(Array(text.utf8)))
            #expect(status == 200)
            let answers = try lines.map { try DocumentAnswer(line: Array($0.utf8)) }
            let tooLong = DocumentProblemAnswer(
                code: "J002", field: "", message: "The document has more than \(Limits.documentBytes) bytes.",
                remedy: "Hand in files and images elsewhere and refer to them.")
            let missing = DocumentProblemAnswer(
                code: "V009", field: "region", message: "It is missing.", remedy: "Give one.")
            #expect(
                answers == [
                    .registered(line: 1, number: "KZ-75/2026/CR-1/100000-P"), .refused(line: 3, problems: [missing]),
                    .refused(line: 4, problems: [tooLong]), .repeated(line: 5, number: "KZ-75/2026/CR-1/100000-P"),
                    .registered(line: 6, number: "KZ-75/2026/CR-1/100001-P"),
                ])
        }
    }

    @Test func answersComeWhileTheUploadGoesOn() async throws {
        let folder = try TemporaryFolder()
        try await serving(FakeNode(directory: folder.url.path)) { addresses in
            let (body, pieces) = AsyncStream<ByteBuffer>.makeStream()
            let url = try #require(URL(httpURLWithSocketPath: addresses.socket, uri: "/v1/documents"))
            var request = HTTPClientRequest(url: url.absoluteString)
            request.method = .POST
            request.headers.add(name: "content-type", value: "application/x-ndjson")
            request.body = .stream(body, length: .unknown)
            pieces.yield(ByteBuffer(string: "{\"n\":0}\n"))
            let response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
            var answers = response.body.makeAsyncIterator()
            for round in 1...5 {
                let answer = try #require(try await answers.next())
                #expect(String(buffer: answer).hasPrefix("{\"line\":\(round),\"number\":"))
                if round < 5 { pieces.yield(ByteBuffer(string: "{\"n\":\(round)}\n")) }
            }
            pieces.finish()
            #expect(try await answers.next() == nil)
        }
    }

    @Test func registerKeepsCountWritesReceiptsAndPutsRejectsAside() async throws {
        let folder = try TemporaryFolder()
        try await serving(FakeNode(directory: folder.url.path)) { _ in
            let file = folder.path("cards.ndjson")
            let lines = (1...5000).map { $0 % 1000 == 0 ? "{\"bad\":\($0)}" : "{\"doc_id\":\"\($0)\"}" }
            try Data((lines.joined(separator: "\n") + "\n{\"doc_id\":\"1\"}\n").utf8).write(
                to: URL(fileURLWithPath: file))
            var command = try #require(
                try Esep.parseAsRoot([
                    "register", "--kind", "auto", "--file", file, "--data", folder.url.path, "--receipts",
                    folder.path("receipts"), "--json",
                ]) as? any AsyncParsableCommand)
            await #expect(throws: (any Error).self) { try await command.run() }
            let receipts = try String(contentsOfFile: folder.path("receipts"), encoding: .utf8)
            #expect(receipts.split(separator: "\n").count == 4996)
            let rejected = try String(contentsOfFile: file + ".rejected.ndjson", encoding: .utf8).split(separator: "\n")
            #expect(rejected.count == 5)
            let first = try JSONReader.read(Array(rejected[0].utf8))
            #expect(first["line"] == .integer(1000))
            #expect(first["code"] == .string("V009"))
            #expect(first["remedy"] == .string("Give one."))
            #expect(first["document"]?["bad"] == .integer(1000))
        }
    }
}
