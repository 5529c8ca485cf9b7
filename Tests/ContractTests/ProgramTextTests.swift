import ArgumentParser
import Contract
import Law
import Testing
import esep

/// What the program prints and reads.
@Suite struct ProgramTextTests {
    @Test func columnsStandUnderEachOtherInAnyAlphabet() {
        var table = Table(.text("сала"), .number("n"))
        table.add("Ақтөбе", "1")
        table.add("KZ", "1200")
        #expect(table.text == "сала       n\nАқтөбе     1\nKZ      1200")
    }

    @Test func widthCountsWhatIsSeen() {
        #expect(DisplayText.width("Әлия") == 4)
        #expect(DisplayText.width("e\u{301}") == 1)
        #expect(DisplayText.width("統計") == 4)
    }

    @Test func charactersThatSteerATerminalAreNotPrinted() {
        #expect(DisplayText.printable("a\u{1B}[2Jb\u{202E}\n") == "a\u{FFFD}[2Jb\u{FFFD}\u{FFFD}")
    }

    @Test func numbersAndAgesReadEasily() {
        #expect(DisplayText.grouped(1_234_567) == "1\u{A0}234\u{A0}567")
        #expect(DisplayText.grouped(999) == "999")
        #expect(DisplayText.bytes(1536) == "1.5 KiB")
        #expect(DisplayText.age(nil) == "never")
        #expect(DisplayText.age(7200) == "2 h")
    }

    private func rows(_ text: String, size: Int) throws -> [[String]] {
        var reader = CSVReader()
        var rows: [CSVReader.Row] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            rows += try reader.add(Array(bytes[start..<min(start + size, bytes.count)]))
        }
        if let row = try reader.finish() { rows.append(row) }
        return rows.map(\.cells)
    }

    @Test(arguments: [1, 2, 3, 7, 1000])
    func csvIsReadWhateverPiecesItComesIn(size: Int) throws {
        let text = "\u{FEFF}a;b,c\r\n\"x;\"\"y\"\"\n z\";2\n\n;\"\"\nlast;1"
        #expect(try rows(text, size: size) == [["a", "b,c"], ["x;\"y\"\n z", "2"], ["", ""], ["last", "1"]])
    }

    @Test(arguments: ["a,b\n\"open", "a\nx\"y\n", "a\n\"x\"y\n"])
    func wrongQuotesAreTold(text: String) {
        #expect(throws: CSVReader.Broken.self) { try rows(text, size: 3) }
    }

    @Test func aRowBecomesADocumentOfItsKindsTypes() throws {
        var documents = CSVDocuments(catalogue: try Catalogue.embedded(), kind: "CR-1")
        let header = ["doc_id", "victims_count", "damage.amount", "damage.currency", "case_no", "articles"]
        #expect(try documents.document(.init(line: 1, cells: header)) == nil)
        let document = try documents.document(
            .init(line: 2, cells: ["7", "2", "1200.00", "KZT", "", "[\"CC-188\"]"]))
        #expect(
            document?.line
                == #"{"form_code":"CR-1","doc_id":"7","victims_count":2,"damage":{"amount":"1200.00","currency":"KZT"},"articles":["CC-188"]}"#
        )
        #expect(throws: DocumentProblemAnswer.self) { try documents.document(.init(line: 3, cells: ["7"])) }
    }

    @Test func aHeaderThatNamesAFieldTwiceIsTold() {
        #expect(throws: CSVReader.Broken.self) {
            var documents = CSVDocuments(catalogue: try Catalogue.embedded(), kind: nil)
            _ = try documents.document(.init(line: 1, cells: ["a", "a"]))
        }
    }

    @Test(arguments: [
        ["node", "init", "--role", "territory", "--data", "d"], ["person", "find", "--iin", "1", "--basis", "b"],
        ["person", "find", "--iin", "1", "--bin", "2", "--basis", "b", "--purpose", "p"],
        ["register", "--kind", "auto"], ["record", "correct", "N", "--reason", "ERR", "--set", "x", "--data", "d"],
        ["cluster", "token", "--territory", "KZ-75", "--ttl", "1y"], ["report", "run", "1-M", "--data", "d"],
        ["discrepancy", "resolve", "N", "--field", "f", "--reason", "ERR", "--choice", "1", "--value", "2"],
        ["record", "show", "N", "--data", "d", "--address", "http://x"], ["bundle", "export"], ["no-such"],
    ])
    func wrongUsageIsRefused(arguments: [String]) {
        #expect(
            performing: {
                _ = try Esep.parseAsRoot(arguments)
            }, throws: { Esep.exitCode(for: $0).rawValue == 64 })
    }

    @Test(arguments: [
        ["node", "start", "--data", "d"], ["cluster", "token", "--territory", "KZ-75", "--ttl", "30m", "--data", "d"],
        ["register", "--kind", "auto", "--file", "-", "--data", "d", "--json"],
        ["person", "find", "--surname", "Ахметов", "--name", "Е", "--basis", "b", "--purpose", "p", "--data", "d"],
        ["catalogue", "show", "CR-1", "--schema"], ["account", "list", "--type", "3", "--json", "--data", "d"],
        ["report", "run", "1-M", "--period", "2026-03", "--format", "csv", "--data", "d"],
        ["record", "correct", "N", "--set", "a.b=1", "--set", "c={}", "--reason", "ERR", "--data", "d"],
    ])
    func theContractsCommandsAreUnderstood(arguments: [String]) throws {
        _ = try Esep.parseAsRoot(arguments)
    }

    @Test func sentLinesAreKeptUntilTheyAreAnswered() {
        let sent = SentLines()
        for first in [1, 3] {
            var chunk = SentLines.Chunk()
            for line in first..<(first + 2) { chunk.add(Array("doc \(line)".utf8), source: line * 10) }
            sent.add(chunk)
        }
        #expect(sent.line(2).map { String(decoding: $0.document, as: UTF8.self) } == "doc 2")
        #expect(sent.line(4)?.source == 40)
        #expect(sent.line(1) == nil)
    }
}
