import Foundation
import TestSupport
import Testing

extension ProcessTests {
    /// Every rule of error of the catalogue, said by the node that decides it, of input that `esep generate` made.
    @Suite(.serialized) struct EveryError {
        @Test func aGeneratedRunMakesRealNodesSayEveryErrorOfTheCatalogue() throws {
            guard let clock = try ShimLibrary("clock") else { return }
            let cluster = try TestCluster()
            let seat = try cluster.join("KZ-75")
            let run = try GeneratedRun(cluster.folder)
            var told = try run.follow(centre: cluster.centre, seat: seat)

            let rejects = try Self.rejects(run.documents)
            let rules = try Self.errors()
            for expected in try TestFile.lines(run.expected).map({ try Reading($0) }) {
                // The nation's rules take a document in; what lies beside the documents is in no line of them.
                guard let line = expected["line"].integer, let code = expected["code"].text,
                    rules[code] != "nation"
                else { continue }
                let codes = rejects[line] ?? []
                #expect(codes.contains { $0.hasPrefix(code) }, "line \(line) expects \(code), and is told \(codes)")
                told.formUnion(codes)
            }
            // Some rules wait for other cards, at the least until the day is over on which theirs was heard.
            cluster.centre.stop()
            cluster.centre.environment = ["LD_PRELOAD": clock.path, "ESEP_CLOCK_AHEAD": "\(3 * 86_400)"]
            try cluster.centre.start()
            for code in rules.keys.sorted() where rules[code] == "nation" {
                try untilTrue("the centre finds \(code)") {
                    try ["finding", "reconciliation"].contains { list in
                        try cluster.centre.json([list, "list", "--code", code, "--limit", "1"]).list.count == 1
                    }
                }
                told.insert(code)
            }
            let silent = rules.keys.filter { !told.contains($0) }.sorted()
            #expect(silent.isEmpty, "no generated input brings these about: \(silent)")
            print("\(rules.count) rules of error, each said by the node that decides it")
        }

        /// Codes of the rules of error that are decided at all, each with who decides it.
        private static func errors() throws -> [String: String] {
            let rules = try Program.run(["catalogue", "show", "--rules", "--json"]).json["rules"].list
            let decided = rules.filter { $0["severity"].text == "error" && !$0["later"].exists }
            #expect(decided.count > 90)
            return Dictionary(
                decided.map { ($0["code"].text ?? "", $0["scope"].text ?? "") }, uniquingKeysWith: { first, _ in first }
            )
        }

        /// By the line of the file: all codes of its refusal.
        private static func rejects(_ file: String) throws -> [Int: [String]] {
            var codes: [Int: [String]] = [:]
            for line in try TestFile.lines(file + ".rejected.ndjson") {
                let reject = try Reading(line)
                let all = [reject["code"].text] + reject["problems"].list.map { $0["code"].text }
                codes[reject["line"].integer ?? 0] = all.compactMap { $0 }
            }
            return codes
        }

        @Test func withoutFaultsTheSignedDocumentsAreTakenAndAgreeWithTheirTotals() throws {
            let cluster = try TestCluster()
            let seat = try cluster.join("KZ-75")
            let run = try GeneratedRun(cluster.folder, faults: 0, count: 300)
            let told = try run.follow(centre: cluster.centre, seat: seat)
            #expect(told == [], "\(told)")
            #expect(!FileManager.default.fileExists(atPath: run.documents + ".rejected.ndjson"))
            #expect(try String(decoding: TestFile.bytes(run.documents), as: UTF8.self).contains("\"signature\":"))
            let again = try GeneratedRun(cluster.folder, faults: 0, count: 300, folder: "again")
            #expect(try TestFile.bytes(run.documents) == TestFile.bytes(again.documents), "keys come of the seed")
        }
    }
}

/// A run of `esep generate` with the folder beside it, and the steps that the folder itself names.
private struct GeneratedRun {
    let documents: String
    let expected: String
    private let beside: String

    init(_ place: TemporaryFolder, faults: Double = 0.4, count: Int = 9_000, folder: String = "wrong") throws {
        beside = place.path(folder)
        documents = place.path("\(folder).ndjson")
        expected = place.path("\(folder).expected")
        let made = try Program.run([
            "generate", "--territory", "KZ-75", "--count", "\(count)", "--seed", "11", "--faults", "\(faults)",
            "--from", Today.text(daysAgo: 90), "--to", Today.text(daysAgo: 25), "--beside", beside,
            "--expected", expected,
        ])
        guard made.status == 0 else { throw Child.Failure(description: "\(made)") }
        try TestFile.write(made.bytes, to: documents)
    }

    /// Does what `steps.txt` says, one line after the other, as a reader would.
    /// - Returns: the codes that the commands themselves printed.
    func follow(centre: Seat, seat: Seat) throws -> Set<String> {
        var told: Set<String> = []
        var certificates = 0
        let totals = String(decoding: try TestFile.bytes(beside + "/control.txt"), as: UTF8.self).dropLast()
        for line in try TestFile.lines(beside + "/steps.txt").map({ String(decoding: $0, as: UTF8.self) })
        where !line.hasPrefix("#") {
            var words = line.replacing("\"$(cat control.txt)\"", with: totals).split(separator: " ").map(String.init)
            #expect(words.removeFirst() == "esep", "\(line)")
            for place in words.indices {
                if words[place] == "DOCUMENTS" { words[place] = documents }
                if words[place] == "CENTRE" { words[place] = centre.directory }
                if words[place] == "TERRITORY" { words[place] = seat.directory }
                let file = beside + "/" + words[place]
                if FileManager.default.fileExists(atPath: file) { words[place] = file }
            }
            if words[0] == "register" { try wait(for: certificates, at: seat) }
            let result = try Program.run(words)
            #expect(result.status != 64, "\(result)")
            told.formUnion(Self.codes(in: result.output + result.errors))
            if words[0] == "sender" {
                certificates += 1
                #expect(result.status == 0, "\(result)")
            }
            if words[0] == "register" { try seat.waitForEmptyBacklog() }
        }
        return told
    }

    /// A sender's documents must be signed where its certificates have been heard of.
    private func wait(for certificates: Int, at seat: Seat) throws {
        try untilTrue("the territory hears of \(certificates) certificates") {
            try seat.json(["sender", "list"]).list.reduce(0) { $0 + $1["certificates"].list.count } == certificates
        }
    }

    /// `V902` and its kin, wherever they stand.
    private static func codes(in text: String) -> Set<String> {
        Set(text.matches(of: /\b[VDJR][0-9]{3}\b/).map { String($0.output) })
    }
}
