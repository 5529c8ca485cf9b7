import Foundation
import Testing

/// Golden scripts: commands, a line `----`, what they printed. Blocks are apart by an empty line; lines with `#` are
/// comments and stay. `CONSENSUS_REWRITE=1 swift test --filter ScriptTests` writes the files anew: commit the
/// difference only if you understand it.
struct ScriptTests {
    static let scripts: [String] = {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Scripts")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".txt") }.sorted()
    }()

    @Test(arguments: scripts)
    func aScriptPrintsWhatItPrintedBefore(name: String) throws {
        let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Scripts/\(name)")
        let text = try String(contentsOf: source, encoding: .utf8)
        let printed = Self.run(text)
        if ProcessInfo.processInfo.environment["CONSENSUS_REWRITE"] == "1" {
            try printed.write(to: source, atomically: true, encoding: .utf8)
            return
        }
        let expected = text.split(separator: "\n", omittingEmptySubsequences: false)
        let found = printed.split(separator: "\n", omittingEmptySubsequences: false)
        for (line, pair) in zip(expected, found).enumerated() where pair.0 != pair.1 {
            Issue.record("\(name):\(line + 1) expected \"\(pair.0)\", found \"\(pair.1)\"")
            return
        }
        #expect(expected.count == found.count, "\(name) has another length")
    }

    @Test func thereAreScripts() {
        #expect(Self.scripts.count >= 40)
    }

    /// The script's text with the output of its commands as they print now.
    private static func run(_ text: String) -> String {
        var runner = ScriptRunner()
        var result: [String] = []
        for block in text.trimmingCharacters(in: .newlines).components(separatedBy: "\n\n") {
            let lines = block.components(separatedBy: "\n")
            let head = lines.prefix { $0 != "----" }
            let commands = head.filter { !$0.hasPrefix("#") && !$0.isEmpty }
            var parts = Array(head)
            if !commands.isEmpty {
                parts += ["----"] + runner.run(commands)
            }
            result.append(parts.joined(separator: "\n"))
        }
        return result.joined(separator: "\n\n") + "\n"
    }
}
