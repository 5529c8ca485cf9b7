import AsyncHTTPClient
import Contract
import Foundation
import NIOCore

/// A file in pieces, for an upload.
struct FilePieces: AsyncSequence, Sendable {
    typealias Element = ByteBuffer
    typealias Failure = any Error
    let path: String

    struct AsyncIterator: AsyncIteratorProtocol {
        let handle: FileHandle?

        mutating func next() async throws -> ByteBuffer? {
            guard let piece = try handle?.read(upToCount: 128 * 1024), !piece.isEmpty else {
                try handle?.close()
                return nil
            }
            return ByteBuffer(bytes: piece)
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(handle: FileHandle(forReadingAtPath: path))
    }
}

/// Documents handed to a node, and when their numbers came back.
enum Load {
    /// A stream's progress: the moments at which each further window of documents was acknowledged.
    struct Stream {
        static let window = 20_000
        var begun: ContinuousClock.Instant
        var ended: ContinuousClock.Instant
        var documents = 0
        var marks: [ContinuousClock.Instant] = []
        var lastNumber = ""

        /// Documents a second over the whole.
        var rate: Double { Double(documents) / ((ended - begun) / .seconds(1)) }

        /// Documents a second over the window that ends nearest to `document`.
        func rate(at document: Int) -> Double? {
            let index = (document + Self.window / 2) / Self.window - 1
            guard marks.indices.contains(index) else { return nil }
            let start = index == 0 ? begun : marks[index - 1]
            return Double(Self.window) / ((marks[index] - start) / .seconds(1))
        }
    }

    /// Registers a file as one NDJSON stream. Every document must get a number.
    static func stream(_ file: String, count: Int, to client: Client) async throws -> Stream {
        var bar = ProgressBar(total: UInt64(count), unit: "documents")
        var stream = Stream(begun: .now, ended: .now)
        var carry: [UInt8] = []
        for try await piece in try await client.upload(kind: nil, FilePieces(path: file)) {
            carry.append(contentsOf: piece.readableBytesView)
            var start = 0
            while let end = carry[start...].firstIndex(of: UInt8(ascii: "\n")) {
                switch try DocumentAnswer(line: Array(carry[start..<end])) {
                case .registered(_, let number): stream.lastNumber = number
                case .repeated: break
                case .totals:
                    // The batch's sums, which nobody asked for here, are no document.
                    start = end + 1
                    continue
                case .refused(let line, let problems):
                    let first = problems.first.map { "\($0.code) \($0.field): \($0.message)" } ?? ""
                    throw Failure("Generated document \(line) was refused: \(first)")
                case .stopped(let line, let problem):
                    throw Failure("The node stopped before document \(line): \(problem.detail)")
                }
                stream.documents += 1
                if stream.documents.isMultiple(of: Stream.window) { stream.marks.append(.now) }
                start = end + 1
            }
            carry.removeFirst(start)
            bar.update(done: UInt64(stream.documents), count: UInt64(stream.documents))
        }
        stream.ended = .now
        bar.finish()
        guard stream.documents == count else {
            throw Failure("\(stream.documents) of \(count) documents were answered.")
        }
        return stream
    }

    /// Hands in single documents, each by a request of its own.
    /// - Returns: milliseconds of each, and documents a second over all.
    static func singles(
        _ documents: [[UInt8]], clients: Int, to client: Client
    ) async throws -> (latencies: Samples, rate: Double) {
        try await self.clients(clients, count: documents.count) {
            _ = try await client.bytes("POST", "/v1/documents", body: documents[$0])
        }
    }

    /// Does something so many times, by clients each of which waits for its own answer before it asks again.
    /// - Returns: milliseconds of each, and how many a second over all.
    static func clients(
        _ clients: Int, count: Int, _ ask: @escaping @Sendable (Int) async throws -> Void
    ) async throws -> (latencies: Samples, rate: Double) {
        let begun = ContinuousClock.now
        let latencies = try await withThrowingTaskGroup(of: [Double].self) { tasks in
            for first in 0..<clients {
                tasks.addTask {
                    var own: [Double] = []
                    for position in stride(from: first, to: count, by: clients) {
                        let asked = ContinuousClock.now
                        try await ask(position)
                        own.append((ContinuousClock.now - asked) / .milliseconds(1))
                    }
                    return own
                }
            }
            return try await tasks.reduce(into: [Double]()) { $0 += $1 }
        }
        return (Samples(latencies), Double(count) / ((ContinuousClock.now - begun) / .seconds(1)))
    }

    /// The first lines of a file.
    static func lines(_ file: String, most: Int) throws -> [[UInt8]] {
        guard let handle = FileHandle(forReadingAtPath: file) else { throw Failure("\(file) cannot be read.") }
        defer { try? handle.close() }
        var lines: [[UInt8]] = []
        var carry: [UInt8] = []
        while lines.count < most, let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty {
            carry.append(contentsOf: piece)
            guard let end = carry.lastIndex(of: UInt8(ascii: "\n")) else { continue }
            lines += carry[..<end].split(separator: UInt8(ascii: "\n")).map { Array($0) }
            carry.removeFirst(end + 1)
        }
        return Array(lines.prefix(most))
    }
}
