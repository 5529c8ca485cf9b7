import ArgumentParser
import AsyncHTTPClient
import Contract
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL
import Portal

/// Which node a command asks.
struct Connection: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("The node's directory; its socket lies inside.", valueName: "dir"))
    var data: String?

    @Option(name: .long, help: ArgumentHelp("The node's network address: https://host:port.", valueName: "url"))
    var address: String?

    @Option(
        name: .long,
        help: ArgumentHelp("PEM file of the authority that signs the node's certificate.", valueName: "file"))
    var authority: String?

    mutating func validate() throws {
        guard data == nil || address == nil else { throw ValidationError("Give --data or --address, not both.") }
        if let address, !address.hasPrefix("http://"), !address.hasPrefix("https://") {
            throw ValidationError("--address is a URL: https://host:port")
        }
    }

    /// Opens the connection for the length of `body`.
    func withClient<Value>(_ body: (Client) async throws -> Value) async throws -> Value {
        guard data != nil || address != nil else {
            throw Failure("Which node?", remedy: "Give --data DIR or --address URL.", exit: 64)
        }
        var configuration = HTTPClient.Configuration()
        // A socket of this machine takes the connection at once, or there is nobody.
        configuration.timeout = .init(connect: data == nil ? .seconds(5) : .seconds(1))
        if let authority {
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.minimumTLSVersion = .tlsv13
            tls.trustRoots = .file(authority)
            configuration.tlsConfiguration = tls
        }
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let client = Client(
            http: http, base: base, place: data ?? address ?? "",
            restart: data.map { Restart(directory: absolute($0)) })
        do {
            let value = try await body(client)
            try await http.shutdown()
            return value
        } catch {
            try? await http.shutdown()
            throw error
        }
    }

    private var base: String {
        if let address { return address.hasSuffix("/") ? String(address.dropLast()) : address }
        let socket = SocketPath.find(directory: absolute(data ?? "."))
        let url = URL(httpURLWithSocketPath: socket, uri: "/")?.absoluteString ?? ""
        return url.hasSuffix("/") ? String(url.dropLast()) : url
    }
}

/// A path as it is from the root: the server saw it so, and the length of a socket's path is counted so.
func absolute(_ path: String) -> String {
    URL(fileURLWithPath: path).standardizedFileURL.path
}

/// Asks one node. Problems are thrown as they came.
struct Client: Sendable {
    let http: HTTPClient
    let base: String
    /// What the user called it.
    let place: String
    /// Of a node on this machine: it may be about to listen again.
    let restart: Restart?

    /// Seconds an answer may take: a report over the whole nation is the longest.
    private static let answerSeconds: Int64 = 120
    private static let answerBytes = 64 * 1024 * 1024

    func get<Answer: ContractValue>(_ path: String, _ query: [(String, String?)] = []) async throws -> Answer {
        try Self.read(try await bytes("GET", path, query))
    }

    func list<Answer: ContractValue>(_ path: String, _ query: [(String, String?)] = []) async throws -> [Answer] {
        try Answer.list(JSONReader.read(try await bytes("GET", path, query)))
    }

    func post<Answer: ContractValue>(_ path: String, _ request: some ContractValue) async throws -> Answer {
        try Self.read(try await bytes("POST", path, [], body: request.bytes))
    }

    private static func read<Answer: ContractValue>(_ bytes: [UInt8]) throws -> Answer {
        try Answer(bytes: bytes)
    }

    func bytes(
        _ method: String, _ path: String, _ query: [(String, String?)] = [], body: [UInt8]? = nil
    ) async throws -> [UInt8] {
        var request = HTTPClientRequest(url: base + path + Self.queryText(query))
        request.method = HTTPMethod(rawValue: method)
        if let body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(body)
        }
        let prepared = request
        return try await reaching {
            let response = try await http.execute(prepared, timeout: .seconds(Self.answerSeconds))
            let answer = Array(buffer: try await response.body.collect(upTo: Self.answerBytes))
            try Self.check(response.status, answer)
            return answer
        }
    }

    /// Starts an upload of documents whose answers come while it goes on.
    func upload(
        kind: String?, control: String? = nil, isOnlyChecked: Bool = false,
        _ documents: some AsyncSequence<ByteBuffer, any Error> & Sendable
    ) async throws -> HTTPClientResponse.Body {
        var request = HTTPClientRequest(
            url: base + "/v1/documents"
                + Self.queryText([("kind", kind), ("control", control), ("check", isOnlyChecked ? "only" : nil)]))
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/x-ndjson")
        request.body = .stream(documents, length: .unknown)
        let prepared = request
        return try await reaching {
            let response = try await http.execute(prepared, deadline: .distantFuture)
            guard response.status == .ok else {
                try Self.check(response.status, Array(buffer: try await response.body.collect(upTo: Self.answerBytes)))
                return response.body
            }
            return response.body
        }
    }

    private static func queryText(_ query: [(String, String?)]) -> String {
        let pairs = query.compactMap { name, value in value.map { "\(name)=\(PercentCoding.encode($0))" } }
        return pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&")
    }

    private static func check(_ status: HTTPResponseStatus, _ answer: [UInt8]) throws {
        guard status.code >= 300 else { return }
        guard let problem = try? ProblemAnswer(bytes: answer) else {
            throw Failure("The node answered \(status.code) without a problem.", remedy: "Is it a node of Esep?")
        }
        throw problem
    }

    /// Says in plain words that nobody listens, and passes everything else on.
    private func reaching<Value>(_ ask: () async throws -> Value) async throws -> Value {
        do {
            guard let restart else { return try await ask() }
            return try await restart.outlasting(Self.isUnheard, ask)
        } catch let error as HTTPClientError where error == .connectTimeout {
            throw unreachable("it does not answer")
        } catch let error as HTTPClientError where error == .deadlineExceeded || error == .readTimeout {
            throw Failure("The node at \(place) took too long.", remedy: "Ask again; look at its log.")
        } catch let error as IOError {
            throw unreachable(error.errnoCode == ENOENT ? "its socket is not there" : "nobody listens")
        } catch let error as HTTPClientError {
            throw unreachable(error.shortDescription)
        }
    }

    /// The question never left: nobody took the connection.
    private static func isUnheard(_ error: any Error) -> Bool {
        guard let code = (error as? IOError)?.errnoCode else { return false }
        return code == ENOENT || code == ECONNREFUSED
    }

    private func unreachable(_ why: String) -> Failure {
        Failure(
            "The node at \(place) cannot be reached: \(why).",
            remedy: "Start it with esep node start --data DIR, or give another --data or --address.")
    }
}

/// The path of a record: a number's slashes stand as they are.
func recordPath(_ number: String, _ action: String = "") -> String {
    "/v1/records/\(PercentCoding.encode(number, keepSlashes: true))\(action)"
}
