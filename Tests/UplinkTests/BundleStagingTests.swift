import TestSupport
import Testing
import Uplink

struct BundleStagingTests {
    private func piece(_ first: UInt64, _ last: UInt64, bytes: Int = 10) -> BundleStaging.Piece {
        BundleStaging.Piece(first: first, last: last, name: "\(first)-\(last)", bytes: bytes)
    }

    private func staging(_ ranges: ClosedRange<UInt64>...) -> BundleStaging {
        var staging = BundleStaging()
        for range in ranges { staging.add(piece(range.lowerBound, range.upperBound)) }
        return staging
    }

    @Test func whatContinuesTheFrontierIsTaken() {
        #expect(staging(11...20, 1...10).next(frontier: 0) == .take(piece(1, 10)))
        #expect(staging(11...20, 1...10).next(frontier: 10) == .drop(piece(1, 10)))
    }

    @Test func whatTheFrontierHasPassedInPartIsTakenToo() {
        #expect(staging(5...20).next(frontier: 9) == .take(piece(5, 20)))
    }

    @Test func ofSeveralThatContinueTheFurthestIsTaken() {
        #expect(staging(1...10, 1...30, 4...20).next(frontier: 3) == .take(piece(1, 30)))
    }

    @Test func aMissingMiddleIsNamedAndTheRestWaits() {
        let staging = staging(31...40, 11...20, 51...60)
        #expect(staging.next(frontier: 0) == .wait)
        #expect(staging.missing(after: 0) == [1...10, 21...30, 41...50])
        #expect(staging.missing(after: 12) == [21...30, 41...50])
        #expect(staging.missing(after: 60) == [])
    }

    @Test func whatOthersCoverIsNotStagedAgain() {
        let staging = staging(1...10)
        #expect(staging.admission(of: piece(2, 9)) == .covered)
        #expect(staging.admission(of: piece(1, 10)) == .covered)
        #expect(staging.admission(of: piece(2, 11)) == .staged)
    }

    @Test func piecesAndBytesAreBounded() {
        #expect(staging(1...2).admission(of: piece(5, 6, bytes: BundleStaging.bytesMost)) == .full)
        var many = BundleStaging()
        for number in 0..<UInt64(BundleStaging.piecesMost) { many.add(piece(2 * number + 1, 2 * number + 1)) }
        #expect(many.admission(of: piece(99_999, 99_999)) == .full)
    }

    /// Pieces of one log, cut anyhow, overlapping, given in any order and more than once: every entry is taken once, in
    /// order, and nothing is left.
    @Test(arguments: 1...300 as ClosedRange<UInt64>)
    func anyOrderAndRepetitionTakesEveryEntryOnce(seed: UInt64) {
        var dice = Dice(seed: seed)
        let end = UInt64(20 + dice.below(80))
        var ranges: [ClosedRange<UInt64>] = []
        var next: UInt64 = 1
        while next <= end {
            let last = min(end, next + UInt64(dice.below(12)))
            ranges.append(max(1, next - min(next - 1, UInt64(dice.below(4))))...last)
            next = last + 1
        }
        ranges += ranges.filter { _ in dice.below(3) == 0 }
        for place in ranges.indices.reversed() { ranges.swapAt(place, dice.below(place + 1)) }

        var staging = BundleStaging()
        var frontier: UInt64 = 0
        var taken: [UInt64] = []
        for range in ranges {
            let new = piece(range.lowerBound, range.upperBound)
            if staging.admission(of: new) == .staged { staging.add(new) }
            // The line may bring some in between.
            if dice.below(5) == 0, frontier < end {
                frontier += 1
                taken.append(frontier)
            }
            while let step = staging.next(frontier: frontier), step != .wait {
                switch step {
                case .drop(let passed): staging.remove(passed)
                case .take(let one):
                    taken += Array(frontier + 1...one.last)
                    frontier = one.last
                case .wait: break
                }
            }
        }
        #expect(taken == Array(1...end), "seed \(seed)")
        #expect(staging.pieces.isEmpty, "seed \(seed): \(staging.pieces)")
    }
}
