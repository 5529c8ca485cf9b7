import Accounts
import Foundation
import Law
import Testing

struct LikenessTableTests {
    private static let catalogue = Result { try Catalogue.embedded() }
    private let edition: Edition

    init() throws {
        edition = try Self.catalogue.get().newest
    }

    private func traits(_ kind: String, _ fields: [(String, Value)]) throws -> LikenessTraits {
        let card = try #require(edition.kind(kind))
        let values = try fields.map { FieldValue(field: try #require(card.field(path: $0)).number, value: $1) }
        return LikenessTraits(of: Values(values), kind: kind, rules: edition.likeness)
    }

    private func random(_ kind: String, _ dice: inout Dice) throws -> LikenessTraits {
        let sex = dice.below(2) == 0 ? "M" : "F"
        let age = Int64(15 + dice.below(60))
        let height = Int64(150 + dice.below(40))
        let words = (0..<4).map { _ in "примета\(dice.below(500))" }.joined(separator: " ")
        let day = Day(Int32(20_000 + dice.below(500)))
        let common: [(String, Value)] = [
            ("region", .text("KZ-\(10 + dice.below(60))")), ("description.height_min", .integer(height)),
            ("description.height_max", .integer(height + 4)), ("description.tattoos", .text(words)),
            ("description.hair", .text("тёмные")),
        ]
        if kind == "MS-1" {
            return try traits(
                kind,
                common + [("person.sex", .text(sex)), ("age", .integer(age)), ("last_seen_at", .day(day))])
        }
        return try traits(
            kind,
            common + [
                ("sex", .text(sex)), ("age.min", .integer(age)), ("age.max", .integer(age + 10)),
                ("found_at", .day(day)),
            ])
    }

    /// The catalogue's word alone decides what is compared.
    @Test func everyFeatureNamesFieldsOfEveryKind() {
        let rules = edition.likeness
        #expect(rules.kinds == ["MS-1", "UC-1", "UP-1"])
        for feature in rules.features { #expect(Set(feature.fields.keys) == Set(rules.kinds), "\(feature.name)") }
        #expect(rules.features.reduce(0) { $0 + $1.weight } == 100)
    }

    @Test func aRecordIsLikeItselfInFullAndLikenessIsTheSameEitherWay() throws {
        let fields: [(String, Value)] = [
            ("sex", .text("M")), ("age.min", .integer(30)), ("age.max", .integer(40)), ("found_at", .day(Day(20_000))),
            ("region", .text("KZ-75")), ("settlement", .integer(1_526_384)), ("description.build", .text("THIN")),
            ("description.height_min", .integer(170)), ("description.height_max", .integer(174)),
            ("description.eyes", .text("карие")), ("description.scars", .text("шрам")),
        ]
        var table = LikenessTable(rules: edition.likeness)
        table.insert(1, kind: "UC-1", try traits("UC-1", fields))
        #expect(table.candidates(for: 2, kind: "UP-1", try traits("UP-1", fields)).map(\.likeness) == [100])
        // Its own kind is never proposed.
        #expect(table.candidates(for: 2, kind: "UC-1", try traits("UC-1", fields)).isEmpty)
        for seed: UInt64 in 1...300 {
            var dice = Dice(seed: seed)
            let (missing, corpse) = (try random("MS-1", &dice), try random("UC-1", &dice))
            var one = LikenessTable(rules: edition.likeness)
            one.insert(1, kind: "UC-1", corpse)
            var other = LikenessTable(rules: edition.likeness)
            other.insert(2, kind: "MS-1", missing)
            #expect(
                one.candidates(for: 2, kind: "MS-1", missing).map(\.likeness)
                    == other.candidates(for: 1, kind: "UC-1", corpse).map(\.likeness), "seed \(seed)")
        }
    }

    /// Whatever was put in and taken out, what is left is compared as if nothing else had ever been there.
    @Test func whatWasTakenOutLeavesNoTrace() throws {
        for seed: UInt64 in 1...30 {
            var dice = Dice(seed: seed)
            var table = LikenessTable(rules: edition.likeness)
            var kept: [Int64: (String, LikenessTraits)] = [:]
            for _ in 0..<200 {
                let record = Int64(dice.below(40))
                if dice.below(3) == 0 {
                    table.remove(record)
                    kept[record] = nil
                } else {
                    let kind = ["MS-1", "UC-1", "UP-1"][dice.below(3)]
                    let traits = try random(kind, &dice)
                    table.insert(record, kind: kind, traits)
                    kept[record] = (kind, traits)
                }
            }
            var fresh = LikenessTable(rules: edition.likeness)
            for (record, (kind, traits)) in kept { fresh.insert(record, kind: kind, traits) }
            let asked = try random("MS-1", &dice)
            #expect(table.count == kept.count)
            #expect(
                table.candidates(for: 99, kind: "MS-1", asked) == fresh.candidates(for: 99, kind: "MS-1", asked),
                "seed \(seed)")
        }
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["ESEP_FIGURES"] != nil))
    func howLongOneCardAgainstFiftyThousandTakes() throws {
        var dice = Dice(seed: 1)
        var table = LikenessTable(rules: edition.likeness)
        for record in 0..<50_000 {
            let kind = record % 2 == 0 ? "UC-1" : "UP-1"
            table.insert(Int64(record), kind: kind, try random(kind, &dice))
        }
        let asked = try (0..<50).map { _ in try random("MS-1", &dice) }
        var times: [Duration] = []
        var proposed = 0
        for traits in asked {
            let begin = ContinuousClock.now
            proposed += table.candidates(for: -1, kind: "MS-1", traits).count
            times.append(ContinuousClock.now - begin)
        }
        times.sort()
        print("one card against 50,000 open ones: median \(times[25]), least \(times[0]), \(proposed) proposed")
    }
}
