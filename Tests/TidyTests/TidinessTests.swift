import TestSupport
import Testing

/// Style as a test: what the formatter does not see.
struct TidinessTests {
    static func ours(under folder: String) throws -> [String] {
        try Repository.files(under: folder, suffix: ".swift").filter { !$0.hasSuffix(".pb.swift") }
    }

    static func lines(of path: String) throws -> [Substring] {
        try Repository.text(of: path).split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// Words the core may not say, each with what to say instead.
    static let bannedInCore: [(word: String, instead: String)] = [
        (".now", "take the time from the event"),
        (".random", "return a range and let the shell draw"),
        (".shuffled(", "return a range and let the shell draw"),
        ("Date(", "take the time from the event"),
        ("UUID(", "take the bytes from the event"),
        ("SystemRandomNumberGenerator", "return a range and let the shell draw"),
        ("print(", "return an effect"),
        ("Task {", "return an effect"),
        ("async ", "the core does not wait"),
    ]

    /// Whether a line says the word, and not a longer one that ends with it (`isUpToDate(` is no `Date(`).
    static func says(_ line: Substring, _ word: String) -> Bool {
        line.ranges(of: word).contains { range in
            guard range.lowerBound > line.startIndex, word.first?.isLetter == true else { return true }
            return !line[line.index(before: range.lowerBound)].isLetter
        }
    }

    @Test func theCoreKnowsNoClockChanceOrOutput() throws {
        var found: [String] = []
        for path in try Self.ours(under: "Sources/Core") {
            for (number, line) in try Self.lines(of: path).enumerated() where !line.contains("//") {
                for banned in Self.bannedInCore where Self.says(line, banned.word) {
                    found.append("\(path):\(number + 1): \(banned.word) – \(banned.instead)")
                }
            }
        }
        #expect(found == [])
    }

    /// A new card is data, and so are the lives in which generated cards follow each other. No literal is a card's
    /// code; within other texts one stands only where a person is shown an example: the program's help, and the
    /// contract.
    @Test func noCardIsNamedInSwift() throws {
        let names = try Repository.files(under: "Sources/Shell/LawData/Editions", suffix: ".json")
            .compactMap { $0.split(separator: "/").last?.dropLast(".json".count) }
        let kinds = Set(names.filter { $0.contains("-") }.map(String.init))
        #expect(kinds.count >= 33)
        let code = try Regex("[A-Z]{2}-[0-9]+")
        var found: [String] = []
        for path in try Self.ours(under: "Sources") {
            let teaches = path.hasPrefix("Sources/Programs/") || path == "Sources/Shell/Contract/OpenAPI.swift"
            for (number, line) in try Self.lines(of: path).enumerated() {
                let text = line.firstRange(of: "//").map { line[..<$0.lowerBound] } ?? line
                for match in text.matches(of: code) where kinds.contains(String(text[match.range])) {
                    let isWhole =
                        text[..<match.range.lowerBound].last == "\"" && text[match.range.upperBound...].first == "\""
                    if isWhole || !teaches { found.append("\(path):\(number + 1): \(line)") }
                }
            }
        }
        #expect(found == [])
    }

    static let bannedEverywhere = [
        "TO" + "DO", "FIX" + "ME", "try" + "!", "fatalError(\"to", "us" + "leep(", "Thread" + ".sleep",
    ]

    @Test func noPostponedWorkAndNoBlindTrust() throws {
        var found: [String] = []
        for folder in ["Sources", "Tests"] {
            for path in try Self.ours(under: folder) {
                for (number, line) in try Self.lines(of: path).enumerated() {
                    for banned in Self.bannedEverywhere where line.contains(banned) {
                        found.append("\(path):\(number + 1): \(banned)")
                    }
                }
            }
        }
        #expect(found == [])
    }

    @Test func uncheckedPromisesCarryTheirProof() throws {
        var found: [String] = []
        for path in try Self.ours(under: "Sources") {
            let lines = try Self.lines(of: path)
            for (number, line) in lines.enumerated()
            where line.contains("@unchecked " + "Sendable") || line.contains("nonisolated" + "(unsafe)") {
                let above = lines[max(0, number - 6)...number]
                if !above.contains(where: { $0.contains("//") }) { found.append("\(path):\(number + 1)") }
            }
        }
        #expect(found == [], "an unchecked promise needs its proof in the lines above it")
    }

    /// A raw string holds bytes that must stand in one line: it alone may be longer.
    @Test func linesAreAtMost120Columns() throws {
        var found: [String] = []
        for folder in ["Sources", "Tests"] {
            for path in try Self.ours(under: folder) {
                for (number, line) in try Self.lines(of: path).enumerated()
                where line.count > 120 && !line.contains("#\"") {
                    found.append("\(path):\(number + 1): \(line.count) columns")
                }
            }
        }
        #expect(found == [])
    }

    @Test func filesFitInTheHead() throws {
        var found: [String] = []
        for folder in ["Sources", "Tests"] {
            for path in try Self.ours(under: folder) {
                let count = try Self.lines(of: path).count
                if count > 450 { found.append("\(path): \(count) lines") }
            }
        }
        #expect(found == [], "aim under 400 lines a file; 450 is the wall")
    }

    @Test func everyModuleTellsWhyItExists() throws {
        var found: [String] = []
        for row in ["Core", "Shell", "Programs"] {
            let modules = Set(
                try Repository.files(under: "Sources/\(row)", suffix: ".swift").map {
                    String($0.split(separator: "/")[2])
                })
            for module in modules.sorted() {
                let text = (try? Repository.text(of: "Sources/\(row)/\(module)/DESIGN.md")) ?? ""
                if text.count < 400 { found.append("Sources/\(row)/\(module)/DESIGN.md") }
            }
        }
        #expect(found == [], "half a page each: why it exists, its invariants, what it refuses to know")
    }

    @Test func theTopLevelHoldsOnlyWhatWasAgreed() throws {
        let allowed: Set<String> = ["Package.swift", "Sources", "Tests", "cluster", "ops", "README.md"]
        let names = try Repository.topLevel().filter { !$0.hasPrefix(".") && $0 != "Package.resolved" }
        #expect(Set(names).subtracting(allowed) == [])
    }
}
