package import Node

/// Cuts an upload into documents at line ends, whatever pieces it arrives in. Pure: pieces in, batches out.
///
/// Lines are counted from 1, empty ones included; `\r` before the line end is dropped. A line longer than a document
/// may be is refused without being kept.
package struct LineSplitter {
    /// A batch of documents that follow each other, and where their answers' line numbers come from.
    package struct Batch {
        package var lines: DocumentLines
        /// What each line of the upload is, in order: the next line of `lines`, or refused here.
        package var plan: [Planned]
    }

    package enum Planned: Hashable, Sendable {
        case document(line: Int)
        case refused(line: Int)
    }

    private let limit: Int
    private var carry: [UInt8] = []
    /// The line that is being read has passed the limit: its rest is dropped.
    private var isTooLong = false
    private var line = 1

    /// - Parameter limit: the bytes of one line at most.
    package init(limit: Int) {
        self.limit = limit
    }

    /// The number of the line that comes next, or is being read.
    package var nextLine: Int { line }

    /// Takes the next piece; nil where it ends no line.
    package mutating func add(_ piece: [UInt8]) -> Batch? {
        guard let last = piece.lastIndex(of: UInt8(ascii: "\n")) else {
            keep(piece[...])
            return nil
        }
        var bytes = carry
        bytes.append(contentsOf: piece[...last])
        carry = []
        let batch = split(bytes)
        keep(piece[(last + 1)...])
        return batch
    }

    /// The upload has ended in order: what stands without a line end is a document too.
    package mutating func finish() -> Batch? {
        guard !carry.isEmpty || isTooLong else { return nil }
        let rest = carry + [UInt8(ascii: "\n")]
        carry = []
        return split(rest)
    }

    private mutating func keep(_ rest: ArraySlice<UInt8>) {
        guard !isTooLong else { return }
        guard carry.count + rest.count <= limit + 1 else {
            isTooLong = true
            carry = []
            return
        }
        carry.append(contentsOf: rest)
    }

    private mutating func split(_ bytes: [UInt8]) -> Batch? {
        var lines: [Range<Int>] = []
        var plan: [Planned] = []
        var start = 0
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            let last = end > start && bytes[end - 1] == UInt8(ascii: "\r") ? end - 1 : end
            if isTooLong || last - start > limit {
                plan.append(.refused(line: line))
                isTooLong = false
            } else if last > start {
                lines.append(start..<last)
                plan.append(.document(line: line))
            }
            line += 1
            start = end + 1
        }
        return plan.isEmpty ? nil : Batch(lines: DocumentLines(bytes: bytes, lines: lines), plan: plan)
    }
}
