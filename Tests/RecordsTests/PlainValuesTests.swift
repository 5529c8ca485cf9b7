import Law
import Records
import Testing

/// The short way of a document that stands alone says what merging it would.
struct PlainValuesTests {
    private static func entry(_ act: DocumentAct, _ writes: [Write]) -> DocumentEntry {
        DocumentEntry(
            act: act, record: RecordID(high: 1, low: 2), kind: "CR-1", edition: Day(20_000),
            number: Serial(year: 2026, serial: 1), sender: "MVD", document: "D-1", writes: writes, blocks: [])
    }

    @Test func aLoneDocumentIsSeenAsItsMergeWouldShowIt() {
        var plain = 0
        for seed: UInt64 in 0..<10_000 {
            var dice = Dice(seed: seed)
            // Few fields and few values: repeats of both are common. A place is given once, as the codec demands.
            let writes = (0..<UInt16(dice.below(9))).map { place in
                Write(
                    field: FieldNumber(1 + dice.below(5)), place: place,
                    value: dice.below(40) == 0 ? nil : .integer(Int64(dice.below(3))))
            }
            let cut = dice.below(writes.count + 1)
            let act: DocumentAct = [.register, .zero, .correct, .cancel][dice.below(4)]
            let entry = Self.entry(act, Array(writes[cut...]))
            guard let values = entry.plainValues(opened: Array(writes[..<cut]), isSet: isSet) else { continue }
            plain += 1
            var state = RecordState()
            state.apply(
                entry, at: LogAddress(author: AuthorNumber(3), index: 7), stamp: Stamp(milliseconds: 5),
                opened: Array(writes[..<cut]))
            let view = state.view(isSet: isSet)
            #expect(values == view.shownValues, "seed \(seed)")
            #expect(view.opening != nil && !view.isCancelled && view.discrepancies.isEmpty, "seed \(seed)")
        }
        #expect(plain > 1_000, "the short way was hardly ever taken: \(plain)")
    }

    @Test func whatReplacesOrCancelsOrRepeatsIsMerged() {
        let one = Write(field: 1, place: 0, value: .integer(1))
        let replacing = Write(
            field: 1, place: 0, value: .integer(1),
            replaces: [Dot(at: LogAddress(author: AuthorNumber(3), index: 1), place: 0)])
        let again = Write(field: 1, place: 1, value: .integer(2))
        #expect(Self.entry(.register, [one]).plainValues(opened: [], isSet: isSet) != nil)
        #expect(Self.entry(.correct, [one]).plainValues(opened: [], isSet: isSet) == nil)
        #expect(Self.entry(.register, [replacing]).plainValues(opened: [], isSet: isSet) == nil)
        #expect(Self.entry(.register, [one]).plainValues(opened: [again], isSet: isSet) == nil)
    }
}
