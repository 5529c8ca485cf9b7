import Law
import Records
import Testing

struct RecordViewTests {
    private let almaty = AuthorNumber(2)
    private let shymkent = AuthorNumber(3)

    private func arrival(
        _ act: DocumentAct, _ author: AuthorNumber, _ index: UInt64, _ milliseconds: UInt64, _ writes: [Write],
        suspect: Bool = false
    ) -> Arrival {
        let source = RecordState.Source(
            at: LogAddress(author: author, index: index), act: act, stamp: Stamp(milliseconds: milliseconds),
            suspect: suspect)
        return Arrival(source: source, writes: writes)
    }

    private var opening: Arrival {
        arrival(
            .register, almaty, 1, 100,
            [
                Write(field: 1, place: 0, value: .text("A")), Write(field: 2, place: 1, value: .integer(1)),
                Write(field: 4, place: 2, value: .text("x")), Write(field: 4, place: 3, value: .text("y")),
            ])
    }

    @Test func twoConcurrentCorrectionsAreADiscrepancyUntilSomebodyResolvesIt() throws {
        let shown = RecordState.folding([opening]).view(isSet: isSet)
        let one = arrival(.correct, almaty, 2, 200, try shown.correction([.set(1, .text("B"))]))
        let two = arrival(.correct, shymkent, 1, 300, try shown.correction([.set(1, .text("C"))]))
        var state = RecordState.folding([opening, two, one])
        let torn = state.view(isSet: isSet)
        #expect(torn.discrepancies.map(\.field) == [1])
        #expect(torn[1]?.versions.map(\.value) == [.text("C"), .text("B")])
        state.fold(arrival(.correct, .centre, 9, 400, try torn.correction([.set(1, .text("B"))])))
        let resolved = state.view(isSet: isSet)
        #expect(resolved.discrepancies.isEmpty)
        #expect(resolved.value(of: 1) == .text("B"))
    }

    @Test func twoConcurrentResolutionsAreADiscrepancyAgain() throws {
        let shown = RecordState.folding([opening]).view(isSet: isSet)
        let one = arrival(.correct, almaty, 2, 200, try shown.correction([.set(1, .text("B"))]))
        let two = arrival(.correct, shymkent, 1, 300, try shown.correction([.set(1, .text("C"))]))
        let torn = RecordState.folding([opening, one, two]).view(isSet: isSet)
        let first = arrival(.correct, almaty, 3, 400, try torn.correction([.set(1, .text("B"))]))
        let second = arrival(.correct, .centre, 5, 500, try torn.correction([.set(1, .text("C"))]))
        let view = RecordState.folding([opening, one, two, first, second]).view(isSet: isSet)
        #expect(view.discrepancies.count == 1)
        #expect(view.value(of: 1) == .text("C"))
    }

    @Test func twoAuthorsWhoSayTheSameAgree() throws {
        let shown = RecordState.folding([opening]).view(isSet: isSet)
        let one = arrival(.correct, almaty, 2, 200, try shown.correction([.set(1, .text("B"))]))
        let two = arrival(.correct, shymkent, 1, 300, try shown.correction([.set(1, .text("B"))]))
        let view = RecordState.folding([opening, one, two]).view(isSet: isSet)
        #expect(view[1]?.versions.count == 2)
        #expect(view.discrepancies.isEmpty)
    }

    @Test func aSuspectStampYieldsInWhatIsShownAndLosesNothing() throws {
        let shown = RecordState.folding([opening]).view(isSet: isSet)
        let ahead = arrival(.correct, almaty, 2, 9_000, try shown.correction([.set(2, .integer(7))]), suspect: true)
        let sound = arrival(.correct, shymkent, 1, 300, try shown.correction([.set(2, .integer(8))]))
        let view = RecordState.folding([ahead, opening, sound]).view(isSet: isSet)
        #expect(view.value(of: 2) == .integer(8))
        #expect(view[2]?.versions.map(\.value) == [.integer(8), .integer(7)])
    }

    @Test func aSetGainsAndLosesElementsOnItsOwn() throws {
        let shown = RecordState.folding([opening]).view(isSet: isSet)
        let gone = arrival(.correct, almaty, 2, 200, try shown.correction([.remove(4, .text("x"))]))
        let more = arrival(.correct, shymkent, 1, 210, try shown.correction([.add(4, .text("z"))]))
        let view = RecordState.folding([more, gone, opening]).view(isSet: isSet)
        #expect(Set(view.elements(of: 4)) == [.text("y"), .text("z")])
        #expect(view.discrepancies.isEmpty)
        #expect(throws: CorrectionProblem.noSuchElement(4)) { try shown.correction([.remove(4, .text("q"))]) }
    }

    @Test func aCancelledRecordStandsAgainWhenItsCancellationIsReplaced() throws {
        let cancel = arrival(.cancel, almaty, 2, 200, [])
        let other = arrival(.cancel, shymkent, 1, 200, [])
        let seen = RecordState.folding([opening, cancel]).view(isSet: isSet)
        #expect(seen.isCancelled)
        let restore = arrival(.correct, .centre, 3, 300, try seen.correction([.restore]))
        #expect(!RecordState.folding([restore, cancel, opening]).view(isSet: isSet).isCancelled)
        #expect(RecordState.folding([restore, cancel, other, opening]).view(isSet: isSet).isCancelled)
        let standing = RecordState.folding([opening]).view(isSet: isSet)
        #expect(throws: CorrectionProblem.notCancelled) { try standing.correction([.restore]) }
    }

    @Test func theSameDocumentThroughTwoTerritoriesSaysEachThingOnce() throws {
        var twin = opening
        twin.source.at = LogAddress(author: shymkent, index: 7)
        let there = RecordState.folding([twin]).view(isSet: isSet)
        let corrected = arrival(.correct, shymkent, 8, 500, try there.correction([.set(1, .text("B"))]))
        let view = RecordState.folding([corrected, twin, opening]).view(isSet: isSet)
        #expect(view.discrepancies.isEmpty)
        #expect(view.value(of: 1) == .text("B"))
        #expect(view.elements(of: 4) == [.text("x"), .text("y")])
        #expect(view.opening == opening.source.at)
    }

    @Test func otherContentUnderOneIdentityIsADiscrepancyNotALoss() {
        var other = opening
        other.source.at = LogAddress(author: shymkent, index: 7)
        other.writes[0].value = .text("Z")
        let view = RecordState.folding([other, opening]).view(isSet: isSet)
        #expect(view.discrepancies.map(\.field) == [1])
        #expect(Set(view[1]?.distinctValues ?? []) == [.text("A"), .text("Z")])
    }

    @Test func aBlockThatOpensLaterAddsWhatWasMissing() {
        var state = RecordState()
        let source = opening.source
        state.apply(source, clear: [opening.writes[1]], opened: [])
        #expect(state.view(isSet: isSet).value(of: 1) == nil)
        state.apply(source, clear: [opening.writes[1]], opened: [opening.writes[0]])
        #expect(state.view(isSet: isSet).value(of: 1) == .text("A"))
        #expect(state.sources.count == 1)
    }

    @Test func digestsOverClearFieldsAgreeWhetherOrNotTheRestOpened() {
        var whole = RecordState()
        whole.apply(opening.source, clear: [opening.writes[1]], opened: [opening.writes[0]])
        var clearOnly = RecordState()
        clearOnly.apply(opening.source, clear: [opening.writes[1]], opened: [])
        #expect(whole.canonicalBytes(including: { $0 == 2 }) == clearOnly.canonicalBytes(including: { $0 == 2 }))
        #expect(whole.canonicalBytes() != clearOnly.canonicalBytes())
    }
}
