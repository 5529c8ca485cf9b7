import Records
import TestSupport
import Testing

struct RecordHoldersTests {
    private func dot(_ number: Int) -> LogAddress { LogAddress(author: AuthorNumber(2), index: UInt64(number)) }

    @Test func whoeverOpenedItAndWhoeverItWentToHoldIt() {
        var holders = RecordHolders()
        holders.add("KZ-75", dot: dot(1))
        holders.add("KZ-10", dot: dot(2))
        #expect(holders.territories == ["KZ-10", "KZ-75"])
        holders.release(dot(1))
        #expect(holders.territories == ["KZ-10"])
    }

    @Test func aReleaseNamesADotAndNotATerritory() {
        var holders = RecordHolders()
        holders.add("KZ-75", dot: dot(1))
        holders.release(dot(1))
        holders.add("KZ-75", dot: dot(3))
        #expect(holders.territories == ["KZ-75"], "it was given the record anew after it was released")
    }

    /// Openings, transfers and releases in any order, in any grouping, any of them twice.
    @Test(arguments: 1...300 as ClosedRange<UInt64>)
    func anyOrderGroupingAndRepetitionGivesTheSameHolders(seed: UInt64) {
        var dice = Dice(seed: seed)
        var acts: [(isRelease: Bool, dot: Int, territory: String)] = []
        for number in 1...(2 + dice.below(8)) {
            acts.append((false, number, "KZ-\(dice.below(4))"))
            if dice.below(3) == 0 { acts.append((true, number, "")) }
        }
        func fold(_ acts: some Sequence<(isRelease: Bool, dot: Int, territory: String)>) -> RecordHolders {
            var holders = RecordHolders()
            for act in acts {
                if act.isRelease {
                    holders.release(dot(act.dot))
                } else {
                    holders.add(act.territory, dot: dot(act.dot))
                }
            }
            return holders
        }
        let once = fold(acts)
        let cut = dice.below(acts.count + 1)
        var joined = fold(acts[cut...].reversed())
        joined.merge(fold(acts[..<cut]))
        joined.merge(fold(acts.filter { _ in dice.below(2) == 0 }))
        #expect(joined == once, "seed \(seed)")
        #expect(joined.holders == once.holders, "seed \(seed)")
    }
}
