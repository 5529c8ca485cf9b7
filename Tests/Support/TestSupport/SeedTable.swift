import Foundation

/// The tables in `Tests/Seeds`: a word or number first in each line, then what is to be known of it.
package enum SeedTable {
    static func url(_ name: String) -> URL { Repository.root.appendingPathComponent("Tests/Seeds/\(name)") }

    /// The first word of each line, and the rest.
    package static func rows(_ name: String) throws -> [(String, String)] {
        let text = try String(contentsOf: url(name), encoding: .utf8)
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            let words = line.split(separator: " ", maxSplits: 1)
            return (String(words[0]), words.count > 1 ? String(words[1]) : "")
        }
    }

    /// Whether the file holds these lines. With `SEEDS_REWRITE=1` it is written first.
    package static func holds(_ lines: [String], in name: String) throws -> Bool {
        let text = lines.joined(separator: "\n") + "\n"
        if ProcessInfo.processInfo.environment["SEEDS_REWRITE"] == "1" {
            try text.write(to: url(name), atomically: true, encoding: .utf8)
        }
        return try String(contentsOf: url(name), encoding: .utf8) == text
    }
}
