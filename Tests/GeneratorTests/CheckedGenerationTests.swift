import Generator
import Law
import Testing

/// Generated lines before the rules of the catalogue.
struct CheckedGenerationTests {
    /// Noon of the first day after the run, so that no document comes from the future.
    static let received = UInt64(Day(year: 2026, month: 4, day: 1).number) * 86_400_000 + 43_200_000

    static func check(
        _ settings: GeneratorSettings, _ each: (GeneratedLine, CheckOutcome, String) throws -> Void
    ) throws {
        let catalogue = try GeneratorTests.catalogue.get()
        var checker = Checker(catalogue: catalogue)
        let context = CheckContext(territory: settings.territory, receivedMilliseconds: received)
        var generator = try DocumentGenerator(catalogue: catalogue, settings: settings)
        var buffer: [UInt8] = []
        while let line = generator.next(into: &buffer) {
            let outcome = checker.check(Array(buffer.dropLast()), in: context)
            try each(line, outcome, String(decoding: buffer, as: UTF8.self))
            buffer.removeAll(keepingCapacity: true)
        }
    }

    private static let faults = (try? Fault.all(.embedded())) ?? []

    @Test(arguments: [("KZ-75", UInt64(1)), ("KZ-10", 2), ("KZ-71", 3), ("KZ-39", 44), ("KZ-61", 555)])
    func noLineWithoutAFaultIsRefused(territory: String, seed: UInt64) throws {
        var refused: [String] = []
        try Self.check(GeneratorTests.settings(territory, count: 2_000, seed: seed)) { _, outcome, line in
            if case .refused(let problems) = outcome {
                refused.append(problems.map { "\($0.code) \($0.path) \($0.message.en)" }.joined(separator: "; ") + line)
            }
        }
        #expect(refused.isEmpty, "\(refused.count) refused, the first: \(refused.prefix(3))")
    }

    @Test func aRunOfOneKindIsValidToo() throws {
        for kind in try GeneratorTests.catalogue.get().newest.kinds {
            var refused: [String] = []
            let settings = GeneratorTests.settings("KZ-55", kind: kind.code, count: 200, seed: 21)
            try Self.check(settings) { _, outcome, line in
                if case .refused(let problems) = outcome {
                    refused.append("\(problems.map { $0.code + " " + $0.path }) \(line)")
                }
            }
            #expect(refused.isEmpty, "\(kind.code): \(refused.prefix(2))")
        }
    }

    @Test func everySpoiltLineIsRefusedForTheExpectedReasonOrFoundAtTheCentre() throws {
        let edition = try GeneratorTests.catalogue.get().newest
        let national = Set(edition.rules.filter { $0.scope == .nation }.map(\.code))
        var met: Set<Fault> = []
        var wrong: [String] = []
        for kind in edition.kinds {
            let settings = GeneratorTests.settings(kind: kind.code, count: 240, seed: 4, faults: 0.9)
            var nation = GeneratedNation(edition: edition)
            var waiting: [(fault: Fault, record: NationRecord)] = []
            try Self.check(settings) { line, outcome, text in
                if case .accepted(let document) = outcome { nation.take(document) }
                switch (line.fault, outcome) {
                case (nil, .accepted):
                    break
                case (let fault?, .accepted(let document)) where national.contains(fault.expectedCode):
                    waiting.append((fault, GeneratedNation.record(document)))
                case (let fault?, .refused(let problems)):
                    met.insert(fault)
                    let errors = problems.filter { $0.severity == .error }
                    if !errors.contains(where: { $0.code.hasPrefix(fault.expectedCode) }) {
                        wrong.append("\(fault) expects \(fault.expectedCode), got \(errors.map(\.code)): \(text)")
                    }
                case (let fault, _):
                    wrong.append("\(fault.map { "\($0)" } ?? "no fault") came out otherwise: \(text)")
                }
            }
            for (fault, record) in waiting {
                let findings = NationalRules.findings(
                    about: record, in: nation, edition: edition, today: Day(year: 2026, month: 6, day: 1))
                if findings.contains(where: { $0.code == fault.expectedCode }) {
                    met.insert(fault)
                } else {
                    wrong.append("\(fault) is not found at the centre: \(record.document)")
                }
            }
        }
        #expect(wrong.isEmpty, "\(wrong.count) wrong, the first: \(wrong.prefix(3))")
        #expect(met == Set(Self.faults), "\(Self.faults.filter { !met.contains($0) })")
    }

    @Test func everyErrorThatADocumentAloneShowsHasAFault() throws {
        // Who may sign is told by the register of senders, which no document carries.
        let elsewhere: Set = ["V002", "V003"]
        let covered = Set(Self.faults.map(\.expectedCode)).union(elsewhere)
        for rule in try GeneratorTests.catalogue.get().newest.rules
        where rule.scope == .document && rule.severity == .error && !rule.code.hasPrefix("J") {
            #expect(covered.contains(rule.code), "\(rule.code)")
        }
    }

    @Test func theShareOfFaultsIsTheOneAskedFor() throws {
        var spoilt = 0
        var generator = try DocumentGenerator(
            catalogue: try GeneratorTests.catalogue.get(),
            settings: GeneratorTests.settings(count: 5_000, seed: 6, faults: 0.05))
        var buffer: [UInt8] = []
        while let line = generator.next(into: &buffer) { spoilt += line.fault == nil ? 0 : 1 }
        #expect((180...320).contains(spoilt), "\(spoilt) of 5000")
    }

    @Test func faultsLeaveTheLinesBetweenThemAsTheyWere() throws {
        let sound = try GeneratorTests.lines(GeneratorTests.settings(count: 400, seed: 5))
        let mixed = try GeneratorTests.lines(GeneratorTests.settings(count: 400, seed: 5, faults: 0.1))
        let different = zip(sound, mixed).count { $0 != $1 }
        #expect((25...60).contains(different), "\(different) lines differ")
    }
}

/// The documents of one run as the centre would hold them; nobody is the same as anybody.
private struct GeneratedNation: NationView {
    let edition: Edition
    private var byName: [String: NationRecord] = [:]
    private var byKind: [String: [NationRecord]] = [:]

    init(edition: Edition) {
        self.edition = edition
    }

    static func record(_ document: CheckedDocument) -> NationRecord {
        NationRecord(
            kind: document.kind.code, sender: document.sender, document: document.document, acceptedMilliseconds: 0,
            values: Values(document.values))
    }

    mutating func take(_ document: CheckedDocument) {
        let record = Self.record(document)
        byName[record.sender + "/" + record.document] = record
        byKind[record.kind, default: []].append(record)
    }

    func records(kind: String, keyPath: String, text: String) -> [NationRecord] {
        guard let field = edition.kind(kind)?.field(path: keyPath) else { return [] }
        return (byKind[kind] ?? []).filter { $0.values.text(field.number) == text }
    }

    func count(kind: String, keyPath: String, text: String) -> Int {
        records(kind: kind, keyPath: keyPath, text: text).count
    }

    func record(sender: String, document: String) -> NationRecord? { byName[sender + "/" + document] }

    func records(kind: String, sameSubjectAs record: NationRecord, slot: UInt16) -> [NationRecord] { [] }

    func accountStates(type: String, of record: NationRecord, slot: UInt16) -> [String] { [] }
}
