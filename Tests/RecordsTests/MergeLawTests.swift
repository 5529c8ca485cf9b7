import Law
import Records
import Testing

/// The laws of design §6, each over ten thousand seeded histories. A failure names its seed.
struct MergeLawTests {
    static let seeds: Range<UInt64> = 0..<10_000

    @Test func anyOrderGroupingAndRepetitionGivesTheSameBytes() {
        for seed in Self.seeds {
            let arrivals = History(seed: seed).arrivals
            var dice = Dice(seed: ~seed)
            let inOrder = RecordState.folding(arrivals)
            let shuffled = RecordState.folding((arrivals + arrivals.prefix(3)).shuffled(using: &dice))
            let cut = dice.below(arrivals.count + 1)
            let left = RecordState.folding(arrivals[..<cut])
            let right = RecordState.folding(arrivals[cut...])
            let bytes = inOrder.canonicalBytes()
            #expect(shuffled.canonicalBytes() == bytes, "order or repetition changed seed \(seed)")
            #expect(left.merged(with: right).canonicalBytes() == bytes, "grouping changed seed \(seed)")
            #expect(shuffled.view(isSet: isSet) == inOrder.view(isSet: isSet), "the view differs in seed \(seed)")
        }
    }

    @Test func mergeIsCommutativeAssociativeAndIdempotent() {
        for seed in Self.seeds {
            let arrivals = History(seed: seed).arrivals
            var dice = Dice(seed: seed &* 31)
            var parts = Array(repeating: RecordState(), count: 3)
            for arrival in arrivals { parts[dice.below(3)].fold(arrival) }
            let (one, two, three) = (parts[0], parts[1], parts[2])
            #expect(one.merged(with: two) == two.merged(with: one), "not commutative in seed \(seed)")
            #expect(
                one.merged(with: two).merged(with: three) == one.merged(with: two.merged(with: three)),
                "not associative in seed \(seed)")
            #expect(one.merged(with: one) == one, "not idempotent in seed \(seed)")
        }
    }

    @Test func aSlowPlainModelAgrees() {
        for seed in Self.seeds {
            let arrivals = History(seed: seed).arrivals
            guard arrivals.filter(\.source.opens).count == 1 else { continue }
            var model = PlainModel()
            for arrival in arrivals { model.hear(arrival) }
            let view = RecordState.folding(arrivals).view(isSet: isSet)
            for field: FieldNumber in 1...5 {
                let versions = view[field]?.versions ?? []
                let standing = Dictionary(uniqueKeysWithValues: versions.map { ($0.dot, $0.value) })
                #expect(standing == model.values(of: field), "field \(field) of seed \(seed)")
                if !isSet(field) {
                    #expect(view.value(of: field) == model.shown(of: field), "shown \(field) of seed \(seed)")
                }
            }
            #expect(view.isCancelled == !model.values(of: 0).isEmpty, "state of seed \(seed)")
        }
    }

    @Test func whatIsNotNamedStaysAndWhatIsNamedGoes() {
        for seed in Self.seeds {
            let arrivals = History(seed: seed).arrivals
            var state = RecordState()
            for arrival in arrivals {
                let before = state.view(isSet: isSet)
                let replacedSooner = Set(state.replaced)
                state.fold(arrival)
                let after = state.view(isSet: isSet)
                guard !arrival.source.opens else { continue }
                let named = Set(arrival.writes.flatMap(\.replaces))
                for field in before.fields {
                    let left = Set(after[field.field]?.versions.map(\.dot) ?? [])
                    let touched = arrival.writes.contains { $0.field == field.field }
                    for version in field.versions {
                        let direct = named.contains(version.dot)
                        if direct { #expect(!left.contains(version.dot), "a named dot stayed in seed \(seed)") }
                        if !touched { #expect(left.contains(version.dot), "an unnamed field lost a value: \(seed)") }
                    }
                    #expect(replacedSooner.isDisjoint(with: left), "a replaced dot came back in seed \(seed)")
                }
            }
        }
    }
}
