package import Contract
import Synchronization

/// The lines under way: sent and not yet answered, so that a rejected document can be shown. Shared by the task that
/// reads the file and the one that reads the answers; as long as the node's window, not as the file.
package final class SentLines: Sendable {
    /// Consecutive lines as they were sent, each with its line end.
    package struct Chunk: Sendable {
        package var bytes: [UInt8] = []
        /// Where each line stands in `bytes`, and the line of the file it came from.
        package var lines: [(range: Range<Int>, source: Int)] = []

        package init() {}

        package mutating func add(_ line: some Collection<UInt8>, source: Int) {
            let start = bytes.count
            bytes.append(contentsOf: line)
            lines.append((start..<bytes.count, source))
            bytes.append(UInt8(ascii: "\n"))
        }
    }

    /// A document that is refused before it is sent.
    package struct LocalReject: Sendable {
        package var line: Int
        package var problem: DocumentProblemAnswer
        package var document: [UInt8]
    }

    private struct State {
        var chunks: [(first: Int, chunk: Chunk)] = []
        var nextLine = 1
        var bytesRead: UInt64 = 0
        var rejects: [LocalReject] = []
        var failure: String?
    }

    private let state = Mutex(State())

    package init() {}

    package func add(_ chunk: Chunk) {
        state.withLock { state in
            state.chunks.append((state.nextLine, chunk))
            state.nextLine += chunk.lines.count
        }
    }

    package func read(bytes: Int) {
        state.withLock { $0.bytesRead += UInt64(bytes) }
    }

    package func reject(_ reject: LocalReject) {
        state.withLock { $0.rejects.append(reject) }
    }

    /// The file could not be read on.
    package func fail(_ sentence: String) {
        state.withLock { $0.failure = $0.failure ?? sentence }
    }

    package var bytesRead: UInt64 { state.withLock { $0.bytesRead } }
    package var failure: String? { state.withLock { $0.failure } }

    package func takeRejects() -> [LocalReject] {
        state.withLock { state in
            defer { state.rejects = [] }
            return state.rejects
        }
    }

    /// The line that was sent as number `line`, and forgets all before it.
    package func line(_ line: Int) -> (source: Int, document: [UInt8])? {
        state.withLock { state in
            while let head = state.chunks.first, head.first + head.chunk.lines.count <= line {
                state.chunks.removeFirst()
            }
            guard let head = state.chunks.first, line >= head.first else { return nil }
            let (range, source) = head.chunk.lines[line - head.first]
            return (source, Array(head.chunk.bytes[range]))
        }
    }
}
