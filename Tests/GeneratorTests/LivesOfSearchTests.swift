import Generator
import Law
import Testing

/// What cards of one life of search, capacity or seized amounts agree on.
struct LivesOfSearchTests {
    /// The lines of a run by the name of their document, and the same in their order.
    private static func run(count: Int = 4_000) throws -> (byName: [String: String], all: [String]) {
        let lines = try GeneratorTests.lines(GeneratorTests.settings(count: count, seed: 17))
        var byName: [String: String] = [:]
        for line in lines { byName[text("sender_subject", line) + "/" + text("doc_id", line)] = line }
        return (byName, lines)
    }

    private static func text(_ key: String, _ line: String) -> String {
        GeneratorTests.texts(key, in: line).first ?? ""
    }

    private static func lines(_ kind: String, _ lines: [String]) -> [String] {
        lines.filter { text("form_code", $0) == kind }
    }

    @Test(arguments: [
        ("MS-2", "start_ref", "MS-1"), ("UC-2", "start_ref", "UC-1"), ("UP-2", "start_ref", "UP-1"),
        ("UC-2", "missing_ref", "MS-1"), ("UP-2", "missing_ref", "MS-1"), ("MS-2", "corpse_ref", "UC-1"),
        ("CV-1", "start_ref", "CV-1"), ("CR-4", "decision_ref", "CR-3"), ("CF-1", "decision_ref", "CT-1"),
    ])
    func aCardNamesAnEarlierOneOfItsLife(kind: String, path: String, named: String) throws {
        let run = try Self.run()
        var met = 0
        for line in Self.lines(kind, run.all) where !Self.text(path, line).isEmpty {
            let name = Self.text(path, line)
            let other = try #require(run.byName[name], "\(name) is in no line")
            #expect(Self.text("form_code", other) == named)
            #expect(other != line)
            #expect(Self.text("doc_date", other) <= Self.text("doc_date", line))
            met += 1
        }
        #expect(met > 0, "no \(kind) with \(path)")
    }

    @Test func aPersonLooksTheSameToWhoeverDescribesHim() throws {
        let run = try Self.run()
        var compared = 0
        for line in Self.lines("UC-2", run.all) where !Self.text("missing_ref", line).isEmpty {
            let missing = try #require(run.byName[Self.text("missing_ref", line)])
            let corpse = try #require(run.byName[Self.text("start_ref", line)])
            for key in ["hair", "eyes", "build", "sex"] { #expect(Self.text(key, missing) == Self.text(key, corpse)) }
            #expect(Self.text("iin", missing) == Self.text("iin", line))
            compared += 1
        }
        #expect(compared > 0)
    }

    @Test func noMoreIsReturnedThanIsDue() throws {
        let amounts = try Self.lines("CF-1", Self.run().all)
        var due: [String: String] = [:]
        for line in amounts where Self.text("amount_kind", line) == "DUE" {
            due[Self.text("asset_no", line)] = Self.text("amount", line)
        }
        let returned = amounts.filter { Self.text("amount_kind", $0) == "RET" }
        #expect(!returned.isEmpty)
        for line in returned { #expect(due[Self.text("asset_no", line)] == Self.text("amount", line)) }
    }

    @Test func anAnsweredRequestBearsTheNumberOfTheOneSent() throws {
        let requests = try Self.lines("MR-1", Self.run().all)
        let done = requests.filter { !Self.text("done", $0).isEmpty }
        #expect(!done.isEmpty)
        for line in done {
            let open = requests.first {
                Self.text("request_no", $0) == Self.text("request_no", line) && Self.text("done", $0).isEmpty
            }
            #expect(open != nil)
        }
    }

    @Test func aMissingChildIsLookedForFirst() throws {
        let run = try GeneratorTests.lines(GeneratorTests.settings(kind: "MS-1", count: 300, seed: 3))
        let priorities = Set(run.map { Self.text("priority", $0) })
        #expect(priorities == ["HIGH", "NORMAL"])
    }
}
