import Contract
import Foundation
import Law
import NIOCore

/// A file of documents as an upload: read when there is room for it, never as a whole.
struct DocumentSource: AsyncSequence, Sendable {
    enum Format: Sendable {
        case ndjson
        case csv(Catalogue, kind: String?)
    }

    let descriptor: Int32
    let format: Format
    let sent: SentLines

    func makeAsyncIterator() -> Iterator {
        Iterator(descriptor: descriptor, sent: sent, reader: RowReader(format: format, sent: sent))
    }

    struct Iterator: AsyncIteratorProtocol {
        private static let pieceBytes = 64 * 1024

        fileprivate init(descriptor: Int32, sent: SentLines, reader: RowReader) {
            self.descriptor = descriptor
            self.sent = sent
            self.reader = reader
        }

        private let descriptor: Int32
        private let sent: SentLines
        private var reader: RowReader
        private var isAtEnd = false

        /// The next lines; nil at the file's end, and where it cannot be read on (`SentLines.failure` says why).
        mutating func next() async throws -> ByteBuffer? {
            while !isAtEnd {
                let piece = readPiece()
                let chunk = piece.isEmpty ? reader.finish() : reader.add(piece)
                isAtEnd = piece.isEmpty || sent.failure != nil
                guard !chunk.lines.isEmpty else { continue }
                sent.add(chunk)
                return ByteBuffer(bytes: chunk.bytes)
            }
            return nil
        }

        private func readPiece() -> [UInt8] {
            let piece = [UInt8](unsafeUninitializedCapacity: Self.pieceBytes) { room, count in
                var got = 0
                repeat { got = read(descriptor, room.baseAddress, room.count) } while got < 0 && errno == EINTR
                count = Swift.max(0, got)
                if got < 0 { sent.fail("The file cannot be read on: \(String(cString: strerror(errno))).") }
            }
            sent.read(bytes: piece.count)
            return piece
        }
    }
}

/// Pieces of a file in, lines to send out.
struct RowReader {
    /// Bytes kept of a line that has not ended; more makes no document in any format.
    private static let lineBytesMost = 4 * 1024 * 1024

    private let sent: SentLines
    private var csv: (reader: CSVReader, documents: CSVDocuments)?
    private var carry: [UInt8] = []
    private var isTooLong = false
    private var line = 1

    init(format: DocumentSource.Format, sent: SentLines) {
        self.sent = sent
        if case .csv(let catalogue, let kind) = format {
            csv = (CSVReader(), CSVDocuments(catalogue: catalogue, kind: kind))
        }
    }

    mutating func add(_ piece: [UInt8]) -> SentLines.Chunk {
        csv == nil ? addLines(piece) : addRows(piece)
    }

    mutating func finish() -> SentLines.Chunk {
        var chunk = SentLines.Chunk()
        if csv != nil {
            do {
                if let row = try csv?.reader.finish() { add(row, to: &chunk) }
            } catch {
                sent.fail("The CSV is broken at line \(error.line): \(error.reason).")
            }
        } else if !carry.isEmpty || isTooLong {
            endLine(carry, &chunk)
            carry = []
        }
        return chunk
    }

    private mutating func addLines(_ piece: [UInt8]) -> SentLines.Chunk {
        var chunk = SentLines.Chunk()
        var start = 0
        while let end = piece[start...].firstIndex(of: UInt8(ascii: "\n")) {
            if carry.isEmpty {
                endLine(piece[start..<end], &chunk)
            } else {
                endLine(carry + piece[start..<end], &chunk)
                carry = []
            }
            start = end + 1
        }
        if carry.count + piece.count - start > Self.lineBytesMost {
            isTooLong = true
            carry = []
        } else if !isTooLong {
            carry.append(contentsOf: piece[start...])
        }
        return chunk
    }

    /// Every line is sent, so that the node counts as the file does; one that is far too long is sent empty.
    private mutating func endLine(_ bytes: some Collection<UInt8>, _ chunk: inout SentLines.Chunk) {
        if isTooLong {
            isTooLong = false
            sent.reject(
                .init(
                    line: line,
                    problem: DocumentProblemAnswer(
                        code: "J002", field: "", message: "The line has more than \(Self.lineBytesMost) bytes.",
                        remedy: "One document stands on one line."), document: []))
            chunk.add([], source: line)
        } else {
            chunk.add(bytes, source: line)
        }
        line += 1
    }

    private mutating func addRows(_ piece: [UInt8]) -> SentLines.Chunk {
        var chunk = SentLines.Chunk()
        do {
            for row in try csv?.reader.add(piece) ?? [] { add(row, to: &chunk) }
        } catch {
            sent.fail("The CSV is broken at line \(error.line): \(error.reason).")
        }
        return chunk
    }

    private mutating func add(_ row: CSVReader.Row, to chunk: inout SentLines.Chunk) {
        do {
            if let document = try csv?.documents.document(row) { chunk.add(document.bytes(), source: row.line) }
        } catch let problem as DocumentProblemAnswer {
            let cells = JSONValue.texts(row.cells).bytes()
            sent.reject(.init(line: row.line, problem: problem, document: cells))
        } catch let broken as CSVReader.Broken {
            sent.fail("The CSV is broken at line \(broken.line): \(broken.reason).")
        } catch {
            sent.fail("The CSV cannot be read: \(error).")
        }
    }
}
