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

    @Test func everySpoiltLineIsRefusedForTheExpectedReasonAndNoOther() throws {
        var met: Set<Fault> = []
        var wrong: [String] = []
        try Self.check(GeneratorTests.settings(count: 2_000, seed: 4, faults: 0.3)) { line, outcome, text in
            switch (line.fault, outcome) {
            case (nil, .accepted):
                break
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
        #expect(wrong.isEmpty, "\(wrong.count) wrong, the first: \(wrong.prefix(3))")
        #expect(met == Set(Fault.allCases))
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
