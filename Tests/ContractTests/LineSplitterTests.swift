import Node
import Portal
import Testing

@Suite struct LineSplitterTests {
    /// Feeds `text` in pieces of `size` bytes: documents with their lines, and refused lines.
    private func split(_ text: String, size: Int, limit: Int = 10) -> [String] {
        var splitter = LineSplitter(limit: limit)
        var told: [String] = []
        func take(_ batch: LineSplitter.Batch?) {
            guard let batch else { return }
            var next = 0
            for planned in batch.plan {
                switch planned {
                case .document(let line):
                    told.append(
                        "\(line) " + String(decoding: batch.lines.bytes[batch.lines.lines[next]], as: UTF8.self))
                    next += 1
                case .refused(let line): told.append("\(line) refused")
                }
            }
        }
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            take(splitter.add(Array(bytes[start..<min(start + size, bytes.count)])))
        }
        take(splitter.finish())
        return told
    }

    @Test(arguments: 1...16)
    func documentsAreTheSameWhateverPiecesTheyArriveIn(size: Int) {
        let text = "{\"a\":1}\n\n{\"b\":2}\r\n12345678901\n1234567890\n{}"
        #expect(split(text, size: size) == ["1 {\"a\":1}", "3 {\"b\":2}", "4 refused", "5 1234567890", "6 {}"])
    }

    @Test func anOverlongLineIsNotKept() {
        var splitter = LineSplitter(limit: 10)
        for _ in 0..<1000 { #expect(splitter.add(Array(repeating: 0x61, count: 1000))?.plan == nil) }
        #expect(splitter.finish()?.plan == [.refused(line: 1)])
    }

    @Test func nothingGivesNothing() {
        #expect(split("", size: 1) == [])
        #expect(split("\n\n\n", size: 2) == [])
    }
}
