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
        let inStore = Set(edition.rules.filter { $0.scope == .store }.map(\.code))
        var met: Set<Fault> = []
        var wrong: [String] = []
        for kind in edition.kinds {
            let settings = GeneratorTests.settings(kind: kind.code, count: 240, seed: 4, faults: 0.9)
            var nation = GeneratedNation(edition: edition)
            var shard = GeneratedShard()
            var waiting: [(fault: Fault, record: NationRecord)] = []
            try Self.check(settings) { line, outcome, text in
                if case .accepted(let document) = outcome {
                    if line.fault == nil { shard.take(document) }
                    if line.fault.map({ !inStore.contains($0.expectedCode) }) ?? true { nation.take(document) }
                }
                switch (line.fault, outcome) {
                case (nil, .accepted):
                    break
                case (let fault?, .accepted(let document)) where inStore.contains(fault.expectedCode):
                    if shard.refuses(document) == fault.expectedCode {
                        met.insert(fault)
                    } else {
                        wrong.append("\(fault) is taken by the shard: \(text)")
                    }
                case (let fault?, .accepted(let document)) where national.contains(fault.expectedCode):
                    waiting.append((fault, nation.last ?? GeneratedNation.record(document)))
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
        // Signatures are made and judged elsewhere: here nobody has a key.
        let judged = Self.faults.filter { if case .signature = $0 { false } else { true } }
        #expect(met == Set(judged), "\(judged.filter { !met.contains($0) })")
    }

    /// Decided anywhere: by the text, a document, a shard, the nation, a batch or a form. What a later part decides, if
    /// anything, the catalogue itself says.
    private static func decidedErrors() throws -> Set<String> {
        let rules = try GeneratorTests.catalogue.get().newest.rules
        return Set(rules.filter { $0.severity == .error && $0.later == nil }.map(\.code))
    }

    @Test func everyErrorIsBroughtAboutByALineOrByWhatStandsBesideTheLines() throws {
        let lines = Set(Self.faults.map(\.expectedCode))
        let beside = try Stories.embedded().beside.rules
        let errors = try Self.decidedErrors()
        #expect(lines.isDisjoint(with: beside))
        #expect(lines.union(beside) == errors, "\(lines.union(beside).symmetricDifference(errors))")
        print("faults: \(Self.faults.count) of lines for \(lines.count) rules, beside the lines \(beside.count) rules")
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func aRunOfSomeThousandIsThroughEveryRuleOfLines(seed: UInt64) throws {
        var settings = GeneratorTests.settings(count: 8_000, seed: seed, faults: 0.4)
        settings.signs = true
        var met: Set<String> = []
        var generator = try DocumentGenerator(catalogue: GeneratorTests.catalogue.get(), settings: settings)
        var buffer: [UInt8] = []
        while let line = generator.next(into: &buffer) {
            buffer.removeAll(keepingCapacity: true)
            if let fault = line.fault { met.insert(fault.expectedCode) }
            if case .signature? = line.fault { #expect(line.signer != nil) }
        }
        let wanted = Set(Self.faults.map(\.expectedCode))
        #expect(met == wanted, "\(wanted.subtracting(met).sorted())")
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

/// What a territory's shard knows of the documents it took: enough for the two rules that ask it.
private struct GeneratedShard {
    private var contents: [String: [FieldValue]] = [:]

    mutating func take(_ document: CheckedDocument) {
        contents[document.sender + "/" + document.document] = document.values
    }

    func refuses(_ document: CheckedDocument) -> String? {
        if document.act == .correction {
            return contents[document.sender + "/" + (document.supersedes ?? "")] == nil ? "V011" : nil
        }
        let held = contents[document.sender + "/" + document.document]
        return held.map { $0 != document.values } ?? false ? "V004" : nil
    }
}

/// The documents of one run as the centre would hold them; people are told apart by their numbers alone.
private struct GeneratedNation: NationView {
    let edition: Edition
    private(set) var last: NationRecord?
    private var taken: UInt64 = 0
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
        var record = Self.record(document)
        taken += 1
        record.acceptedMilliseconds = taken
        last = record
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

    func records(kind: String, sameSubjectAs record: NationRecord, slot: UInt16) -> [NationRecord] {
        guard let number = number(of: record) else { return [] }
        return (byKind[kind] ?? []).filter { self.number(of: $0) == number }
    }

    private func number(of record: NationRecord) -> String? {
        edition.kind(record.kind)?.field(role: .iin).flatMap { record.values.text($0.number) }
    }

    func accountStates(type: String, of record: NationRecord, slot: UInt16) -> [String] { [] }
}
