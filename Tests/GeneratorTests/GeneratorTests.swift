import Generator
import Law
import Testing

/// What every run promises, whatever the rules say of its lines.
struct GeneratorTests {
    static let catalogue = Result { try Catalogue.embedded() }

    static func settings(
        _ territory: String = "KZ-75", kind: String? = nil, count: Int = 2_000, seed: UInt64 = 1, faults: Double = 0
    ) -> GeneratorSettings {
        GeneratorSettings(
            kind: kind, territory: territory, count: count, seed: seed, from: Day(year: 2026, month: 1, day: 5),
            to: Day(year: 2026, month: 3, day: 31), faults: faults)
    }

    static func lines(_ settings: GeneratorSettings) throws -> [String] {
        var generator = try DocumentGenerator(catalogue: try catalogue.get(), settings: settings)
        var lines: [String] = []
        var buffer: [UInt8] = []
        while generator.next(into: &buffer) != nil {
            lines.append(String(decoding: buffer.dropLast(), as: UTF8.self))
            buffer.removeAll()
        }
        return lines
    }

    /// The text after `"key":"` in a line, up to the next quote.
    static func texts(_ key: String, in line: String) -> [String] {
        var found: [String] = []
        let pattern = Array("\"\(key)\":\"".utf8)
        var rest = Array(line.utf8)[...]
        while let start = rest.firstIndex(of: UInt8(ascii: "\"")) {
            rest = rest[start...]
            guard rest.starts(with: pattern) else {
                rest = rest.dropFirst()
                continue
            }
            rest = rest.dropFirst(pattern.count)
            let end = rest.firstIndex(of: UInt8(ascii: "\"")) ?? rest.endIndex
            found.append(String(decoding: rest[..<end], as: UTF8.self))
            rest = rest[end...]
        }
        return found
    }

    @Test func theSameSeedGivesTheSameBytesInEveryProcess() throws {
        var generator = try DocumentGenerator(
            catalogue: try Self.catalogue.get(), settings: Self.settings(count: 500, seed: 7))
        var buffer: [UInt8] = []
        while generator.fill(&buffer, lines: 100) > 0 {}
        let again = try Self.lines(Self.settings(count: 500, seed: 7)).map { $0 + "\n" }.joined()
        #expect(Array(again.utf8) == buffer)
        #expect(try Self.lines(Self.settings(count: 500, seed: 8)) != Self.lines(Self.settings(count: 500, seed: 7)))
    }

    @Test(arguments: [0, 1, 2, 17]) func aRunHasExactlyTheLinesAskedFor(count: Int) throws {
        #expect(try Self.lines(Self.settings(count: count)).count == count)
    }

    @Test func everyKindComesInAMixedRun() throws {
        var counts: [String: Int] = [:]
        for line in try Self.lines(Self.settings(count: 3_000)) {
            counts[Self.texts("form_code", in: line)[0], default: 0] += 1
        }
        for kind in try Self.catalogue.get().newest.kinds {
            #expect(counts[kind.code, default: 0] > 0, "no \(kind.code)")
        }
        #expect(counts["AD-1", default: 0] == counts.values.max())
    }

    @Test func aLineIsAboutSevenHundredBytes() throws {
        let lines = try Self.lines(Self.settings(count: 3_000))
        let mean = lines.reduce(0) { $0 + $1.utf8.count } / lines.count
        #expect((560...840).contains(mean), "\(mean) bytes on average")
    }

    @Test func documentIdsAndCaseNumbersNeverMeetAcrossTerritoriesSeedsAndKinds() throws {
        var ids: Set<String> = []
        var cases: Set<String> = []
        var runs = 0
        for settings in [
            Self.settings("KZ-75", seed: 1), Self.settings("KZ-75", seed: 2), Self.settings("KZ-10", seed: 1),
            Self.settings("KZ-75", kind: "CR-1", seed: 1),
        ] {
            let lines = try Self.lines(settings)
            let own = Set(lines.flatMap { Self.texts("case_no", in: $0) })
            #expect(cases.isDisjoint(with: own))
            cases.formUnion(own)
            for line in lines { ids.formUnion(Self.texts("doc_id", in: line)) }
            runs += lines.count
        }
        #expect(ids.count == runs)
    }

    @Test func everyNumberOfAPersonHasItsCheckDigitAndCanBeNobodys() throws {
        var numbers = 0
        for line in try Self.lines(Self.settings(count: 3_000, seed: 3)) {
            for iin in Self.texts("iin", in: line) {
                numbers += 1
                #expect(Identification.hasValidCheckDigit(iin), "\(iin)")
                let century = iin.utf8.dropFirst(6).first
                #expect(century == UInt8(ascii: "1") || century == UInt8(ascii: "2"), "\(iin)")
            }
        }
        #expect(numbers > 500)
    }

    @Test func noTwoPeopleBearOneNumber() {
        var seen: Set<Int> = []
        for number in 0..<100_000 { #expect(seen.insert(People.person(number).iin).inserted) }
        for number in People.adults..<People.adults + People.children {
            #expect(seen.insert(People.person(number).iin).inserted)
        }
    }

    @Test func territoriesMeetTheSamePeopleSomeUnderAPreviousSurname() throws {
        func surnames(_ settings: GeneratorSettings) throws -> [String: Set<String>] {
            var names: [String: Set<String>] = [:]
            for line in try Self.lines(settings) {
                // `iin` stands once in a card with one person, and its surname follows it.
                guard let iin = Self.texts("iin", in: line).first, let surname = Self.texts("surname", in: line).first
                else { continue }
                names[iin, default: []].insert(surname)
            }
            return names
        }
        let almaty = try surnames(Self.settings("KZ-75", count: 4_000, seed: 11))
        let abai = try surnames(Self.settings("KZ-10", count: 4_000, seed: 12))
        let shared = almaty.keys.filter { abai[$0] != nil }
        #expect(shared.count > 5)
        #expect(shared.contains { almaty[$0] != abai[$0] })
    }

    @Test func kazakhLettersStandInNames() throws {
        let text = try Self.lines(Self.settings(count: 3_000)).flatMap { Self.texts("surname", in: $0) }.joined()
            .lowercased()
        for letter in "әғқңөұүһі" { #expect(text.contains(letter), "no \(letter)") }
    }

    @Test func documentDaysAreWorkingDaysOfTheSpan() throws {
        let calendar = try Self.catalogue.get().newest.calendar
        let settings = Self.settings()
        for line in try Self.lines(settings) {
            let day = try #require(Day(text: Self.texts("doc_date", in: line)[0]))
            #expect(calendar.isWorking(day) && settings.from <= day && day <= settings.to)
        }
    }

    @Test func settlementsAreTheTerritorysAndTheLargestComesMost() throws {
        let edition = try Self.catalogue.get().newest
        var counts: [Int64: Int] = [:]
        for line in try Self.lines(Self.settings("KZ-10")) {
            guard let range = line.firstRange(of: "\"settlement\":") else { continue }
            let id = try #require(Int64(line[range.upperBound...].prefix { $0.isNumber }))
            #expect(edition.settlement(id)?.region == "KZ-10")
            counts[id, default: 0] += 1
        }
        let largest = edition.settlements.filter { $0.region == "KZ-10" }.max { $0.population < $1.population }
        #expect(counts.max { $0.value < $1.value }?.key == largest?.id)
    }

    @Test func aRunOfOneKindHasNoOther() throws {
        for kind in try Self.catalogue.get().newest.kinds {
            for line in try Self.lines(Self.settings(kind: kind.code, count: 50)) {
                #expect(Self.texts("form_code", in: line) == [kind.code])
            }
        }
    }

    @Test func casualtiesOfAnAccidentAgreeWithItsVictims() throws {
        var told: [String: Int] = [:]
        var victims: [String: Int] = [:]
        for line in try Self.lines(Self.settings(count: 3_000, seed: 5)) {
            switch Self.texts("form_code", in: line)[0] {
            case "RA-1":
                let name = Self.texts("sender_subject", in: line)[0] + "/" + Self.texts("doc_id", in: line)[0]
                told[name] = Self.integer("dead", in: line) + Self.integer("injured", in: line)
            case "RA-2":
                victims[Self.texts("accident_ref", in: line)[0], default: 0] += 1
            default:
                continue
            }
        }
        #expect(told.count > 50)
        #expect(told == victims)
    }

    @Test func personalValuesAreThoseInTheLinesAndInNoCatalogueText() throws {
        let settings = Self.settings(count: 400, seed: 9)
        let values = try DocumentGenerator.personalValues(catalogue: try Self.catalogue.get(), settings: settings)
        let lines = try Self.lines(settings)
        let iins = Set(lines.flatMap { Self.texts("iin", in: $0) })
        #expect(iins.isSubset(of: values.iins))
        let surnames = Set(lines.flatMap { Self.texts("surname", in: $0) })
        #expect(surnames.isSubset(of: values.surnames))
        #expect(values.all.allSatisfy { $0.utf8.count >= 8 })
        let edition = try Self.catalogue.get().newest
        for settlement in edition.settlements {
            for value in values.surnames + values.names {
                #expect(!settlement.labels.kk.contains(value) && !settlement.labels.ru.contains(value), "\(value)")
            }
        }
    }

    @Test func whatCannotBeGeneratedIsRefusedWithItsReason() throws {
        let catalogue = try Self.catalogue.get()
        #expect(throws: GeneratorRefusal.unknownTerritory("KZ-00")) {
            try DocumentGenerator(catalogue: catalogue, settings: Self.settings("KZ-00"))
        }
        #expect(throws: GeneratorRefusal.unknownKind("ZZ-9")) {
            try DocumentGenerator(catalogue: catalogue, settings: Self.settings(kind: "ZZ-9"))
        }
        var weekend = Self.settings()
        weekend.from = Day(year: 2026, month: 2, day: 14)
        weekend.to = Day(year: 2026, month: 2, day: 15)
        #expect(throws: GeneratorRefusal.noWorkingDay(from: weekend.from, to: weekend.to)) {
            try DocumentGenerator(catalogue: catalogue, settings: weekend)
        }
    }

    static func integer(_ key: String, in line: String) -> Int {
        guard let range = line.firstRange(of: "\"\(key)\":") else { return 0 }
        return Int(line[range.upperBound...].prefix { $0.isNumber }) ?? 0
    }
}
