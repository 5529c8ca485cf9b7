import Generator
import Law
import Testing

/// What stands beside the lines of a run: editions whose forms are wrong, cards that come too late.
struct BesideTests {
    private static func beside(_ to: Day = Day(year: 2026, month: 3, day: 31)) throws -> Beside {
        var settings = GeneratorTests.settings(seed: 4, faults: 0.1)
        settings.to = to
        settings.signs = true
        return try Beside(catalogue: try GeneratorTests.catalogue.get(), settings: settings)
    }

    @Test func oneEditionIsRefusedForTheUnitOfAFigureAndTheOtherIsSound() throws {
        let base = try GeneratorTests.catalogue.get()
        let editions = try Self.beside().editions
        #expect(editions.map(\.rules) == [["V901"], ["V902", "V903"]])
        let refused = EditionProof(source: editions[0].source, base: base).defects()
        #expect(refused.count == 1 && refused.first?.reason.hasPrefix("V901: ") == true, "\(refused.map(\.sentence))")
        #expect(refused.first?.place.hasPrefix("line ") == true)
        #expect(EditionProof(source: editions[1].source, base: base).defects() == [])
        let enacted = try editions[1].source.load()
        #expect(editions[1].forms.count == 2 && editions[1].forms.allSatisfy { enacted.form($0) != nil })
        #expect(enacted.forms.count == base.newest.forms.count + 2)
    }

    @Test(arguments: [
        (Day(year: 2026, month: 3, day: 31), "2025-Q4"), (Day(year: 2026, month: 4, day: 1), "2026-Q1"),
        (Day(year: 2026, month: 12, day: 31), "2026-Q3"),
    ]) func lateCardsTakeEffectInThePeriodThatIsOver(to: Day, period: String) throws {
        let late = try Self.beside(to).late
        #expect(late.rule == "V906" && late.period == period)
        #expect(late.settings.to < to && late.settings.faults == 0)
        let lines = try GeneratorTests.lines(late.settings)
        #expect(lines.count == late.settings.count)
        for line in lines {
            let day = try #require(Day(text: GeneratorTests.texts("in_force", in: line)[0]))
            #expect(late.settings.from <= day && day <= late.settings.to, "\(line)")
        }
    }

    @Test func theFirstBodyOfEachKindSignsAndNoOther() throws {
        let beside = try Self.beside()
        var settings = GeneratorTests.settings(count: 2_000, seed: 4, faults: 0.1)
        settings.signs = true
        var generator = try DocumentGenerator(catalogue: GeneratorTests.catalogue.get(), settings: settings)
        var buffer: [UInt8] = []
        var signers: Set<String> = []
        while let line = generator.next(into: &buffer) {
            let sender = GeneratorTests.texts("sender_subject", in: String(decoding: buffer, as: UTF8.self)).first
            if let signer = line.signer {
                signers.insert(signer)
                #expect(signer == sender && beside.signers.contains(signer))
            }
            buffer.removeAll(keepingCapacity: true)
        }
        #expect(signers == Set(beside.signers))
    }
}
